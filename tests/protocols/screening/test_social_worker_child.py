"""The social worker's checklist for children: what it asks, when it falls silent, how it speaks."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.model import Kind, Purpose, Voice
from protocols.screening.vocabulary import SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.fictional import CHILDS_FORMS
from tests.protocols.screening.inspection import (
    anybody,
    asked,
    findings,
    walked,
    words_for_the_person,
)
from tests.protocols.screening.social_work import (
    OF_CHILDREN,
    SOCIAL_WORKER,
    child,
    met,
    visited,
)

KNOWN_TO_THE_WORKER = ("urgent_signs", "who_cares", "seen_work", "seen_child", "known_family")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(OF_CHILDREN)


def spoken(**said: Any) -> list[str]:
    """The questions that the child hears."""
    return [each.key for each in visited(**said).shown if each.voice is Voice.PERSON]


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions


def test_the_adult_s_path_leads_to_it() -> None:
    assert [each.rule for each in check(SOCIAL_WORKER).notes] == ["not_validated"]
    gates = met(age_group="child", with_guardian="parent").gates
    assert [each.checklist for each in gates] == [OF_CHILDREN.id]


def test_every_indicator_for_children_at_work_is_accounted_for(report: CheckReport) -> None:
    coverage = next(each for each in report.coverage if each.set == "child-labour")
    assert coverage.coverage == "full"
    assert (coverage.raised, coverage.not_observed, coverage.indicators) == (64, 1, 65)


def test_it_is_short(report: CheckReport) -> None:
    assert report.longest <= 27
    assert report.shortest < 15


@pytest.mark.parametrize(
    ("prefix", "values"),
    [("form", CHILDS_FORMS), ("window", WINDOWS), ("finding", SHOWN_BY_AN_ANSWER)],
)
def test_every_form_window_and_finding_can_come_up(prefix: str, values: tuple[str, ...]) -> None:
    raised = {each for question in OF_CHILDREN.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert OF_CHILDREN.validation.status == "not_validated"
    assert OF_CHILDREN.reviewers == ()
    assert not any(each.confirmed for each in OF_CHILDREN.sources)


@pytest.mark.parametrize("near", ["others", "unknown", None])
def test_a_child_whom_family_or_others_can_hear_is_asked_nothing(near: str | None) -> None:
    interview = visited(near=near)
    assert asked(interview) == ("near", *KNOWN_TO_THE_WORKER, "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_alone"]
    assessed = assess(interview)
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection",), "urgent")


def test_an_adult_of_the_child_s_own_choice_may_stay() -> None:
    assert "wishes" in spoken(near="chosen")


def test_a_child_who_does_not_feel_safe_is_asked_no_more() -> None:
    assert spoken(child_safe="no") == ["child_safe"]
    assert assess(visited(child_safe="no")).needs == ("child_protection",)


def test_a_relative_who_interprets_hears_no_question() -> None:
    assert spoken(language="unsafe_interpreter") == ["child_safe"]
    needs = assess(visited(language="unsafe_interpreter")).needs
    assert needs == ("child_protection", "interpretation")


@pytest.mark.parametrize("assent", ["no", "unknown", None])
def test_silence_is_no_assent_and_child_protection_still_hears(assent: str | None) -> None:
    assert spoken(assent=assent) == ["child_safe", "assent", "thanks"]
    assert assess(visited(assent=assent)).needs == ("child_protection",)


@settings(max_examples=100, deadline=None)
@given(anybody(OF_CHILDREN))
def test_what_is_known_counts_on_every_way_and_questions_only_after_assent(
    said: dict[str, Any],
) -> None:
    interview = walked(OF_CHILDREN, said)
    assert set(KNOWN_TO_THE_WORKER) <= set(asked(interview))
    assert asked(interview)[-1] == "before_you_leave"
    purposes = {OF_CHILDREN.sections_by_question[key].purpose for key in asked(interview)}
    assert (Purpose.QUESTIONS in purposes) == (interview.answers.get("assent") == "yes")
    if said.get("near") not in ("nobody", "chosen") or said.get("child_safe") == "no":
        heard = {each.key for each in interview.shown if each.voice is Voice.PERSON}
        assert heard <= {"child_safe"}


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("parent", "no_indicators_now"),
        ("parent_doubt", "other_protection_need"),
        ("spouse", "trafficking_indicated"),
        ("employer", "unaccompanied_or_separated_child"),
        ("other_adult", "unaccompanied_or_separated_child"),
        ("nobody", "unaccompanied_or_separated_child"),
        ("unknown", "unaccompanied_or_separated_child"),
    ],
)
def test_whoever_is_with_the_child_is_not_taken_at_their_word(who: str, found: str) -> None:
    interview = visited(who_cares=who)
    doubted = who != "parent"
    assert [each.key for each in interview.gates] == (["ask_authority"] if doubted else [])
    assessed = assess(interview)
    assert found in findings(assessed)
    assert ("child_protection" in assessed.needs) is doubted


def test_the_talk_starts_from_what_gives_the_child_strength() -> None:
    heard = spoken()
    assert heard[:4] == ["child_safe", "assent", "age", "safe_people"]
    assert heard[-2:] == ["wishes", "thanks"]


def test_a_child_at_school_and_play_is_not_asked_about_work() -> None:
    work = {"pay", "if_stop", "as_told", "pressed", "made_use_of"}
    assert not work & set(asked(visited()))
    assert {"pay", "if_stop", "made_use_of"} <= set(asked(visited(usual_day=None)))


def test_a_child_who_was_brought_is_asked_how_even_when_at_school() -> None:
    assert {"as_told", "pressed", "made_use_of"} <= set(asked(visited(how_came="known")))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("who_cares", "Do not confront the family"),
        ("known_family", "Ask neither neighbours nor family"),
        ("safe_people", "Contact none of them"),
    ],
)
def test_the_family_is_neither_told_nor_confronted(key: str, words: str) -> None:
    help_ = OF_CHILDREN.by_key[key].help
    assert help_ is not None
    assert words in help_["en"]
    assert "Confront neither" in OF_CHILDREN.by_key["before_you_leave"].text["en"]


def test_nothing_follows_the_one_question_left_to_a_specialist() -> None:
    assert spoken(someone_to_talk_to="told") == spoken()
    assert not any("sexual" in words for words in words_for_the_person(OF_CHILDREN, "en"))
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in OF_CHILDREN.questions)


def test_an_age_that_the_child_does_not_know_changes_nothing() -> None:
    assert findings(assess(visited(age=None))) == findings(child())
    assert OF_CHILDREN.by_key["age"].maximum == 17


def test_secrecy_is_never_promised() -> None:
    for key in ("assent", "thanks"):
        question = OF_CHILDREN.by_key[key]
        assert "may" in question.text["en"]
        assert "devrai peut-être" in question.text["fr"] or "peut-être pas" in question.text["fr"]
        assert "فقد" in question.text["ar"]


NOT_TO_A_CHILD = {
    "ar": ("أنتَ", "لستَ", "تريد ", "تستطيع", "توافق", "تخاف", "تحتاج", "تقول", "تحب "),
    "fr": ("vous ", "Vous ", "es-tu venu", "tu es venu", "votre "),
}


@pytest.mark.parametrize("language", NOT_TO_A_CHILD)
def test_a_girl_and_a_boy_are_spoken_to_alike_and_simply(language: str) -> None:
    for words in words_for_the_person(OF_CHILDREN, language):
        held = [each for each in NOT_TO_A_CHILD[language] if each in words]
        assert not held, f"{held} in {words}"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_what_a_child_hears_comes_in_short_sentences(language: str) -> None:
    for question in OF_CHILDREN.questions:
        if question.voice is Voice.PERSON:
            for sentence in re.split(r"[.?!؟:؛;]", question.text[language]):
                assert len(sentence.split()) <= 20, sentence
