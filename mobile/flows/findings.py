"""What the screening found, why, on which answers it rests, and the next steps of the country."""

from attrs import evolve, frozen

from mobile.casework.phone import Phone
from mobile.casework.views import ScreeningRecord
from mobile.flows.editions import carried_text, older_text
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.info import HotlineView, hotline_views
from mobile.flows.labels import URGENCIES, label, services_text
from mobile.flows.new_screening import offered
from mobile.flows.next_steps import mechanism_text, step_rows, window_text
from mobile.flows.parts import Goto, Option, Row
from mobile.flows.practising import practice_text
from mobile.locale import Words
from protocols.screening.assessment import (
    AnswerRef,
    Assessment,
    Finding,
    Reason,
    answer_text,
    assess,
    finding_title,
    form_text,
)
from protocols.screening.model import Checklist, Gate


@frozen
class ReasonView:
    """The published rule in plain words, where it is published, and the answers it rests on as
    "question: answer"."""

    rule: str
    source: str
    answers: tuple[str, ...]


@frozen
class FindingView:
    """One finding. `unconfirmed`: words of caution, empty for none. `open_questions`: keys and
    texts of unanswered questions that could change it."""

    kind: str
    title: str
    text: str
    forms: str
    unconfirmed: str
    reasons: tuple[ReasonView, ...]
    open_title: str
    open_questions: tuple[Row, ...]


@frozen
class FindingsView:
    """Findings, most pressing first; the next steps; who to call. `instead`: the checklist that
    applies instead, such as a child's, where the answers led to it and this phone has it; `detail`
    says why."""

    title: str
    findings: tuple[FindingView, ...]
    reasons_title: str
    answers_title: str
    urgency: str
    needs_title: str
    needs: str
    windows: tuple[str, ...]
    steps_title: str
    steps: tuple[Row, ...]
    steps_note: str
    hotlines_title: str
    hotlines: tuple[HotlineView, ...]
    stopped: str
    edition: str
    practice: str
    instead: tuple[Option, ...]
    instead_button: str
    actions: tuple[Option, ...]
    leads_to: Goto | None


class FindingsFlow(Flow):
    """The findings of one screening, from its answers as they stand. Raises UnknownRecordError."""

    def __init__(self, phone: Phone, words: Words, screening: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._record: ScreeningRecord = phone.screenings.get(screening)
        self._case = phone.practice.case_of(screening)
        self.assessment: Assessment = assess(self._record.interview)
        self._goto: Goto | None = None

    @property
    def view(self) -> FindingsView:
        """What the screen shows now."""
        words, found, record = self.words, self.assessment, self._record
        return FindingsView(
            title=words("What was found"),
            findings=tuple(self._finding(each) for each in found.findings),
            reasons_title=words("Why"),
            answers_title=words("On these answers"),
            urgency=label(words, URGENCIES, found.urgency),
            needs_title=words("Help that may be needed"),
            needs=services_text(words, found.needs),
            windows=tuple(window_text(words, each) for each in found.windows),
            steps_title=words("Next steps"),
            steps=step_rows(words, self._country, found.population),
            steps_note=mechanism_text(words, self._country),
            hotlines_title=words("Who to call"),
            hotlines=hotline_views(words, self._country),
            stopped=words("The interview was stopped. Not everything was asked.")
            if record.interview.stopped
            else "",
            edition=carried_text(words, record) or older_text(self.phone, words, record),
            practice=practice_text(words) if record.practice else "",
            instead=self._instead(),
            instead_button=words("Begin"),
            actions=self._actions(),
            leads_to=self._goto,
        )

    def refer(self) -> None:
        """Go on to help: about the person, then providers. Raises PracticeError where the person
        is fictional."""
        self.phone.practice.demand_real(self._record.id)
        self._goto = Goto("person", self._record.id)

    def feedback(self) -> None:
        """After a practice case: see what was noticed and what was missed."""
        self._goto = Goto("practice_feedback", self._record.id)

    def begin_instead(self) -> None:
        """Begin the checklist that applies instead, here and in the same language. No answer is
        carried over: it asks anew whether it is safe to talk."""
        led, record = self._led_to, self._record
        if led is None or led.checklist is None:
            return
        begun = self.phone.screenings.start(
            led.checklist, record.language, practice=record.practice, division=record.division
        )
        self._goto = Goto("interview", begun.id)

    def reopen(self) -> None:
        """Back to the interview, at its first open question (taken up again if stopped)."""
        interview = self._record.interview
        again = interview.resume() if interview.stopped else interview.to_open()
        if again.finished:
            again = again.back()
        self.phone.screenings.save(evolve(self._record, interview=again))
        self._goto = Goto("interview", self._record.id)

    def finish(self) -> None:
        """Leave it at that for now; the screening stays on this phone."""
        self._goto = Goto("practice" if self._case else "home")

    @property
    def _country(self) -> str:
        """The phone's own, or where the practice case plays."""
        me = self.phone.identity
        if self._case is not None:
            return self._case.country
        return me.country if me else ""

    def _finding(self, finding: Finding) -> FindingView:
        words, language = self.words, self.words.language
        checklist = self._record.interview.checklist
        return FindingView(
            kind=finding.kind,
            title=finding_title(finding.kind, language),
            text=finding.text[language],
            forms=words.list(form_text(each, language) for each in finding.forms),
            unconfirmed=words(
                "This rests in part on indicators whose weight no source at hand confirms."
            )
            if finding.unconfirmed
            else "",
            reasons=tuple(_reason(checklist, each, language) for each in finding.reasons),
            open_title=words("Not asked or not known; it could change this"),
            open_questions=tuple(
                Row(key, checklist.by_key[key].text[language]) for key in finding.would_change
            ),
        )

    @property
    def _led_to(self) -> Gate | None:
        """The gate that holds and names a checklist of this phone; none for a fictional person."""
        if self._case is not None:
            return None
        here = offered(self.phone)
        held = self._record.interview.gates
        return next((each for each in held if each.checklist in here), None)

    def _instead(self) -> tuple[Option, ...]:
        led, language = self._led_to, self.words.language
        if led is None or led.checklist is None:
            return ()
        title = self.phone.editions.newest(led.checklist).checklist.title[language]
        return (Option(led.checklist, title, detail=led.text[language]),)

    def _actions(self) -> tuple[Option, ...]:
        words = self.words
        refer = Option("refer", words("Refer to help"))
        if self._case is not None:
            refer = Option("feedback", words("See what you noticed"))
        again = Option("reopen", words("Back to the questions"))
        return (refer, again, Option("finish", words("Finish for now")))


def _reason(checklist: Checklist, reason: Reason, language: str) -> ReasonView:
    """A reason with each answer beside its question."""
    return ReasonView(
        rule=reason.text[language],
        source=reason.source,
        answers=tuple(_answer(checklist, each, language) for each in reason.answers),
    )


def _answer(checklist: Checklist, ref: AnswerRef, language: str) -> str:
    question = checklist.by_key[ref.question].text[language]
    return f"{question} {answer_text(checklist, ref, language)}"
