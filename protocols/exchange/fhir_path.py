"""Conditions in FHIRPath and back: the part of the language that a checklist's conditions need.

FHIRPath (HL7, normative release 2.0.0), evaluated as SDC does: `%resource` is the
QuestionnaireResponse, and an item that is not enabled has no answer in it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lark import Lark, LarkError, Token, Transformer

from protocols.errors import AmanaError
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
from protocols.screening.model import Kind

ENDED = "ended"
LONGEST = 20_000
OUTER = 4
"""Brackets that an expression has around and inside its condition."""
GRAMMAR = r"""
    ?start: either
    either: both ("or" both)*
    both: negated ("and" negated)*
    negated: single NOT*
    ?single: "(" either ")"
        | TRUE | FALSE | VARIABLE
        | answers "." EXISTS                                 -> answered
        | answers ".where(" CODE "=" STRING ")" "." EXISTS   -> chosen
        | answers ".where(" VALUE SIGN NUMBER ")" "." EXISTS -> compared
    answers: ITEMS "linkId" "=" STRING ")" "." "answer"
    ITEMS: /%resource\s*\.\s*(descendants\(\)|repeat\(item\)|item)\s*\.\s*where\(/
    VARIABLE: /%[a-z][a-z0-9_]*/
    CODE: /value(\.ofType\(Coding\))?\.code/
    VALUE: /value(\.ofType\(integer\))?/
    EXISTS: "exists()"
    NOT: /\.\s*not\(\)/
    TRUE: "true"
    FALSE: "false"
    SIGN: ">" | "<"
    NUMBER: /-?[0-9]{1,9}/
    STRING: /'[^'\\]{0,200}'/
    %ignore /\s+/
"""

Plain = dict[str, Any]


class FhirPathError(AmanaError):
    """The expression is not one that a checklist's condition can be read from."""

    code = "exchange_fhirpath"


def to_path(condition: Condition) -> str:
    """The condition in FHIRPath; a question without an answer satisfies none but a negation."""
    if isinstance(condition, All | AnyOf):
        word = "and" if isinstance(condition, All) else "or"
        parts = [_bracketed(each) for each in condition.parts]
        if len(parts) == 1:
            parts.insert(0, "true" if word == "and" else "false")
        return f" {word} ".join(parts)
    if isinstance(condition, Not):
        return f"({to_path(condition.part)}).not()"
    return _atom_path(condition)


def _atom_path(atom: Answered | Equals | Includes | Greater | Less) -> str:
    answers = f"%resource.descendants().where(linkId='{atom.question}').answer"
    if isinstance(atom, Answered):
        return f"{answers}.exists()"
    if isinstance(atom, Equals | Includes):
        return f"{answers}.where(value.code = '{atom.value}').exists()"
    sign = ">" if isinstance(atom, Greater) else "<"
    return f"{answers}.where(value {sign} {atom.than}).exists()"


def _bracketed(condition: Condition) -> str:
    path = to_path(condition)
    return f"({path})" if isinstance(condition, All | AnyOf) else path


def enabled_path(condition: Condition | None, ended: tuple[str, ...]) -> str | None:
    """When an item is enabled: none of the variables `ended` is true, and the condition holds.
    None: always."""
    parts = [f"%{each}.not()" for each in ended]
    if condition is not None:
        parts.append(f"({to_path(condition)})" if ended else to_path(condition))
    return " and ".join(parts) or None


def from_path(path: str, kinds: Mapping[str, Kind]) -> tuple[Plain | None, tuple[str, ...]]:
    """(condition as a checklist file writes it or None, variables %ended… that must not be true).
    `kinds`: question -> kind, which tells "equals" from "includes".

    Raises FhirPathError saying what may be written.
    """
    if len(path) > LONGEST or _depth(path) > DEEPEST + OUTER:
        raise FhirPathError("the condition is too long or nests too deeply; write it in parts")
    try:
        tree = _PARSER.parse(path)
    except LarkError as error:
        near = str(getattr(error, "column", "?"))
        raise FhirPathError(
            f"not a condition that Amana reads, near column {near}; write answers as "
            "%resource.descendants().where(linkId='pay').answer.where(value.code = 'late')"
            ".exists(), joined with and, or, .not() and brackets"
        ) from error
    return _Reading(kinds).whole(tree)


def _depth(path: str) -> int:
    deepest = open_ = 0
    for each in path:
        open_ += (each == "(") - (each == ")")
        deepest = max(deepest, open_)
    return deepest


class _Build(Transformer[Token, Any]):
    """Parse tree -> ("any" | "all", parts) | ("not", part) | ("atom", name, question, operand)
    | ("true",) | ("false",) | ("variable", name)."""

    def either(self, parts: list[Any]) -> Any:
        return parts[0] if len(parts) == 1 else ("any", parts)

    def both(self, parts: list[Any]) -> Any:
        return parts[0] if len(parts) == 1 else ("all", parts)

    def negated(self, parts: list[Any]) -> Any:
        inner = parts[0]
        for _ in parts[1:]:
            inner = ("not", inner)
        return inner

    def answers(self, parts: list[Any]) -> str:
        return str(parts[-1])[1:-1]

    def answered(self, parts: list[Any]) -> Any:
        return ("atom", "answered", parts[0], None)

    def chosen(self, parts: list[Any]) -> Any:
        return ("atom", "chosen", parts[0], str(parts[2])[1:-1])

    def compared(self, parts: list[Any]) -> Any:
        name = "greater" if parts[2] == ">" else "less"
        return ("atom", name, parts[0], int(parts[3]))

    def TRUE(self, token: Token) -> Any:  # noqa: N802
        return ("true",)

    def FALSE(self, token: Token) -> Any:  # noqa: N802
        return ("false",)

    def VARIABLE(self, token: Token) -> Any:  # noqa: N802
        return ("variable", str(token)[1:])


_PARSER = Lark(GRAMMAR, parser="lalr", transformer=_Build())


class _Reading:
    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds

    def whole(self, tree: Any) -> tuple[Plain | None, tuple[str, ...]]:
        parts = tree[1] if tree[0] == "all" else [tree]
        front = [each for each in parts if _gate(each) is not None]
        rest = [each for each in parts if _gate(each) is None]
        gates = tuple(str(_gate(each)) for each in front)
        if not rest:
            return None, gates
        if front and len(rest) == 1:
            return self._one(rest[0]), gates
        return self._one(("all", rest) if front else tree), gates

    def _one(self, node: Any) -> Plain:
        read: dict[str, Callable[[Any], Plain]] = {
            "all": lambda each: {"all": self._parts(each[1], ("true",))},
            "any": lambda each: {"any": self._parts(each[1], ("false",))},
            "not": lambda each: {"not": self._one(each[1])},
            "atom": self._atom,
        }
        if node[0] not in read:
            raise FhirPathError(
                "%variables stand only at the front, as `%ended1.not() and`, true and false only "
                "beside a single condition; write the condition with answers"
            )
        return read[node[0]](node)

    def _parts(self, nodes: list[Any], neutral: tuple[str]) -> list[Plain]:
        return [self._one(each) for each in nodes if each != neutral]

    def _atom(self, node: Any) -> Plain:
        _, name, question, operand = node
        if name == "answered":
            return {"answered": question}
        if name == "chosen":
            several = self._kinds.get(question) is Kind.MULTIPLE
            return {"includes" if several else "equals": {"question": question, "value": operand}}
        return {name: {"question": question, "than": operand}}


def _gate(node: Any) -> str | None:
    """The variable's name where the node is `%ended1.not()`."""
    if node[0] == "not" and node[1][0] == "variable" and node[1][1].startswith(ENDED):
        return str(node[1][1])
    return None
