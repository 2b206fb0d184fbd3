"""The practice cases: for this phone's country and checklist first, those done marked."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.new_screening import offered
from mobile.flows.parts import Goto, Option, Row, chosen
from mobile.flows.practising import person_text, practice_text, share
from mobile.locale import Words
from protocols.practice.case import PracticeCase
from protocols.screening.checklist import load

SHOWN = 8
"""So many cases are listed before more are asked for."""


@frozen
class PracticeView:
    """`progress`: cases done, in words, and `done` from 0 to 1; `filter`: what is shown."""

    title: str
    practice: str
    explanation: str
    progress: str
    done: float
    progress_button: str
    filter_title: str
    filter: str
    filters: tuple[Option, ...]
    cases: tuple[Row, ...]
    none: str
    more_button: str


class PracticeFlow(Flow):
    """Choosing whom to practise with. Everybody is fictional."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._cases = _in_order(phone)
        self._filter = ""
        self._most = SHOWN

    @property
    def view(self) -> PracticeView:
        """What the screen shows now."""
        words = self.words
        done = {each.case for each in self.phone.practice.attempts()}
        going = set(self.phone.practice.runs().values())
        listed = [each for each in self._cases if self._filter in ("", each.checklist)]
        rows = tuple(self._row(each, done, going) for each in listed[: self._most])
        finished = sum(each.id in done for each in self._cases)
        filters = self._filters()
        return PracticeView(
            title=words("Practice"),
            practice=practice_text(words),
            explanation=words(
                "Everybody here is fictional. Screen a person, then see what you noticed, what you"
                " missed, and why."
            ),
            progress=words(
                "{done} of {total} cases done",
                done=words.number(finished),
                total=words.number(len(self._cases)),
            ),
            done=share(finished, len(self._cases)),
            progress_button=words("Your progress"),
            filter_title=words("Checklist"),
            filter=chosen(filters),
            filters=filters,
            cases=rows,
            none="" if rows else words("No practice case is on this phone. Update the app."),
            more_button=words("Show more") if len(listed) > len(rows) else "",
        )

    def filter_by(self, checklist: str) -> None:
        """Show the cases of one checklist; "" for all."""
        self._filter, self._most = checklist, SHOWN

    def more(self) -> None:
        """Show more of the list."""
        self._most += SHOWN

    def _filters(self) -> tuple[Option, ...]:
        language = self.words.language
        all_ = Option("", self.words("All checklists"), self._filter == "")
        there = sorted({each.checklist for each in self._cases})
        return (
            all_,
            *(Option(each, load(each).title[language], each == self._filter) for each in there),
        )

    def _row(self, case: PracticeCase, done: set[str], going: set[str]) -> Row:
        words = self.words
        language = words.language
        who = person_text(words, case)
        lines = (
            words("{name}: {value}", name=case.person.name[language], value=who),
            words.list((load(case.checklist).title[language], words.country(case.country))),
        )
        mark = words("done") if case.id in done else ""
        return Row(
            case.id,
            case.title[language],
            "\n".join(lines),
            words("under way") if case.id in going else mark,
            goto=Goto("practice_case", case.id),
        )


def _in_order(phone: Phone) -> tuple[PracticeCase, ...]:
    """This country's cases first, and among them those of the checklists used here."""
    me = phone.identity
    used = offered(phone)

    def place(case: PracticeCase) -> tuple[bool, int, str]:
        role = used.index(case.checklist) if case.checklist in used else len(used)
        return (me is None or case.country != me.country, role, case.id)

    return tuple(sorted(phone.practice.cases(), key=place))
