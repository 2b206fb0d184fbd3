"""A case in the reader's words, kind by kind. What came from another phone is not trusted to have
the expected shape: whatever it holds is shown, and nothing is dropped in silence."""

from collections.abc import Callable
from functools import cache
from typing import Any

from mobile.flows.case import given_text
from mobile.flows.labels import (
    INFORMATION,
    SEXES,
    URGENCIES,
    label,
    service_title,
    yes_no,
)
from mobile.flows.parts import Section
from mobile.flows.places import division_name
from mobile.locale import Words, mark
from protocols.screening.assessment import finding_title, form_text
from protocols.screening.model import Checklist
from protocols.screening.vocabulary import ALL_FORMS, FINDINGS

FIELDS = {
    "name": mark("Name"),
    "sex": mark("Sex"),
    "age": mark("Age"),
    "age_group": mark("Age group"),
    "nationality": mark("Nationality"),
    "languages": mark("Languages"),
    "phone": mark("Telephone"),
    "safe_times": mark("When it is safe to call"),
    "place": mark("Where to meet"),
    "services": mark("Services"),
    "urgency": mark("Urgency"),
    "windows": mark("Time limits of medicine"),
    "families": mark("Has children along"),
    "disability": mark("Needs disability access"),
    "division": mark("Place"),
}
WINDOWS = {
    "within_72_hours": mark("within 72 hours"),
    "within_120_hours": mark("within 120 hours"),
}
LONGEST_VERSION = 9
Find = Callable[[str, int], Checklist | None]
"""Gives a checklist in just that version, or None."""
AGE_GROUPS = {"adult": mark("adult"), "child": mark("child")}
_TABLES = {"age_group": AGE_GROUPS, "sex": SEXES, "urgency": URGENCIES, "windows": WINDOWS}


def case_sections(words: Words, content: dict[str, Any], find: Find) -> tuple[Section, ...]:
    """Everything the case holds, in a fixed order, kinds unknown to this app last."""
    find = cache(find)
    kinds = [*(each for each in INFORMATION if each in content)]
    kinds += [each for each in content if each not in INFORMATION]
    return tuple(
        Section(label(words, INFORMATION, each), lines)
        for each in kinds
        if (lines := _lines(words, each, content[each], find))
    )


def _lines(words: Words, kind: str, content: Any, find: Find) -> tuple[str, ...]:
    if kind == "findings" and isinstance(content, list):
        return tuple(_finding(words, each) for each in content)
    if kind == "answers" and isinstance(content, list):
        return tuple(_answer(words, each, find) for each in content)
    if isinstance(content, dict):
        known = [each for each in FIELDS if each in content]
        further = [each for each in content if each not in FIELDS]
        return tuple(_field(words, str(name), content[name]) for name in (*known, *further))
    return (_plain(words, content),)


def _field(words: Words, name: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    said = words.list(
        _said(words, name, each) if isinstance(each, str) else _plain(words, each)
        for each in values
    )
    if name == "text":
        return said
    return words("{name}: {value}", name=label(words, FIELDS, name), value=said)


def _said(words: Words, name: str, value: str) -> str:
    if name == "languages":
        return words.tongue(value)
    if name == "nationality":
        return words.country(value)
    if name == "services":
        return service_title(words, value)
    if name == "division":
        return division_name(words, value[:2], value)
    return label(words, _TABLES.get(name, {}), value)


def _finding(words: Words, found: Any) -> str:
    if not isinstance(found, dict) or found.get("kind") not in FINDINGS:
        return _plain(words, found)
    text, forms = found.get("text"), found.get("forms")
    said = text.get(words.language) if isinstance(text, dict) else None
    known = [each for each in forms if each in ALL_FORMS] if isinstance(forms, list) else []
    title = finding_title(found["kind"], words.language)
    if known:
        title = f"{title} ({words.list(form_text(each, words.language) for each in known)})"
    return words("{name}: {value}", name=title, value=said) if isinstance(said, str) else title


def _answer(words: Words, given: Any, find: Find) -> str:
    if not isinstance(given, dict):
        return _plain(words, given)
    question, value = given.get("question"), given.get("value")
    checklist = _checklist(given.get("checklist"), find)
    asked: Any
    said: Any
    if checklist is not None and isinstance(question, str) and question in checklist.by_key:
        asked = checklist.by_key[question].text[words.language]
        said = given_text(checklist, question, value, words.language)
    else:
        asked, said = given.get("asked", question), given.get("answer", value)
    return f"{_plain(words, asked)} {_plain(words, said)}"


def _checklist(named: Any, find: Find) -> Checklist | None:
    """The checklist of "id/version", if it is here in just this version."""
    name, _, version = named.rpartition("/") if isinstance(named, str) else ("", "", "")
    known = version.isascii() and version.isdecimal() and len(version) < LONGEST_VERSION
    return find(name, int(version)) if known else None


def _plain(words: Words, value: Any) -> str:
    if isinstance(value, bool):
        return yes_no(words, value)
    if isinstance(value, dict):
        return words.list(f"{name}: {_plain(words, each)}" for name, each in value.items())
    if isinstance(value, list):
        return words.list(_plain(words, each) for each in value)
    return "" if value is None else str(value)
