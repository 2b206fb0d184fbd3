"""The labour inspector's checklist for children: what it asks, when it falls silent, how it
speaks."""

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
    CHILD_AT_EASE,
    INSPECTOR,
    anybody,
    asked,
    child,
    findings,
    walked,
    words_for_the_person,
)
from tests.protocols.screening.inspection import INSPECTOR_OF_CHILDREN as CHECKLIST

SEEN_BY_THE_WORKER = ("urgent_signs", "who_cares", "seen_work", "seen_child")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CHECKLIST)


@pytest.fixture(scope="module")
def of_adults() -> CheckReport:
    return check(INSPECTOR)


def spoken(said: dict[str, Any]) -> list[str]:
    """The questions that the child hears."""
    shown = walked(CHECKLIST, said).shown
    return [each.key for each in shown if each.voice is Voice.PERSON]


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions


def test_the_adult_s_path_leads_to_it(of_adults: CheckReport) -> None:
    assert [each.rule for each in of_adults.notes] == ["not_validated"]


def test_every_indicator_for_children_at_work_is_accounted_for(report: CheckReport) -> None:
    coverage = next(each for each in report.coverage if each.set == "child-labour")
    assert coverage.coverage == "full"
    assert (coverage.raised, coverage.not_observed) == (60, 5)
    assert coverage.indicators == 65


def test_it_is_shorter_than_the_adult_s(report: CheckReport, of_adults: CheckReport) -> None:
    assert report.longest <= 25 < of_adults.longest
    assert report.shortest < 15


@pytest.mark.parametrize(
    ("prefix", "values"),
    [("form", CHILDS_FORMS), ("window", WINDOWS), ("finding", SHOWN_BY_AN_ANSWER)],
)
def test_every_form_window_and_finding_can_come_up(prefix: str, values: tuple[str, ...]) -> None:
    raised = {each for question in CHECKLIST.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} <= raised


def test_it_says_that_nobody_validated_it() -> None:
    assert CHECKLIST.validation.status == "not_validated"
    assert not any(each.confirmed for each in CHECKLIST.sources)


@pytest.mark.parametrize("near", ["others", "unknown", None])
def test_a_child_who_can_be_overheard_is_asked_nothing(near: str | None) -> None:
    said = {**CHILD_AT_EASE, "near": near}
    interview = walked(CHECKLIST, {key: value for key, value in said.items() if value})
    assert asked(interview) == ("near", *SEEN_BY_THE_WORKER, "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_alone"]
    assessed = assess(interview)
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection",), "urgent")


def test_an_adult_of_the_child_s_own_choice_may_stay() -> None:
    assert "wishes" in spoken({**CHILD_AT_EASE, "near": "chosen"})


def test_a_child_who_does_not_feel_safe_is_asked_no_more() -> None:
    said = {**CHILD_AT_EASE, "child_safe": "no"}
    assert spoken(said) == ["child_safe"]
    assessed = assess(walked(CHECKLIST, said))
    assert set(findings(assessed)) == {"other_protection_need"}
    assert assessed.needs == ("child_protection",)


@pytest.mark.parametrize("safe", ["unknown", None])
def test_a_child_unsure_of_safety_is_asked_with_care(safe: str | None) -> None:
    said = {**CHILD_AT_EASE, "child_safe": safe}
    interview = walked(CHECKLIST, {key: value for key, value in said.items() if value})
    assert [each.key for each in interview.gates] == ["safety_unsure"]
    assert "wishes" in asked(interview)


def test_whoever_interprets_from_around_the_child_hears_no_question() -> None:
    said = {**CHILD_AT_EASE, "language": "unsafe_interpreter"}
    assert spoken(said) == ["child_safe"]
    assert assess(walked(CHECKLIST, said)).needs == ("child_protection", "interpretation")


@pytest.mark.parametrize("assent", ["no", "unknown", None])
def test_silence_is_no_assent_and_child_protection_still_hears(assent: str | None) -> None:
    said = {**CHILD_AT_EASE, "assent": assent}
    said = {key: value for key, value in said.items() if value}
    assert spoken(said) == ["child_safe", "assent", "thanks"]
    assessed = assess(walked(CHECKLIST, said))
    assert findings(assessed) == {"no_indicators_now": ()}
    assert assessed.needs == ("child_protection",)


@settings(max_examples=150, deadline=None)
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
        assert set(spoken(said)) <= {"child_safe"}


@pytest.mark.parametrize(
    ("who", "separated"),
    [
        ("parent", False),
        ("parent_doubt", False),
        ("employer", True),
        ("other_adult", True),
        ("nobody", True),
        ("unknown", True),
    ],
)
def test_whoever_is_with_the_child_is_not_taken_at_their_word(who: str, separated: bool) -> None:
    interview = walked(CHECKLIST, {**CHILD_AT_EASE, "who_cares": who})
    doubted = [] if who == "parent" else ["ask_authority"]
    assert [each.key for each in interview.gates] == doubted
    assessed = assess(interview)
    assert ("unaccompanied_or_separated_child" in findings(assessed)) is separated
    assert ("child_protection" in assessed.needs) is bool(doubted)


def test_who_cares_left_open_is_for_child_protection_to_find_out() -> None:
    said = {key: value for key, value in CHILD_AT_EASE.items() if key != "who_cares"}
    assert assess(walked(CHECKLIST, said)).needs == ("child_protection",)


def test_an_age_that_the_child_does_not_know_changes_nothing() -> None:
    said = {key: value for key, value in CHILD_AT_EASE.items() if key != "age"}
    assert findings(assess(walked(CHECKLIST, said))) == findings(child())
    assert CHECKLIST.by_key["age"].maximum == 17


def test_nothing_follows_the_one_question_left_to_a_specialist() -> None:
    said = {**CHILD_AT_EASE, "someone_to_talk_to": "told"}
    assert spoken(said) == spoken(CHILD_AT_EASE)
    asks = [
        question.key
        for question in CHECKLIST.questions
        if question.voice is Voice.PERSON and "touch" in question.text["en"]
    ]
    assert asks == ["someone_to_talk_to"]
    assert not any("sexual" in words for words in words_for_the_person(CHECKLIST, "en"))


def test_a_child_is_asked_for_no_words_to_write_down() -> None:
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in CHECKLIST.questions)


def test_secrecy_is_never_promised() -> None:
    for key in ("assent", "thanks"):
        question = CHECKLIST.by_key[key]
        assert "may" in question.text["en"]
        assert "devrai peut-être" in question.text["fr"] or "peut-être pas" in question.text["fr"]
        assert "فقد" in question.text["ar"]


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
