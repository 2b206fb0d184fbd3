"""One practice case before it is begun: who, where, and how it went before."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.views import ScreeningRecord
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.practising import person_text, practice_text, signs_text
from mobile.locale import LANGUAGES, Words
from mobile.locale.words import NAMES
from protocols.practice.cases import load
from protocols.screening import checklist


@frozen
class PracticeCaseView:
    """`name` says that the person is fictional. `languages` are offered while nothing is under
    way; `before`: earlier attempts, newest first, in words."""

    heading: str
    title: str
    practice: str
    name: str
    person: str
    scene: str
    checklist: str
    before_title: str
    before: tuple[str, ...]
    language_title: str
    languages: tuple[Option, ...]
    button: str
    again_button: str
    leads_to: Goto | None


class PracticeCaseFlow(Flow):
    """About the case of that id. Raises UnknownCaseError."""

    def __init__(self, phone: Phone, words: Words, case: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._case = load(case)
        self._language = words.language
        self._goto: Goto | None = None

    @property
    def view(self) -> PracticeCaseView:
        """What the screen shows now."""
        words, case = self.words, self._case
        language, going = words.language, self._going
        before = [each for each in self.phone.practice.attempts() if each.case == case.id]
        return PracticeCaseView(
            heading=words("Practice"),
            title=case.title[language],
            practice=practice_text(words),
            name=case.person.name[language],
            person=person_text(words, case),
            scene=case.scene[language],
            checklist=checklist.load(case.checklist).title[language],
            before_title=words("How it went before") if before else "",
            before=tuple(
                words(
                    "{name}: {value}",
                    name=words.date(each.finished),
                    value=signs_text(words, each.counts),
                )
                for each in reversed(before)
            ),
            language_title="" if going else words("Language of the questions"),
            languages=()
            if going
            else tuple(Option(each, NAMES[each], each == self._language) for each in LANGUAGES),
            button=words("Go on") if going else words("Begin"),
            again_button=words("Start again") if going else "",
            leads_to=self._goto,
        )

    def choose_language(self, language: str) -> None:
        """Have the questions and the replies in this language."""
        self._language = language

    def begin(self) -> None:
        """Begin, or go on where it was left. Raises CaseDoesNotFitError."""
        record = self.phone.practice.begin(self._case.id, self._language)
        screen = "findings" if record.interview.finished else "interview"
        self._goto = Goto(screen, record.id)

    def again(self) -> None:
        """Put away what is under way, and begin anew. Raises CaseDoesNotFitError."""
        going = self._going
        if going is not None:
            self.phone.practice.put_away(going.id)
        self.begin()

    @property
    def _going(self) -> ScreeningRecord | None:
        return self.phone.practice.under_way(self._case.id)
