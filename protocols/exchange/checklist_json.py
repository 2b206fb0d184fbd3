"""A checklist as the JSON file that `protocols.screening.checklist_file` reads."""

import json
from typing import Any

from protocols.plain import to_plain
from protocols.screening.checklist_file import FORMAT
from protocols.screening.conditions import (
    All,
    Answered,
    AnyOf,
    Condition,
    Equals,
    Greater,
    Includes,
    Not,
)
from protocols.screening.model import Checklist, Choice, Gate, Kind, Question, Section


def checklist_json(checklist: Checklist) -> bytes:
    """The file's bytes, laid out for people to read and compare; `read_checklist` gives back an
    equal checklist."""
    laid_out = json.dumps(checklist_plain(checklist), ensure_ascii=False, indent=1)
    return f"{laid_out}\n".encode()


def checklist_plain(checklist: Checklist) -> dict[str, Any]:
    """The file's JSON as dicts and lists, without what says nothing: empty lists, nulls."""
    plain = to_plain(checklist)
    header = {
        name: plain[name]
        for name in ("id", "version", "role", "population", "languages", "title", "sets")
    }
    plain_file = {
        "format": FORMAT,
        **header,
        "sources": [_without_nothing(each) for each in plain["sources"]],
        "reviewers": plain["reviewers"],
        "validation": plain["validation"],
        "not_observed": plain["not_observed"],
        "sections": [_section(each) for each in checklist.sections],
        "combinations": [
            {"key": each.key, "when": condition_plain(each.when), "raises": list(each.raises)}
            for each in checklist.combinations
        ],
    }
    found: dict[str, Any] = _in_order(plain_file, checklist.languages)
    return found


def _in_order(plain: Any, languages: tuple[str, ...]) -> Any:
    """`plain` with the languages of each text in the checklist's order."""
    if isinstance(plain, list):
        return [_in_order(each, languages) for each in plain]
    if not isinstance(plain, dict):
        return plain
    if plain and set(plain) <= set(languages):
        return {each: plain[each] for each in languages if each in plain}
    return {name: _in_order(value, languages) for name, value in plain.items()}


def condition_plain(condition: Condition) -> dict[str, Any]:
    """The condition as `condition_from_plain` reads it."""
    if isinstance(condition, All):
        return {"all": [condition_plain(each) for each in condition.parts]}
    if isinstance(condition, AnyOf):
        return {"any": [condition_plain(each) for each in condition.parts]}
    if isinstance(condition, Not):
        return {"not": condition_plain(condition.part)}
    if isinstance(condition, Answered):
        return {"answered": condition.question}
    if isinstance(condition, Equals | Includes):
        name = "equals" if isinstance(condition, Equals) else "includes"
        return {name: {"question": condition.question, "value": condition.value}}
    name = "greater" if isinstance(condition, Greater) else "less"
    return {name: {"question": condition.question, "than": condition.than}}


def _without_nothing(plain: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in plain.items() if value is not None and value not in ([], {})
    }


def _shown_if(condition: Condition | None) -> dict[str, Any] | None:
    return None if condition is None else condition_plain(condition)


def _section(section: Section) -> dict[str, Any]:
    return _without_nothing(
        {
            "key": section.key,
            "purpose": section.purpose.value,
            "title": section.title,
            "show_if": _shown_if(section.show_if),
            "questions": [_question(each) for each in section.questions],
        }
    )


def _question(question: Question) -> dict[str, Any]:
    yes_no = question.kind is Kind.YES_NO_UNKNOWN
    raises = {each.key: list(each.raises) for each in question.choices if each.raises}
    return _without_nothing(
        {
            "key": question.key,
            "kind": question.kind.value,
            "voice": question.voice.value,
            "text": question.text,
            "help": question.help,
            "choices": [] if yes_no else [_choice(each) for each in question.choices],
            "raises": raises if yes_no else {},
            "minimum": question.minimum,
            "maximum": question.maximum,
            "bands": to_plain(question.bands),
            "show_if": _shown_if(question.show_if),
            "gates": [_gate(each) for each in question.gates],
            "fills": question.fills,
            "basis": question.basis,
        }
    )


def _choice(choice: Choice) -> dict[str, Any]:
    plain = {"key": choice.key, "text": choice.text, "raises": list(choice.raises)}
    return _without_nothing(plain | ({"exclusive": True} if choice.exclusive else {}))


def _gate(gate: Gate) -> dict[str, Any]:
    return _without_nothing(
        {
            "key": gate.key,
            "effect": gate.effect.value,
            "when": condition_plain(gate.when),
            "text": gate.text,
            "checklist": gate.checklist,
        }
    )
