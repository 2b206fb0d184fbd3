"""The script fits the checklist as it is, and its people could be nobody."""

from mobile.commands.demonstration import cast
from mobile.commands.demonstration.canaries import distinctive
from protocols.screening.assessment import assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Kind


def played():
    """The interview as the demo's inspector taps it, and the questions that were met."""
    interview, met = Interview.start(load(cast.CHECKLIST)), []
    while (question := interview.current) is not None:
        met.append(question.key)
        if question.kind is Kind.NOTICE:
            interview = interview.next()
        elif question.key in cast.ANSWERS:
            interview = interview.answer(cast.ANSWERS[question.key])
        else:
            interview = interview.skip()
    return interview, met


def test_every_scripted_answer_is_asked_for_and_fits():
    interview, met = played()
    assert set(cast.ANSWERS) <= set(met)
    assert interview.stopped is None
    assert set(interview.answers) == set(cast.ANSWERS)


def test_the_answers_lead_to_findings_with_reasons_and_to_a_shelter():
    found = assess(played()[0])
    kinds = [each.kind for each in found.findings]
    assert "trafficking_indicated" in kinds
    assert all(each.reasons for each in found.findings)
    assert "shelter" in found.needs
    assert found.urgency == "urgent"


def test_every_word_of_the_case_can_be_searched_for():
    said = [*cast.ABOUT.values(), cast.QUESTION, cast.ANSWER, cast.FEEDBACK]
    lines = [line for each in said for line in each.splitlines()]
    assert set(distinctive(said)) == set(lines)


def test_telephone_numbers_are_in_the_country_code_that_nobody_has():
    assert cast.PHONE.startswith("+999")
    assert cast.ABOUT["notes"].count("+") == cast.ABOUT["notes"].count("+999")


def test_the_fallback_may_know_less_than_the_first():
    first, fallback = (set(each) for each in cast.SHARED)
    assert fallback < first
