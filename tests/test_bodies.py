"""docs/formats/bodies.md against the code: every body, every field, its JSON, its default."""

import enum
import re
import types
from datetime import datetime
from typing import Any, Union, get_args, get_origin

import attrs
import pytest

from protocols import messages
from protocols.referral import consent
from protocols.sealing import certificate, comparing, envelope, sharing, statement
from protocols.timeline import event
from tests.test_house import HOUSE

PAGE = (HOUSE / "docs" / "formats" / "bodies.md").read_text(encoding="utf-8")
ROOMS = (messages, consent, certificate, comparing, envelope, sharing, statement, event)
NEVER_TRAVELS = {"Opened", "Joining", "Hosting"}
"""What a side keeps to itself, though it stands beside what travels."""
PLAIN = {str: "text", int: "number", bool: "flag", datetime: "time", bytes: "base64", Any: "any"}
BODIES = {
    name: kind
    for room in ROOMS
    for name, kind in vars(room).items()
    if isinstance(kind, type)
    and attrs.has(kind)
    and kind.__module__ == room.__name__
    and name not in NEVER_TRAVELS
}


def in_json(kind: Any) -> str:
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join("null" if e is type(None) else in_json(e) for e in get_args(kind))
    if get_origin(kind) is tuple:
        return f"list of {in_json(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        return "object"
    return "code" if issubclass(kind, enum.Enum) else kind.__name__


def if_absent(default: Any) -> str:
    if default is attrs.NOTHING:
        return "required"
    return {(): "none", None: "null"}.get(default, f"`{default}`")


def tables() -> dict[str, list[tuple[str, str, str]]]:
    """Name -> its rows (field, JSON, if absent) as the page has them."""
    found = {}
    for name, body in re.findall(r"^### `(\w+)`\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL):
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| .+ \|$", body, re.MULTILINE)
        found[name] = rows
    return found


def test_every_body_has_its_table_and_every_table_a_body() -> None:
    assert set(tables()) == set(BODIES)


@pytest.mark.parametrize("name", BODIES)
def test_fields_are_as_the_code_has_them(name: str) -> None:
    kind = BODIES[name]
    attrs.resolve_types(kind)
    expected = [
        (each.name, in_json(each.type), if_absent(each.default)) for each in attrs.fields(kind)
    ]
    assert tables()[name] == expected


def test_every_kind_of_statement_is_named() -> None:
    named = set(re.findall(r"^\| `([a-z-]+)` \| `", PAGE, re.MULTILINE))
    kinds = {
        value.removeprefix("application/vnd.amana.").removesuffix(".v1+json")
        for room in ROOMS
        for value in vars(room).values()
        if isinstance(value, str) and value.startswith("application/vnd.amana.")
    }
    assert kinds <= named
    assert named <= kinds
