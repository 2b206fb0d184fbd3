"""When an item of a FHIR Questionnaire is enabled, as a condition of a checklist file."""

from collections.abc import Callable, Mapping
from typing import Any

from protocols.exchange.fhir_path import FhirPathError, from_path
from protocols.exchange.fhir_terms import (
    ENABLE_WHEN_EXPRESSION,
    FHIRPATH,
    Plain,
    extensions,
    value_of,
)
from protocols.screening.model import Kind

Tell = Callable[[str, str], None]


def condition_of(
    item: Plain, kinds: Mapping[str, Kind], closed: bool, where: str, tell: Tell
) -> Plain | None:
    """The condition, from `enableWhen` or an expression; None without one, and where it cannot be
    read: then `tell` was called with where and what is wrong. `closed`: whether gates close the way
    to the item; their variables are left out of the condition."""
    paths = [value_of(each) for each in extensions(item, ENABLE_WHEN_EXPRESSION)]
    tests = item.get("enableWhen") or []
    if len(paths) + bool(tests) > 1:
        tell(where, "enabled twice; keep enableWhen or one expression, not both")
        return None
    if tests:
        return _enable_when(tests, item.get("enableBehavior"), kinds, where, tell)
    return _expression(paths[0], kinds, closed, where, tell) if paths else None


def _expression(
    path: Any, kinds: Mapping[str, Kind], closed: bool, where: str, tell: Tell
) -> Plain | None:
    if not isinstance(path, dict) or path.get("language") != FHIRPATH:
        tell(where, f"the condition is an expression in {FHIRPATH}; write it so")
        return None
    try:
        condition, ends = from_path(str(path.get("expression")), kinds)
    except FhirPathError as error:
        tell(where, str(error))
        return None
    if ends and not closed:
        tell(where, f"no gate closes the way to a gate or the close; take %{ends[0][:60]} out")
    return condition


def _enable_when(
    tests: list[Plain], behaviour: Any, kinds: Mapping[str, Kind], where: str, tell: Tell
) -> Plain | None:
    parts = [_test(each, kinds) for each in tests]
    known = [each for each in parts if each is not None]
    if len(known) != len(tests):
        tell(where, "in enableWhen, `exists` takes a boolean, `=` a coding, `>` and `<` an integer")
        return None
    if behaviour is None and len(known) == 1:
        return known[0]
    if behaviour is None:
        tell(where, "several tests in enableWhen; say with enableBehavior whether all or any holds")
    return {"all" if behaviour == "all" else "any": known}


def _test(test: Plain, kinds: Mapping[str, Kind]) -> Plain | None:
    question, operator = str(test.get("question")), test.get("operator")
    answer = next((each for name, each in test.items() if name.startswith("answer")), None)
    if operator == "exists" and type(answer) is bool:
        asked: Plain = {"answered": question}
        return asked if answer else {"not": asked}
    if operator == "=" and isinstance(answer, dict) and answer.get("code") is not None:
        name = "includes" if kinds.get(question) is Kind.MULTIPLE else "equals"
        return {name: {"question": question, "value": answer["code"]}}
    if operator in (">", "<") and type(answer) is int:
        name = "greater" if operator == ">" else "less"
        return {name: {"question": question, "than": answer}}
    return None
