"""What a learner is told: nothing when all was noticed, and every answer that was not."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.practice.cases import available, load
from protocols.practice.compare import compare
from protocols.practice.feedback import Counts, Feedback, Standing, Why
from protocols.practice.script import played, scripted, steering
from protocols.screening import checklist
from protocols.screening.interview import Interview
from protocols.screening.model import Kind

PRESS = load("tn-labour_inspector-adult-olive-press")
INSPECTOR = checklist.load(PRESS.checklist)
EVERY = pytest.mark.parametrize("case_id", available())


def told(**instead: Any) -> Feedback:
    """The olive press led as scripted but for `instead`; None passes a question over."""
    answers = {**PRESS.answers, **instead}
    answers = {key: value for key, value in answers.items() if value is not None}
    return compare(PRESS, played(INSPECTOR, answers))


def standing(feedback: Feedback, indicator: str) -> Standing:
    return next(each.standing for each in feedback.signs if each.indicator == indicator)


@EVERY
def test_led_as_scripted_nothing_is_missed_and_nothing_added(case_id: str) -> None:
    case = load(case_id)
    feedback = compare(case, scripted(case, checklist.load(case.checklist)))
    assert feedback.nothing_missed
    assert feedback.counts == Counts(
        signs=len(case.reference.indicators),
        noticed=len(case.reference.indicators),
        added=0,
        findings=len(case.reference.findings),
        found=len(case.reference.findings),
    )


@EVERY
def test_each_answer_that_is_left_out_is_told_with_the_person_s_words(case_id: str) -> None:
    case = load(case_id)
    used = checklist.load(case.checklist)
    for key in case.answers:
        left = {question: value for question, value in case.answers.items() if question != key}
        feedback = compare(case, played(used, left))
        (difference,) = [each for each in feedback.differences if each.question == key]
        assert difference.why is Why.SKIPPED
        assert difference.says == case.says.get(key)
        assert difference.fitting and not difference.chosen
        assert not feedback.nothing_missed


@EVERY
def test_whatever_one_answer_hides_names_a_question_that_was_asked(case_id: str) -> None:
    case = load(case_id)
    used = checklist.load(case.checklist)
    for question in (used.by_key[each] for each in sorted(steering(used) & case.answers.keys())):
        for choice in question.choices:
            several = question.kind is Kind.MULTIPLE
            other = {question.key: (choice.key,) if several else choice.key}
            interview = played(used, {**case.answers, **other})
            asked = {each.key for each in interview.shown}
            for each in compare(case, interview).differences:
                if each.why is Why.HIDDEN:
                    assert question.key in each.hidden_by, each.question
                assert asked.issuperset(each.hidden_by)


@EVERY
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_the_order_of_answers_does_not_matter(case_id: str, data: st.DataObject) -> None:
    case = load(case_id)
    used = checklist.load(case.checklist)
    kept = data.draw(st.lists(st.sampled_from(sorted(case.answers)), unique=True, min_size=1))
    in_order = played(used, {key: case.answers[key] for key in kept})
    anew = Interview.start(used)
    while anew.current is not None:
        anew = anew.next() if anew.current.kind is Kind.NOTICE else anew.skip()
    waiting = set(kept) & set(in_order.answers)
    while waiting:
        open_ = sorted(waiting & {each.key for each in anew.shown})
        key = data.draw(st.sampled_from(open_))
        anew = anew.put(key, case.answers[key])
        waiting.remove(key)
    while (anew := anew.to_open()).current is not None:
        anew = anew.next() if anew.current.kind is Kind.NOTICE else anew.skip()
    assert compare(case, anew) == compare(case, in_order)


def test_a_missed_sign_names_the_question_the_words_and_what_would_have_fitted() -> None:
    feedback = told(rest="long_but_free")
    missed = next(each for each in feedback.signs if each.standing is Standing.MISSED)
    assert missed.indicator == "exploitation.excessive_working_days_or_hours"
    assert missed.questions == ("rest",)
    (why,) = feedback.about(missed)
    assert (why.why, why.chosen, why.fitting) == (
        Why.OTHERWISE,
        ("long_but_free",),
        ("cannot_rest",),
    )
    assert why.says == PRESS.says["rest"]
    assert why.missed == ("exploitation.excessive_working_days_or_hours",)
    assert (feedback.counts.noticed, feedback.counts.signs) == (11, 12)


def test_a_sign_that_another_answer_shows_is_noticed_all_the_same() -> None:
    feedback = told(held_by=["debt"])
    papers = "coercion_at_destination.confiscation_of_documents"
    assert standing(feedback, papers) is Standing.AGREES
    (difference,) = feedback.differences
    assert (difference.question, difference.missed) == ("held_by", (papers,))


def test_a_sign_seen_though_it_is_not_there_is_told() -> None:
    feedback = told(harmed_by=["violence", "report"])
    beaten = "coercion_at_destination.violence_on_victim"
    assert standing(feedback, beaten) is Standing.NOT_THERE
    assert feedback.counts.added == 1
    assert beaten in feedback.differences[0].added


def test_a_question_hidden_by_an_earlier_answer_names_that_answer() -> None:
    feedback = told(as_promised="yes")
    by_question = {each.question: each for each in feedback.differences}
    assert by_question["as_promised"].why is Why.OTHERWISE
    assert by_question["what_differs"].why is Why.HIDDEN
    assert by_question["what_differs"].hidden_by == ("as_promised",)


def test_whoever_goes_on_without_privacy_ends_and_is_told_what_that_hid() -> None:
    feedback = told(feels_safe="no")
    first = feedback.differences[0]
    assert (first.question, first.safety) == ("feels_safe", True)
    later = feedback.differences[1:]
    assert later and {each.why for each in later} == {Why.HIDDEN}
    assert all("feels_safe" in each.hidden_by for each in later)
    kinds = {each.kind: each.standing for each in feedback.findings}
    assert kinds["trafficking_indicated"] is Standing.MISSED
    assert kinds["no_indicators_now"] is Standing.NOT_THERE


def test_stopping_early_is_told_as_stopping() -> None:
    interview = scripted(PRESS, INSPECTOR)
    early = Interview.start(INSPECTOR)
    while early.current is not None and early.current.key != "rest":
        early = early.answer(PRESS.answers[early.current.key])
    feedback = compare(PRESS, early.stop("interrupted"))
    assert feedback.stopped == "interrupted"
    whys = {each.question: each.why for each in feedback.differences}
    assert whys["rest"] is Why.STOPPED and "pay" in whys
    still_open = {each.question: each.why for each in compare(PRESS, early).differences}
    assert still_open["rest"] is Why.NOT_REACHED
    assert compare(PRESS, interview).stopped is None


def test_an_answer_chosen_where_the_person_gave_none_is_told() -> None:
    silent = evolve(
        PRESS, answers={key: v for key, v in PRESS.answers.items() if key != "recruiter_words"}
    )
    feedback = compare(silent, scripted(PRESS, INSPECTOR))
    (difference,) = feedback.differences
    assert (difference.question, difference.why) == ("recruiter_words", Why.NOT_SAID)
    assert difference.chosen == ("none",)


def test_forms_that_were_missed_are_told_with_their_finding() -> None:
    more = evolve(
        PRESS.reference,
        findings=tuple(
            evolve(each, forms=(*each.forms, "domestic_servitude"))
            for each in PRESS.reference.findings
        ),
    )
    feedback = compare(evolve(PRESS, reference=more), scripted(PRESS, INSPECTOR))
    first = feedback.findings[0]
    assert (first.standing, first.forms) == (Standing.AGREES, ("labour",))
    assert first.missed_forms == ("domestic_servitude",)
    assert not first.whole and not feedback.nothing_missed
