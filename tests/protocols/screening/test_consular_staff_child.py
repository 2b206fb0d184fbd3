"""The consular staff's checklist for children: what it asks, when it falls silent, what it finds.
All the children are fictional."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.checklist_rules import texts_of
from protocols.screening.model import Purpose, Voice
from protocols.screening.vocabulary import SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.consulate import CHILD_AT_EASE, child_received, young_caller
from tests.protocols.screening.consulate import CONSULATE_FOR_CHILDREN as CHECKLIST
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

LABOUR = "child-labour"
SEEN_BY_THE_WORKER = ("urgent_signs", "who_cares", "seen_papers", "seen_child")


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CHECKLIST)


def spoken(**said: Any) -> list[str]:
    """The questions that the child hears."""
    return [each.key for each in child_received(**said).shown if each.voice is Voice.PERSON]


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions
    assert report.longest <= 25
    assert report.shortest < 15


def test_every_indicator_for_children_at_work_is_accounted_for(report: CheckReport) -> None:
    coverage = next(each for each in report.coverage if each.set == LABOUR)
    assert (coverage.coverage, coverage.indicators) == ("full", 65)
    assert (coverage.raised, coverage.not_observed) == (60, 5)


@pytest.mark.parametrize(
    ("prefix", "values"),
    [("form", ADULT_FORMS), ("window", WINDOWS), ("finding", SHOWN_BY_AN_ANSWER)],
)
def test_every_form_window_and_finding_can_come_up_but_fear_of_the_state(
    prefix: str, values: tuple[str, ...]
) -> None:
    raised = {each for question in CHECKLIST.questions for each in question.may_raise()}
    missing = {f"{prefix}:{value}" for value in values} - raised
    assert missing <= {"finding:international_protection_need"}


def test_it_says_that_nobody_validated_it() -> None:
    assert CHECKLIST.validation.status == "not_validated"
    assert not any(each.confirmed for each in CHECKLIST.sources)


@pytest.mark.parametrize("near", ["others", "telephone", "unknown", None])
def test_a_child_who_can_be_overheard_or_telephones_is_asked_nothing(near: str | None) -> None:
    interview = child_received(near=near)
    assert asked(interview) == ("near", *SEEN_BY_THE_WORKER, "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_alone"]
    assessed = assess(interview)
    assert findings(assessed) == {"other_protection_need": ()}
    assert (assessed.needs, assessed.urgency) == (("child_protection",), "urgent")


def test_a_child_who_does_not_feel_safe_is_asked_no_more() -> None:
    assert spoken(child_safe="no") == ["child_safe"]
    assert assess(child_received(child_safe="no")).needs == ("child_protection",)


def test_whoever_interprets_from_around_the_child_hears_no_question() -> None:
    assert spoken(language="unsafe_interpreter") == ["child_safe"]


@pytest.mark.parametrize("assent", ["no", "unknown", None])
def test_silence_is_no_assent_and_child_protection_still_hears(assent: str | None) -> None:
    assert spoken(assent=assent) == ["child_safe", "assent", "thanks"]
    assessed = assess(child_received(assent=assent))
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
    assessed = assess(interview)
    assert assessed.population == "child"
    assert "international_protection_need" not in findings(assessed)
    assert "asylum" not in assessed.needs
    if set(findings(assessed)) != {"no_indicators_now"}:
        assert "child_protection" in assessed.needs


@pytest.mark.parametrize(
    ("who", "separated"),
    [("parent", False), ("parent_doubt", False), ("employer", True), ("unknown", True)],
)
def test_whoever_asks_for_the_child_s_papers_is_not_taken_at_their_word(
    who: str, separated: bool
) -> None:
    assessed = assess(child_received(who_cares=who))
    assert ("unaccompanied_or_separated_child" in findings(assessed)) is separated
    assert ("child_protection" in assessed.needs) is (who != "parent")


def test_a_child_is_told_that_help_may_come_from_somewhere_else() -> None:
    for key in ("assent", "thanks"):
        assert "state" in CHECKLIST.by_key[key].text["en"]
        assert "État" in CHECKLIST.by_key[key].text["fr"]
        assert "دولة" in CHECKLIST.by_key[key].text["ar"]


def test_secrecy_is_never_promised() -> None:
    for key in ("assent", "thanks"):
        assert "may" in CHECKLIST.by_key[key].text["en"]
        assert "peut-être" in CHECKLIST.by_key[key].text["fr"]
        assert "فقد" in CHECKLIST.by_key[key].text["ar"]


def test_nothing_follows_the_one_question_left_to_a_specialist() -> None:
    assert spoken(someone_to_talk_to="told") == spoken()
    assert not any("sexual" in words for words in words_for_the_person(CHECKLIST, "en"))


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


def test_no_law_is_named_by_number_and_no_telephone_number_is_given() -> None:
    for where, text in texts_of(CHECKLIST):
        for words in text.values():
            assert set(re.findall(r"\d+", words)) <= {"18", "72", "120"}, where


def test_a_child_who_comes_with_a_parent_for_a_passport() -> None:
    assessed = young_caller(wishes=["papers"])
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {"no_indicators_now": ()}
    assert (assessed.needs, assessed.urgency) == (("consular_help",), "routine")


def test_a_girl_who_serves_in_her_sponsor_s_house_abroad() -> None:
    assessed = young_caller(
        age=15,
        who_cares="employer",
        seen_papers=["changed", "work_papers"],
        seen_child=["papers_with_other"],
        how_came="stranger",
        as_told=["school"],
        pressed=["not_said"],
        usual_day=["no_school", "no_rest"],
        pay=["to_another"],
        home=["workplace", "no_contact"],
        if_stop=["locked"],
        made_use_of=["no_papers"],
        made_to=["household"],
        came_with=["without_family"],
        wishes=["own_country"],
    )
    assert positive(assessed, LABOUR) == {"exploitation", "coercion_at_destination"}
    assert findings(assessed) == {
        "trafficking_indicated": ("labour", "domestic_servitude"),
        "forced_labour_indicated": ("labour",),
        "unaccompanied_or_separated_child": (),
    }
    assert not assessed.findings[0].unconfirmed
    assert assessed.needs == ("child_protection", "family_tracing", "voluntary_return")
    assert assessed.urgency == "urgent"


def test_a_passport_asked_for_to_marry_a_girl_needs_no_word_from_her() -> None:
    interview = child_received(
        near="others",
        urgent_signs=["taken_soon"],
        who_cares="parent_doubt",
        seen_papers=["marriage_papers"],
    )
    assessed = assess(interview)
    assert findings(assessed) == {
        "emergency": (),
        "trafficking_indicated": ("forced_marriage",),
        "other_protection_need": (),
    }
    assert assessed.needs == ("safety_protection", "child_protection")
    assert assessed.urgency == "immediate"


def test_an_adult_who_wants_papers_for_several_children_is_a_matter_for_child_protection() -> None:
    assessed = young_caller(who_cares="other_adult", seen_papers=["no_proof", "several_children"])
    assert findings(assessed) == {
        "unaccompanied_or_separated_child": (),
        "other_protection_need": (),
    }
    assert assessed.needs == ("child_protection", "family_tracing")


def test_a_boy_alone_on_the_way_is_not_asked_why_he_left() -> None:
    assessed = young_caller(
        age=16,
        who_cares="nobody",
        home=["outside", "lost_family"],
        came_with=["without_family", "harmed_on_the_way"],
        fears=["police"],
        wishes=["stay"],
    )
    assert indicators(assessed, LABOUR) == set()
    assert findings(assessed) == {
        "unaccompanied_or_separated_child": (),
        "smuggling_aggravated": (),
        "other_protection_need": (),
    }
    assert "asylum" not in assessed.needs
    assert {"child_protection", "shelter", "legal_aid"} <= set(assessed.needs)


def test_what_a_child_tells_unasked_opens_care_within_both_windows() -> None:
    assessed = young_caller(someone_to_talk_to="told_for_gain")
    assert findings(assessed) == {"emergency": (), "trafficking_indicated": ("sexual",)}
    assert assessed.needs == ("clinical_care_sexual_violence", "psychosocial", "child_protection")
    assert (assessed.windows, assessed.urgency) == (BOTH_WINDOWS, "immediate")


def test_every_answer_of_the_child_at_ease_is_asked_for() -> None:
    assert set(CHILD_AT_EASE) <= set(asked(child_received()))
