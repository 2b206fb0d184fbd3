"""Our conditions as the XPath that forms use in `relevant`, and where an end gate closes the way.

Written so that a form and an interview agree on a question without an answer: an empty node is
no number and equals no choice, and the node of a hidden question is empty (ODK XForms, "relevant").
"""

from collections.abc import Iterable

from protocols.exchange.problems import Problem
from protocols.screening.conditions import (
    All,
    Answered,
    AnyOf,
    Atom,
    Condition,
    Equals,
    Greater,
    Includes,
    Less,
    Not,
)

LONGEST_EXPRESSION = 8000
MOST_DIGITS = 15
"""What a spreadsheet's number, and a form's, holds exactly."""
END = "End_"
"""Begins the name of the row that says whether an end gate holds: no question's key has a capital
letter."""
ENDED = "yes"


def to_xpath(condition: Condition) -> str:
    """The condition as XPath with `${question}` references, brackets only where they tell parts
    apart. A list of one part keeps its mark: `… and true()`."""
    if isinstance(condition, All):
        parts = [_bracketed(each) for each in condition.parts]
        return " and ".join(parts if len(parts) > 1 else [*parts, "true()"])
    if isinstance(condition, AnyOf):
        parts = [_bracketed(each) for each in condition.parts]
        return " or ".join(parts if len(parts) > 1 else [*parts, "false()"])
    if isinstance(condition, Not):
        return f"not({to_xpath(condition.part)})"
    return _atom(condition)


def _atom(atom: Atom) -> str:
    name = f"${{{atom.question}}}"
    if isinstance(atom, Answered):
        return f"{name} != ''"
    if isinstance(atom, Equals):
        return f"{name} = '{atom.value}'"
    if isinstance(atom, Includes):
        return f"selected({name}, '{atom.value}')"
    sign = ">" if isinstance(atom, Greater) else "<"
    return f"{name} {sign} {atom.than}"


def _bracketed(condition: Condition) -> str:
    written = to_xpath(condition)
    return f"({written})" if isinstance(condition, All | AnyOf) else written


def relevant(condition: Condition | None, ends: Iterable[str]) -> str:
    """The `relevant` of a row that the end gates of these keys close, shown if `condition`."""
    parts = [f"${{{END}{key}}} != '{ENDED}'" for key in ends]
    if condition is not None:
        parts.append(_bracketed(condition) if parts else to_xpath(condition))
    return " and ".join(parts)


def calculation(when: Condition) -> str:
    """What an end gate's row calculates: "yes" when the gate holds."""
    return f"if({to_xpath(when)}, '{ENDED}', 'no')"


def too_much(condition: Condition | None, where: str) -> list[Problem]:
    """Why the condition cannot be written to a cell and read again; empty when it can."""
    if condition is None:
        return []
    if len(to_xpath(condition)) > LONGEST_EXPRESSION:
        return [Problem(where, f"a condition over {LONGEST_EXPRESSION} characters; split it")]
    numbers = [each.than for each in condition.atoms() if isinstance(each, Greater | Less)]
    return [
        Problem(where, f"{str(each)[:20]}… has over {MOST_DIGITS} digits; write a smaller number")
        for each in numbers
        if abs(each) >= 10**MOST_DIGITS
    ]
