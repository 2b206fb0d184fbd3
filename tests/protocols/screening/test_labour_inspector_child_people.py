"""What the labour inspector's checklist finds for children. All of them are fictional."""

from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.tables import MEANS
from tests.protocols.screening.inspection import (
    BOTH_WINDOWS,
    anybody,
    child,
    findings,
    indicators,
    positive,
    walked,
)
from tests.protocols.screening.inspection import INSPECTOR_OF_CHILDREN as CHECKLIST

LABOUR = "child-labour"


def test_a_child_on_the_family_farm_after_school() -> None:
    assessed = child(age=11)
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_a_child_whom_the_family_farm_keeps_from_school_is_not_called_trafficked() -> None:
    assessed = child(usual_day=["misses_school"], wishes=["school"])
    assert indicators(assessed, LABOUR) == {"exploitation.no_access_to_education"}
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("child_protection",)


WORKSHOP: dict[str, Any] = {
    "how_came": "sent",
    "as_told": ["school"],
    "pressed": ["none"],
    "usual_day": ["no_school"],
    "pay": ["none_or_little"],
    "home": ["workplace"],
    "made_use_of": ["money"],
}


def test_a_boy_in_a_workshop_without_school_or_pay() -> None:
    assessed = child(**WORKSHOP, age=12, seen_work=["dangerous"], hurts=["dangerous", "hit"])
    assert indicators(assessed, LABOUR) == {
        "deceptive_recruitment.access_to_education",
        "recruitment_by_abuse_of_vulnerability.economic_reasons",
        "exploitation.hazardous_work",
        "exploitation.low_or_no_salary",
        "exploitation.no_access_to_education",
        "coercion_at_destination.violence_on_victim",
        "abuse_of_vulnerability_at_destination.dependency_on_exploiters",
        "abuse_of_vulnerability_at_destination.economic_reasons",
    }
    assert positive(assessed, LABOUR) == {"exploitation"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour",),
        "forced_labour_indicated": ("labour",),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.findings[0].reasons[0].rule == "child_exploitation_alone"
    assert assessed.needs == ("medical", "safety_protection", "child_protection")
    assert assessed.urgency == "urgent"


def test_without_danger_or_long_days_the_published_rule_is_not_met_and_help_is_near() -> None:
    assessed = child(**WORKSHOP)
    assert positive(assessed, LABOUR) == set()
    assert "trafficking_indicated" not in findings(assessed)
    assert assessed.needs == ("child_protection",)
    assert assessed.urgency == "urgent"


def test_a_girl_in_domestic_servitude() -> None:
    assessed = child(
        who_cares="employer",
        how_came="known",
        as_told=["school", "money"],
        pressed=["debt"],
        usual_day=["no_school", "no_rest"],
        pay=["to_another"],
        home=["workplace", "no_contact"],
        if_stop=["locked"],
        made_use_of=["money", "journey"],
        made_to=["household"],
        wishes=["family", "school"],
    )
    assert indicators(assessed, LABOUR) == {
        "deceptive_recruitment.access_to_education",
        "deceptive_recruitment.wages_or_earnings",
        "coercive_recruitment.debt_bondage",
        "recruitment_by_abuse_of_vulnerability.economic_reasons",
        "recruitment_by_abuse_of_vulnerability.difficulty_organising_travel",
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
    assert assessed.needs == ("child_protection", "family_tracing")
    assert assessed.urgency == "urgent"


def test_a_boy_made_to_beg() -> None:
    assessed = child(
        who_cares="other_adult",
        seen_work=["watched_begging"],
        how_came="known",
        as_told=["not_said"],
        pressed=["not_said"],
        pay=["fixed_sum"],
        if_stop=["punished"],
        made_use_of=["none"],
        made_to=["beg"],
        fears=["somebody"],
    )
    assert indicators(assessed, LABOUR) == {
        "coercion_at_destination.forced_tasks_or_clients",
        "coercion_at_destination.threats_of_violence",
    }
    assert findings(assessed) == {
        "trafficking_indicated": ("forced_begging",),
        "forced_labour_indicated": ("labour",),
        "unaccompanied_or_separated_child": (),
    }
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == ("safety_protection", "child_protection", "family_tracing")


def test_begging_that_is_watched_is_enough_without_a_word_from_the_child() -> None:
    said = {"near": "others", "urgent_signs": ["none"], "seen_work": ["watched_begging"]}
    found = findings(assess(walked(CHECKLIST, said)))
    assert found == {
        "trafficking_indicated": ("forced_begging",),
        "other_protection_need": (),
    }


def test_a_teenager_alone_on_the_way_who_fears_to_return() -> None:
    assessed = child(
        age=16,
        who_cares="nobody",
        language="interpreter",
        how_came="alone",
        usual_day=["not_said"],
        home=["outside", "lost_family"],
        from_abroad=["without_family", "harmed_on_the_way"],
        fears=["own_country"],
        wishes=["family", "safe_place"],
    )
    assert indicators(assessed, LABOUR) == set()
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
    assert assessed.urgency == "urgent"


FORM_OF = {
    "beg": "forced_begging",
    "crime": "forced_criminality",
    "household": "domestic_servitude",
    "marry": "forced_marriage",
    "organ": "organ_removal",
}


@pytest.mark.parametrize("named", FORM_OF)
def test_for_a_child_a_form_of_exploitation_needs_no_means(named: str) -> None:
    assessed = child(made_to=[named])
    assert findings(assessed)["trafficking_indicated"] == (FORM_OF[named],)
    assert "child_protection" in assessed.needs
    assert assessed.urgency == ("immediate" if named == "organ" else "urgent")


def test_a_child_who_wishes_to_talk_with_a_specialist_is_asked_no_reason() -> None:
    assessed = child(someone_to_talk_to="wishes")
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("psychosocial", "child_protection")
    assert assessed.windows == ()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"urgent_signs": ["sexual_violence"]}, {"emergency": ()}),
        ({"someone_to_talk_to": "told"}, {"emergency": ()}),
        (
            {"someone_to_talk_to": "told_for_gain"},
            {"emergency": (), "trafficking_indicated": ("sexual",)},
        ),
    ],
)
def test_what_a_child_tells_unasked_opens_care_within_both_windows(
    said: dict[str, Any], found: dict[str, tuple[str, ...]]
) -> None:
    assessed = child(**said)
    assert findings(assessed) == found
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial", "child_protection")
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")


@settings(max_examples=150, deadline=None)
@given(anybody(CHECKLIST))
def test_for_a_child_exploitation_alone_is_enough_and_means_are_never_asked_for(
    said: dict[str, Any],
) -> None:
    assessed = assess(walked(CHECKLIST, said))
    found = findings(assessed)
    assert assessed.population == "child"
    assert "labour_rights_violation" not in found
    if "exploitation" in positive(assessed, LABOUR):
        assert "labour" in found["trafficking_indicated"]
    if positive(assessed, LABOUR) & set(MEANS):
        assert set(found) != {"no_indicators_now"}
    if set(found) != {"no_indicators_now"}:
        assert "child_protection" in assessed.needs
        assert assessed.urgency != "routine"
