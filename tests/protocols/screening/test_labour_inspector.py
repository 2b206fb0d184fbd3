"""The labour inspector's checklist for adults: what it asks, when it stops, how it speaks."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind
from protocols.screening.vocabulary import NEEDS, SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.fictional import ADULT_FORMS
from tests.protocols.screening.inspection import (
    AT_EASE,
    CLOSING,
    INSPECTOR,
    anybody,
    asked,
    findings,
    screened,
    words_for_the_person,
)


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(INSPECTOR)


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.holds
    assert report.reachable == report.questions


def test_every_indicator_for_adults_at_work_is_asked_or_seen(report: CheckReport) -> None:
    coverage = {each.set: each for each in report.coverage}
    assert coverage["adult-labour"].coverage == "full"
    assert coverage["adult-labour"].raised == coverage["adult-labour"].indicators == 67
    assert INSPECTOR.not_observed == {}


def test_it_is_short_enough_for_a_visit(report: CheckReport) -> None:
    assert report.longest < 40
    assert report.shortest < 15


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("need", NEEDS),
        ("form", ADULT_FORMS),
        ("window", WINDOWS),
        ("finding", SHOWN_BY_AN_ANSWER),
    ],
)
def test_every_kind_of_help_form_window_and_finding_can_come_up(
    prefix: str, values: tuple[str, ...]
) -> None:
    raised = {each for question in INSPECTOR.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert INSPECTOR.validation.status == "not_validated"
    assert INSPECTOR.reviewers == ()
    assert not any(each.confirmed for each in INSPECTOR.sources)


def test_nothing_is_asked_where_the_talk_is_not_private() -> None:
    interview = screened(**{**AT_EASE, "place_private": "no", "can_move": "no"})
    assert asked(interview) == ("place_private", "can_move", "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_private"]


@pytest.mark.parametrize("private", ["no", "unknown", None])
@pytest.mark.parametrize("can_move", ["no", "unknown", None])
def test_privacy_that_nobody_vouches_for_is_no_privacy(
    private: str | None, can_move: str | None
) -> None:
    given_ = {"place_private": private, "can_move": can_move}
    said = {**AT_EASE, **{key: value for key, value in given_.items() if value}}
    for key in (key for key, value in given_.items() if value is None):
        said.pop(key, None)
    assert asked(screened(**said)) == ("place_private", "can_move", "before_you_leave")


def test_a_move_to_a_private_place_opens_the_talk() -> None:
    interview = screened(**{**AT_EASE, "place_private": "no", "can_move": "yes"})
    assert "wanted_help" in asked(interview)


def test_nothing_is_asked_of_somebody_who_does_not_feel_safe() -> None:
    interview = screened(**{**AT_EASE, "feels_safe": "no"})
    assert asked(interview) == ("place_private", "feels_safe", "before_you_leave")


@pytest.mark.parametrize("said", ["unknown", None])
def test_somebody_unsure_of_their_safety_is_asked_with_care(said: str | None) -> None:
    answers = {**AT_EASE, "feels_safe": said}
    interview = screened(**{key: value for key, value in answers.items() if value})
    assert [each.key for each in interview.gates] == ["safety_unsure"]
    assert "wanted_help" in asked(interview)


def test_whoever_interprets_for_the_employer_hears_no_question() -> None:
    interview = screened(**{**AT_EASE, "language": "unsafe_interpreter"})
    assert asked(interview)[-2:] == ("language", "before_you_leave")
    assert assess(interview).needs == ("interpretation",)


def test_help_is_spoken_of_only_where_nobody_else_hears() -> None:
    for private in ({"place_private": "yes"}, {"place_private": "no", "can_move": "yes"}):
        assert asked(screened(**{**AT_EASE, **private}))[-2:] == CLOSING
    assert asked(screened(**{**AT_EASE, "consent_to_talk": "no"}))[-2:] == CLOSING


@settings(max_examples=150, deadline=None)
@given(anybody(), st.sampled_from(["not_private", "not_safe", "no_consent", "child_path"]))
def test_a_gate_that_ends_the_talk_leaves_only_the_close(said: dict[str, Any], gate: str) -> None:
    at_gate = {
        "not_private": {"place_private": "no", "can_move": "no"},
        "not_safe": {"feels_safe": "no"},
        "no_consent": {"consent_to_talk": "no"},
        "child_path": {"age_group": "unknown"},
    }
    interview = screened(**{**AT_EASE, **said, **at_gate[gate]})
    ended = next(
        place
        for place, question in enumerate(interview.shown)
        if {each.key for each in question.gates if each.effect == "end"}
        & {each.key for each in interview.gates}
    )
    assert {each.key for each in interview.shown[ended + 1 :]} <= set(CLOSING)
    assert interview.finished


@pytest.mark.parametrize("said", ["no", "unknown", None])
def test_silence_is_not_consent(said: str | None) -> None:
    answers = {**AT_EASE, "consent_to_talk": said}
    interview = screened(**{key: value for key, value in answers.items() if value})
    assert asked(interview)[-3:] == ("consent_to_talk", *CLOSING)
    assert [each.key for each in interview.gates] == ["no_consent"]
    assert findings(assess(interview)) == {"no_indicators_now": ()}


@pytest.mark.parametrize("age", ["child", "unknown", None])
@pytest.mark.parametrize("guardian", ["parent", "alone", None])
def test_a_possible_child_is_asked_for_company_alone_and_child_protection_is_called(
    age: str | None, guardian: str | None
) -> None:
    answers = {**AT_EASE, "age_group": age, "with_guardian": guardian}
    interview = screened(**{key: value for key, value in answers.items() if value})
    assert asked(interview)[-4:] == ("age_group", "with_guardian", *CLOSING)
    assert [each.checklist for each in interview.gates] == ["labour_inspector-child"]
    assessed = assess(interview)
    assert assessed.population == "child"
    assert "child_protection" in assessed.needs
    assert assessed.urgency == "urgent"
    alone = {"unaccompanied_or_separated_child"} if guardian == "alone" else set()
    assert set(findings(assessed)) == {"other_protection_need"} | alone


MASCULINE = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "محبوس", "مراقب "),
    "fr": ("êtes-vous venu", "êtes-vous payé", "vous a-t-on forcé", "seul", "enfermé "),
}


@pytest.mark.parametrize("language", MASCULINE)
def test_a_woman_and_a_man_are_spoken_to_alike(language: str) -> None:
    for words in words_for_the_person(INSPECTOR, language):
        held = [each for each in MASCULINE[language] if each in words]
        assert not held, f"{held} in {words}"


def test_the_person_is_never_asked_who_did_it_or_how() -> None:
    helps = [
        question.help["en"]
        for question in INSPECTOR.questions
        if question.key in ("harmed_by", "sexual_violence_when", "fear_of_return") and question.help
    ]
    assert len(helps) == 3
    assert all("details" in each or "nothing else" in each for each in helps)
    assert not any(each.kind is Kind.TEXT for each in INSPECTOR.questions)
