"""The social worker's checklist for adults: what it asks, when it stops, how it speaks."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind, Voice
from protocols.screening.vocabulary import NEEDS, SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.fictional import ADULT_FORMS
from tests.protocols.screening.inspection import (
    CLOSING,
    anybody,
    asked,
    findings,
    walked,
    words_for_the_person,
)
from tests.protocols.screening.social_work import AT_EASE, SOCIAL_WORKER, met


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(SOCIAL_WORKER)


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions


def test_every_indicator_for_adults_at_work_is_asked_or_seen(report: CheckReport) -> None:
    coverage = {each.set: each for each in report.coverage}
    assert coverage["adult-labour"].coverage == "full"
    assert coverage["adult-labour"].raised == coverage["adult-labour"].indicators == 67
    assert SOCIAL_WORKER.not_observed == {}


def test_it_is_short_enough_to_be_spread_over_a_few_meetings(report: CheckReport) -> None:
    assert report.longest < 35
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
    raised = {each for question in SOCIAL_WORKER.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert SOCIAL_WORKER.validation.status == "not_validated"
    assert SOCIAL_WORKER.reviewers == ()
    assert not any(each.confirmed for each in SOCIAL_WORKER.sources)


@pytest.mark.parametrize("private", ["no", "unknown", None])
@pytest.mark.parametrize("can_move", ["no", "unknown", None])
def test_nothing_is_asked_where_family_or_others_can_hear(
    private: str | None, can_move: str | None
) -> None:
    interview = met(place_private=private, can_move=can_move)
    assert asked(interview) == ("place_private", "can_move", "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_private"]


def test_nothing_is_asked_of_somebody_who_does_not_feel_safe() -> None:
    assert asked(met(feels_safe="no")) == ("place_private", "feels_safe", "before_you_leave")


@pytest.mark.parametrize("said", ["unknown", None])
def test_somebody_unsure_of_their_safety_is_asked_with_care(said: str | None) -> None:
    interview = met(feels_safe=said)
    assert [each.key for each in interview.gates] == ["safety_unsure"]
    assert "wanted_help" in asked(interview)


def test_a_relative_who_interprets_hears_no_question() -> None:
    interview = met(language="unsafe_interpreter")
    assert asked(interview)[-2:] == ("language", "before_you_leave")
    assert assess(interview).needs == ("interpretation",)


@pytest.mark.parametrize("said", ["no", "unknown", None])
def test_silence_is_not_consent(said: str | None) -> None:
    interview = met(consent_to_talk=said)
    assert asked(interview)[-3:] == ("consent_to_talk", *CLOSING)
    assert findings(assess(interview)) == {"no_indicators_now": ()}


@settings(max_examples=100, deadline=None)
@given(
    anybody(SOCIAL_WORKER), st.sampled_from(["not_private", "not_safe", "no_consent", "child_path"])
)
def test_a_gate_that_ends_the_talk_leaves_only_the_close(said: dict[str, Any], gate: str) -> None:
    at_gate = {
        "not_private": {"place_private": "no", "can_move": "no"},
        "not_safe": {"feels_safe": "no"},
        "no_consent": {"consent_to_talk": "no"},
        "child_path": {"age_group": "unknown"},
    }
    interview = walked(SOCIAL_WORKER, {**AT_EASE, **said, **at_gate[gate]})
    hit = {each.key for each in interview.gates}
    ended = next(
        place
        for place, question in enumerate(interview.shown)
        if {each.key for each in question.gates if each.effect == "end"} & hit
    )
    assert {each.key for each in interview.shown[ended + 1 :]} <= set(CLOSING)
    assert interview.finished


@pytest.mark.parametrize("age", ["child", "unknown", None])
@pytest.mark.parametrize("guardian", ["parent", "alone", None])
def test_a_possible_child_is_asked_for_company_alone_and_child_protection_is_called(
    age: str | None, guardian: str | None
) -> None:
    interview = met(age_group=age, with_guardian=guardian)
    assert asked(interview)[-4:] == ("age_group", "with_guardian", *CLOSING)
    assert [each.key for each in interview.gates] == ["child_path"]
    assessed = assess(interview)
    assert (assessed.population, assessed.urgency) == ("child", "urgent")
    assert "child_protection" in assessed.needs


URGENT = [each.key for each in SOCIAL_WORKER.by_key["urgent_signs"].choices if each.key != "none"]


@pytest.mark.parametrize("sign", URGENT)
def test_whatever_cannot_wait_brings_help_before_any_question(sign: str) -> None:
    interview = met(urgent_signs=[sign])
    assert "get_help_first" in {each.key for each in interview.gates}
    assessed = assess(interview)
    assert assessed.findings[0].kind == "emergency"
    assert assessed.urgency == "immediate"


@pytest.mark.parametrize("days", [["own_home"], ["no_work"]])
def test_whoever_does_no_work_for_others_is_asked_nothing_of_work_but_of_freedom(
    days: list[str],
) -> None:
    heard = asked(met(days=days))
    assert not {"rest", "pay", "conditions"} & set(heard)
    assert {"held_by", "made_to", "can_leave"} <= set(heard)


@pytest.mark.parametrize("days", [["household_of_others"], ["street"], ["not_said"], None])
def test_service_street_and_silence_are_asked_of_work(days: list[str] | None) -> None:
    assert {"rest", "pay", "conditions"} <= set(asked(met(days=days)))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("place_private", "Family may protect or exploit"),
        ("seen_person", "Do not confront the family"),
        ("support", "Contact nobody"),
        ("can_leave", "before the way is safe"),
        ("wanted_help", "No mediation"),
    ],
)
def test_the_family_is_neither_told_nor_confronted(key: str, words: str) -> None:
    help_ = SOCIAL_WORKER.by_key[key].help
    assert help_ is not None
    assert words in help_["en"]


def test_the_worker_starts_from_what_gives_the_person_strength() -> None:
    spoken = [each.key for each in met().shown if each.voice is Voice.PERSON]
    assert spoken[:4] == ["feels_safe", "consent_to_talk", "age_group", "support"]
    assert spoken[-2:] == ["wanted_help", "thanks"]


MASCULINE = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "محبوس", "مراقب "),
    "fr": ("êtes-vous venu", "êtes-vous payé", "vous a-t-on forcé", "seul ", "enfermé "),
}


@pytest.mark.parametrize("language", MASCULINE)
def test_a_woman_and_a_man_are_spoken_to_alike(language: str) -> None:
    for words in words_for_the_person(SOCIAL_WORKER, language):
        held = [each for each in MASCULINE[language] if each in words]
        assert not held, f"{held} in {words}"


def test_no_words_are_taken_down_and_sexual_violence_is_asked_of_once() -> None:
    assert not any(each.kind is Kind.TEXT for each in SOCIAL_WORKER.questions)
    asks = [
        each.key
        for each in SOCIAL_WORKER.questions
        if each.voice is Voice.PERSON and "sexual" in each.text["en"]
    ]
    assert asks == ["sexual_pressure"]
