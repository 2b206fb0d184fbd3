"""The consular staff's checklist for adults: what it asks, what it never asks, when it stops."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import assess
from protocols.screening.check import CheckReport, check
from protocols.screening.checklist_rules import texts_of
from protocols.screening.model import Kind, Voice
from protocols.screening.vocabulary import NEEDS, SHOWN_BY_AN_ANSWER, WINDOWS
from tests.protocols.screening.consulate import (
    CALLER_AT_EASE,
    CONSULATE,
    CONSULATE_FOR_CHILDREN,
    received,
)
from tests.protocols.screening.fictional import ADULT_FORMS
from tests.protocols.screening.inspection import (
    CLOSING,
    anybody,
    asked,
    findings,
    walked,
    words_for_the_person,
)

PERSECUTION = {"need:asylum", "finding:international_protection_need"}


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check(CONSULATE)


def test_it_holds(report: CheckReport) -> None:
    assert report.problems == ()
    assert report.reachable == report.questions
    assert [each.rule for each in report.notes] == ["not_validated"]


def test_every_indicator_but_a_past_at_home_is_asked_or_seen(report: CheckReport) -> None:
    coverage = next(each for each in report.coverage if each.set == "adult-labour")
    assert coverage.coverage == "full"
    assert (coverage.raised, coverage.not_observed, coverage.indicators) == (65, 2, 67)
    assert {each.partition(".")[2] for each in CONSULATE.not_observed} == {
        "difficulties_in_the_past"
    }


def test_it_is_short_enough_for_one_appointment(report: CheckReport) -> None:
    assert report.longest <= 32
    assert report.shortest < 15


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("need", NEEDS),
        ("form", ADULT_FORMS),
        ("window", WINDOWS),
        ("finding", SHOWN_BY_AN_ANSWER),
    ],
)
def test_every_help_form_window_and_finding_can_come_up_but_protection_from_the_state(
    prefix: str, values: tuple[str, ...]
) -> None:
    raised = {each for question in CONSULATE.questions for each in question.may_raise()}
    assert {f"{prefix}:{value}" for value in values} - raised <= PERSECUTION


def test_it_says_that_nobody_validated_it() -> None:
    assert CONSULATE.validation.status == "not_validated"
    assert CONSULATE.reviewers == ()
    assert not any(each.confirmed for each in CONSULATE.sources)


@pytest.mark.parametrize("checklist", [CONSULATE, CONSULATE_FOR_CHILDREN], ids=["adult", "child"])
def test_no_answer_can_show_a_state_that_its_national_fears_it(checklist: Any) -> None:
    raised = {each for question in checklist.questions for each in question.may_raise()}
    raised |= {each for combination in checklist.combinations for each in combination.raises}
    assert not raised & PERSECUTION
    assert not any("difficulties_in_the_past" in each for each in raised)
    answerable = [each for each in checklist.questions if each.kind is not Kind.NOTICE]
    words = [each.text["en"] for each in answerable]
    words += [choice.text["en"] for each in answerable for choice in each.choices]
    telling = re.compile(
        r"asylum|refugee|persecut|politic|religio|weapon|armed|own country|\bwar\b|\btribe"
    )
    assert [each for each in words if telling.search(each.lower())] == []
    assert not any(each.kind in (Kind.TEXT, Kind.DATE) for each in checklist.questions)


@settings(max_examples=100, deadline=None)
@given(anybody(CONSULATE))
def test_whatever_is_answered_the_record_speaks_of_no_fear_of_the_state(
    said: dict[str, Any],
) -> None:
    assessed = assess(walked(CONSULATE, {**CALLER_AT_EASE, **said}))
    assert "international_protection_need" not in findings(assessed)
    assert "asylum" not in assessed.needs


def test_everybody_hears_whom_else_they_can_see_before_they_agree_to_talk() -> None:
    notice = CONSULATE.by_key["others_who_help"]
    assert (notice.kind, notice.voice) == (Kind.NOTICE, Voice.PERSON)
    assert notice.show_if is None
    shown = asked(received())
    assert shown.index("others_who_help") + 1 == shown.index("consent_to_talk")
    assert "need give no reason" in notice.text["en"]
    assert "pas à donner de raison" in notice.text["fr"]
    assert "لا حاجة إلى ذكر أي سبب" in notice.text["ar"]


def test_whoever_would_rather_see_somebody_else_leaves_no_other_trace_than_a_no() -> None:
    interview = received(consent_to_talk="no")
    assert asked(interview)[-3:] == ("consent_to_talk", *CLOSING)
    assert findings(assess(interview)) == {"no_indicators_now": ()}
    assert assess(interview).needs == ()


@pytest.mark.parametrize("contact", ["overheard", "unknown", None])
def test_nothing_is_asked_at_a_window_or_where_somebody_may_listen(contact: str | None) -> None:
    interview = received(contact=contact)
    assert asked(interview) == ("contact", "before_you_leave")
    assert [each.key for each in interview.gates] == ["not_private"]


@pytest.mark.parametrize("contact", ["room", "visit"])
def test_a_closed_room_or_a_quiet_visit_opens_the_talk(contact: str) -> None:
    shown = asked(received(contact=contact))
    assert shown[:2] == ("contact", "feels_safe")
    assert shown[-2:] == CLOSING


def test_nobody_is_sought_out_by_their_state_where_they_are_sheltered_or_held() -> None:
    for checklist, key in ((CONSULATE, "contact"), (CONSULATE_FOR_CHILDREN, "near")):
        said = checklist.by_key[key].help
        assert said is not None
        assert "only if" in said["en"]
        assert "que si" in said["fr"]
        assert "إلا" in said["ar"]


@pytest.mark.parametrize("said", ["no", "unknown", None])
def test_a_telephone_that_may_be_overheard_is_hung_up_after_one_question(
    said: str | None,
) -> None:
    interview = received(contact="telephone", line_safe=said)
    assert asked(interview) == ("contact", "line_safe", "before_you_leave")
    assert [each.key for each in interview.gates] == ["line_not_safe"]


def test_a_safe_telephone_opens_the_talk() -> None:
    shown = asked(received(contact="telephone", line_safe="yes"))
    assert "feels_safe" not in shown
    assert "comes_for" in shown
    assert shown[-2:] == CLOSING


def test_nothing_is_asked_of_somebody_who_does_not_feel_safe() -> None:
    assert asked(received(feels_safe="no")) == ("contact", "feels_safe", "before_you_leave")


@pytest.mark.parametrize("said", ["unknown", None])
def test_somebody_unsure_of_their_safety_is_asked_with_care(said: str | None) -> None:
    interview = received(feels_safe=said)
    assert [each.key for each in interview.gates] == ["safety_unsure"]
    assert "wanted_help" in asked(interview)


def test_whoever_interprets_for_the_employer_hears_no_question() -> None:
    interview = received(language="unsafe_interpreter")
    assert asked(interview)[-2:] == ("language", "before_you_leave")
    assert assess(interview).needs == ("interpretation",)


@pytest.mark.parametrize("said", ["no", "unknown", None])
def test_silence_is_not_consent(said: str | None) -> None:
    interview = received(consent_to_talk=said)
    assert asked(interview)[-3:] == ("consent_to_talk", *CLOSING)
    assert [each.key for each in interview.gates] == ["no_consent"]


@pytest.mark.parametrize("age", ["child", "unknown", None])
@pytest.mark.parametrize("guardian", ["parent", "other_adult", None])
def test_a_possible_child_goes_on_with_the_child_s_list(
    age: str | None, guardian: str | None
) -> None:
    interview = received(age_group=age, with_guardian=guardian)
    assert asked(interview)[-4:] == ("age_group", "with_guardian", *CLOSING)
    assert [each.checklist for each in interview.gates] == ["consular_staff-child"]
    assessed = assess(interview)
    assert (assessed.population, assessed.urgency) == ("child", "urgent")
    assert "child_protection" in assessed.needs


ENDS = {
    "not_private": {"contact": "overheard"},
    "line_not_safe": {"contact": "telephone", "line_safe": "unknown"},
    "not_safe": {"contact": "room", "feels_safe": "no"},
    "no_consent": {"consent_to_talk": "unknown"},
    "child_path": {"age_group": "unknown"},
}


@settings(max_examples=100, deadline=None)
@given(anybody(CONSULATE), st.sampled_from(list(ENDS)))
def test_a_gate_that_ends_the_talk_leaves_only_the_close(said: dict[str, Any], gate: str) -> None:
    interview = walked(CONSULATE, {**CALLER_AT_EASE, **said, **ENDS[gate]})
    ended = next(
        place
        for place, question in enumerate(interview.shown)
        if {each.key for each in question.gates if each.effect == "end"}
        & {each.key for each in interview.gates}
    )
    assert {each.key for each in interview.shown[ended + 1 :]} <= set(CLOSING)
    assert interview.finished


@pytest.mark.parametrize(
    "said",
    [
        {"comes_for": ["papers_lost"]},
        {"comes_for": ["papers_withheld"]},
        {"seen_papers": ["passport_with_other"]},
    ],
)
def test_new_papers_are_offered_without_asking_whoever_keeps_the_old_ones(
    said: dict[str, Any],
) -> None:
    assert "new_papers" not in asked(received())
    assert "new_papers" in asked(received(**said))
    assert "without asking or telling" in CONSULATE.by_key["new_papers"].text["en"]


def test_a_return_is_spoken_of_only_with_whoever_chose_it() -> None:
    assert "good_return" not in asked(received(wanted_help=["safe_place"]))
    assert "good_return" in asked(received(wanted_help=["go_home"], good_return=["none"]))


@pytest.mark.parametrize(
    ("language", "nobody"),
    [
        ("ar", ("صاحب العمل", "الكفيل", "العائلة")),
        ("fr", ("employeur", "garant", "famille")),
        ("en", ("employer", "sponsor", "family")),
    ],
)
@pytest.mark.parametrize("question", ["consent_to_talk", "before_you_leave"])
def test_neither_employer_nor_sponsor_nor_family_is_told(
    question: str, language: str, nobody: tuple[str, ...]
) -> None:
    text = CONSULATE.by_key[question].text[language].replace("عائلتك", "العائلة")
    assert all(each in text for each in nobody)


MASCULINE = {
    "ar": ("أنتَ", "لستَ", "تريد", "تستطيع", "توافق", "تخاف", "تحتاج", "محبوس", "مراقب "),
    "fr": ("êtes-vous venu", "je suis venu", "vous a-t-on forcé", "seul ", "m'ont battu"),
}


@pytest.mark.parametrize("language", MASCULINE)
def test_a_woman_and_a_man_are_spoken_to_alike(language: str) -> None:
    for words in words_for_the_person(CONSULATE, language):
        held = [each for each in MASCULINE[language] if each in words]
        assert not held, f"{held} in {words}"


def test_no_law_is_named_by_number_and_no_telephone_number_is_given() -> None:
    for where, text in texts_of(CONSULATE):
        for words in text.values():
            assert set(re.findall(r"\d+", words)) <= {"18", "72", "120"}, where
