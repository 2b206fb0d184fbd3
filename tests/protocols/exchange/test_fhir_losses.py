"""Whatever a Questionnaire says, the checklist read from it says too, or it is refused."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.exchange.fhir import from_fhir
from protocols.exchange.problems import ExchangeError
from tests.protocols.exchange.test_fhir import EXPRESSION, PLACES, SMALL, VARIABLE, problems

OWN = "https://amana.invalid/fhir/StructureDefinition/"
TOO_MUCH: dict[str, tuple[str, dict[str, Any], str]] = {
    "an answer chosen beforehand": ("option", {"initialSelected": True}, "initialSelected"),
    "a yes/no question that repeats": ("question", {"repeats": True}, "repeats"),
    "a length for a choice": ("question", {"maxLength": 5}, "maxLength"),
    "a limit for a choice": (
        "question",
        {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/minValue"}]},
        "minValue",
    ),
    "what a choice raises, at its question": (
        "question",
        {"extension": [{"url": f"{OWN}band", "valueCode": "need:shelter"}]},
        "band is not kept",
    ),
    "a purpose of a question": (
        "question",
        {"extension": [{"url": f"{OWN}purpose", "valueCode": "safety"}]},
        "purpose is not kept",
    ),
    "a question that fills two fields": (
        "question",
        {
            "extension": [
                {"url": f"{OWN}fills", "valueCode": each} for each in ("notes.text", "conduct")
            ]
        },
        "fills is not kept",
    ),
    "help that shows at times": (
        "help",
        {"enableWhen": [{"question": "private", "operator": "exists", "answerBoolean": True}]},
        "help is always shown",
    ),
    "a close that is hidden after an end": (
        "close",
        {
            "extension": [
                {
                    "url": EXPRESSION,
                    "valueExpression": {
                        "language": "text/fhirpath",
                        "expression": "%ended1.not()",
                    },
                }
            ]
        },
        "take %ended1 out",
    ),
    "a gate that an end hides": (
        "gate",
        {
            "enableWhen": [],
            "extension": [
                {
                    "url": EXPRESSION,
                    "valueExpression": {
                        "language": "text/fhirpath",
                        "expression": "%ended1.not() and "
                        "%resource.descendants().where(linkId='private').answer.exists()",
                    },
                }
            ],
        },
        "take %ended1 out",
    ),
    "all or any left open": (
        "close",
        {
            "enableWhen": [
                {"question": "private", "operator": "exists", "answerBoolean": each}
                for each in (True, False)
            ]
        },
        "enableBehavior",
    ),
}


def part_of(form: dict[str, Any], name: str) -> dict[str, Any]:
    question = form["item"][0]["item"][0]
    gate = question["item"][0]
    if name == "help":
        words = {each: copy.deepcopy(gate[each]) for each in ("text", "_text", "type")}
        question["item"].append({"linkId": "private.help", **words})
        assert from_fhir(json.dumps(form).encode()).by_key["private"].help
        found: dict[str, Any] = question["item"][-1]
        return found
    return {
        "question": question,
        "option": question["answerOption"][0],
        "gate": gate,
        "close": form["item"][-1]["item"][0],
    }[name]


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_the_checklist_would_not_say_is_told(name: str) -> None:
    part, more, told = TOO_MUCH[name]
    form = copy.deepcopy(SMALL)
    found = part_of(form, part)
    for field, value in more.items():
        there = found.get(field, [])
        found[field] = [*there, *value] if value and isinstance(value, list) else value
    assert told in str(problems(form))


def test_an_answer_that_stands_twice_is_told() -> None:
    form = copy.deepcopy(SMALL)
    options = part_of(form, "question")["answerOption"]
    options.append(copy.deepcopy(options[0]))
    assert "stands twice" in str(problems(form))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_extension_is_accepted_and_lost(data: st.DataObject) -> None:
    """Wherever a copy of any extension is put, it is either refused or it changes the checklist."""
    form = copy.deepcopy(SMALL)
    lists = [place for place in PLACES if place[-1] == "extension"]
    taken, put = (_at(form, data.draw(st.sampled_from(lists))) for _ in range(2))
    added = copy.deepcopy(data.draw(st.sampled_from(taken)))
    if added["url"] in (VARIABLE, EXPRESSION):
        return
    put.append(added)
    try:
        found = from_fhir(json.dumps(form).encode())
    except ExchangeError:
        return
    assert found != from_fhir(json.dumps(SMALL).encode())


def _at(form: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        form = form[key]
    return form
