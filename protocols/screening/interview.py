"""The running interview: an immutable state machine over one checklist.

Every step gives a new Interview. An answer whose question is hidden by a later change is kept and
does not count; it counts again when its condition returns. No step depends on a clock.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from protocols.errors import MalformedError
from protocols.plain import from_plain, to_plain
from protocols.screening.checklist import load
from protocols.screening.conditions import Value
from protocols.screening.errors import (
    AnswerError,
    ChecklistChangedError,
    InterviewEndedError,
    InterviewError,
)
from protocols.screening.flow import Walk, walk
from protocols.screening.model import Checklist, Gate, Kind, Purpose, Question, Section

REASON = re.compile(r"[a-z_]{1,40}")


@frozen
class Given:
    """What was done at one question: `value` None means skipped (or, for a notice, read)."""

    question: str
    value: Value | None


@frozen
class Progress:
    """`done` of an estimated `total` screens; the total moves as answers open further questions."""

    done: int
    total: int


@frozen
class _Kept:
    question: str
    value: Any


@frozen
class _Plain:
    checklist: str
    version: int
    given: tuple[_Kept, ...]
    position: str | None
    stopped: str | None


@frozen
class Interview:
    """One interview. `position`: the key of the current question, None at the end; `given` is in
    the checklist's order, whatever order the answers came in; `stopped`: why it was stopped."""

    checklist: Checklist
    given: tuple[Given, ...] = ()
    position: str | None = None
    stopped: str | None = None

    @classmethod
    def start(cls, checklist: Checklist) -> "Interview":
        """A new interview at the checklist's first question."""
        return cls(checklist, (), checklist.questions[0].key)

    @cached_property
    def _walk(self) -> Walk:
        values = {each.question: each.value for each in self.given if each.value is not None}
        return walk(self.checklist, values, self.passed, self.stopped is not None)

    @cached_property
    def passed(self) -> frozenset[str]:
        """The questions answered, skipped or read so far, hidden ones too."""
        return frozenset(each.question for each in self.given)

    @property
    def shown(self) -> tuple[Question, ...]:
        """The questions on this interview's path as far as the answers so far decide it."""
        return self._walk.shown

    @property
    def answers(self) -> dict[str, Value]:
        """The answers that count: those of shown questions. Skipped questions have none."""
        return dict(self._walk.answers)

    @property
    def skipped(self) -> tuple[str, ...]:
        """The shown questions that were passed without an answer, notices aside."""
        return tuple(
            each.key
            for each in self.shown
            if each.key in self.passed
            and each.key not in self._walk.answers
            and each.kind is not Kind.NOTICE
        )

    @property
    def current(self) -> Question | None:
        """The question to show now, or None at the end."""
        return None if self.position is None else self.checklist.by_key[self.position]

    @property
    def section(self) -> Section | None:
        """The current question's section, or None at the end."""
        return None if self.position is None else self.checklist.sections_by_question[self.position]

    @property
    def finished(self) -> bool:
        """Whether the close has been passed."""
        return self.position is None

    @property
    def given_here(self) -> Value | None:
        """The value already kept for the current question, to show it again, or None."""
        return next((each.value for each in self.given if each.question == self.position), None)

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate that holds, in order."""
        return tuple(gate for hit in self._walk.gates.values() for gate in hit)

    @property
    def notice(self) -> Gate | None:
        """The gate to show above the current question: one that the step just before opened."""
        before = self._before()
        hit = self._walk.gates.get(before.key, ()) if before else ()
        return hit[-1] if hit else None

    @property
    def progress(self) -> Progress:
        """Screens passed before the current one, of those now shown."""
        done = len(self.shown) if self.position is None else self._place()
        return Progress(done, len(self.shown))

    @property
    def can_go_back(self) -> bool:
        """Whether a question stands before the current one."""
        return self._before() is not None

    def answer(self, value: Any) -> "Interview":
        """Answer the current question and go to the next. Raises AnswerError or
        InterviewEndedError; nothing changes then."""
        question = self._here()
        return self._pass(question, question.accept(value))

    def next(self) -> "Interview":
        """Go on from a notice that was read. Raises InterviewError at a question."""
        question = self._here()
        if question.kind is not Kind.NOTICE:
            raise InterviewError(f"{question.key} asks for an answer; answer or skip it")
        return self._pass(question, None)

    def skip(self) -> "Interview":
        """Leave the current question without an answer, forgetting one given before."""
        return self._pass(self._here(), None)

    def back(self) -> "Interview":
        """The question before, with what was given there kept. Raises InterviewError at the
        first."""
        before = self._before()
        if before is None:
            raise InterviewError("this is the first question; there is nothing before it")
        return evolve(self, position=before.key)

    def forward(self) -> "Interview":
        """The question after, where the current one was passed before. Undoes `back`."""
        question = self._here()
        if question.key not in self.passed:
            raise InterviewError(f"{question.key} is still open; answer or skip it first")
        return evolve(self, position=self._after(question.key))

    def to_open(self) -> "Interview":
        """Forward to the first shown question that was not passed, or to the end."""
        open_ = (each.key for each in self.shown if each.key not in self.passed)
        return evolve(self, position=next(open_, None))

    def put(self, question: str, value: Any) -> "Interview":
        """Answer any shown question without leaving the current one (a review screen does this).
        Raises InterviewError for a hidden question."""
        if question not in {each.key for each in self.shown}:
            raise InterviewError(
                f"{question[:60]!r} is not shown now; only shown ones take answers"
            )
        return self._with(question, self.checklist.by_key[question].accept(value))._settled()

    def stop(self, reason: str) -> "Interview":
        """Stop asking: only the close remains. `reason` is a code such as not_safe, person_wishes,
        interrupted. What was answered stays and counts."""
        if not REASON.fullmatch(reason):
            raise AnswerError("a reason is a code of lower-case letters and _, at most 40")
        stopped = evolve(self, stopped=reason)
        section = self.section
        if section is None or section.purpose is Purpose.CLOSING:
            return stopped
        closing = (
            each.key
            for each in stopped.shown
            if stopped.checklist.sections_by_question[each.key].purpose is Purpose.CLOSING
        )
        return evolve(stopped, position=next(closing, None))

    def resume(self) -> "Interview":
        """Take up a stopped interview at its first open question."""
        return evolve(self, stopped=None).to_open()

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready: checklist id and version, what was given, where it stands. No texts."""
        kept = tuple(_Kept(each.question, to_plain(each.value)) for each in self.given)
        plain = _Plain(self.checklist.id, self.checklist.version, kept, self.position, self.stopped)
        found: dict[str, Any] = to_plain(plain)
        return found

    @classmethod
    def from_plain(cls, plain: Any, checklist: Checklist | None = None) -> "Interview":
        """The same interview again. Without `checklist`, the installed one of the kept id.

        Raises MalformedError, AnswerError, or ChecklistChangedError when the checklist is of
        another version: then `carry_over` keeps what still fits.
        """
        kept = from_plain(plain, _Plain)
        checklist = load(kept.checklist) if checklist is None else checklist
        if (kept.checklist, kept.version) != (checklist.id, checklist.version):
            raise ChecklistChangedError(
                f"kept under {kept.checklist} version {kept.version}, read under {checklist.id} "
                f"version {checklist.version}; carry the answers over"
            )
        interview = cls(checklist, (), checklist.questions[0].key)
        for each in kept.given:
            interview = interview._restored(each)
        interview = evolve(interview, position=kept.position, stopped=kept.stopped)
        if kept.position is not None and interview._place_of(kept.position) is None:
            raise MalformedError(f"the interview stands at {kept.position[:60]!r}, not shown")
        return interview

    @classmethod
    def carry_over(cls, plain: Any, checklist: Checklist) -> "tuple[Interview, tuple[str, ...]]":
        """A kept interview under a newer version of its checklist, at its first open question, and
        the keys of the questions whose answers no longer fit (to be asked again)."""
        kept = from_plain(plain, _Plain)
        interview = cls(checklist, (), checklist.questions[0].key)
        dropped: list[str] = []
        for each in kept.given:
            try:
                interview = interview._restored(each)
            except (AnswerError, MalformedError):
                dropped.append(each.question)
        return evolve(interview, stopped=kept.stopped).to_open(), tuple(dropped)

    def _restored(self, kept: _Kept) -> "Interview":
        question = self.checklist.by_key.get(kept.question)
        if question is None or kept.question in self.passed:
            raise MalformedError(f"the checklist has no question {kept.question[:60]!r}, or twice")
        value = None if kept.value is None else question.accept(kept.value)
        return self._with(question.key, value)

    def _here(self) -> Question:
        current = self.current
        if current is None:
            raise InterviewEndedError("the interview is at its end; go back to change an answer")
        return current

    def _with(self, question: str, value: Value | None) -> "Interview":
        places: Mapping[str, int] = self.checklist.places
        others = [each for each in self.given if each.question != question]
        given = sorted([*others, Given(question, value)], key=lambda each: places[each.question])
        return evolve(self, given=tuple(given))

    def _pass(self, question: Question, value: Value | None) -> "Interview":
        passed = self._with(question.key, value)
        return evolve(passed, position=passed._after(question.key))

    def _settled(self) -> "Interview":
        if self.position is None or self._place_of(self.position) is not None:
            return self
        return evolve(self, position=self._after(self.position))

    def _after(self, key: str) -> str | None:
        place = self.checklist.places[key]
        later = (each.key for each in self.shown if self.checklist.places[each.key] > place)
        return next(later, None)

    def _place_of(self, key: str) -> int | None:
        return next((n for n, each in enumerate(self.shown) if each.key == key), None)

    def _place(self) -> int:
        place = self._place_of(self.position) if self.position else None
        return len(self.shown) if place is None else place

    def _before(self) -> Question | None:
        place = self._place()
        return self.shown[place - 1] if place else None


def start(checklist: Checklist) -> Interview:
    """A new interview at the checklist's first question."""
    return Interview.start(checklist)
