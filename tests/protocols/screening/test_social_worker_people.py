"""What the social worker's checklist finds for people. All of them are fictional."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import assess
from tests.protocols.screening.inspection import (
    BOTH_WINDOWS,
    anybody,
    asked,
    findings,
    indicators,
    positive,
    walked,
)
from tests.protocols.screening.social_work import AT_WORK, SOCIAL_WORKER, met, person

BROUGHT: dict[str, Any] = {"recruiter_words": ["none"], "journey_hold": ["none"]}


def test_whoever_names_nothing_is_told_that_the_way_stays_open() -> None:
    assessed = person()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_a_mother_alone_in_need_is_helped_without_any_word_of_trafficking() -> None:
    assessed = person(
        support=["children"], children=["in_need"], wanted_help=["work", "for_children"]
    )
    assert indicators(assessed) == set()
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection", "livelihood"), "routine")


def test_ordinary_help_among_relatives_is_no_exploitation() -> None:
    assessed = person(days=["household_of_others"], **{**AT_WORK, "pay": ["family_help"]})
    assert findings(assessed) == {"no_indicators_now": ()}


def test_a_cleaner_without_contract_who_is_free_to_leave() -> None:
    assessed = person(
        days=["paid_work"],
        rest="long_but_free",
        pay=["late_or_overtime", "none_or_little"],
        conditions=["no_contract", "no_cover"],
        wanted_help=["lawyer"],
    )
    assert positive(assessed) == {"exploitation"}
    assert findings(assessed) == {"labour_rights_violation": ("labour",)}
    assert (assessed.needs, assessed.urgency) == (("legal_aid",), "routine")


def test_a_wife_who_serves_her_in_laws_and_may_not_go_out() -> None:
    assessed = person(
        **BROUGHT,
        found_through="family_decided",
        days=["household_of_others"],
        rest="cannot_rest",
        pay=["none_or_little"],
        conditions=["none"],
        held_by=["locked", "papers"],
        harmed_by=["violence"],
        can_leave="no",
        used_to_stay=["depends", "family"],
        made_to=["household", "marry"],
        wanted_help=["safe_place", "protection"],
    )
    assert indicators(assessed) == {
        "exploitation.excessive_working_days_or_hours",
        "exploitation.low_or_no_salary",
        "coercion_at_destination.confiscation_of_documents",
        "coercion_at_destination.isolation_confinement_surveillance",
        "coercion_at_destination.violence_on_victim",
        "abuse_of_vulnerability_at_destination.dependency_on_exploiters",
        "abuse_of_vulnerability_at_destination.family_situation",
    }
    assert positive(assessed) == {"exploitation", "coercion_at_destination"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour", "domestic_servitude", "forced_marriage"),
        "forced_labour_indicated": ("labour",),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.needs == ("medical", "shelter", "safety_protection")
    assert assessed.urgency == "urgent"


def test_a_migrant_whose_sponsor_keeps_papers_and_pay() -> None:
    assessed = person(
        found_through="sponsor",
        as_promised="different",
        what_differs=["work", "papers"],
        used_to_accept=["no_papers"],
        recruiter_words=["none"],
        journey_hold=["debt"],
        days=["household_of_others"],
        rest="cannot_rest",
        pay=["kept_back", "none_or_little"],
        conditions=["none"],
        held_by=["papers"],
        harmed_by=["report"],
        can_leave="no",
        used_to_stay=["status"],
        from_abroad="brought_for_work",
        fear_of_return="no",
        wanted_help=["lawyer", "go_home"],
    )
    assert indicators(assessed) == {
        "deceptive_recruitment.job_nature_location_employer",
        "deceptive_recruitment.legal_documents_or_migration_status",
        "coercive_recruitment.debt_bondage",
        "recruitment_by_abuse_of_vulnerability.irregular_status",
        "exploitation.excessive_working_days_or_hours",
        "exploitation.low_or_no_salary",
        "coercion_at_destination.confiscation_of_documents",
        "coercion_at_destination.threat_of_denunciation_to_authorities",
        "coercion_at_destination.withholding_of_wages",
        "abuse_of_vulnerability_at_destination.relationship_with_authorities_or_legal_status",
    }
    assert positive(assessed) == {
        "deceptive_recruitment",
        "exploitation",
        "coercion_at_destination",
    }
    assert findings(assessed) == {
        "trafficking_indicated": ("labour",),
        "forced_labour_indicated": ("labour",),
    }
    assert assessed.needs == ("legal_aid", "voluntary_return")


def test_somebody_seen_begging_under_another_s_eyes() -> None:
    assessed = person(
        **BROUGHT,
        seen_place=["watched_begging"],
        found_through="someone_known",
        days=["street"],
        rest="regular",
        pay=["fixed_sum"],
        conditions=["none"],
        harmed_by=["threats"],
        can_leave="no",
        used_to_stay=["personal"],
        made_to=["beg"],
        wanted_help=["safe_place"],
    )
    assert indicators(assessed) == {
        "coercion_at_destination.forced_tasks_or_clients",
        "coercion_at_destination.threats_of_violence",
        "abuse_of_vulnerability_at_destination.personal_characteristics",
    }
    assert findings(assessed) == {
        "trafficking_indicated": ("forced_begging",),
        "forced_labour_indicated": ("labour",),
    }
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == ("shelter", "safety_protection")


def test_somebody_soon_to_be_married_by_threats_on_the_family() -> None:
    assessed = person(
        urgent_signs=["taken_soon"],
        harmed_by=["family_hurt"],
        can_leave="no",
        used_to_stay=["none"],
        made_to=["marry"],
        wanted_help=["protection"],
    )
    assert findings(assessed) == {
        "emergency": (),
        "trafficking_indicated": ("forced_marriage",),
    }
    assert assessed.needs == ("shelter", "safety_protection")
    assert assessed.urgency == "immediate"


def test_violence_at_home_is_met_with_protection_and_not_called_trafficking() -> None:
    said = {"harmed_by": ["at_home"], "wanted_help": ["safe_place"]}
    assessed = person(**said)
    assert indicators(assessed) == set()
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("psychosocial", "shelter", "safety_protection")
    assert [each.key for each in met(**said).gates] == ["danger_at_home"]


def test_a_pregnancy_for_which_somebody_is_threatened_is_an_emergency() -> None:
    assessed = person(children=["pregnant_unsafe"], support=["nobody"])
    assert findings(assessed) == {"emergency": (), "other_protection_need": ()}
    assert assessed.needs == ("medical", "psychosocial", "shelter", "safety_protection")
    assert assessed.urgency == "immediate"


def test_a_traveller_held_for_ransom_is_a_matter_of_smuggling_and_protection() -> None:
    assessed = person(
        from_abroad="taken_across",
        crossing_harm=["ransom", "cruelty"],
        fear_of_return="yes",
        support=["lost_touch"],
    )
    assert findings(assessed) == {
        "international_protection_need": (),
        "smuggling_aggravated": (),
    }
    assert assessed.needs == ("medical", "psychosocial", "asylum", "family_tracing")


@pytest.mark.parametrize(
    ("when", "windows", "urgency"),
    [
        ("within_72", BOTH_WINDOWS, "immediate"),
        ("within_120", ("within_120_hours",), "immediate"),
        ("earlier", (), "urgent"),
        (None, BOTH_WINDOWS, "immediate"),
    ],
)
def test_somebody_pressed_into_sexual_acts_for_a_roof(
    when: str | None, windows: tuple[str, ...], urgency: str
) -> None:
    interview = met(sexual_pressure="yes", sexual_pressure_when=when)
    assert "sexual_pressure_when" in asked(interview)
    assessed = assess(interview)
    assert findings(assessed)["trafficking_indicated"] == ("sexual",)
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial")
    assert (assessed.windows, assessed.urgency) == (windows, urgency)


@settings(max_examples=100, deadline=None)
@given(
    anybody(SOCIAL_WORKER),
    st.lists(
        st.sampled_from(["in_need", "feared_for", "kept_from_me", "pregnant_unsafe"]), min_size=1
    ),
)
def test_a_family_in_need_alone_never_raises_an_indicator(
    said: dict[str, Any], children: list[str]
) -> None:
    children = sorted(set(children))
    before = assess(walked(SOCIAL_WORKER, {**said, "children": ["well"]}))
    after = assess(walked(SOCIAL_WORKER, {**said, "children": children}))
    assert indicators(after) == indicators(before)
    assert set(before.needs) <= set(after.needs)
