"""Conditions on answers, as data: when a question is shown, when a gate or combination holds.

In a checklist file a condition is a JSON object with one name:
`{"all": [..]}`, `{"any": [..]}`, `{"not": ..}`, `{"answered": "question"}`,
`{"equals": {"question": .., "value": ".."}}`, `{"includes": {"question": .., "value": ".."}}`,
`{"greater": {"question": .., "than": 11}}`, `{"less": {"question": .., "than": 18}}`.
A question without a visible answer satisfies none of the last five.
"""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from protocols.screening.errors import ConditionError

Value = str | int | tuple[str, ...]
"""An answer: a choice's key, text or ISO date; a number; the chosen keys of a multiple choice."""
Answers = Mapping[str, Value]
DEEPEST = 40
"""Conditions within conditions: far beyond what a person can review, and what every phone reads."""


@frozen
class All:
    """Every part holds; true when there is none."""

    parts: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        return all(part.holds(answers) for part in self.parts)

    def atoms(self) -> "tuple[Atom, ...]":
        return tuple(atom for part in self.parts for atom in part.atoms())


@frozen
class AnyOf:
    """At least one part holds; false when there is none."""

    parts: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        return any(part.holds(answers) for part in self.parts)

    def atoms(self) -> "tuple[Atom, ...]":
        return tuple(atom for part in self.parts for atom in part.atoms())


@frozen
class Not:
    """The part does not hold; so true of a question that was not answered."""

    part: "Condition"

    def holds(self, answers: Answers) -> bool:
        return not self.part.holds(answers)

    def atoms(self) -> "tuple[Atom, ...]":
        return self.part.atoms()


@frozen
class Answered:
    """The question has a visible answer, whatever it is. A skipped question has none."""

    question: str

    def holds(self, answers: Answers) -> bool:
        return self.question in answers

    def atoms(self) -> "tuple[Atom, ...]":
        return (self,)


@frozen
class Equals:
    """The single answer is `value`."""

    question: str
    value: str

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.question) == self.value

    def atoms(self) -> "tuple[Atom, ...]":
        return (self,)


@frozen
class Includes:
    """`value` is among the chosen."""

    question: str
    value: str

    def holds(self, answers: Answers) -> bool:
        chosen = answers.get(self.question)
        return isinstance(chosen, tuple) and self.value in chosen

    def atoms(self) -> "tuple[Atom, ...]":
        return (self,)


@frozen
class Greater:
    """The number is greater than `than`."""

    question: str
    than: int

    def holds(self, answers: Answers) -> bool:
        number = answers.get(self.question)
        return isinstance(number, int) and number > self.than

    def atoms(self) -> "tuple[Atom, ...]":
        return (self,)


@frozen
class Less:
    """The number is less than `than`."""

    question: str
    than: int

    def holds(self, answers: Answers) -> bool:
        number = answers.get(self.question)
        return isinstance(number, int) and number < self.than

    def atoms(self) -> "tuple[Atom, ...]":
        return (self,)


Atom = Answered | Equals | Includes | Greater | Less
Condition = All | AnyOf | Not | Atom


def depth(condition: Condition) -> int:
    """How many conditions lie in each other, counted without recursion and no further than one
    beyond `DEEPEST`."""
    deepest, level = 0, [condition]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [part for each in level for part in _inside(each)]
    return deepest


def _inside(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, All | AnyOf):
        return condition.parts
    return (condition.part,) if isinstance(condition, Not) else ()


def condition_from_plain(plain: Any, where: str) -> Condition:
    """The condition that `plain` (parsed JSON) states. Raises ConditionError naming `where`."""
    if not isinstance(plain, dict) or len(plain) != 1:
        raise ConditionError(f"{where}: a condition is an object with one name, such as equals")
    ((name, body),) = plain.items()
    reader = _READERS.get(name)
    if reader is None:
        known = ", ".join(sorted(_READERS))
        raise ConditionError(f"{where}: no condition is named {name!r}; use one of {known}")
    return reader(body, f"{where}.{name}")


def _parts(body: Any, where: str) -> tuple[Condition, ...]:
    if not isinstance(body, list) or not body:
        raise ConditionError(f"{where}: give a list of at least one condition")
    return tuple(condition_from_plain(each, where) for each in body)


def _fields(body: Any, where: str, second: str, kind: type) -> tuple[str, Any]:
    if not isinstance(body, dict) or set(body) != {"question", second}:
        raise ConditionError(f'{where}: give exactly "question" and "{second}"')
    question, operand = body["question"], body[second]
    if type(question) is not str or type(operand) is not kind:
        raise ConditionError(f"{where}: question is text and {second} is {kind.__name__}")
    return question, operand


def _answered(body: Any, where: str) -> Condition:
    if type(body) is not str:
        raise ConditionError(f"{where}: name the question")
    return Answered(body)


_READERS: dict[str, Callable[[Any, str], Condition]] = {
    "all": lambda body, where: All(_parts(body, where)),
    "any": lambda body, where: AnyOf(_parts(body, where)),
    "not": lambda body, where: Not(condition_from_plain(body, where)),
    "answered": _answered,
    "equals": lambda body, where: Equals(*_fields(body, where, "value", str)),
    "includes": lambda body, where: Includes(*_fields(body, where, "value", str)),
    "greater": lambda body, where: Greater(*_fields(body, where, "than", int)),
    "less": lambda body, where: Less(*_fields(body, where, "than", int)),
}


def questions_of(condition: Condition | None) -> frozenset[str]:
    """The keys of the questions that `condition` looks at."""
    return frozenset(atom.question for atom in condition.atoms()) if condition else frozenset()


def in_words(condition: Condition) -> str:
    """The condition on one line, for people who review a checklist: `pay is "late" and not …`."""
    if isinstance(condition, All):
        return " and ".join(map(_bracketed, condition.parts))
    if isinstance(condition, AnyOf):
        return " or ".join(map(_bracketed, condition.parts))
    if isinstance(condition, Not):
        return f"not {_bracketed(condition.part)}"
    if isinstance(condition, Answered):
        return f"{condition.question} is answered"
    if isinstance(condition, Equals | Includes):
        verb = "is" if isinstance(condition, Equals) else "includes"
        return f'{condition.question} {verb} "{condition.value}"'
    sign = ">" if isinstance(condition, Greater) else "<"
    return f"{condition.question} {sign} {condition.than}"


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, All | AnyOf) else words
