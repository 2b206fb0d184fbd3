"""What the border officer's checklists find for people. All of them are fictional."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import assess
from tests.protocols.screening.border import (
    OF_ADULTS,
    OF_CHILDREN,
    ON_THE_WAY,
    TRAVELLER,
    YOUNG_TRAVELLER,
    interview,
    traveller,
    young_traveller,
)
from tests.protocols.screening.inspection import BOTH_WINDOWS, findings, indicators, positive

LABOUR = "child-labour"


def test_a_traveller_who_names_nothing_is_told_that_the_way_stays_open() -> None:
    assessed = traveller()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_somebody_who_paid_to_cross_was_smuggled_and_is_not_called_trafficked() -> None:
    assessed = traveller(
        travel="paid_crossing",
        **{**ON_THE_WAY, "crossing_harm": ["danger", "cruelty"]},
        seen_person=["rehearsed"],
        fear_of_return="yes",
        wanted_help=["family"],
    )
    assert indicators(assessed) == {"recruitment_by_abuse_of_vulnerability.control_by_exploiters"}
    assert findings(assessed) == {
        "international_protection_need": (),
        "smuggling_aggravated": (),
    }
    assert assessed.needs == ("medical", "asylum", "family_tracing")
    assert assessed.urgency == "urgent"


def test_a_crossing_paid_for_without_harm_or_a_taught_story_alone_shows_nothing() -> None:
    for seen in (["none"], ["rehearsed"]):
        assessed = traveller(travel="paid_crossing", **ON_THE_WAY, seen_person=seen)
        assert findings(assessed) == {"no_indicators_now": ()}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(["danger", "ransom", "cruelty", "lost"]), min_size=1, unique=True),
    st.sampled_from(["yes", "no", "unknown"]),
)
def test_harm_on_a_crossing_is_never_called_trafficking_by_itself(
    harm: list[str], fear: str
) -> None:
    said = {**ON_THE_WAY, "crossing_harm": harm}
    assessed = traveller(travel="paid_crossing", fear_of_return=fear, **said)
    assert set(findings(assessed)) <= {
        "international_protection_need",
        "smuggling_aggravated",
        "no_indicators_now",
    }
    assert ("smuggling_aggravated" in findings(assessed)) == (harm != ["lost"])


def test_a_domestic_worker_before_any_work_began_is_a_presumed_victim() -> None:
    assessed = traveller(
        seen_group=["papers_with_other", "escort_watches"],
        travel="for_work",
        **{**ON_THE_WAY, "promises": ["not_said"], "pressed": ["debt"]},
        awaits=["household"],
        wanted_help=["protection", "embassy"],
    )
    assert indicators(assessed) == {
        "coercive_recruitment.confiscation_of_documents",
        "coercive_recruitment.isolation_confinement_surveillance",
        "coercive_recruitment.debt_bondage",
    }
    assert positive(assessed) == {"coercive_recruitment"}
    assert findings(assessed) == {"trafficking_indicated": ("domestic_servitude",)}
    assert assessed.findings[0].unconfirmed
    assert assessed.needs == ("safety_protection", "consular_help")
    assert assessed.urgency == "urgent"


@pytest.mark.parametrize(
    "means",
    [
        {"promises": ["work", "pay"]},
        {"pressed": ["debt", "papers"]},
        {"travel": "taken_or_sold"},
    ],
)
def test_somebody_taken_to_work_they_could_not_leave_is_helped_before_travelling_on(
    means: dict[str, list[str]],
) -> None:
    said = {"travel": "for_work", **ON_THE_WAY, **means}
    assessed = traveller(**said, awaits=["work_unfree"])
    assert findings(assessed) == {"emergency": (), "trafficking_indicated": ("forced_labour",)}
    assert assessed.needs == ("shelter", "safety_protection")
    assert assessed.urgency == "immediate"


def test_hard_work_that_is_feared_alone_is_no_emergency() -> None:
    assessed = traveller(travel="for_work", **ON_THE_WAY, awaits=["work_unfree"])
    assert findings(assessed) == {"other_protection_need": ("forced_labour",)}
    rules = {each.rule for each in assessed.findings[0].reasons}
    assert rules == {"form_named", "form_without_means"}
    assert assessed.needs == ("safety_protection",)


def test_somebody_exploited_on_the_way_and_smuggled_needs_both_answers() -> None:
    assessed = traveller(
        travel="paid_crossing",
        **{**ON_THE_WAY, "crossing_harm": ["ransom"]},
        worked=["no_rest", "none_or_little"],
        held_by=["locked", "violence"],
        made_to=["none"],
        fear_of_return="yes",
    )
    assert indicators(assessed) == {
        "exploitation.excessive_working_days_or_hours",
        "exploitation.low_or_no_salary",
        "coercion_at_destination.isolation_confinement_surveillance",
        "coercion_at_destination.violence_on_victim",
    }
    assert positive(assessed) == {"exploitation", "coercion_at_destination"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour",),
        "forced_labour_indicated": ("labour",),
        "international_protection_need": (),
        "smuggling_aggravated": (),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.needs == ("medical", "psychosocial", "safety_protection", "asylum")


def test_somebody_rescued_at_sea_is_helped_before_a_word_is_said() -> None:
    said = {"near": "others", "urgent_signs": ["rescued", "others_in_danger"]}
    assessed = assess(interview(OF_ADULTS, TRAVELLER, **said))
    assert findings(assessed) == {"emergency": ()}
    assert assessed.needs == (
        "emergency_medical",
        "shelter",
        "safety_protection",
        "family_tracing",
    )
    assert assessed.urgency == "immediate"


def test_somebody_about_to_be_sent_back_is_heard_first() -> None:
    assessed = traveller(urgent_signs=["sent_back_now"], fear_of_return="yes")
    assert findings(assessed) == {"emergency": (), "international_protection_need": ()}
    assert assessed.needs == ("legal_aid", "asylum")
    assert assessed.urgency == "immediate"


def test_a_woman_whom_a_false_promise_of_marriage_leads_to_exploitation() -> None:
    assessed = traveller(
        seen_group=["escort_watches"],
        travel="somebody_else",
        **{**ON_THE_WAY, "promises": ["marriage"], "made_use_of": ["affection"]},
        awaits=["sexual"],
    )
    assert findings(assessed)["trafficking_indicated"] == ("sexual",)
    assert "coercive_recruitment.isolation_confinement_surveillance" in indicators(assessed)
    assert assessed.windows == ()
    assert assessed.needs == ("safety_protection",)


def test_a_child_with_a_parent_who_names_nothing() -> None:
    assessed = young_traveller()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_a_teenager_alone_off_a_boat_who_fears_to_return() -> None:
    assessed = young_traveller(
        age=16,
        who_cares="nobody",
        language="interpreter",
        fears=["own_country"],
        how_came="alone",
        way_harm=["danger", "lost_family"],
        wishes=["family", "safe_place"],
    )
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {
        "unaccompanied_or_separated_child": (),
        "international_protection_need": (),
        "smuggling_aggravated": (),
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


def test_a_girl_taken_by_an_acquaintance_to_serve_in_a_house() -> None:
    assessed = young_traveller(
        who_cares="entrusted",
        seen_group=["escort_watches", "papers_do_not_fit"],
        fears=["escort"],
        how_came="known",
        as_told=["school"],
        pressed=["none"],
        made_use_of=["money"],
        made_to=["household"],
        wishes=["family"],
    )
    assert indicators(assessed, LABOUR) == {
        "deceptive_recruitment.access_to_education",
        "coercive_recruitment.isolation_confinement_surveillance",
        "recruitment_by_abuse_of_vulnerability.economic_reasons",
    }
    assert findings(assessed) == {
        "trafficking_indicated": ("domestic_servitude",),
        "unaccompanied_or_separated_child": (),
        "other_protection_need": (),
    }
    assert assessed.needs == ("safety_protection", "child_protection", "family_tracing")
    assert assessed.urgency == "urgent"


def test_a_boy_who_worked_on_the_way_without_school_or_rest() -> None:
    assessed = young_traveller(
        who_cares="escort",
        how_came="stranger",
        as_told=["school"],
        pressed=["none"],
        made_use_of=["none"],
        worked=["no_rest", "no_school"],
        if_stop=["locked"],
    )
    assert positive(assessed, LABOUR) == {"exploitation"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour",),
        "forced_labour_indicated": ("labour",),
        "unaccompanied_or_separated_child": (),
    }
    assert not assessed.findings[0].unconfirmed


def test_several_children_with_one_adult_are_seen_without_a_word() -> None:
    seen = {"seen_group": ["several_children"], "seen_child": ["drugged"], "who_cares": "escort"}
    assessed = assess(interview(OF_CHILDREN, YOUNG_TRAVELLER, near="others", **seen))
    assert set(findings(assessed)) == {"unaccompanied_or_separated_child", "other_protection_need"}
    assert assessed.needs == ("medical", "child_protection", "family_tracing")
    assert assessed.urgency == "urgent"


@pytest.mark.parametrize(
    ("named", "form"),
    [
        ("beg", "forced_begging"),
        ("crime", "forced_criminality"),
        ("household", "domestic_servitude"),
        ("marry", "forced_marriage"),
        ("organ", "organ_removal"),
    ],
)
def test_for_a_child_it_is_enough_that_exploitation_is_meant(named: str, form: str) -> None:
    assessed = young_traveller(made_to=[named])
    assert findings(assessed)["trafficking_indicated"] == (form,)
    assert "child_protection" in assessed.needs


@pytest.mark.parametrize("told", ["told", "told_for_gain"])
def test_what_a_child_tells_unasked_opens_care_within_both_windows(told: str) -> None:
    assessed = young_traveller(someone_to_talk_to=told)
    assert ("trafficking_indicated" in findings(assessed)) is (told == "told_for_gain")
    assert "clinical_care_sexual_violence" in assessed.needs
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")
