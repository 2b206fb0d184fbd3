"""Reads the XPath that people write into `relevant`, `calculation` and `constraint` cells.

What is read is what `xpath` writes and its everyday variants: `${q} = 'a'`, `!=`, `selected()`,
numbers compared with = != < <= > >=, `${q} != ''`, `string-length(${q}) > 0`, `count-selected()`,
`and`, `or`, `not()`, `true()`, `false()`, brackets, typographic quotes, and `.` for the row's own
answer. Which question takes which form is settled in `xpath_meaning`, which knows the questions.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from attrs import frozen
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput, UnexpectedToken

from protocols.errors import AmanaError
from protocols.exchange.xpath import ENDED, LONGEST_EXPRESSION, MOST_DIGITS
from protocols.screening.conditions import (
    DEEPEST,
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

ALLOWED = (
    "write it with ${question} = 'answer', selected(${question}, 'answer'), ${question} > 5, "
    "${question} != '', and, or, not(…)"
)
SELF = "."
OUTER = 4
"""Brackets that a cell has around its condition: of if(), of a gate's close, of selected()."""
_TYPOGRAPHIC = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_GRAMMAR = rf"""
    expression: any
    calculation: "if" "(" any "," STRING "," STRING ")" -> chosen
        | any -> plainly
    any: all ("or" all)*
    all: unit ("and" unit)*
    ?unit: "not" "(" any ")" -> negated
        | "(" any ")" -> bracketed
        | "selected" "(" _asked "," STRING ")" -> selected
        | "true" "(" ")" -> true
        | "false" "(" ")" -> false
        | _asked SIGN STRING -> compared_text
        | STRING SIGN _asked -> text_compared
        | _asked SIGN NUMBER -> compared
        | NUMBER SIGN _asked -> number_compared
        | "string-length" "(" _asked ")" SIGN NUMBER -> length
        | "count-selected" "(" _asked ")" SIGN NUMBER -> count
    _asked: REFERENCE | SELF
    REFERENCE: /\$\{{\s*[^{{}}\s]+\s*\}}/
    SELF: "."
    STRING: /'[^']*'|"[^"]*"/
    NUMBER: /-?[0-9]{{1,{MOST_DIGITS}}}(\.0{{1,6}})?(?![0-9.])/
    SIGN: "!=" | "<=" | ">=" | "=" | "<" | ">"
    %import common.WS
    %ignore WS
"""
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


class ExpressionError(AmanaError):
    """A cell's expression is none of those that are read. The message says from where on."""

    code = "exchange_expression"


@frozen
class Several:
    """More than one choice stands in the answer: only in a constraint."""

    question: str


class _True:
    """`true()` in a list of conditions: says nothing but that it is a list."""


class _False:
    """`false()` in a list of alternatives."""


def read_expression(text: str) -> Any:
    """The condition that a `relevant` or `constraint` cell states, `Several` and all.

    Raises ExpressionError.
    """
    return _read(text, "expression")


def read_calculation(text: str) -> Any:
    """The condition of `if(condition, 'yes', 'no')`, or of the condition alone.

    Raises ExpressionError.
    """
    return _read(text, "calculation")


def _read(text: str, start: str) -> Any:
    if len(text) > LONGEST_EXPRESSION:
        raise ExpressionError(f"over {LONGEST_EXPRESSION} characters; split it")
    plain = text.translate(_TYPOGRAPHIC)
    if _deepest(plain) > DEEPEST + OUTER:
        raise ExpressionError(f"brackets lie more than {DEEPEST} deep; write it flat")
    try:
        return _parser().parse(plain, start=start)
    except UnexpectedInput as error:
        raise ExpressionError(f"it {_from_where(error, plain)}; {ALLOWED}") from error
    except LarkError as error:
        raise ExpressionError(f"it is not read; {ALLOWED}") from error


def _from_where(error: UnexpectedInput, text: str) -> str:
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    place = error.pos_in_stream or 0
    near = text[place : place + 20].strip()
    return "breaks off" if at_end or not near else f"is not read from “{near}” on"


def _deepest(text: str) -> int:
    depth = deepest = 0
    for each in text:
        depth += (each == "(") - (each == ")")
        deepest = max(deepest, depth)
    return deepest


@cache
def _parser() -> Lark:
    starts = ["expression", "calculation"]
    return Lark(_GRAMMAR, parser="lalr", start=starts, transformer=_Conditions())


def _name(token: Token) -> str:
    return SELF if token == SELF else token[2:-1].strip()


def _number(token: Token) -> int:
    return int(token.partition(".")[0])


def _quoted(token: Token) -> str:
    return token[1:-1].strip()


def _by_number(question: str, sign: str, number: int) -> Condition:
    if sign in (">", "<"):
        return Greater(question, number) if sign == ">" else Less(question, number)
    if sign in (">=", "<="):
        return Greater(question, number - 1) if sign == ">=" else Less(question, number + 1)
    same = All((Greater(question, number - 1), Less(question, number + 1)))
    return same if sign == "=" else Not(same)


def _by_text(question: str, sign: str, text: str) -> Condition:
    if sign not in ("=", "!="):
        if text.lstrip("-").isdecimal() and len(text) <= MOST_DIGITS:
            return _by_number(question, sign, int(text))
        raise ExpressionError(f"{sign} compares numbers, not '{text[:40]}'; {ALLOWED}")
    same = Equals(question, text) if text else Not(Answered(question))
    if sign == "=":
        return same
    return same.part if isinstance(same, Not) else Not(same)


def _listed(kind: Callable[[Any], Any], parts: tuple[Any, ...], mark: type) -> Any:
    """`parts` as a list of that kind; one part alone is itself, unless it is marked as a list."""
    kept = tuple(each for each in parts if not isinstance(each, mark))
    if len(parts) == 1:
        return parts[0]
    if not kept or any(isinstance(each, _True | _False) for each in kept):
        raise ExpressionError(f"true() and false() decide nothing here; {ALLOWED}")
    return kind(kept)


@v_args(inline=True)
class _Conditions(Transformer):  # type: ignore[type-arg]
    """Builds conditions while the parser reduces, so depth costs no recursion."""

    def expression(self, found: Any) -> Any:
        if isinstance(found, _True | _False):
            raise ExpressionError(f"true() or false() alone; leave the cell empty, or {ALLOWED}")
        return found

    plainly = expression

    def chosen(self, found: Any, then: Token, otherwise: Token) -> Any:
        if _quoted(then) != ENDED or _quoted(otherwise) == ENDED:
            raise ExpressionError(f"end it with , '{ENDED}', 'no')")
        return self.expression(found)

    def any(self, *parts: Any) -> Any:
        return _listed(AnyOf, parts, _False)

    def all(self, *parts: Any) -> Any:
        return _listed(All, parts, _True)

    def negated(self, found: Any) -> Any:
        return Not(self.expression(found))

    def bracketed(self, found: Any) -> Any:
        return found

    def true(self) -> Any:
        return _True()

    def false(self) -> Any:
        return _False()

    def selected(self, asked: Token, value: Token) -> Any:
        return Includes(_name(asked), _quoted(value))

    def compared_text(self, asked: Token, sign: Token, value: Token) -> Any:
        return _by_text(_name(asked), str(sign), _quoted(value))

    def text_compared(self, value: Token, sign: Token, asked: Token) -> Any:
        return _by_text(_name(asked), _TURNED[sign], _quoted(value))

    def compared(self, asked: Token, sign: Token, number: Token) -> Any:
        return _by_number(_name(asked), str(sign), _number(number))

    def number_compared(self, number: Token, sign: Token, asked: Token) -> Any:
        return _by_number(_name(asked), _TURNED[sign], _number(number))

    def length(self, asked: Token, sign: Token, number: Token) -> Any:
        found = _none_or_more(_name(asked), str(sign), _number(number))
        if found is None:
            raise ExpressionError(f"string-length() is only compared with 0; {ALLOWED}")
        return found

    def count(self, asked: Token, sign: Token, number: Token) -> Any:
        question, many = _name(asked), _number(number)
        found = _none_or_more(question, str(sign), many)
        if found is not None:
            return found
        if (str(sign), many) in ((">", 1), (">=", 2)):
            return Several(question)
        if (str(sign), many) in (("<", 2), ("<=", 1), ("=", 1)):
            return Not(Several(question))  # type: ignore[arg-type]
        raise ExpressionError(f"count-selected() is only compared with 0 or 1; {ALLOWED}")


def _none_or_more(question: str, sign: str, number: int) -> Condition | None:
    if (sign, number) in ((">", 0), (">=", 1), ("!=", 0)):
        return Answered(question)
    if (sign, number) in (("=", 0), ("<", 1), ("<=", 0)):
        return Not(Answered(question))
    return None
