"""Beginning a screening: which checklist, in which language, and where."""

from attrs import frozen

from mobile.casework.errors import NoDirectoryError, NotEnrolledError
from mobile.casework.phone import Phone
from mobile.flows.editions import edition_text
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.places import divisions
from mobile.flows.refusals import NothingChosenError
from mobile.locale import Words
from mobile.locale.words import NAMES


@frozen
class NewScreeningView:
    """Three choices on one screen, all but the checklist with a default."""

    title: str
    checklist_title: str
    checklists: tuple[Option, ...]
    language_title: str
    languages: tuple[Option, ...]
    division_title: str
    divisions: tuple[Option, ...]
    button: str
    ready: bool
    none: str | None
    leads_to: Goto | None


def offered(phone: Phone) -> tuple[str, ...]:
    """The checklists on this phone that the directory names; all before a directory. Those of the
    role that this phone screened for last come first."""
    here = phone.editions.available()
    try:
        named = phone.directory.checklists
    except (NoDirectoryError, NotEnrolledError):
        named = here
    found = tuple(each for each in here if each in named) or here
    real = (each for each in phone.screenings.list() if not each.practice)
    last = next((_role(each.checklist) for each in real), None)
    return tuple(sorted(found, key=lambda each: _role(each) != last))


def _role(checklist_id: str) -> str:
    return checklist_id.rpartition("-")[0]


class NewScreeningFlow(Flow):
    """A screening about to begin."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._offered = offered(phone)
        self._editions = {each: phone.editions.newest(each) for each in self._offered}
        self._checklist = self._offered[0] if len(self._offered) == 1 else None
        self._language = words.language
        self._division: str | None = None
        self._begun: str | None = None

    @property
    def view(self) -> NewScreeningView:
        """What the screen shows now."""
        words = self.words
        return NewScreeningView(
            title=words("New screening"),
            checklist_title=words("Checklist"),
            checklists=tuple(self._option(each) for each in self._offered),
            language_title=words("Language of the questions"),
            languages=tuple(
                Option(each, NAMES[each], each == self._language) for each in self._languages()
            ),
            division_title=words("Where you are"),
            divisions=self._divisions(),
            button=words("Begin"),
            ready=self._checklist is not None,
            none=None if self._offered else words("No checklist is on this phone. Update the app."),
            leads_to=None if self._begun is None else Goto("interview", self._begun),
        )

    def choose_checklist(self, key: str) -> None:
        """Take this checklist; its languages are offered."""
        self._checklist = key
        if self._language not in self._languages():
            self._language = self._languages()[0]

    def choose_language(self, key: str) -> None:
        """Show the questions in this language."""
        self._language = key

    def choose_division(self, key: str | None) -> None:
        """The division in which the person is now."""
        self._division = key

    def begin(self) -> None:
        """Save the new screening; `view.leads_to` is its interview. Raises NothingChosenError."""
        if self._checklist is None:
            raise NothingChosenError("choose a checklist first")
        record = self.phone.screenings.start(
            self._checklist, self._language, division=self._division
        )
        self._begun = record.id

    def _option(self, checklist_id: str) -> Option:
        edition, language = self._editions[checklist_id], self.words.language
        checklist = edition.checklist
        status = checklist.validation.text.get(language, "")
        title = checklist.title.get(language) or checklist_id
        detail = f"{status}\n{edition_text(self.words, edition)}".strip()
        return Option(checklist_id, title, checklist_id == self._checklist, detail)

    def _languages(self) -> tuple[str, ...]:
        chosen = self._editions.get(self._checklist or "")
        found = chosen.checklist.languages if chosen else tuple(NAMES)
        return tuple(each for each in found if each in NAMES)

    def _divisions(self) -> tuple[Option, ...]:
        me = self.phone.identity
        return divisions(self.words, me.country, self._division) if me else ()
