"""What the labour inspector's checklist finds for people. All of them are fictional."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import assess
from tests.protocols.screening.inspection import (
    AT_EASE,
    BOTH_WINDOWS,
    asked,
    findings,
    indicators,
    person,
    positive,
    screened,
)


def test_whoever_names_nothing_is_told_that_the_way_stays_open() -> None:
    assessed = person()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_a_domestic_worker_without_papers_and_days_off() -> None:
    assessed = person(
        found_through="agency_or_stranger",
        recruiter_words=["none"],
        journey_hold=["none"],
        rest="cannot_rest",
        held_by=["papers"],
        can_leave="no",
        used_to_stay=["none"],
        wanted_help=["safe_place", "lawyer"],
    )
    assert indicators(assessed) == {
        "exploitation.excessive_working_days_or_hours",
        "coercion_at_destination.confiscation_of_documents",
    }
    assert positive(assessed) == set()
    assert findings(assessed) == {"forced_labour_indicated": ("labour",)}
    assert assessed.needs == ("shelter", "legal_aid")
    assert assessed.urgency == "urgent"


def test_a_domestic_worker_who_may_not_go_out_is_a_presumed_victim() -> None:
    assessed = person(
        found_through="agency_or_stranger",
        recruiter_words=["none"],
        journey_hold=["debt"],
        as_promised="different",
        what_differs=["work", "pay"],
        rest="cannot_rest",
        pay=["none_or_little"],
        held_by=["papers"],
        can_leave="no",
        used_to_stay=["depends", "status"],
        made_to=["household"],
        from_abroad="brought_for_work",
        fear_of_return="no",
        wanted_help=["safe_place", "embassy"],
    )
    assert indicators(assessed) == {
        "deceptive_recruitment.job_nature_location_employer",
        "deceptive_recruitment.wages_or_earnings",
        "coercive_recruitment.debt_bondage",
        "exploitation.excessive_working_days_or_hours",
        "exploitation.low_or_no_salary",
        "coercion_at_destination.confiscation_of_documents",
        "coercion_at_destination.isolation_confinement_surveillance",
        "abuse_of_vulnerability_at_destination.dependency_on_exploiters",
        "abuse_of_vulnerability_at_destination.relationship_with_authorities_or_legal_status",
    }
    assert positive(assessed) == {
        "deceptive_recruitment",
        "exploitation",
        "coercion_at_destination",
    }
    assert findings(assessed) == {
        "trafficking_indicated": ("labour", "domestic_servitude"),
        "forced_labour_indicated": ("labour",),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.needs == ("shelter", "consular_help")


def test_builders_with_unpaid_overtime_who_are_free_to_leave() -> None:
    assessed = person(
        seen_records=["no_contract", "no_insurance"],
        rest="long_but_free",
        pay=["late_or_overtime", "none_or_little"],
        wanted_help=["lawyer"],
    )
    assert indicators(assessed) == {
        "exploitation.low_or_no_salary",
        "exploitation.no_respect_of_labour_law_or_contract",
        "exploitation.no_social_protection",
    }
    assert positive(assessed) == {"exploitation"}
    assert findings(assessed) == {"labour_rights_violation": ("labour",)}
    assert (assessed.needs, assessed.urgency) == (("legal_aid",), "routine")


LABOUR_LAW = {
    "seen_place": ["bad_sleeping_place", "danger_without_protection", "harsh_conditions"],
    "seen_records": ["no_contract", "no_insurance", "false_pay"],
    "pay": ["late_or_overtime", "none_or_little", "deductions"],
    "conditions": ["no_contract", "no_cover", "dangerous", "unbearable", "bad_housing", "no_study"],
}


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            key: st.lists(st.sampled_from(choices), min_size=1, unique=True)
            for key, choices in LABOUR_LAW.items()
        }
    ),
    st.sampled_from(["regular", "long_but_free", "cannot_rest"]),
)
def test_breaches_of_labour_law_alone_are_never_called_trafficking(
    breaches: dict[str, list[str]], rest: str
) -> None:
    assessed = person(**breaches, rest=rest)
    assert set(findings(assessed)) <= {"labour_rights_violation", "other_protection_need"}
    assert positive(assessed) <= {"exploitation"}


def test_somebody_taken_across_a_border_and_held_for_ransom() -> None:
    assessed = person(
        from_abroad="taken_across",
        crossing_harm=["ransom", "cruelty"],
        fear_of_return="yes",
        wanted_help=["health", "family"],
    )
    assert indicators(assessed) == set()
    assert findings(assessed) == {
        "international_protection_need": (),
        "smuggling_aggravated": (),
    }
    assert assessed.needs == ("medical", "psychosocial", "asylum", "family_tracing")
    assert assessed.urgency == "urgent"


def test_somebody_forced_to_beg() -> None:
    assessed = person(
        found_through="someone_known",
        recruiter_words=["none"],
        journey_hold=["none"],
        harmed_by=["threats"],
        can_leave="no",
        used_to_stay=["none"],
        made_to=["beg"],
        wanted_help=["safe_place"],
    )
    assert indicators(assessed) == {
        "coercion_at_destination.forced_tasks_or_clients",
        "coercion_at_destination.threats_of_violence",
    }
    assert positive(assessed) == set()
    assert findings(assessed) == {
        "trafficking_indicated": ("forced_begging",),
        "forced_labour_indicated": ("labour",),
    }
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == ("shelter", "safety_protection")


PRESSED = {
    "exploitation.sexual_exploitation",
    "coercion_at_destination.violence_on_victim",
}


@pytest.mark.parametrize(
    ("when", "windows", "urgency"),
    [
        ("within_72", BOTH_WINDOWS, "immediate"),
        ("within_120", ("within_120_hours",), "immediate"),
        ("earlier", (), "urgent"),
        ("not_said", BOTH_WINDOWS, "immediate"),
        (None, BOTH_WINDOWS, "immediate"),
    ],
)
def test_a_woman_pressed_into_sexual_acts(
    when: str | None, windows: tuple[str, ...], urgency: str
) -> None:
    said = {"sexual_pressure": "yes", **({"sexual_pressure_when": when} if when else {})}
    assessed = person(**said)
    emergency = {} if urgency == "urgent" else {"emergency": ()}
    assert indicators(assessed, "adult-sexual") == PRESSED
    assert findings(assessed) == {**emergency, "trafficking_indicated": ("sexual",)}
    assert assessed.findings[-1].unconfirmed
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial")
    assert (assessed.windows, assessed.urgency) == (windows, urgency)


@pytest.mark.parametrize(
    ("when", "windows"),
    [
        ("within_72", BOTH_WINDOWS),
        ("within_120", ("within_120_hours",)),
        ("earlier", ()),
        ("not_said", BOTH_WINDOWS),
        (None, BOTH_WINDOWS),
    ],
)
def test_recent_sexual_violence_comes_first_and_its_time_is_asked_once(
    when: str | None, windows: tuple[str, ...]
) -> None:
    told: dict[str, Any] = {"urgent_signs": ["sexual_violence"], "sexual_pressure": "yes"}
    interview = screened(**{**AT_EASE, **told, **({"sexual_violence_when": when} if when else {})})
    assert "sexual_violence_when" in asked(interview)
    assert "sexual_pressure_when" not in asked(interview)
    assessed = assess(interview)
    assert assessed.findings[0].kind == "emergency"
    assert "clinical_care_sexual_violence" in assessed.needs
    assert (assessed.windows, assessed.urgency) == (windows, "immediate")


def test_being_readied_for_the_taking_of_an_organ_is_an_emergency() -> None:
    assessed = person(made_to=["organ"])
    assert findings(assessed) == {"emergency": (), "other_protection_need": ("organ_removal",)}
    assert assessed.needs == ("medical", "safety_protection")
    assert assessed.urgency == "immediate"


@pytest.mark.parametrize("form", ["marry", "beg", "crime"])
def test_a_form_of_exploitation_named_by_the_person_does_not_wait(form: str) -> None:
    assert person(made_to=[form]).urgency == "urgent"
