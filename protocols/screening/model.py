"""A checklist as data: sections in a fixed order, questions, what each answer raises.

The format and its strict reader are in `checklist_file`; what may be raised, in `vocabulary`.
"""

import re
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from attrs import frozen

from protocols.screening.conditions import Condition, Value
from protocols.screening.errors import AnswerError

Text = dict[str, str]
"""Language code (ar, fr, en) -> words."""
LANGUAGES = ("ar", "fr", "en")
PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
LONGEST_TEXT = 2000


class Kind(StrEnum):
    """How a question is answered. A notice is only read."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    YES_NO_UNKNOWN = "yes_no_unknown"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    NOTICE = "notice"


class Voice(StrEnum):
    """Who meets the words: said to the person, or for the worker's eyes and judgement only."""

    PERSON = "person"
    WORKER = "worker"


class Purpose(StrEnum):
    """What a section is for, in the order that every checklist keeps."""

    SAFETY = "safety"
    EMERGENCY = "emergency"
    INTERPRETER = "interpreter"
    CONSENT = "consent"
    OBSERVATIONS = "observations"
    QUESTIONS = "questions"
    CLOSING = "closing"


class Effect(StrEnum):
    """What a gate does: show its words, or also go straight to the closing section."""

    NOTICE = "notice"
    END = "end"


@frozen
class Gate:
    """Holds when `when` does, once its question was passed (answered or skipped). `checklist`
    names the checklist that applies instead."""

    key: str
    effect: Effect
    when: Condition
    text: Text
    checklist: str | None = None


@frozen
class Choice:
    """`exclusive` (none of these, don't know) cannot stand beside another choice."""

    key: str
    text: Text
    raises: tuple[str, ...] = ()
    exclusive: bool = False


@frozen
class Band:
    """Numbers from `minimum` to `maximum`, both inclusive, None open, and what they raise."""

    minimum: int | None
    maximum: int | None
    raises: tuple[str, ...]

    def has(self, number: int) -> bool:
        """Whether the number lies in the band."""
        low = self.minimum is None or number >= self.minimum
        return low and (self.maximum is None or number <= self.maximum)


@frozen
class Question:
    """One screen. `choices` are filled for single, multiple and yes/no/unknown alike (for the last
    with the keys yes, no, unknown); `basis` says where a threshold comes from; `fills` what the
    answer is kept for when it raises nothing (`vocabulary.CASE_FIELDS`)."""

    key: str
    kind: Kind
    voice: Voice
    text: Text
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    bands: tuple[Band, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    show_if: Condition | None = None
    gates: tuple[Gate, ...] = ()
    basis: str | None = None
    fills: str | None = None

    def choice(self, key: str) -> Choice | None:
        """The choice of that key, or None."""
        return next((each for each in self.choices if each.key == key), None)

    def raised_by(self, value: Value) -> tuple[str, ...]:
        """What the answer `value` raises, in file order."""
        if isinstance(value, int):
            return tuple(each for band in self.bands if band.has(value) for each in band.raises)
        chosen = value if isinstance(value, tuple) else (value,)
        return tuple(
            each for choice in self.choices if choice.key in chosen for each in choice.raises
        )

    def may_raise(self) -> tuple[str, ...]:
        """Everything that some answer raises."""
        sources: tuple[Choice | Band, ...] = (*self.choices, *self.bands)
        return tuple(dict.fromkeys(each for source in sources for each in source.raises))

    def accept(self, value: Any) -> Value:
        """`value` as this question keeps it: a multiple choice as a tuple in file order.

        Raises AnswerError when it does not fit.
        """
        if self.kind is Kind.NOTICE:
            raise AnswerError(f"{self.key} is only read; use next")
        if self.kind is Kind.MULTIPLE:
            return self._several(value)
        if self.kind is Kind.NUMBER:
            return self._number(value)
        if type(value) is not str:
            raise AnswerError(f"{self.key} takes text, not {type(value).__name__}")
        if self.choices:
            return self._one(value)
        if self.kind is Kind.DATE and not _is_date(value):
            raise AnswerError(f"{self.key} takes a date: 2026, 2026-11 or 2026-11-24")
        if not value.strip() or len(value) > LONGEST_TEXT or not _is_unicode(value):
            raise AnswerError(f"{self.key} takes 1 to {LONGEST_TEXT} characters, or skip it")
        return value

    def _one(self, value: str) -> str:
        if self.choice(value) is None:
            known = ", ".join(each.key for each in self.choices)
            raise AnswerError(f"{self.key} has no choice {value[:60]!r}; choose one of {known}")
        return value

    def _several(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or any(type(each) is not str for each in value):
            raise AnswerError(f"{self.key} takes a list of choices")
        if len(set(value)) != len(value) or not value:
            raise AnswerError(f"{self.key} takes each choice once, at least one, or skip it")
        for each in value:
            self._one(each)
        chosen = tuple(each for each in self.choices if each.key in value)
        if len(chosen) > 1 and any(each.exclusive for each in chosen):
            alone = next(each.key for each in chosen if each.exclusive)
            raise AnswerError(f"{self.key}: {alone!r} cannot stand beside another choice")
        return tuple(each.key for each in chosen)

    def _number(self, value: Any) -> int:
        if type(value) is not int:
            raise AnswerError(f"{self.key} takes a whole number")
        if (self.minimum is not None and value < self.minimum) or (
            self.maximum is not None and value > self.maximum
        ):
            raise AnswerError(f"{self.key} takes a number from {self.minimum} to {self.maximum}")
        return value


def _is_date(text: str) -> bool:
    """Whether `text` is a day, month or year of the calendar, in European digits."""
    found = PARTIAL_DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_unicode(text: str) -> bool:
    """Whether `text` can be written at all: no half of a surrogate pair."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


@frozen
class Section:
    """Questions with one purpose. Closing sections are shown whatever happened before."""

    key: str
    title: Text
    purpose: Purpose
    questions: tuple[Question, ...]
    show_if: Condition | None = None


@frozen
class Combination:
    """Raises something when several answers hold together."""

    key: str
    when: Condition
    raises: tuple[str, ...]


@frozen
class SetUse:
    """An indicator set that a checklist's answers raise. `coverage`: "full" (everything the role
    can observe is asked) or "gate" (only enough to see that the set applies)."""

    name: str
    coverage: str


@frozen
class ChecklistSource:
    """What a checklist was made from. `confirmed`: whether the source itself was read."""

    title: str
    used_for: str
    confirmed: bool
    url: str | None = None


@frozen
class Validation:
    """How far a checklist was tried with people. `status`: not_validated|reviewed|validated."""

    status: str
    text: Text


@frozen
class Checklist:
    """One role's questions for one population, complete in its languages."""

    id: str
    version: int
    role: str
    population: str
    languages: tuple[str, ...]
    title: Text
    sets: tuple[SetUse, ...]
    sources: tuple[ChecklistSource, ...]
    reviewers: tuple[str, ...]
    validation: Validation
    not_observed: dict[str, str]
    sections: tuple[Section, ...]
    combinations: tuple[Combination, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(each for section in self.sections for each in section.questions)

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate, in order."""
        return tuple(gate for each in self.questions for gate in each.gates)

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """question key -> question."""
        return {each.key: each for each in self.questions}

    @cached_property
    def places(self) -> dict[str, int]:
        """question key -> its place in the order, from 0."""
        return {each.key: place for place, each in enumerate(self.questions)}

    @cached_property
    def sections_by_question(self) -> dict[str, Section]:
        """question key -> its section."""
        return {each.key: section for section in self.sections for each in section.questions}
