"""The border officer's checklist for children: what it sees and asks, and when it falls silent."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind, Purpose, Voice
from protocols.screening.vocabulary import SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.border import OF_CHILDREN as CHECKLIST
from tests.protocols.screening.border import (
    ON_THE_WAY,
    YOUNG_TRAVELLER,
    interview,
    spoken,
    young_traveller,
)
from tests.protocols.screening.fictional import CHILDS_FORMS
from tests.protocols.screening.inspection import (
    anybody,
    asked,
    findings,
    walked,
    words_for_the_person,
)

SEEN_BY_THE_OFFICER = ("urgent_signs", "who_cares", "seen_group", "seen_child")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CHECKLIST)


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions


def test_it_takes_minutes(report: CheckReport) -> None:
    assert report.longest <= 22
    assert report.shortest < 15


def test_every_indicator_for_children_at_work_is_accounted_for(report: CheckReport) -> None:
    coverage = next(each for each in report.coverage if each.set == "child-labour")
    assert (coverage.coverage, coverage.indicators) == ("full", 65)
    assert (coverage.raised, coverage.not_observed) == (51, 14)
    assert all(len(each) > 40 for each in CHECKLIST.not_observed.values())


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
def test_a_child_whom_the_escort_can_hear_is_asked_nothing(near: str | None) -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, near=near)
    assert asked(given_) == ("near", *SEEN_BY_THE_OFFICER, "before_you_leave")
    assessed = assess(given_)
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection",), "urgent")


def test_a_child_who_does_not_feel_safe_is_asked_no_more() -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, child_safe="no")
    assert spoken(given_) == ["child_safe"]
    assert assess(given_).needs == ("child_protection",)


def test_an_escort_who_interprets_hears_no_question() -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, language="unsafe_interpreter")
    assert spoken(given_) == ["child_safe"]
    assert assess(given_).needs == ("child_protection", "interpretation")


@pytest.mark.parametrize("assent", ["no", "unknown", None])
def test_silence_is_no_assent_and_child_protection_still_hears(assent: str | None) -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, assent=assent)
    assert spoken(given_) == ["child_safe", "assent", "thanks"]
    assert assess(given_).needs == ("child_protection",)


@settings(max_examples=120, deadline=None)
@given(anybody(CHECKLIST))
def test_observations_count_on_every_way_and_questions_only_after_assent(
    said: dict[str, Any],
) -> None:
    given_ = walked(CHECKLIST, said)
    assert set(SEEN_BY_THE_OFFICER) <= set(asked(given_))
    assert asked(given_)[-1] == "before_you_leave"
    purposes = {CHECKLIST.sections_by_question[key].purpose for key in asked(given_)}
    assert (Purpose.QUESTIONS in purposes) == (given_.answers.get("assent") == "yes")
    if said.get("near") not in ("nobody", "chosen"):
        assert spoken(given_) == []


@pytest.mark.parametrize("who", ["entrusted", "escort", "nobody", "unknown"])
def test_whoever_holds_the_tickets_is_not_taken_for_family(who: str) -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, who_cares=who)
    assert [each.key for each in given_.gates] == ["ask_authority"]
    assert set(findings(assess(given_))) == {"unaccompanied_or_separated_child"}


def test_a_parent_in_doubt_is_for_child_protection_and_no_separation() -> None:
    assessed = young_traveller(who_cares="parent_doubt")
    assert findings(assessed) == {"other_protection_need": ()}
    assert assessed.needs == ("child_protection",)


@pytest.mark.parametrize("how", ["alone", "sent", "known", "stranger", "taken"])
def test_a_child_on_the_way_without_family_is_separated_whatever_the_escort_says(how: str) -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, how_came=how)
    assert "unaccompanied_or_separated_child" in findings(assess(given_))
    assert ("as_told" in asked(given_)) is (how != "alone")


@pytest.mark.parametrize("fears", [["own_country"], ["own_home"], ["not_said"], None])
def test_no_child_is_sent_back_on_silence(fears: list[str] | None) -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, fears=fears)
    assert [each.key for each in given_.gates] == ["return_waits"]


def test_what_the_child_fears_is_heard_before_the_journey() -> None:
    shown = asked(interview(CHECKLIST, YOUNG_TRAVELLER))
    assert shown.index("fears") + 1 == shown.index("how_came")


def test_a_child_soon_to_be_sent_back_is_an_emergency() -> None:
    given_ = interview(CHECKLIST, YOUNG_TRAVELLER, near="others", urgent_signs=["sent_back_now"])
    assert [each.key for each in given_.gates] == ["not_alone", "get_help_first", "no_return_yet"]
    assessed = assess(given_)
    assert set(findings(assessed)) == {"emergency", "other_protection_need"}
    assert assessed.needs == ("child_protection", "legal_aid")
    assert assessed.urgency == "immediate"


def test_the_words_fit_a_border_and_no_workplace() -> None:
    told = interview(
        CHECKLIST, YOUNG_TRAVELLER, how_came="known", **{**ON_THE_WAY, "worked": ["not_said"]}
    )
    for question in told.shown:
        words = question.text["en"] + (question.help or {"en": ""})["en"]
        assert not re.search(r"\b(employer|inspector|boss|workplace)\b", words), question.key


def test_a_child_is_asked_for_no_words_and_never_about_touch_twice() -> None:
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in CHECKLIST.questions)
    said = {"someone_to_talk_to": "told"}
    assert spoken(interview(CHECKLIST, YOUNG_TRAVELLER, **said)) == spoken(
        interview(CHECKLIST, YOUNG_TRAVELLER)
    )
    assert not any("sexual" in words for words in words_for_the_person(CHECKLIST, "en"))


NOT_TO_A_CHILD = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "تقول"),
    "fr": ("vous ", "Vous ", "es-tu venu", "es-tu arrivé", "tu es venu", "votre "),
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
