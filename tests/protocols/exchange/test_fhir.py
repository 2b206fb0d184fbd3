"""Checklists to FHIR and back: nothing is lost, the standard holds, conditions mean the same."""

import copy
import json
from typing import Any

import fhirpathpy
import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhirpathpy.models import models
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.exchange.fhir import from_fhir, to_fhir
from protocols.exchange.fhir_path import to_path
from protocols.exchange.problems import ExchangeError
from protocols.screening.checklist import available, load
from protocols.screening.conditions import Value
from protocols.screening.flow import walk
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist, Kind
from tests.protocols.screening import fictional
from tests.protocols.screening.inspection import INSPECTOR, anybody, walked

EXPORTED = to_fhir(INSPECTOR)
VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable"
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"


def resource() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXPORTED)
    return found


def problems(changed: Any) -> list[tuple[str, str]]:
    with pytest.raises(ExchangeError) as refused:
        from_fhir(json.dumps(changed).encode())
    return [(each.where, each.message) for each in refused.value.problems]


@pytest.mark.parametrize("name", available())
def test_a_round_trip_gives_back_an_equal_checklist(name: str) -> None:
    checklist = load(name)
    exported = to_fhir(checklist)
    assert from_fhir(exported) == checklist
    assert to_fhir(from_fhir(exported)) == exported


@pytest.mark.parametrize("name", available())
def test_what_is_written_is_a_valid_questionnaire(name: str) -> None:
    found = Questionnaire.model_validate_json(to_fhir(load(name)))
    assert found.url == f"https://amana.invalid/fhir/Questionnaire/{name}"


def test_every_kind_of_question_comes_back() -> None:
    checklist = fictional.read(fictional.plain())
    assert from_fhir(to_fhir(checklist)) == checklist
    kinds = {each.kind for name in available() for each in load(name).questions}
    assert kinds | {each.kind for each in checklist.questions} == set(Kind)


def response(answers: dict[str, Value]) -> dict[str, Any]:
    """A QuestionnaireResponse with these answers, as a form filler gives it."""
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": [
            {"linkId": key, "answer": [_answered(part) for part in _parts(value)]}
            for key, value in answers.items()
        ],
    }


def _parts(value: Value) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _answered(part: str | int) -> dict[str, Any]:
    return {"valueInteger": part} if isinstance(part, int) else {"valueCoding": {"code": part}}


def evaluated(path: str, answers: dict[str, Value], **variables: bool) -> bool:
    told = response(answers)
    context = {"resource": told, **variables}
    return bool(fhirpathpy.evaluate(told, path, context, models["r4"]) == [True])


@settings(max_examples=15, deadline=None)
@given(said=anybody())
def test_a_fhirpath_engine_decides_each_condition_as_amana_does(said: dict[str, Any]) -> None:
    answers = dict(walk(INSPECTOR, accepted(INSPECTOR, said), set(said)).answers)
    conditions = [
        *(each.show_if for each in INSPECTOR.questions),
        *(each.show_if for each in INSPECTOR.sections),
        *(each.when for each in INSPECTOR.gates),
        *(each.when for each in INSPECTOR.combinations),
    ]
    for condition in conditions:
        if condition is not None:
            assert evaluated(to_path(condition), answers) is condition.holds(answers)


def accepted(checklist: Checklist, said: dict[str, Any]) -> dict[str, Value]:
    return {key: checklist.by_key[key].accept(value) for key, value in said.items()}


@settings(max_examples=10, deadline=None)
@given(said=anybody())
def test_a_form_filler_shows_what_the_phone_shows(said: dict[str, Any]) -> None:
    """Once everything that is shown was answered, the exported form enables just these questions:
    a gate that ended the talk closes the rest of it there too."""
    interview = answered_throughout(said)
    there = {each.question: each.value for each in interview.given if each.value is not None}
    shown = {each.key for each in interview.shown}
    assert enabled(resource(), there) == shown


def answered_throughout(said: dict[str, Any]) -> Interview:
    first = {
        each.key: [each.choices[0].key] if each.kind is Kind.MULTIPLE else each.choices[0].key
        for each in INSPECTOR.questions
        if each.choices
    }
    return walked(INSPECTOR, {**first, **said})


def enabled(form: dict[str, Any], answers: dict[str, Value]) -> set[str]:
    """The questions that the form enables, by a FHIRPath engine."""
    variables = {
        each["valueExpression"]["name"]: evaluated(each["valueExpression"]["expression"], answers)
        for each in form["extension"]
        if each["url"] == VARIABLE
    }
    assert variables
    found = set()
    for section in form["item"]:
        if _enabled(section, answers, variables):
            found |= {
                each["linkId"] for each in section["item"] if _enabled(each, answers, variables)
            }
    return found


def _enabled(item: dict[str, Any], answers: dict[str, Value], variables: dict[str, bool]) -> bool:
    for each in item.get("extension", []):
        if each["url"] == EXPRESSION:
            return evaluated(each["valueExpression"]["expression"], answers, **variables)
    tests = [_holds(each, answers) for each in item.get("enableWhen", [])]
    if not tests:
        return True
    return any(tests) if item.get("enableBehavior") == "any" else all(tests)


def _holds(test: dict[str, Any], answers: dict[str, Value]) -> bool:
    given_ = _parts(answers[test["question"]]) if test["question"] in answers else ()
    if test["operator"] == "exists":
        return bool(given_) is test["answerBoolean"]
    if test["operator"] == "=":
        return test["answerCoding"]["code"] in given_
    than = test["answerInteger"]
    return any(each > than if test["operator"] == ">" else each < than for each in given_)


def test_an_edit_in_fhir_comes_back() -> None:
    form = resource()
    question = form["item"][0]["item"][0]
    question["text"] = "Changed by hand?"
    question["_text"]["extension"][1]["extension"][1]["valueString"] = "Changé à la main ?"
    last = form["item"][-2]["item"][-1]
    last.pop("extension")
    last["extension"] = [
        {"url": "https://amana.invalid/fhir/StructureDefinition/voice", "valueCode": "worker"}
    ]
    last["enableWhen"] = [
        {"question": "place_private", "operator": "=", "answerCoding": {"code": "yes"}},
        {"question": "place_private", "operator": "exists", "answerBoolean": False},
    ]
    last["enableBehavior"] = "any"
    found = from_fhir(json.dumps(form).encode())
    assert found.by_key["place_private"].text["en"] == "Changed by hand?"
    assert found.by_key["place_private"].text["fr"] == "Changé à la main ?"
    condition = found.by_key[last["linkId"]].show_if
    assert condition is not None
    assert condition.holds({}) and condition.holds({"place_private": "yes"})
    assert not condition.holds({"place_private": "no"})


def test_everything_wrong_is_listed_with_its_item() -> None:
    form = resource()
    form["item"][0]["item"][0]["required"] = True
    form["item"][0]["item"][1]["extension"].append({"url": "http://b.example", "valueCode": "x"})
    form["item"][1]["item"][0]["type"] = "decimal"
    form["item"][2]["item"][0]["enableWhen"] = [
        {"question": "place_private", "operator": "!=", "answerCoding": {"code": "yes"}}
    ]
    form["item"].append({"linkId": "loose", "type": "string", "text": "Loose"})
    form["copyrightLabel"] = "x"
    del form["copyrightLabel"]
    form["extension"] = [each for each in form["extension"] if not each["url"].endswith("/role")]
    found = problems(form)
    places = [where for where, _ in found]
    for where in ("item place_private", "item can_move", "item loose", "Questionnaire"):
        assert where in places
    assert len(found) >= 6
    assert all(message for _, message in found)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"PK\x03\x04",
        b"[]",
        b"{",
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"Questionnaire"}',
        b'{"resourceType":"Questionnaire","status":"draft","item":'
        + b"[" * 3000
        + b"]" * 3000
        + b"}",
        EXPORTED[:-500],
        EXPORTED.replace(b'"status"', b'"version"'),
    ],
)
def test_a_damaged_file_is_refused_by_name(damage: bytes) -> None:
    with pytest.raises(ExchangeError) as refused:
        from_fhir(damage)
    assert refused.value.problems


def test_a_missing_language_is_told_with_its_place() -> None:
    form = resource()
    del form["item"][0]["item"][0]["_text"]["extension"][0]
    assert "place_private" in str(problems(form))


def test_changed_words_of_yes_and_no_are_refused() -> None:
    form = resource()
    form["item"][0]["item"][0]["answerOption"][0]["valueCoding"]["display"] = "Certainly"
    assert ("item place_private" in str(problems(form))) is True


@pytest.mark.parametrize(
    "path",
    [
        "true",
        "1 = 1",
        "%ended1",
        "%resource.descendants().where(linkId='place_private').answer.exists() or %ended1.not()",
        "%resource.descendants().where(linkId='nobody').answer.exists()",
        "%resource.descendants().where(linkId='x').answer.where(value.code = 'a' or true).exists()",
        "(" * 5000,
        "today() > @2020",
    ],
)
def test_an_expression_that_is_no_condition_is_told(path: str) -> None:
    form = resource()
    question = form["item"][-1]["item"][0]
    expression = {"language": "text/fhirpath", "expression": path}
    question["extension"].append({"url": EXPRESSION, "valueExpression": expression})
    assert problems(form)


def test_a_combination_without_its_expression_is_told() -> None:
    form = copy.deepcopy(SMALL)
    combination = next(each for each in form["extension"] if each["url"].endswith("/combination"))
    when = next(each for each in combination["extension"] if each["url"] == "when")
    when["valueExpression"]["expression"] = None
    assert "combination" in str(problems(form))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for key, each in inside:
        found.append((*path, key))
        if isinstance(each, dict | list):
            found += _places(each, (*path, key))
    return found


SMALL = json.loads(to_fhir(fictional.read(fictional.plain())))
PLACES = _places(SMALL)
WRONG = st.sampled_from(
    [None, 0, -1, 3.5, True, "", "x", "need:money", "\u202e", "a" * 5000, [], {}, [{}], ["x"]]
)


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(PLACES), value=WRONG, away=st.booleans())
def test_whatever_is_damaged_is_read_or_refused_by_name(
    place: tuple[Any, ...], value: Any, away: bool
) -> None:
    form = copy.deepcopy(SMALL)
    parent = form
    for key in place[:-1]:
        parent = parent[key]
    if away:
        del parent[place[-1]]
    else:
        parent[place[-1]] = value
    try:
        found = from_fhir(json.dumps(form).encode())
    except ExchangeError as refused:
        assert refused.problems
    else:
        assert from_fhir(to_fhir(found)) == found
