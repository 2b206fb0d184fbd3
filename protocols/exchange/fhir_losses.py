"""What a Questionnaire says and the checklist read from it does not: told, never lost in silence.

The checklist is written again; whatever the file says beyond that was read by nobody: an extension
in a place where it means nothing, a part that stands twice, an answer chosen beforehand.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from protocols.exchange.fhir_terms import (
    ENABLE_WHEN_EXPRESSION,
    ITEM_CONTROL,
    OWN,
    ROOT,
    VARIABLE,
    Plain,
    extensions,
    place_of,
    value_of,
)
from protocols.exchange.problems import Problem

_FOLLOWS = (ENABLE_WHEN_EXPRESSION, VARIABLE)
"""At an item or the resource: conditions, read in whatever way they are written, and what follows
from gates."""
_WHEN = "when"
_DESCRIBES = frozenset(
    (
        *("id", "linkId", "prefix", "code", "definition", "enableWhen", "enableBehavior", "item"),
        *("extension", "answerOption", "valueCoding", "system", "version", "userSelected"),
    )
)
"""What only describes an item or an answer, is a condition, or is looked at for itself."""


def losses(said: Plain, written: Plain) -> Iterator[Problem]:
    """What the resource `said` beyond `written`, the same checklist written anew."""
    yield from _extensions(said, written, ROOT, _FOLLOWS)
    yield from _words(said, written, "title", ROOT)
    for section, other in zip(said["item"], written["item"], strict=True):
        yield from _element(section, other, place_of(section))
        for question, same in zip(section["item"], other["item"], strict=True):
            yield from _question(question, same)


def _question(said: Plain, written: Plain) -> Iterator[Problem]:
    where = place_of(said)
    yield from _element(said, written, where)
    options = said.get("answerOption") or [], written.get("answerOption") or []
    if len(options[0]) != len(options[1]):
        yield Problem(where, "an answer stands twice; remove one")
    for option, same in zip(*options, strict=False):
        coding = option["valueCoding"]
        place = f"{where}, answer {str(coding.get('code'))[:80]}"
        yield from _element(option, same, place)
        yield from _element(coding, same["valueCoding"], place)
    below = said.get("item") or [], written.get("item") or []
    for child, same in zip(*map(_gates_last, below), strict=True):
        yield from _element(child, same, place_of(child))


def _gates_last(items: Iterable[Plain]) -> list[Plain]:
    """The help before the gates, each in its order."""
    return sorted(items, key=lambda each: bool(extensions(each, f"{OWN}gate")))


def _element(said: Plain, written: Plain, where: str) -> Iterator[Problem]:
    yield from _extensions(said, written, where, _FOLLOWS)
    for name, value in said.items():
        if name in _DESCRIBES or name.startswith("_"):
            continue
        if value not in (False, written.get(name)):
            yield Problem(where, f"{name[:60]} means nothing here; remove it")
    for name in said:
        if name.startswith("_"):
            yield from _words(said, written, name.removeprefix("_"), where)


def _words(said: Plain, written: Plain, name: str, where: str) -> Iterator[Problem]:
    """The translations beside a field."""
    beside, other = said.get(f"_{name}") or {}, written.get(f"_{name}") or {}
    yield from _extensions(beside, other, where)


def _extensions(
    said: Mapping[str, Any], written: Mapping[str, Any], where: str, skipped: tuple[str, ...] = ()
) -> Iterator[Problem]:
    left = [_leaves(each) for each in written.get("extension") or []]
    for each in said.get("extension") or []:
        if each.get("url") in skipped:
            continue
        leaves = _leaves(each)
        same = next((one for one in left if leaves <= one), None)
        if same is None:
            shown = str(each.get("url")).removeprefix(OWN)[:120]
            told = "it means nothing here, or a part of it stands twice; remove what is too much"
            yield Problem(where, f"the extension {shown} is not kept: {told}")
        else:
            left.remove(same)


def _leaves(extension: Plain, path: str = "") -> Counter[str]:
    """Every value in the extension, under the addresses that lead to it."""
    url = f"{path} {extension.get('url')}"
    inside = [_leaves(each, url) for each in extension.get("extension") or []]
    found = sum(inside, Counter[str]())
    value = value_of(extension)
    if value is not None:
        found[f"{url} {_value(extension, value)}"] += 1
    return found


def _value(extension: Plain, value: Any) -> str:
    if extension.get("url") == ITEM_CONTROL and isinstance(value, dict):
        value = sorted(str(each.get("code")) for each in value.get("coding") or [])
    if extension.get("url") == _WHEN:
        value = "a condition, however it is written"
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
