"""The health worker's checklist for children: what it asks, when it falls silent, what it finds.
All the children are fictional."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind, Purpose, Voice
from protocols.screening.vocabulary import SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.clinic import (
    CHILD_AT_EASE,
    CHILD_AT_WORK,
    CLINIC,
    examined_child,
    spoken,
    young_patient,
)
from tests.protocols.screening.clinic import CLINIC_OF_CHILDREN as CHECKLIST
from tests.protocols.screening.fictional import CHILDS_FORMS
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

LABOUR = "child-labour"
SEEN_BY_THE_WORKER = ("urgent_signs", "who_cares", "seen_company", "seen_body")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CHECKLIST)


def test_it_holds_and_is_short(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions
    assert report.longest <= 25
    assert report.shortest < 15


def test_the_adult_s_path_leads_to_it() -> None:
    assert [each.rule for each in check(CLINIC).notes] == ["not_validated"]


def test_every_indicator_for_children_at_work_is_accounted_for(report: CheckReport) -> None:
    coverage = {each.set: each for each in report.coverage}
    labour = coverage[LABOUR]
    assert (labour.coverage, labour.raised, labour.not_observed) == ("full", 60, 5)
    assert labour.indicators == 65
    assert coverage["child-sexual"].coverage == "gate"
    assert not any("labour inspector" in each for each in CHECKLIST.not_observed.values())


@pytest.mark.parametrize(
    ("prefix", "values"),
    [("form", CHILDS_FORMS), ("window", WINDOWS), ("finding", SHOWN_BY_AN_ANSWER)],
)
def test_every_form_window_and_finding_can_come_up(prefix: str, values: tuple[str, ...]) -> None:
    raised = {each for question in CHECKLIST.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert CHECKLIST.validation.status == "not_validated"
    assert CHECKLIST.reviewers == ()
    assert not any(each.confirmed for each in CHECKLIST.sources)


@pytest.mark.parametrize("near", ["others", "unknown", None])
def test_a_child_who_can_be_overheard_is_cared_for_and_asked_nothing(near: str | None) -> None:
    interview = examined_child(near=near)
    assert asked(interview) == ("near", *SEEN_BY_THE_WORKER, "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_alone"]
    assessed = assess(interview)
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection",), "urgent")


def test_a_parent_whom_the_child_wants_near_may_stay() -> None:
    assert "wishes" in spoken(examined_child(near="chosen"))


@pytest.mark.parametrize(
    "said",
    [
        {"child_safe": "no"},
        {"language": "unsafe_interpreter"},
        {"urgent_signs": ["not_clear"]},
    ],
)
def test_without_safety_a_neutral_interpreter_and_a_clear_head_no_child_is_asked(
    said: dict[str, Any],
) -> None:
    interview = examined_child(**said)
    assert spoken(interview) == ["child_safe"]
    assert set(SEEN_BY_THE_WORKER) <= set(asked(interview))
    assert set(findings(assess(interview))) <= {"emergency", "other_protection_need"}


@pytest.mark.parametrize("assent", ["no", "unknown", None])
def test_silence_is_no_assent_and_child_protection_still_hears(assent: str | None) -> None:
    interview = examined_child(assent=assent)
    assert spoken(interview) == ["child_safe", "assent", "thanks"]
    assessed = assess(interview)
    assert findings(assessed) == {"no_indicators_now": ()}
    assert assessed.needs == ("child_protection",)


@settings(max_examples=100, deadline=None)
@given(anybody(CHECKLIST))
def test_observations_count_on_every_way_and_questions_only_after_assent(
    said: dict[str, Any],
) -> None:
    interview = walked(CHECKLIST, said)
    assert set(SEEN_BY_THE_WORKER) <= set(asked(interview))
    assert asked(interview)[-1] == "before_you_leave"
    purposes = {CHECKLIST.sections_by_question[key].purpose for key in asked(interview)}
    assert (Purpose.QUESTIONS in purposes) == (interview.answers.get("assent") == "yes")
    if said.get("near") not in ("nobody", "chosen") or said.get("child_safe") == "no":
        assert set(spoken(interview)) <= {"child_safe"}
    assessed = assess(interview)
    assert assessed.population == "child"
    if set(findings(assessed)) != {"no_indicators_now"}:
        assert "child_protection" in assessed.needs
        assert assessed.urgency != "routine"


@pytest.mark.parametrize(
    ("who", "separated"),
    [
        ("parent", False),
        ("parent_doubt", False),
        ("husband", False),
        ("employer", True),
        ("other_adult", True),
        ("nobody", True),
        ("unknown", True),
    ],
)
def test_whoever_brings_the_child_is_not_taken_at_their_word(who: str, separated: bool) -> None:
    interview = examined_child(who_cares=who)
    doubted = [] if who == "parent" else ["ask_authority"]
    assert [each.key for each in interview.gates] == doubted
    assessed = assess(interview)
    assert ("unaccompanied_or_separated_child" in findings(assessed)) is separated
    assert ("child_protection" in assessed.needs) is bool(doubted)


def test_a_child_with_a_cold_who_goes_to_school() -> None:
    assessed = young_patient()
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == ((), "routine")
    assert len(asked(examined_child())) == len(CHILD_AT_EASE) + 2


def test_a_child_hurt_again_and_again_is_protected_and_not_called_trafficked() -> None:
    assessed = young_patient(seen_body=["repeated_injuries"], hurts=["hit"])
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("medical", "safety_protection", "child_protection")
    assert assessed.urgency == "urgent"


def test_a_boy_from_a_workshop_burnt_at_work() -> None:
    assessed = young_patient(
        **{**CHILD_AT_WORK, "as_told": ["school"], "pay": ["none_or_little"]},
        who_cares="employer",
        age=12,
        seen_company=["owes_for_care"],
        seen_body=["work_injury"],
        home=["workplace"],
    )
    assert indicators(assessed, LABOUR) == {
        "deceptive_recruitment.access_to_education",
        "exploitation.hazardous_work",
        "exploitation.low_or_no_salary",
        "exploitation.no_access_to_education",
        "coercion_at_destination.debt_bondage",
        "abuse_of_vulnerability_at_destination.dependency_on_exploiters",
    }
    assert positive(assessed, LABOUR) == {"exploitation"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour",),
        "forced_labour_indicated": ("labour",),
        "unaccompanied_or_separated_child": (),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.needs == ("medical", "child_protection", "family_tracing")


def test_a_girl_who_serves_in_a_house_brought_by_the_household() -> None:
    assessed = young_patient(
        **{**CHILD_AT_WORK, "usual_day": ["no_school", "no_rest"], "pay": ["to_another"]},
        who_cares="employer",
        seen_company=["looks_to_adult"],
        seen_body=["neglect"],
        home=["workplace", "no_contact"],
        made_to=["household"],
        wishes=["family"],
    )
    assert positive(assessed, LABOUR) == {"exploitation", "coercion_at_destination"}
    assert findings(assessed)["trafficking_indicated"] == ("labour", "domestic_servitude")
    assert assessed.needs == ("medical", "child_protection", "family_tracing")
    assert assessed.urgency == "urgent"


def test_a_pregnant_girl_with_a_husband_is_for_child_protection() -> None:
    assessed = young_patient(age=15, who_cares="husband", seen_body=["pregnancy"])
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("medical", "child_protection")
    assert assessed.urgency == "urgent"
    named = young_patient(age=15, who_cares="husband", made_to=["marry"])
    assert findings(named)["trafficking_indicated"] == ("forced_marriage",)


def test_a_teenager_alone_who_was_held_on_the_way() -> None:
    assessed = young_patient(
        age=16,
        who_cares="nobody",
        language="interpreter",
        usual_day=["no_school_other"],
        how_came="alone",
        home=["outside", "lost_family"],
        from_abroad=["without_family", "harmed_on_the_way"],
        fears=["own_country"],
    )
    assert set(findings(assessed)) == {
        "unaccompanied_or_separated_child",
        "international_protection_need",
        "smuggling_aggravated",
        "other_protection_need",
    }
    assert {"shelter", "asylum", "family_tracing", "child_protection"} <= set(assessed.needs)


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
def test_what_is_told_unasked_opens_care_within_both_windows(
    said: dict[str, Any], found: dict[str, tuple[str, ...]]
) -> None:
    assessed = young_patient(**said)
    assert findings(assessed) == found
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial", "child_protection")
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")


def test_nothing_follows_the_one_question_left_to_a_specialist() -> None:
    assert spoken(examined_child(someone_to_talk_to="told")) == spoken(examined_child())
    asks = [
        question.key
        for question in CHECKLIST.questions
        if question.voice is Voice.PERSON and "touch" in question.text["en"]
    ]
    assert asks == ["someone_to_talk_to"]
    assert not any("sexual" in words for words in words_for_the_person(CHECKLIST, "en"))
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in CHECKLIST.questions)


def test_no_child_is_examined_in_search_of_proof() -> None:
    told = CHECKLIST.by_key["seen_body"].help
    assert told is not None
    assert "Never examine" in told["en"]
    assert "N'examinez jamais" in told["fr"]
    assert "لا تفحص طفلًا أبدًا" in told["ar"]


def test_secrecy_is_never_promised_and_care_is_never_a_price() -> None:
    for key in ("assent", "thanks"):
        question = CHECKLIST.by_key[key]
        assert "may" in question.text["en"]
        assert "devrai peut-être" in question.text["fr"] or "peut-être pas" in question.text["fr"]
        assert "فقد" in question.text["ar"]
    assent = CHECKLIST.by_key["assent"].text
    assert "whatever you say" in assent["en"]
    assert "quoi que tu dises" in assent["fr"]
    assert "مهما قلت" in assent["ar"]


NOT_TO_A_CHILD = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "تقول"),
    "fr": ("vous ", "Vous ", "es-tu venu", "tu es venu", "votre "),
}


@pytest.mark.parametrize("language", NOT_TO_A_CHILD)
def test_a_girl_and_a_boy_are_spoken_to_alike_and_simply(language: str) -> None:
    for words in words_for_the_person(CHECKLIST, language):
        held = [each for each in NOT_TO_A_CHILD[language] if each in words]
        assert not held, f"{held} in {words}"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_what_a_child_hears_comes_in_short_sentences(language: str) -> None:
    for question in CHECKLIST.questions:
        if question.voice is Voice.PERSON:
            for sentence in re.split(r"[.?!؟:؛;]", question.text[language]):
                assert len(sentence.split()) <= 20, sentence
