"""The labour inspector's checklists, walked as a phone walks them by fictional people."""

from typing import Any

from hypothesis import strategies as st

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist, Kind, Purpose, Voice

INSPECTOR = load("labour_inspector-adult")
INSPECTOR_OF_CHILDREN = load("labour_inspector-child")
BOTH_WINDOWS = ("within_72_hours", "within_120_hours")
CLOSING = tuple(
    question.key
    for section in INSPECTOR.sections
    if section.purpose is Purpose.CLOSING
    for question in section.questions
)
AT_EASE: dict[str, Any] = {
    "place_private": "yes",
    "feels_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "consent_to_talk": "yes",
    "age_group": "adult",
    "seen_place": ["none"],
    "seen_person": ["none"],
    "seen_records": ["none"],
    "found_through": "alone",
    "as_promised": "yes",
    "used_to_accept": ["none"],
    "rest": "regular",
    "pay": ["as_agreed"],
    "conditions": ["none"],
    "held_by": ["none"],
    "harmed_by": ["none"],
    "can_leave": "yes",
    "made_to": ["none"],
    "sexual_pressure": "no",
    "from_abroad": "no",
    "wanted_help": ["none"],
}
"""Somebody of age who talks in safety and names nothing."""
CHILD_AT_EASE: dict[str, Any] = {
    "near": "nobody",
    "child_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "who_cares": "parent",
    "assent": "yes",
    "age": 13,
    "seen_work": ["none"],
    "seen_child": ["none"],
    "how_came": "family_work",
    "usual_day": ["school_and_play"],
    "pay": ["own"],
    "hurts": ["none"],
    "home": ["with_family"],
    "if_stop": ["could_stop"],
    "made_to": ["none"],
    "someone_to_talk_to": "no",
    "from_abroad": ["no"],
    "fears": ["none"],
    "wishes": ["none"],
}
"""A child who helps on the family's farm after school, talks in safety and names nothing."""


def screened(**said: Any) -> Interview:
    """The interview of somebody who answers what is in `said` and passes over the rest."""
    return walked(INSPECTOR, said)


def walked(checklist: Checklist, said: dict[str, Any]) -> Interview:
    interview = Interview.start(checklist)
    while interview.current is not None:
        question = interview.current
        if question.kind is Kind.NOTICE:
            interview = interview.next()
        elif question.key in said:
            interview = interview.answer(said[question.key])
        else:
            interview = interview.skip()
    return interview


def asked(interview: Interview) -> tuple[str, ...]:
    return tuple(each.key for each in interview.shown)


def person(**said: Any) -> Assessment:
    """The assessment of somebody who, but for `said`, names nothing. Everything said is asked."""
    interview = screened(**{**AT_EASE, **said})
    assert set(said) <= set(asked(interview))
    return assess(interview)


def child(**said: Any) -> Assessment:
    """The assessment of a child who, but for `said`, names nothing. Everything said is asked."""
    interview = walked(INSPECTOR_OF_CHILDREN, {**CHILD_AT_EASE, **said})
    assert set(said) <= set(asked(interview))
    return assess(interview)


def indicators(assessed: Assessment, name: str = "adult-labour") -> set[str]:
    """ "dimension.key" of a set's indicators that were raised."""
    found = next(each for each in assessed.sets if each.set == name)
    return {f"{part.name}.{each.key}" for part in found.dimensions for each in part.indicators}


def positive(assessed: Assessment, name: str = "adult-labour") -> set[str]:
    found = next(each for each in assessed.sets if each.set == name)
    return {dimension for dimension, there in found.positive.items() if there}


def findings(assessed: Assessment) -> dict[str, tuple[str, ...]]:
    """Finding -> forms of exploitation."""
    return {each.kind: each.forms for each in assessed.findings}


def some_answer(checklist: Checklist, key: str) -> st.SearchStrategy[Any]:
    question = checklist.by_key[key]
    keys = [each.key for each in question.choices]
    if question.kind is Kind.NUMBER:
        return st.integers(question.minimum, question.maximum)
    if question.kind is not Kind.MULTIPLE:
        return st.sampled_from(keys)
    alone = [[each.key] for each in question.choices if each.exclusive]
    joint = [each.key for each in question.choices if not each.exclusive]
    several = st.lists(st.sampled_from(joint), min_size=1, unique=True)
    return st.one_of(st.sampled_from(alone), several) if alone else several


def anybody(checklist: Checklist = INSPECTOR) -> st.SearchStrategy[dict[str, Any]]:
    """Answers of anybody, to any of the questions."""
    keys = [each.key for each in checklist.questions if each.kind is not Kind.NOTICE]
    return st.fixed_dictionaries({}, optional={key: some_answer(checklist, key) for key in keys})


def words_for_the_person(checklist: Checklist, language: str) -> list[str]:
    """Everything that is said to the person or stands for what they say."""
    found = []
    for question in checklist.questions:
        if question.voice is Voice.PERSON:
            found += [question.text[language], *(each.text[language] for each in question.choices)]
    return found
