"""What the social worker's checklist finds for children. All of them are fictional."""

from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from tests.protocols.screening.inspection import (
    BOTH_WINDOWS,
    anybody,
    findings,
    indicators,
    positive,
    walked,
)
from tests.protocols.screening.social_work import OF_CHILDREN, child, visited

LABOUR = "child-labour"
CAN_STOP: dict[str, Any] = {"pay": ["own"], "if_stop": ["could_stop"]}


def test_a_child_at_home_and_at_school() -> None:
    assessed = child()
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_a_child_out_of_school_without_papers_is_helped_and_not_called_trafficked() -> None:
    assessed = child(
        **CAN_STOP,
        usual_day=["no_school_other"],
        known_family=["not_registered"],
        wishes=["school"],
    )
    assert findings(assessed) == {"no_indicators_now": ()}
    assert assessed.needs == ("child_protection", "legal_aid")


def test_a_girl_who_serves_in_a_household_far_from_home() -> None:
    assessed = child(
        who_cares="employer",
        seen_work=["serves_house"],
        safe_people=["far_away"],
        usual_day=["no_school", "no_rest"],
        home=["workplace", "no_contact"],
        how_came="known",
        as_told=["school", "money"],
        pressed=["none"],
        pay=["to_another"],
        if_stop=["locked"],
        made_use_of=["money"],
        made_to=["household"],
        wishes=["family", "school"],
    )
    assert indicators(assessed, LABOUR) == {
        "deceptive_recruitment.access_to_education",
        "deceptive_recruitment.wages_or_earnings",
        "recruitment_by_abuse_of_vulnerability.economic_reasons",
        "exploitation.excessive_working_days_or_hours",
        "exploitation.low_or_no_salary",
        "exploitation.no_access_to_education",
        "coercion_at_destination.isolation_confinement_surveillance",
        "abuse_of_vulnerability_at_destination.dependency_on_exploiters",
        "abuse_of_vulnerability_at_destination.economic_reasons",
    }
    assert positive(assessed, LABOUR) == {"deceptive_recruitment", "exploitation"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour", "domestic_servitude"),
        "forced_labour_indicated": ("labour",),
        "unaccompanied_or_separated_child": (),
    }
    assert not assessed.findings[0].unconfirmed
    assert (assessed.needs, assessed.urgency) == (("child_protection", "family_tracing"), "urgent")


def test_a_boy_who_begs_with_others_for_an_adult_who_is_not_family() -> None:
    assessed = child(
        who_cares="other_adult",
        seen_work=["watched_begging"],
        known_family=["several_children"],
        usual_day=["no_school"],
        home=["with_children"],
        how_came="stranger",
        as_told=["not_said"],
        pressed=["not_said"],
        pay=["fixed_sum"],
        hurts=["hit"],
        if_stop=["punished"],
        made_use_of=["personal"],
        made_to=["beg"],
        fears=["somebody"],
    )
    assert indicators(assessed, LABOUR) == {
        "recruitment_by_abuse_of_vulnerability.personal_situation",
        "exploitation.no_access_to_education",
        "coercion_at_destination.forced_tasks_or_clients",
        "coercion_at_destination.threats_of_violence",
        "coercion_at_destination.violence_on_victim",
        "abuse_of_vulnerability_at_destination.personal_characteristics",
    }
    assert findings(assessed) == {
        "trafficking_indicated": ("forced_begging",),
        "forced_labour_indicated": ("labour",),
        "unaccompanied_or_separated_child": (),
        "other_protection_need": (),
    }
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == (
        "medical",
        "safety_protection",
        "child_protection",
        "family_tracing",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"seen_work": ["small_child_used"]},
        {"seen_work": ["watched_begging"]},
        {"known_family": ["marriage"]},
        {"who_cares": "spouse"},
    ],
)
def test_what_the_worker_knows_is_enough_without_a_word_from_the_child(
    said: dict[str, Any],
) -> None:
    assessed = assess(visited(near="others", **said))
    form = "forced_begging" if "seen_work" in said else "forced_marriage"
    assert findings(assessed)["trafficking_indicated"] == (form,)
    assert "child_protection" in assessed.needs
    assert assessed.urgency == "urgent"


def test_a_girl_who_does_not_want_to_be_married() -> None:
    assessed = child(
        age=15,
        known_family=["marriage"],
        usual_day=["kept_home"],
        pay=["own"],
        if_stop=["not_said"],
        made_use_of=["not_said"],
        made_to=["marry"],
        wishes=["not_marry", "school"],
    )
    assert indicators(assessed, LABOUR) == {"exploitation.no_access_to_education"}
    assert findings(assessed) == {
        "trafficking_indicated": ("forced_marriage",),
        "other_protection_need": (),
    }
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == ("safety_protection", "child_protection")


def test_a_child_hurt_at_home_is_met_with_protection_and_not_called_trafficked() -> None:
    assessed = child(hurts=["hit_at_home"], fears=["own_home"])
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("psychosocial", "safety_protection", "child_protection")
    assert assessed.urgency == "urgent"


def test_a_teenager_alone_on_the_way_who_fears_to_return() -> None:
    assessed = child(
        age=16,
        who_cares="nobody",
        language="interpreter",
        usual_day=["not_said"],
        home=["outside", "lost_family"],
        how_came="alone",
        pay=["not_said"],
        if_stop=["not_said"],
        made_use_of=["none"],
        from_abroad=["without_family", "harmed_on_the_way"],
        fears=["own_country"],
        wishes=["family", "safe_place"],
    )
    assert findings(assessed) == {
        "unaccompanied_or_separated_child": (),
        "international_protection_need": (),
        "smuggling_aggravated": (),
        "other_protection_need": (),
    }
    assert assessed.needs == (
        "psychosocial",
        "shelter",
        "child_protection",
        "asylum",
        "interpretation",
        "family_tracing",
    )


@pytest.mark.parametrize("told", ["told", "told_for_gain"])
def test_what_a_child_tells_unasked_opens_care_within_both_windows(told: str) -> None:
    assessed = child(someone_to_talk_to=told)
    assert assessed.findings[0].kind == "emergency"
    assert ("trafficking_indicated" in findings(assessed)) is (told == "told_for_gain")
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial", "child_protection")
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")


@settings(max_examples=100, deadline=None)
@given(anybody(OF_CHILDREN))
def test_whatever_is_found_for_a_child_brings_child_protection_without_delay(
    said: dict[str, Any],
) -> None:
    assessed = assess(walked(OF_CHILDREN, said))
    found = set(findings(assessed))
    assert assessed.population == "child"
    assert "labour_rights_violation" not in found
    if "exploitation" in positive(assessed, LABOUR):
        assert "trafficking_indicated" in found
    if found != {"no_indicators_now"}:
        assert "child_protection" in assessed.needs
        assert assessed.urgency != "routine"
