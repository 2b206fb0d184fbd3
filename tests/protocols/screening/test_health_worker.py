"""The health worker's checklist for adults: what it asks, when it falls silent, what it finds.
Everybody in here is fictional."""

from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind, Purpose
from protocols.screening.vocabulary import NEEDS, SHOWN_BY_AN_ANSWER, WINDOWS, split
from tests.protocols.screening.clinic import AT_EASE, CLINIC, examined, patient, spoken
from tests.protocols.screening.fictional import ADULT_FORMS
from tests.protocols.screening.inspection import (
    BOTH_WINDOWS,
    anybody,
    asked,
    findings,
    indicators,
    positive,
    walked,
    words_for_the_person,
)

SEEN_BY_THE_WORKER = ("seen_company", "seen_body")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CLINIC)


def test_it_holds_and_is_short_enough_for_an_examination(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions
    assert report.longest <= 32
    assert report.shortest < 15


def test_every_indicator_of_work_and_of_sexual_exploitation_is_asked_or_seen(
    report: CheckReport,
) -> None:
    coverage = {each.set: (each.coverage, each.raised) for each in report.coverage}
    assert coverage == {"adult-labour": ("full", 67), "adult-sexual": ("full", 68)}
    assert CLINIC.not_observed == {}


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
    raised = {each for question in CLINIC.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert CLINIC.validation.status == "not_validated"
    assert CLINIC.reviewers == ()
    assert not any(each.confirmed for each in CLINIC.sources)


@pytest.mark.parametrize("private", ["no", "unknown", None])
@pytest.mark.parametrize("can_move", ["no", "unknown", None])
def test_whoever_cannot_be_seen_alone_hears_nothing_but_is_still_cared_for(
    private: str | None, can_move: str | None
) -> None:
    interview = examined(place_private=private, can_move=can_move)
    assert spoken(interview) == []
    assert {"urgent_signs", *SEEN_BY_THE_WORKER} <= set(asked(interview))
    assert [each.key for each in interview.gates] == ["not_private"]


@pytest.mark.parametrize(
    ("said", "gate", "heard"),
    [
        ({"feels_safe": "no"}, "not_safe", ["feels_safe"]),
        ({"language": "unsafe_interpreter"}, "interpreter_unsafe", ["feels_safe"]),
        ({"urgent_signs": ["not_clear"]}, "clear_head_needed", ["feels_safe"]),
    ],
)
def test_without_safety_a_neutral_interpreter_and_a_clear_head_nothing_is_asked(
    said: dict[str, Any], gate: str, heard: list[str]
) -> None:
    interview = examined(**said)
    assert spoken(interview) == heard
    assert gate in [each.key for each in interview.gates]
    assert asked(interview)[-3:] == (*SEEN_BY_THE_WORKER, "before_you_leave")


def test_somebody_drugged_is_an_emergency_and_not_an_interview() -> None:
    assessed = assess(examined(urgent_signs=["not_clear"]))
    assert findings(assessed) == {"emergency": ()}
    assert (assessed.needs, assessed.urgency) == (("emergency_medical",), "immediate")


@pytest.mark.parametrize("said", ["unknown", None])
def test_somebody_unsure_of_their_safety_is_asked_with_care(said: str | None) -> None:
    interview = examined(feels_safe=said)
    assert [each.key for each in interview.gates] == ["safety_unsure"]
    assert "wanted_help" in asked(interview)


@pytest.mark.parametrize("said", ["no", "unknown", None])
def test_silence_is_not_consent(said: str | None) -> None:
    interview = examined(consent_to_talk=said)
    assert spoken(interview) == ["feels_safe", "consent_to_talk", "thanks"]
    assert [each.key for each in interview.gates] == ["no_consent"]
    assert findings(assess(interview)) == {"no_indicators_now": ()}


def test_care_is_never_the_price_of_an_answer() -> None:
    for key, words in {
        "consent_to_talk": ("وعلاجك لا يتوقف", "vos soins ne dépendent pas", "does not depend"),
        "thanks": ("علاجك مستمر", "vos soins continuent", "your care goes on"),
    }.items():
        text = CLINIC.by_key[key].text
        assert all(each in text[lang] for lang, each in zip(("ar", "fr", "en"), words, strict=True))


@pytest.mark.parametrize("private", ["yes", "no"])
@pytest.mark.parametrize("age", ["child", "unknown", None])
@pytest.mark.parametrize("guardian", ["parent", "alone", None])
def test_a_possible_child_is_led_to_child_protection_whoever_stands_near(
    private: str, age: str | None, guardian: str | None
) -> None:
    interview = examined(place_private=private, age_group=age, with_guardian=guardian)
    assert not set(asked(interview)) & {"consent_to_talk", *SEEN_BY_THE_WORKER}
    assert "health_worker-child" in [each.checklist for each in interview.gates]
    assessed = assess(interview)
    assert assessed.population == "child"
    assert "child_protection" in assessed.needs
    assert assessed.urgency == "urgent"
    alone = {"unaccompanied_or_separated_child"} if guardian == "alone" else set()
    assert set(findings(assessed)) == {"other_protection_need"} | alone


@settings(max_examples=100, deadline=None)
@given(anybody(CLINIC))
def test_questions_come_only_alone_in_safety_of_age_and_with_consent(said: dict[str, Any]) -> None:
    interview = walked(CLINIC, said)
    shown = asked(interview)
    assert shown[-1] == "before_you_leave"
    assert "urgent_signs" in shown
    if Purpose.QUESTIONS in {CLINIC.sections_by_question[key].purpose for key in shown}:
        given_ = interview.answers
        assert "yes" in (given_.get("place_private"), given_.get("can_move"))
        assert given_.get("feels_safe") != "no"
        assert given_.get("language") != "unsafe_interpreter"
        assert "not_clear" not in given_.get("urgent_signs", ())
        assert given_["age_group"] == "adult"
        assert given_["consent_to_talk"] == "yes"


@settings(max_examples=60, deadline=None)
@given(anybody(CLINIC))
def test_what_is_only_seen_never_makes_a_trafficking_finding_of_an_adult(
    said: dict[str, Any],
) -> None:
    alone = {"place_private": "no", "can_move": "no", "age_group": "adult"}
    found = findings(assess(walked(CLINIC, {**said, **alone})))
    assert not set(found) & {"trafficking_indicated", "labour_rights_violation"}


def test_whoever_names_nothing_is_told_that_the_way_stays_open() -> None:
    assessed = patient()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")


def test_a_builder_hurt_at_work_who_is_free_to_leave() -> None:
    assessed = patient(
        seen_body=["work_injury"],
        care_reached=["no_cover"],
        pay=["late_or_overtime"],
        conditions=["dangerous"],
        wanted_help=["lawyer"],
    )
    assert indicators(assessed) == {
        "exploitation.hazardous_work",
        "exploitation.no_respect_of_labour_law_or_contract",
        "exploitation.no_social_protection",
    }
    assert findings(assessed) == {"labour_rights_violation": ("labour",)}
    assert (assessed.needs, assessed.urgency) == (("medical", "legal_aid"), "routine")


def test_a_domestic_worker_brought_late_by_whoever_holds_her_papers() -> None:
    assessed = patient(
        seen_company=["another_answers", "papers_with_other", "owes_for_care"],
        seen_body=["came_late", "worn_out"],
        care_reached=["kept_working"],
        found_through="agency_or_stranger",
        as_told=["work"],
        recruiter_words=["none"],
        journey_hold=["none"],
        rest="cannot_rest",
        can_leave="no",
        used_to_stay=["status"],
        from_abroad="brought_for_work",
        fear_of_return="no",
        wanted_help=["safe_place", "embassy"],
    )
    assert indicators(assessed) == {
        "deceptive_recruitment.job_nature_location_employer",
        "exploitation.excessive_working_days_or_hours",
        "exploitation.very_bad_working_conditions",
        "coercion_at_destination.confiscation_of_documents",
        "coercion_at_destination.debt_bondage",
        "coercion_at_destination.under_strong_influence",
        "abuse_of_vulnerability_at_destination.relationship_with_authorities_or_legal_status",
    }
    assert positive(assessed) == {"exploitation", "coercion_at_destination"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour",),
        "forced_labour_indicated": ("labour",),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.needs == ("medical", "shelter", "consular_help")
    assert assessed.urgency == "urgent"


def test_a_woman_hurt_at_home_is_protected_and_not_called_trafficked() -> None:
    assessed = assess(
        examined(
            seen_body=["repeated_injuries", "pregnancy"],
            found_through="home",
            harmed_by=["violence"],
            can_leave="unknown",
            used_to_stay=["none"],
            wanted_help=["protection"],
        )
    )
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("medical", "safety_protection")


def test_a_woman_held_by_debt_for_anothers_profit_is_cared_for_in_time() -> None:
    assessed = patient(
        found_through="someone_known",
        as_told=["work"],
        recruiter_words=["affection"],
        journey_hold=["debt"],
        sexual_harm="yes",
        sexual_harm_when="within_72",
        held_by=["debt"],
        can_leave="no",
        used_to_stay=["depends"],
        sexual_pressure="yes",
        wanted_help=["safe_place"],
    )
    assert positive(assessed, "adult-sexual") == {
        "deceptive_recruitment",
        "coercive_recruitment",
        "recruitment_by_abuse_of_vulnerability",
        "exploitation",
        "coercion_at_destination",
        "abuse_of_vulnerability_at_destination",
    }
    assert findings(assessed)["trafficking_indicated"] == ("sexual",)
    assert assessed.findings[0].kind == "emergency"
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial", "shelter")
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")


def test_somebody_watched_is_noted_for_the_next_visit() -> None:
    assessed = assess(examined(place_private="no", can_move="no", seen_company=["will_not_leave"]))
    assert indicators(assessed) == {"coercion_at_destination.isolation_confinement_surveillance"}
    assert findings(assessed) == {"other_protection_need": ()}


WHEN = [
    ("within_72", BOTH_WINDOWS, True),
    ("within_120", ("within_120_hours",), True),
    ("earlier", (), False),
    ("not_said", BOTH_WINDOWS, True),
    (None, BOTH_WINDOWS, True),
]


@pytest.mark.parametrize(("when", "windows", "at_once"), WHEN)
@pytest.mark.parametrize(
    ("told", "asks"),
    [
        ({"urgent_signs": ["sexual_violence"]}, "sexual_violence_when"),
        ({"sexual_harm": "yes"}, "sexual_harm_when"),
        ({"sexual_pressure": "yes"}, "sexual_pressure_when"),
    ],
)
def test_wherever_sexual_violence_is_told_medicine_s_windows_are_kept(
    told: dict[str, Any], asks: str, when: str | None, windows: tuple[str, ...], at_once: bool
) -> None:
    interview = examined(**told, **{asks: when})
    assert [each for each in asked(interview) if each.endswith("_when")] == [asks]
    assessed = assess(interview)
    assert "clinical_care_sexual_violence" in assessed.needs
    assert assessed.windows == windows
    emergency = at_once or asks == "sexual_violence_when"
    assert (assessed.urgency == "immediate") is emergency


def test_its_time_is_asked_once_however_often_it_is_told() -> None:
    told = {"urgent_signs": ["sexual_violence"], "sexual_pressure": "yes"}
    assert "sexual_harm" not in asked(examined(**told))
    twice = examined(sexual_harm="yes", sexual_pressure="yes")
    for interview in (examined(**told), twice):
        assert len([each for each in asked(interview) if each.endswith("_when")]) == 1


def test_recent_violence_told_where_others_hear_is_within_both_windows_unasked() -> None:
    interview = examined(place_private="no", can_move="no", urgent_signs=["sexual_violence"])
    assert spoken(interview) == []
    assessed = assess(interview)
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")


MASCULINE = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "محبوس", "مراقب "),
    "fr": ("êtes-vous venu", "êtes-vous arrivé", "soigné", "seul ", "enfermé ", "blessé"),
}


@pytest.mark.parametrize("language", MASCULINE)
def test_a_woman_and_a_man_are_spoken_to_alike(language: str) -> None:
    for words in words_for_the_person(CLINIC, language):
        held = [each for each in MASCULINE[language] if each in words]
        assert not held, f"{held} in {words}"


def test_signs_are_noted_and_never_named_as_a_cause() -> None:
    seen = CLINIC.by_key["seen_body"]
    assert seen.help is not None
    assert "do not conclude" in seen.help["en"]
    kinds = {split(each)[0] for each in seen.may_raise()}
    assert "indicator" not in kinds, "a sign alone is no indicator"


def test_nobody_is_asked_for_words_to_write_down_or_for_details() -> None:
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in CLINIC.questions)
    for key in ("harmed_by", "sexual_harm", "sexual_harm_when", "fear_of_return"):
        told = CLINIC.by_key[key].help
        assert told is not None
        assert "details" in told["en"] or "nothing else" in told["en"]


def test_somebody_at_ease_is_asked_what_the_examination_has_time_for() -> None:
    assert len(asked(examined())) == len(AT_EASE) + 2
    assert len(asked(examined(found_through="home"))) == len(AT_EASE) - 3
