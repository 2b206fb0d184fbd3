"""The border officer's checklist for adults: how short it is, when it stops, how it speaks."""

from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind
from protocols.screening.vocabulary import NEEDS, SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.border import OF_ADULTS as CHECKLIST
from tests.protocols.screening.border import ON_THE_WAY, TRAVELLER, interview, spoken, traveller
from tests.protocols.screening.fictional import AWAITED_FORMS
from tests.protocols.screening.inspection import (
    anybody,
    asked,
    findings,
    walked,
    words_for_the_person,
)

SEEN = ("urgent_signs", "seen_group", "seen_person")
SHOWN_BY_AN_ADULT = tuple(
    each for each in SHOWN_BY_AN_ANSWER if each != "unaccompanied_or_separated_child"
)
OF_THE_WAY = ("crossing_harm", "promises", "pressed", "made_use_of")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CHECKLIST)


def at_the_border(**said: Any) -> tuple[str, ...]:
    return asked(interview(CHECKLIST, TRAVELLER, **said))


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions
    assert [each.rule for each in report.notes] == ["not_validated"]


def test_it_takes_minutes(report: CheckReport) -> None:
    assert report.longest <= 24
    assert report.shortest < 15
    assert len(at_the_border()) <= 16


def test_every_indicator_for_adults_at_work_is_accounted_for(report: CheckReport) -> None:
    coverage = next(each for each in report.coverage if each.set == "adult-labour")
    assert (coverage.coverage, coverage.indicators) == ("full", 67)
    assert (coverage.raised, coverage.not_observed) == (54, 13)
    assert all(len(each) > 40 for each in CHECKLIST.not_observed.values())


@pytest.mark.parametrize(
    ("prefix", "values"),
    [("need", NEEDS), ("form", AWAITED_FORMS), ("window", WINDOWS), ("finding", SHOWN_BY_AN_ADULT)],
)
def test_every_kind_of_help_form_window_and_finding_can_come_up(
    prefix: str, values: tuple[str, ...]
) -> None:
    raised = {each for question in CHECKLIST.questions for each in question.may_raise()}
    raised |= {each for combination in CHECKLIST.combinations for each in combination.raises}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert CHECKLIST.validation.status == "not_validated"
    assert CHECKLIST.reviewers == ()
    assert not any(each.confirmed for each in CHECKLIST.sources)


@pytest.mark.parametrize("age", ["child", "unknown", None])
def test_a_possible_child_is_sent_to_the_child_s_path_before_any_question(age: str | None) -> None:
    given_ = interview(CHECKLIST, TRAVELLER, age_group=age)
    assert asked(given_) == ("age_group", "before_you_leave")
    assert [each.checklist for each in given_.gates] == ["border_officer-child"]
    assessed = assess(given_)
    assert assessed.population == "child"
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection",), "urgent")


@pytest.mark.parametrize("near", ["others", "unknown", None])
def test_nothing_is_asked_in_front_of_the_escort_and_what_is_seen_counts(near: str | None) -> None:
    given_ = interview(CHECKLIST, TRAVELLER, near=near, seen_group=["papers_with_other"])
    assert spoken(given_) == []
    assert asked(given_) == ("age_group", "near", *SEEN, "before_you_leave")
    assert [each.key for each in given_.gates] == ["not_private"]
    assert findings(assess(given_)) == {"other_protection_need": ()}


def test_whoever_is_not_safe_to_talk_is_asked_no_more_and_is_in_need_of_protection() -> None:
    given_ = interview(CHECKLIST, TRAVELLER, feels_safe="no")
    assert spoken(given_) == ["feels_safe"]
    assert assess(given_).needs == ("safety_protection",)
    assert findings(assess(given_)) == {"other_protection_need": ()}


@pytest.mark.parametrize("said", ["unknown", None])
def test_somebody_unsure_of_their_safety_is_asked_with_care(said: str | None) -> None:
    given_ = interview(CHECKLIST, TRAVELLER, feels_safe=said)
    assert [each.key for each in given_.gates] == ["safety_unsure"]
    assert "wanted_help" in asked(given_)


def test_an_escort_who_interprets_hears_no_question() -> None:
    given_ = interview(CHECKLIST, TRAVELLER, language="unsafe_interpreter")
    assert spoken(given_) == ["feels_safe"]
    assert assess(given_).needs == ("interpretation",)


@pytest.mark.parametrize("said", ["no", "unknown", None])
def test_silence_is_not_consent(said: str | None) -> None:
    given_ = interview(CHECKLIST, TRAVELLER, consent_to_talk=said)
    assert asked(given_)[-3:] == ("consent_to_talk", "thanks", "before_you_leave")
    assert findings(assess(given_)) == {"no_indicators_now": ()}


@settings(max_examples=120, deadline=None)
@given(anybody(CHECKLIST))
def test_rescue_and_observation_come_on_every_way_and_questions_only_after_consent(
    said: dict[str, Any],
) -> None:
    given_ = walked(CHECKLIST, {**said, "age_group": "adult"})
    shown = asked(given_)
    assert "urgent_signs" in shown
    assert shown[-1] == "before_you_leave"
    agreed = given_.answers.get("consent_to_talk") == "yes"
    assert ("fear_of_return" in shown) == agreed
    if said.get("near") != "nobody":
        assert spoken(given_) == []


def test_fear_of_return_is_heard_before_anything_else() -> None:
    shown = spoken(interview(CHECKLIST, TRAVELLER))
    assert shown[shown.index("consent_to_talk") + 1] == "fear_of_return"


@pytest.mark.parametrize(("said", "waits"), [("yes", 1), ("unknown", 1), (None, 1), ("no", 0)])
def test_nobody_is_sent_back_on_silence(said: str | None, waits: int) -> None:
    given_ = interview(CHECKLIST, TRAVELLER, fear_of_return=said)
    assert [each.key for each in given_.gates] == ["return_waits"] * waits


def test_whoever_nobody_brought_is_not_asked_about_a_recruiter() -> None:
    assert not set(OF_THE_WAY) & set(at_the_border())
    assert set(OF_THE_WAY) <= set(at_the_border(travel="for_work", **ON_THE_WAY))
    shown = at_the_border(travel="with_family")
    assert set(OF_THE_WAY) & set(shown) == {"crossing_harm", "pressed"}
    assert "awaits" in shown


@pytest.mark.parametrize("worked", [["none_or_little"], ["not_said"], None])
def test_what_is_not_said_of_earlier_work_is_not_taken_for_no(worked: list[str] | None) -> None:
    assert {"held_by", "made_to"} <= set(at_the_border(worked=worked))
    assert not {"held_by", "made_to"} & set(at_the_border(worked=["fair"]))


def test_the_time_of_sexual_violence_is_asked_once_and_never_before_others() -> None:
    told = {"urgent_signs": ["sexual_violence"], "sexual_pressure": "for_gain"}
    shown = at_the_border(**told)
    assert "sexual_violence_when" in shown
    assert "sexual_pressure_when" not in shown
    overheard = interview(CHECKLIST, TRAVELLER, near="others", **told)
    assert "sexual_violence_when" not in asked(overheard)
    assert assess(overheard).windows == ("within_72_hours", "within_120_hours")


@pytest.mark.parametrize(
    ("when", "windows", "urgency"),
    [
        ("within_72", ("within_72_hours", "within_120_hours"), "immediate"),
        ("within_120", ("within_120_hours",), "immediate"),
        ("earlier", (), "urgent"),
        ("not_said", ("within_72_hours", "within_120_hours"), "immediate"),
        (None, ("within_72_hours", "within_120_hours"), "immediate"),
    ],
)
def test_care_after_sexual_violence_keeps_medicine_s_deadlines(
    when: str | None, windows: tuple[str, ...], urgency: str
) -> None:
    given_ = interview(CHECKLIST, TRAVELLER, sexual_pressure="for_gain", sexual_pressure_when=when)
    assessed = assess(given_)
    assert findings(assessed)["trafficking_indicated"] == ("sexual",)
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial")
    assert (assessed.windows, assessed.urgency) == (windows, urgency)


NOT_TO_A_SUSPECT = ("illegal", "false paper", "passport", "smuggler", "crime", "name of")


def test_nobody_is_spoken_to_as_a_suspect() -> None:
    for question in CHECKLIST.questions:
        if question.key in spoken(interview(CHECKLIST, TRAVELLER, travel="for_work")):
            held = [each for each in NOT_TO_A_SUSPECT if each in question.text["en"]]
            assert not held, f"{held} in {question.key}"
    assert "not to accuse you" in CHECKLIST.by_key["consent_to_talk"].text["en"]
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in CHECKLIST.questions)


def test_false_papers_alone_are_neither_asked_about_nor_noted() -> None:
    keys = {choice.key for choice in CHECKLIST.by_key["seen_group"].choices}
    assert keys == {
        "papers_with_other",
        "escort_watches",
        "papers_not_as_believed",
        "trip_not_as_believed",
        "children_in_group",
        "none",
    }
    help_ = CHECKLIST.by_key["seen_group"].help
    assert help_ is not None
    assert "by itself is not noted" in help_["en"]


def test_children_in_the_group_follow_their_own_path() -> None:
    given_ = interview(CHECKLIST, TRAVELLER, seen_group=["children_in_group"])
    assert [each.key for each in given_.gates] == ["children_present"]
    assert findings(traveller(seen_group=["children_in_group"])) == {"no_indicators_now": ()}


MASCULINE = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "محبوس", "مراقب "),
    "fr": ("êtes-vous venu", "vous a-t-on forcé", "seul", "enfermé ", "accompagné "),
}


@pytest.mark.parametrize("language", MASCULINE)
def test_a_woman_and_a_man_are_spoken_to_alike(language: str) -> None:
    for words in words_for_the_person(CHECKLIST, language):
        held = [each for each in MASCULINE[language] if each in words]
        assert not held, f"{held} in {words}"


def test_what_was_forced_against_the_law_is_noted_without_saying_what() -> None:
    for key in ("awaits", "made_to"):
        crime = next(each for each in CHECKLIST.by_key[key].choices if each.key == "crime")
        assert "whatever" in crime.text["en"]
    help_ = CHECKLIST.by_key["made_to"].help
    assert help_ is not None
    assert "do not note it" in help_["en"]
