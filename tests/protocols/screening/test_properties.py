"""What must hold of every checklist of this installation, whatever is answered."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import Assessment, assess, assess_answers
from protocols.screening.checklist import available, load
from protocols.screening.conditions import questions_of
from protocols.screening.findings import EXPLAINS_SIGNS
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist, Kind, Purpose
from protocols.screening.open_questions import is_missing
from protocols.screening.raised import raised_by_answers
from tests.protocols.screening.fictional import answers_to, fitting, talks, walked

TEN = available()
EVERY = pytest.mark.parametrize("name", TEN)
FEW = settings(max_examples=12, deadline=None)
STRONGEST = ("trafficking_indicated", "forced_labour_indicated")


def found(assessed: Assessment) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.kind, each.forms) for each in assessed.findings}


def named(assessed: Assessment, rule: str) -> set[str]:
    """What reasons of that rule name."""
    return {
        name
        for finding in assessed.findings
        for reason in finding.reasons
        if reason.rule == rule
        for name in reason.names
    }


def nothing_lost(before: Assessment, after: Assessment) -> None:
    """Nothing positive turned negative, no finding of exploitation and no sign went."""
    for one, other in zip(before.sets, after.sets, strict=True):
        assert all(other.positive[each] for each, yes in one.positive.items() if yes)
    for kind in STRONGEST:
        forms = {form for each in before.findings if each.kind == kind for form in each.forms}
        assert forms <= {
            form for each in after.findings if each.kind == kind for form in each.forms
        }
    if named(before, "unodc_signs"):
        assert named(before, "unodc_signs") <= named(after, "unodc_signs")
    assert found(after) != {("no_indicators_now", ())} or found(before) == found(after)


def steering(checklist: Checklist) -> set[str]:
    """The questions that some condition looks at."""
    conditions = [each.show_if for each in checklist.sections]
    conditions += [each.show_if for each in checklist.questions]
    conditions += [each.when for each in checklist.gates]
    conditions += [each.when for each in checklist.combinations]
    return set().union(*map(questions_of, conditions))


def test_there_are_ten() -> None:
    assert len(TEN) == 10


@EVERY
@given(data=st.data())
@FEW
def test_choosing_more_takes_no_sign_and_no_finding_of_exploitation_away(
    name: str, data: st.DataObject
) -> None:
    checklist = load(name)
    answers = data.draw(talks(checklist)).answers
    free = [
        each
        for each in checklist.questions
        if each.kind is Kind.MULTIPLE
        and each.key in answers
        and each.key not in steering(checklist)
        and not any(each.choice(key).exclusive for key in answers[each.key])  # type: ignore
    ]
    if not free:
        return
    question = data.draw(st.sampled_from(free))
    more = data.draw(st.sampled_from([each.key for each in question.choices if not each.exclusive]))
    chosen = list(dict.fromkeys((*answers[question.key], more)))  # type: ignore
    nothing_lost(
        assess_answers(checklist, answers),
        assess_answers(checklist, {**answers, question.key: chosen}),
    )


@EVERY
@given(data=st.data())
@FEW
def test_the_order_of_answers_never_matters(name: str, data: st.DataObject) -> None:
    checklist = load(name)
    answers = data.draw(answers_to(checklist))
    order = data.draw(st.permutations(list(answers)))
    one, other = (
        assess_answers(checklist, {key: answers[key] for key in keys}) for keys in (answers, order)
    )
    assert one == other


@EVERY
@given(data=st.data())
@FEW
def test_back_and_forward_return_to_the_same_state_and_every_interview_ends(
    name: str, data: st.DataObject
) -> None:
    checklist = load(name)
    answers = data.draw(answers_to(checklist))
    interview = Interview.start(checklist)
    for _ in range(len(checklist.questions) + 1):
        asked = interview.current
        if asked is None:
            break
        if asked.kind is Kind.NOTICE:
            after = interview.next()
        elif asked.key in answers:
            after = interview.answer(answers[asked.key])
        else:
            after = interview.skip()
        if after.current is not None:
            assert after.back().forward() == after
            assert after.back().given == after.given
        interview = after
    assert interview.finished
    last = interview.shown[-1]
    assert checklist.sections_by_question[last.key].purpose is Purpose.CLOSING
    assert assess(interview).findings


@EVERY
@given(data=st.data())
@FEW
def test_a_hidden_answer_never_counts(name: str, data: st.DataObject) -> None:
    checklist = load(name)
    answers = data.draw(answers_to(checklist))
    interview = walked(checklist, answers)
    hidden = {key: value for key, value in answers.items() if key not in interview.answers}
    with_hidden = assess_answers(checklist, {**interview.answers, **hidden}, interview.skipped)
    without = assess_answers(checklist, interview.answers, interview.skipped)
    assert with_hidden.findings == without.findings
    refs = {
        ref.question
        for each in with_hidden.findings
        for reason in each.reasons
        for ref in reason.answers
    }
    assert not refs & set(hidden)


@EVERY
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_question_named_for_no_finding_changes_none(name: str, data: st.DataObject) -> None:
    """Within the limits that `open_questions` states: the answer hides and ends nothing."""
    checklist = load(name)
    interview = data.draw(talks(checklist))
    before = assess(interview)
    open_ = [
        each
        for each in interview.shown
        if each.kind is not Kind.NOTICE
        and checklist.sections_by_question[each.key].purpose is not Purpose.CLOSING
        and is_missing(interview.answers.get(each.key))
    ]
    if not open_:
        return
    question = data.draw(st.sampled_from(open_))
    after_all = interview.put(question.key, data.draw(fitting(question)))
    kept = {key for key in interview.answers if key != question.key}
    if set(after_all.answers) != {*kept, question.key}:
        return
    after = found(assess(after_all))
    for each in before.findings:
        if question.key not in each.would_change:
            assert (each.kind, each.forms) in after


def plainly(value: Any) -> list[str]:
    return list(value) if isinstance(value, tuple) else [str(value)]


@EVERY
@given(data=st.data())
@FEW
def test_every_reason_gives_its_rule_its_source_and_answers_that_were_given(
    name: str, data: st.DataObject
) -> None:
    checklist = load(name)
    interview = data.draw(talks(checklist))
    for finding in assess(interview).findings:
        assert set(finding.ic_tip) == set(finding.forms)
        rules = {each.rule for each in finding.reasons}
        shows_nothing = rules <= {"no_rule_met", "shown_by_a_missing_answer"}
        assert shows_nothing or any(each.answers for each in finding.reasons)
        for reason in finding.reasons:
            assert reason.source
            assert all("{" not in words for words in reason.text.values())
            for ref in reason.answers:
                assert ref.value in plainly(interview.answers[ref.question])


@EVERY
@given(data=st.data())
@FEW
def test_where_exploitation_is_found_every_indicator_is_behind_some_reason(
    name: str, data: st.DataObject
) -> None:
    checklist = load(name)
    interview = data.draw(talks(checklist))
    assessed = assess(interview)
    if not {each.kind for each in assessed.findings} & set(EXPLAINS_SIGNS):
        return
    raised = raised_by_answers(checklist, interview.answers).indicators
    reasons = [reason for each in assessed.findings for reason in each.reasons]
    for indicator, refs in raised.items():
        behind = [each for each in reasons if indicator in each.indicators]
        assert any(set(refs) <= set(each.answers) for each in behind)
