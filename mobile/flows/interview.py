"""One question a screen: answer, skip, go back, stop. Every step is saved before the next shows."""

from typing import Any

from attrs import evolve, frozen

from mobile.casework.phone import Phone
from mobile.casework.views import ScreeningRecord
from mobile.flows.editions import carried_text, older_text
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.labels import STOP_REASONS, options
from mobile.flows.parts import Goto, Option
from mobile.flows.practising import NO_REPLY, Reply, practice_text, reply_to
from mobile.flows.refusals import NothingChosenError
from mobile.locale import Words
from protocols.screening.interview import Interview
from protocols.screening.model import Gate, Kind, Question, Voice


@frozen
class InterviewView:
    """The current question. `kind`: a `protocols.screening.model.Kind` value, or "end". `text`,
    `help`, `choices` and `notice` are in the screening's language (`language`, `rtl`), the rest in
    the phone's. `carried` and `edition` say that the screening's own edition of the checklist is
    gone, or that it keeps to an older one. `value`: what was given here before, as typed text.
    `to_person`: read it aloud; else it is for the worker alone. `reply`: in a practice case, what
    its person says or what there is to see; its text in the screening's language. `progress`: 0
    to 1."""

    kind: str
    section: str
    to_person: bool
    voice: str
    text: str
    help: str
    notice: str
    reply: Reply
    choices: tuple[Option, ...]
    value: str
    minimum: int | None
    maximum: int | None
    input_hint: str
    language: str
    rtl: bool
    progress: float
    progress_text: str
    can_go_back: bool
    can_skip: bool
    back_button: str
    next_button: str
    skip_button: str
    stop_button: str
    stop_title: str
    stop_reasons: tuple[Option, ...]
    practice: str
    carried: str
    edition: str
    leads_to: Goto | None


class InterviewFlow(Flow):
    """A screening under way, exactly where it was left. Raises UnknownRecordError."""

    def __init__(self, phone: Phone, words: Words, screening: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._record = phone.screenings.get(screening)
        self._case = phone.practice.case_of(screening)
        self._picked: tuple[str, ...] | None = None
        self._older = older_text(phone, words, self._record)

    @property
    def record(self) -> ScreeningRecord:
        """The screening as it was last saved."""
        return self._record

    @property
    def view(self) -> InterviewView:
        """What the screen shows now."""
        words, interview = self.words, self._interview
        question, language = interview.current, self._record.language
        section, progress = interview.section, interview.progress
        to_person = question is not None and question.voice is Voice.PERSON
        notice = interview.notice
        return InterviewView(
            kind=str(question.kind) if question else "end",
            section=section.title[language] if section else "",
            to_person=to_person,
            voice=words("Say to the person") if to_person else words("For you: do not read aloud"),
            text=question.text[language] if question else self._ending(),
            help=(question.help or {}).get(language, "") if question else "",
            notice=_notice(notice, language),
            reply=self._reply(question),
            choices=self._choices(question),
            value=_typed(interview),
            minimum=question.minimum if question else None,
            maximum=question.maximum if question else None,
            input_hint=self._hint(question),
            language=language,
            rtl=language == "ar",
            progress=progress.done / progress.total if progress.total else 1.0,
            progress_text=words(
                "{done} of about {total}", done=progress.done, total=progress.total
            ),
            can_go_back=interview.can_go_back,
            can_skip=question is not None and question.kind is not Kind.NOTICE,
            back_button=words("Back"),
            next_button=words("Next") if question else words("See what was found"),
            skip_button=words("Skip"),
            stop_button=words("Stop"),
            stop_title=words("Why do you stop?"),
            stop_reasons=options(words, STOP_REASONS),
            practice=practice_text(words) if self._record.practice else "",
            carried=carried_text(words, self._record),
            edition=self._older,
            leads_to=Goto("findings", self._record.id) if interview.finished else None,
        )

    def answer(self, value: Any) -> None:
        """Answer and go on: a choice's key, several keys, a number or text (digits of any script).
        Raises AnswerError; nothing changes then."""
        question = self._interview.current
        if question is not None and question.kind is Kind.NUMBER and isinstance(value, str):
            value = _number(value)
        self._take(self._interview.answer(value))

    def toggle(self, choice: str) -> None:
        """Pick or drop a choice of a multiple question; one that excludes the others drops them."""
        question = self._interview.current
        picked = self._picked_now()
        if question is None or question.choice(choice) is None:
            return
        if choice in picked:
            self._picked = tuple(each for each in picked if each != choice)
            return
        alone = {each.key for each in question.choices if each.exclusive}
        kept = () if choice in alone else tuple(each for each in picked if each not in alone)
        self._picked = (*kept, choice)

    def confirm(self) -> None:
        """Answer with the choices picked. Raises NothingChosenError for none."""
        picked = self._picked_now()
        if not picked:
            raise NothingChosenError("pick at least one, or skip the question")
        self.answer(picked)

    def next(self) -> None:
        """Go on from a notice that was read."""
        self._take(self._interview.next())

    def skip(self) -> None:
        """Go on without an answer."""
        self._take(self._interview.skip())

    def back(self) -> None:
        """The question before."""
        self._take(self._interview.back())

    def stop(self, reason: str) -> None:
        """Stop asking; only the close remains."""
        self._take(self._interview.stop(reason))

    def resume(self) -> None:
        """Take a stopped interview up again."""
        self._take(self._interview.resume())

    @property
    def _interview(self) -> Interview:
        return self._record.interview

    def _take(self, interview: Interview) -> None:
        """Save first, then show: what is shown is always what is stored."""
        record = evolve(self._record, interview=interview)
        self.phone.screenings.save(record)
        self._record, self._picked = record, None

    def _picked_now(self) -> tuple[str, ...]:
        if self._picked is not None:
            return self._picked
        given = self._interview.given_here
        return given if isinstance(given, tuple) else ()

    def _choices(self, question: Question | None) -> tuple[Option, ...]:
        if question is None:
            return ()
        given = self._interview.given_here
        chosen = self._picked_now() if question.kind is Kind.MULTIPLE else (given,)
        language = self._record.language
        return tuple(
            Option(each.key, each.text[language], each.key in chosen) for each in question.choices
        )

    def _reply(self, question: Question | None) -> Reply:
        if self._case is None or question is None:
            return NO_REPLY
        return reply_to(self.words, self._case, question, self._record.language)

    def _hint(self, question: Question | None) -> str:
        words = self.words
        if question is None:
            return ""
        if question.kind is Kind.DATE:
            return words("As exact as is known: year, year-month or year-month-day, like 2026-11")
        if question.kind is Kind.NUMBER and question.minimum is not None:
            return words("From {low} to {high}", low=question.minimum, high=question.maximum)
        return words("Write here") if question.kind is Kind.TEXT else ""

    def _ending(self) -> str:
        return self.words("The questions are done. Thank the person, and see what was found.")


def _number(value: str) -> int | str:
    text = value.strip()
    return int(text) if text.isdecimal() else value


def _typed(interview: Interview) -> str:
    given = interview.given_here
    return "" if given is None or isinstance(given, tuple) else str(given)


def _notice(gate: Gate | None, language: str) -> str:
    return gate.text[language] if gate else ""
