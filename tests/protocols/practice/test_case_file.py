"""The strict reader: whatever is wrong with a case is named with its place, all of it at once."""

import json
from typing import Any

import pytest
from attrs import evolve

from protocols.practice.agreement import disagreements, holds_on
from protocols.practice.case_file import MAX_BYTES, read_case
from protocols.practice.cases import load, raw
from protocols.practice.errors import CaseFormatError
from protocols.screening import checklist

PRESS = "tn-labour_inspector-adult-olive-press"
INSPECTOR = checklist.load("labour_inspector-adult")


def plain() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raw(PRESS))
    return found


def problems(case: Any) -> dict[str, str]:
    data = case if isinstance(case, bytes) else json.dumps(case).encode()
    with pytest.raises(CaseFormatError) as told:
        read_case(data)
    assert all(each.message for each in told.value.problems)
    return {each.where: each.message for each in told.value.problems}


def test_the_reader_gives_what_the_file_says() -> None:
    case = read_case(raw(PRESS))
    assert (case.role, case.population, case.country) == ("labour_inspector", "adult", "TN")
    assert case.person.nationality == "CI"
    assert case.answers["held_by"] == ("papers", "debt")


def test_only_fictional_people() -> None:
    assert set(problems(plain() | {"fictional": False})) == {"fictional"}
    case = plain()
    case["person"]["name"] = dict.fromkeys(("ar", "fr", "en"), "Koffi")
    assert set(problems(case)) == {f"person.name.{each}" for each in ("ar", "fr", "en")}


def test_the_format_is_named() -> None:
    assert set(problems(plain() | {"format": "amana-practice-case/2"})) == {"format"}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"id": 1}', b"\xff", b"[" * 100_000, b" " * (MAX_BYTES + 1)]
)
def test_what_is_no_case_is_refused(data: bytes) -> None:
    assert set(problems(data)) == {"file"}


def test_an_unknown_field_is_refused() -> None:
    assert "score" in problems(plain() | {"score": 7})["file"]


def test_every_problem_is_named_at_once() -> None:
    case = plain()
    case["country"] = "XX"
    case["person"]["age"] = 900
    del case["scene"]["ar"]
    case["answers"]["rest"] = "seldom"
    found = problems(case)
    assert {"id", "country", "person.age", "scene.ar", "answers.rest"} == set(found)


def test_a_checklist_that_is_not_there() -> None:
    assert "checklist" in problems(plain() | {"checklist": "astronaut-adult"})


def test_a_case_for_another_checklist_than_it_is_held_against() -> None:
    with pytest.raises(CaseFormatError, match="held against labour_inspector-child"):
        read_case(raw(PRESS), checklist.load("labour_inspector-child"))


@pytest.mark.parametrize(
    ("key", "value"),
    [("rest", "never"), ("pay", "none_or_little"), ("pay", []), ("age_group", 31), ("nope", "yes")],
)
def test_an_answer_that_does_not_fit_its_question(key: str, value: Any) -> None:
    case = plain()
    case["answers"][key] = value
    assert f"answers.{key}" in problems(case)


def test_an_answer_to_a_question_that_is_never_asked() -> None:
    case = plain()
    case["answers"]["can_move"] = "yes"
    case["says"]["can_move"] = case["says"]["place_private"]
    assert set(problems(case)) == {"answers.can_move"}


@pytest.mark.parametrize("key", ["rest", "as_promised", "from_abroad", "language", "wanted_help"])
def test_what_raises_or_steers_something_needs_words(key: str) -> None:
    case = plain()
    del case["says"][key]
    assert set(problems(case)) == {f"says.{key}"}


def test_words_without_an_answer_are_refused() -> None:
    case = plain()
    case["says"]["crossing_harm"] = case["says"]["rest"]
    assert set(problems(case)) == {"says.crossing_harm"}


def test_the_choice_s_own_words_give_the_answer_away() -> None:
    case = plain()
    choice = INSPECTOR.by_key["rest"].choice("cannot_rest")
    assert choice is not None
    case["says"]["rest"]["en"] = f"Yes: {choice.text['en'].upper()}!"
    assert set(problems(case)) == {"says.rest.en"}
    case["says"]["rest"]["en"] = "It is never enough."
    case["says"]["place_private"]["fr"] = "« Oui. »"
    assert set(problems(case)) == {"says.place_private.fr"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"findings": []}, "reference.findings"),
        ({"findings": [{"kind": "no_victim", "forms": []}]}, "reference.findings.0.kind"),
        (
            {"findings": [{"kind": "trafficking_indicated", "forms": ["piracy"]}]},
            "reference.findings.0.forms",
        ),
        (
            {"findings": [{"kind": "trafficking_indicated", "forms": []}]},
            "reference.findings.0.forms",
        ),
        ({"findings": [{"kind": "emergency", "forms": []}] * 2}, "reference.findings"),
        ({"indicators": ["exploitation.of_nothing"]}, "reference.indicators.0"),
        ({"indicators": ["exploitation.low_or_no_salary"] * 2}, "reference.indicators"),
    ],
)
def test_a_reference_speaks_the_vocabulary(change: dict[str, Any], where: str) -> None:
    case = plain()
    case["reference"] |= change
    assert where in problems(case)


def test_no_indicators_now_stands_alone() -> None:
    case = plain()
    case["reference"]["findings"].append({"kind": "no_indicators_now", "forms": []})
    assert set(problems(case)) == {"reference.findings"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": " "}, "patterns.0.title"),
        ({"read": True}, "patterns.0.url"),
        ({"url": "http://example.org"}, "patterns.0.url"),
    ],
)
def test_a_pattern_says_what_it_is_and_where_it_was_read(
    change: dict[str, Any], where: str
) -> None:
    case = plain()
    case["patterns"][0] |= change
    assert set(problems(case)) == {where}
    case["patterns"] = []
    assert set(problems(case)) == {"patterns"}


def test_where_rules_and_reference_differ_both_sides_are_named() -> None:
    case = load(PRESS)
    findings = (evolve(case.reference.findings[0], forms=("sexual",)),)
    indicators = (*case.reference.indicators[1:], "exploitation.hazardous_work")
    other = evolve(case, reference=evolve(case.reference, findings=findings, indicators=indicators))
    told = {each.where: each.message for each in disagreements(other, INSPECTOR)}
    assert set(told) == {
        "trafficking_indicated",
        "forced_labour_indicated",
        case.reference.indicators[0],
        "exploitation.hazardous_work",
    }
    assert "labour" in told["trafficking_indicated"] and "sexual" in told["trafficking_indicated"]
    assert holds_on(case, INSPECTOR) and not holds_on(other, INSPECTOR)


def test_a_case_holds_on_no_other_checklist_and_no_edition_without_its_questions() -> None:
    case = load(PRESS)
    assert not holds_on(case, checklist.load("labour_inspector-child"))
    shorter = evolve(INSPECTOR, sections=(*INSPECTOR.sections[:5], INSPECTOR.sections[-1]))
    assert not holds_on(case, shorter)
    assert holds_on(case, evolve(INSPECTOR, version=99))
