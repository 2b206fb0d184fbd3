"""After a practised interview: what was noticed, what was missed and why, and the reference."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.difference_words import DifferenceView, difference_view
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.practising import practice_text, share, sign_text, signs_text
from mobile.locale import Words, mark
from protocols.practice.case import Pattern, PracticeCase
from protocols.practice.feedback import Feedback, FindingFeedback, Standing
from protocols.screening.assessment import finding_title, form_text
from protocols.screening.model import Checklist

STANDINGS = {
    Standing.AGREES: mark("found, as in the reference"),
    Standing.MISSED: mark("missed"),
    Standing.NOT_THERE: mark("not in the reference"),
}


@frozen
class FoundView:
    """One finding beside the reference. `agrees` False: emphasis; `note`: forms that differ."""

    title: str
    forms: str
    mark: str
    agrees: bool
    note: str


@frozen
class PatternView:
    """What the case is modelled on. `standing`: whether its author read it."""

    title: str
    shows: str
    standing: str


@frozen
class PracticeFeedbackView:
    """Counts, then what was missed and why. Each group of `differences` has a title; a group
    without any is left out. `noticed`: the signs that were."""

    title: str
    practice: str
    person: str
    counts: str
    share: float
    added: str
    good: str
    stopped: str
    findings_title: str
    findings: tuple[FoundView, ...]
    differences: tuple[tuple[str, tuple[DifferenceView, ...]], ...]
    noticed_title: str
    noticed: tuple[str, ...]
    reference_title: str
    reference: tuple[str, ...]
    why: str
    patterns_title: str
    patterns: tuple[PatternView, ...]
    actions: tuple[Option, ...]
    leads_to: Goto | None


class PracticeFeedbackFlow(Flow):
    """About the practice run of that screening. Raises UnknownRecordError."""

    def __init__(self, phone: Phone, words: Words, screening: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._screening = screening
        self.feedback: Feedback = phone.practice.feedback(screening)
        case = phone.practice.case_of(screening)
        assert case is not None
        self._case: PracticeCase = case
        self._checklist: Checklist = phone.screenings.get(screening).interview.checklist
        self._goto: Goto | None = None

    @property
    def view(self) -> PracticeFeedbackView:
        """What the screen shows now."""
        words, case, told = self.words, self._case, self.feedback
        language, counts = words.language, told.counts
        return PracticeFeedbackView(
            title=words("What you noticed"),
            practice=practice_text(words),
            person=case.person.name[language],
            counts=signs_text(words, counts),
            share=share(counts.noticed, counts.signs),
            added=words.plural(
                "{n} sign chosen that the person did not show",
                "{n} signs chosen that the person did not show",
                counts.added,
            )
            if counts.added
            else "",
            good=words("You led this talk as a careful screener would.")
            if told.nothing_missed
            else "",
            stopped=words("You stopped the talk. What came after it could not be noticed.")
            if told.stopped
            else "",
            findings_title=words("What was found, beside the reference"),
            findings=tuple(self._found(each) for each in told.findings),
            differences=self._groups(),
            noticed_title=words("Signs you noticed"),
            noticed=tuple(
                sign_text(words, each.indicator)
                for each in told.signs
                if each.standing is Standing.AGREES
            ),
            reference_title=words("The reference finding"),
            reference=tuple(
                _titled(words, each.kind, each.forms) for each in case.reference.findings
            ),
            why=case.reference.why[language],
            patterns_title=words("What this case is modelled on"),
            patterns=tuple(_pattern(words, each) for each in case.patterns),
            actions=(
                Option("done", words("Back to the cases")),
                Option("again", words("Try again")),
            ),
            leads_to=self._goto,
        )

    def done(self) -> None:
        """Put the run away; its counts stay."""
        self.phone.practice.put_away(self._screening)
        self._goto = Goto("practice")

    def again(self) -> None:
        """Put the run away and begin the case anew. Raises CaseDoesNotFitError."""
        language = self.phone.screenings.get(self._screening).language
        self.phone.practice.put_away(self._screening)
        begun = self.phone.practice.begin(self._case.id, language)
        self._goto = Goto("interview", begun.id)

    def _found(self, found: FindingFeedback) -> FoundView:
        words, language = self.words, self.words.language
        missed = [form_text(each, language) for each in found.missed_forms]
        added = [form_text(each, language) for each in found.added_forms]
        notes = []
        if found.standing is Standing.AGREES and missed:
            notes.append(words("Forms missed: {forms}", forms=words.list(missed)))
        if found.standing is Standing.AGREES and added:
            notes.append(words("Forms not in the reference: {forms}", forms=words.list(added)))
        forms = found.forms or found.missed_forms or found.added_forms
        return FoundView(
            title=finding_title(found.kind, language),
            forms=words.list(form_text(each, language) for each in forms),
            mark=words(STANDINGS[found.standing]),
            agrees=found.whole,
            note="\n".join(notes),
        )

    def _groups(self) -> tuple[tuple[str, tuple[DifferenceView, ...]], ...]:
        words = self.words
        groups: dict[str, list[DifferenceView]] = {
            words("Before the questions: safety and consent"): [],
            words("What you missed, and why"): [],
            words("What the person did not show"): [],
            words("Other answers that differ"): [],
        }
        safety, missed, added, others = groups.values()
        for each in self.feedback.differences:
            view = difference_view(words, self._case, self._checklist, self.feedback, each)
            into = missed if view.missed else added if view.added else others
            (safety if each.safety else into).append(view)
        return tuple((title, tuple(found)) for title, found in groups.items() if found)


def _titled(words: Words, kind: str, forms: tuple[str, ...]) -> str:
    title = finding_title(kind, words.language)
    named = words.list(form_text(each, words.language) for each in forms)
    return words("{name}: {value}", name=title, value=named) if named else title


def _pattern(words: Words, pattern: Pattern) -> PatternView:
    standing = (
        "" if pattern.read else words("Named from general knowledge; not read for this case.")
    )
    return PatternView(pattern.title, pattern.shows[words.language], standing)
