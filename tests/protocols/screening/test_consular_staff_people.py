"""What the consular staff's checklist finds for adults. All of them are fictional."""

from typing import Any

import pytest

from tests.protocols.screening.consulate import caller
from tests.protocols.screening.inspection import BOTH_WINDOWS, findings, indicators, positive


def test_whoever_lost_a_passport_is_helped_with_it_and_with_nothing_else() -> None:
    assessed = caller(comes_for=["papers_lost"], new_papers="now")
    assert indicators(assessed) == set()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == (("consular_help",), "routine")


def test_a_driver_with_unpaid_wages_who_is_free_to_leave() -> None:
    assessed = caller(
        seen_papers=["no_contract"],
        comes_for=["wages"],
        rest="long_but_free",
        pay=["late_or_overtime", "none_or_little"],
        wanted_help=["lawyer"],
    )
    assert positive(assessed) == {"exploitation"}
    assert findings(assessed) == {"labour_rights_violation": ("labour",)}
    assert (assessed.needs, assessed.urgency) == (("legal_aid",), "routine")


def test_a_domestic_worker_under_sponsorship_whose_passport_is_kept() -> None:
    assessed = caller(
        seen_papers=["passport_with_other", "contract_changed"],
        comes_for=["papers_withheld", "go_home"],
        new_papers="later",
        found_through="agency_or_stranger",
        as_promised="different",
        what_differs=["work", "pay"],
        recruiter_words=["none"],
        rest="cannot_rest",
        pay=["none_or_little"],
        held_by=["locked"],
        harmed_by=["report"],
        can_leave="no",
        used_to_stay=["depends", "status"],
        made_to=["household"],
        wanted_help=["safe_place", "go_home"],
        good_return=["nobody_told", "met_on_arrival"],
        safe_contact="none",
    )
    assert indicators(assessed) == {
        "deceptive_recruitment.job_nature_location_employer",
        "deceptive_recruitment.wages_or_earnings",
        "deceptive_recruitment.contract_content_or_legality",
        "exploitation.excessive_working_days_or_hours",
        "exploitation.low_or_no_salary",
        "coercion_at_destination.confiscation_of_documents",
        "coercion_at_destination.isolation_confinement_surveillance",
        "coercion_at_destination.threat_of_denunciation_to_authorities",
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
    assert assessed.needs == ("shelter", "safety_protection", "consular_help", "voluntary_return")
    assert assessed.urgency == "urgent"


def test_somebody_who_fled_and_is_to_be_handed_back_comes_before_every_question() -> None:
    assessed = caller(
        urgent_signs=["no_place_tonight", "handed_back_soon"], seen_papers=["reported_runaway"]
    )
    assert findings(assessed) == {"emergency": (), "other_protection_need": ()}
    assert assessed.needs == ("shelter", "safety_protection", "legal_aid")
    assert assessed.urgency == "immediate"


def test_a_fisherman_held_for_ransom_on_the_way_is_not_asked_how_he_left() -> None:
    assessed = caller(contact="visit", journey_hold=["ransom", "cruelty"], wanted_help=["health"])
    assert indicators(assessed) == set()
    assert findings(assessed) == {"smuggling_aggravated": ()}
    assert assessed.needs == ("medical", "psychosocial")


def test_somebody_forced_into_crime_in_a_fraud_centre() -> None:
    assessed = caller(
        contact="telephone",
        line_safe="yes",
        comes_for=["accused"],
        found_through="someone_known",
        recruiter_words=["false_success"],
        journey_hold=["debt"],
        held_by=["locked", "debt"],
        harmed_by=["violence"],
        can_leave="no",
        used_to_stay=["unknown_place"],
        made_to=["crime"],
        wanted_help=["lawyer"],
    )
    assert positive(assessed) == {"coercion_at_destination"}
    assert findings(assessed) == {
        "trafficking_indicated": ("forced_criminality",),
        "forced_labour_indicated": ("labour",),
    }
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == ("medical", "safety_protection", "legal_aid")


@pytest.mark.parametrize(
    ("when", "windows", "urgency"),
    [
        ("within_72", BOTH_WINDOWS, "immediate"),
        ("within_120", ("within_120_hours",), "immediate"),
        ("earlier", (), "urgent"),
        (None, BOTH_WINDOWS, "immediate"),
    ],
)
def test_a_woman_pressed_into_sexual_acts_by_her_sponsor(
    when: str | None, windows: tuple[str, ...], urgency: str
) -> None:
    said: dict[str, Any] = {"sexual_pressure": "yes", "sexual_pressure_when": when}
    assessed = caller(**said)
    assert findings(assessed)["trafficking_indicated"] == ("sexual",)
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial")
    assert (assessed.windows, assessed.urgency) == (windows, urgency)
