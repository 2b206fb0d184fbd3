"""What an expression says of this form's questions: a condition that holds the checklist's rules,
the limits of a number, the choices that stand alone."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from attrs import field, frozen

from protocols.exchange.xpath import END, ENDED, MOST_DIGITS
from protocols.exchange.xpath_reading import (
    SELF,
    ExpressionError,
    Several,
    read_calculation,
    read_expression,
)
from protocols.screening.conditions import (
    All,
    Answered,
    AnyOf,
    Condition,
    Equals,
    Greater,
    Includes,
    Less,
    Not,
)
from protocols.screening.model import Kind

NUMBERS = "write it as . >= 0 and . <= 168"
ALONE = "write it as not(selected(., 'none') and count-selected(.) > 1), joined by and"


@frozen
class Asked:
    """What a condition must know of a question: its kind, its choices, its place from 0."""

    kind: Kind
    choices: tuple[str, ...]
    place: int


@frozen
class Meaning:
    """Reads expressions against the questions of one form, by key."""

    asked: Mapping[str, Asked]
    named: frozenset[str] = field(default=frozenset())
    """Every other name in the form: sections and gates, which hold no answer."""
    closing: bool = False
    """In the close, which is shown whatever ended."""

    def relevant(self, text: str, before: int) -> Condition | None:
        """The condition of a `relevant` cell on questions with a place under `before`, without the
        parts that only let an end gate close the way. Raises ExpressionError."""
        found = read_expression(text)
        parts = found.parts if isinstance(found, All) else (found,)
        kept = [each for each in parts if not self._closes(each)]
        if not kept:
            return None
        if len(kept) == len(parts):
            return self._known(found, before)
        return self._known(kept[0] if len(kept) == 1 else All(tuple(kept)), before)

    def calculation(self, text: str, before: int) -> Condition:
        """The condition of an end gate. Raises ExpressionError."""
        return self._known(read_calculation(text), before)

    def when(self, text: str, before: int) -> Condition:
        """The condition of a combination. Raises ExpressionError."""
        return self._known(read_expression(text), before)

    def _closes(self, part: Any) -> bool:
        """Whether the part only says that an end gate has not ended the way."""
        end = part.part if isinstance(part, Not) else None
        if not (isinstance(end, Equals) and end.question.startswith(END) and end.value == ENDED):
            return False
        if self.closing:
            raise ExpressionError(
                f"the close is shown whatever ended; take ${{{end.question[:60]}}} out"
            )
        return True

    def _known(self, found: Any, before: int) -> Condition:
        if isinstance(found, All):
            return All(tuple(self._known(each, before) for each in found.parts))
        if isinstance(found, AnyOf):
            return AnyOf(tuple(self._known(each, before) for each in found.parts))
        if isinstance(found, Not):
            return Not(self._known(found.part, before))
        if isinstance(found, Several):
            raise ExpressionError("count-selected() above 1 is for constraints; write selected()")
        asked = self._of(found.question, before)
        if isinstance(found, Equals) and asked.kind is Kind.NUMBER:
            return _number(found)
        return _fitting(found, asked)

    def _of(self, key: str, before: int) -> Asked:
        asked = self.asked.get(key)
        if key == SELF:
            raise ExpressionError("“.” has no question here; name it as ${question}")
        if key.startswith(END):
            raise ExpressionError(
                f"${{{key}}} may only be joined by and at the outside, as ${{{key}}} != '{ENDED}'"
            )
        if asked is None and key in self.named:
            raise ExpressionError(f"${{{key[:60]}}} is no question; name a question")
        if asked is None:
            near = get_close_matches(key[:60], list(self.asked), 1)
            told = f"; nearest: ${{{near[0]}}}" if near else "; name a question of this form"
            raise ExpressionError(f"no question is named ${{{key[:60]}}}{told}")
        if asked.place >= before:
            raise ExpressionError(f"${{{key}}} is asked later; move it up, or name an earlier one")
        return asked


def is_end(text: str, gate: str) -> bool:
    """Whether a note's `relevant` says only that its end gate holds. Raises ExpressionError."""
    return bool(read_expression(text) == Equals(END + gate, ENDED))


def _number(found: Equals) -> Condition:
    digits = found.value
    if not digits.lstrip("-").isdecimal() or len(digits) > MOST_DIGITS:
        raise ExpressionError(f"${{{found.question}}} is a number, never '{digits[:40]}'")
    return All((Greater(found.question, int(digits) - 1), Less(found.question, int(digits) + 1)))


def _fitting(found: Any, asked: Asked) -> Condition:
    name = f"${{{found.question}}}"
    if asked.kind is Kind.NOTICE:
        raise ExpressionError(f"{name} is only read and has no answer; name a question")
    if isinstance(found, Answered):
        return found
    if isinstance(found, Greater | Less):
        if asked.kind is not Kind.NUMBER:
            raise ExpressionError(f"{name} is no number; compare it with one of its answers")
        return found
    if not asked.choices:
        raise ExpressionError(f"{name} has no choices; only {name} != '' can be asked of it")
    if found.value not in asked.choices:
        known = ", ".join(asked.choices[:12])
        raise ExpressionError(f"{name} has no choice '{found.value[:60]}'; it has {known}")
    if asked.kind is Kind.MULTIPLE and isinstance(found, Equals):
        raise ExpressionError(f"{name} takes several; write selected({name}, '{found.value}')")
    return (
        Equals(found.question, found.value)
        if isinstance(found, Includes) and asked.kind is not Kind.MULTIPLE
        else found
    )


def limits(text: str) -> tuple[int | None, int | None]:
    """(minimum, maximum) of a number's constraint. Raises ExpressionError."""
    found = read_expression(text)
    low: int | None = None
    high: int | None = None
    for part in found.parts if isinstance(found, All) else (found,):
        if isinstance(part, Greater) and part.question == SELF and low is None:
            low = part.than + 1
        elif isinstance(part, Less) and part.question == SELF and high is None:
            high = part.than - 1
        else:
            raise ExpressionError(f"not the limits of a number; {NUMBERS}")
    return low, high


def within(low: int | None, high: int | None) -> str:
    """The constraint of a number between the two, both inclusive; empty when both are open."""
    parts = [f". >= {low}"] if low is not None else []
    parts += [f". <= {high}"] if high is not None else []
    return " and ".join(parts)


def alone(text: str) -> tuple[str, ...]:
    """The choices that cannot stand beside another, by a constraint. Raises ExpressionError."""
    found = read_expression(text)
    parts = found.parts if isinstance(found, All) else (found,)
    return tuple(_alone(each) for each in parts)


def _alone(part: Any) -> str:
    several = ("not", Several(SELF))
    said = _unordered(part)
    for key in _values(part):
        chosen = Includes(SELF, key)
        denied = ("not", chosen)
        if said in (
            ("not", ("all", frozenset({chosen, Several(SELF)}))),
            ("any", frozenset({denied, several})),
            ("any", frozenset({denied, ("all", frozenset({chosen, several}))})),
        ):
            return key
    raise ExpressionError(f"not read as choices that stand alone; {ALONE}")


def _unordered(part: Any) -> Any:
    """The expression without the order of its parts, to compare."""
    if isinstance(part, All | AnyOf):
        kind = "all" if isinstance(part, All) else "any"
        return kind, frozenset(_unordered(each) for each in part.parts)
    return ("not", _unordered(part.part)) if isinstance(part, Not) else part


def _values(part: Any) -> tuple[str, ...]:
    """The choices named anywhere in it, in order."""
    if isinstance(part, All | AnyOf):
        return tuple(value for each in part.parts for value in _values(each))
    if isinstance(part, Not):
        return _values(part.part)
    return (part.value,) if isinstance(part, Includes) else ()


def standing_alone(choices: Iterable[str]) -> str:
    """The constraint of a question whose `choices` cannot stand beside another."""
    return " and ".join(f"not(selected(., '{each}') and count-selected(.) > 1)" for each in choices)
