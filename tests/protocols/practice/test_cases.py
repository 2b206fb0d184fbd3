"""Every packaged case: its file holds, and the published rules agree with its reference."""

import pytest

from protocols.practice.agreement import disagreements
from protocols.practice.case import PracticeCase
from protocols.practice.case_file import read_case
from protocols.practice.cases import available, load, raw
from protocols.practice.errors import UnknownCaseError
from protocols.practice.script import indicators_of, scripted
from protocols.screening import checklist
from protocols.screening.assessment import assess_answers
from protocols.screening.interview import Interview
from protocols.screening.model import Kind

EVERY = pytest.mark.parametrize("case_id", available())


def screened(case: PracticeCase) -> dict[str, set[str]]:
    """Finding -> its forms, from the scripted answers as a phone's file would give them."""
    answers = {key: list(v) if isinstance(v, tuple) else v for key, v in case.answers.items()}
    found = assess_answers(checklist.load(case.checklist), answers)
    return {each.kind: set(each.forms) for each in found.findings}


@EVERY
def test_the_file_holds_every_rule_of_the_format(case_id: str) -> None:
    assert read_case(raw(case_id)) == load(case_id)


@EVERY
def test_the_scripted_interview_comes_to_its_end_and_asks_everything_scripted(
    case_id: str,
) -> None:
    case = load(case_id)
    interview = Interview.start(checklist.load(case.checklist))
    while (question := interview.current) is not None:
        if question.kind is Kind.NOTICE:
            interview = interview.next()
        elif question.key in case.answers:
            interview = interview.answer(case.answers[question.key])
        else:
            interview = interview.skip()
    assert interview.answers == case.answers
    assert interview == scripted(case, interview.checklist)


@EVERY
def test_the_assessment_gives_the_findings_of_the_reference(case_id: str) -> None:
    case = load(case_id)
    assert screened(case) == {each.kind: set(each.forms) for each in case.reference.findings}


@EVERY
def test_the_answers_raise_exactly_the_indicators_of_the_reference(case_id: str) -> None:
    case = load(case_id)
    used = checklist.load(case.checklist)
    interview = scripted(case, used)
    assert set(indicators_of(used, interview.answers)) == set(case.reference.indicators)
    assert disagreements(case, used) == ()


def test_a_case_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(UnknownCaseError, match="amana practice list"):
        load("tn-labour_inspector-adult-nobody")
