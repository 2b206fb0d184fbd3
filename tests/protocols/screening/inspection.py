"""The labour inspector's checklist, walked as a phone walks it by fictional people."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Kind, Purpose

INSPECTOR = load("labour_inspector-adult")
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


def screened(**said: Any) -> Interview:
    """The interview of somebody who answers what is in `said` and passes over the rest."""
    interview = Interview.start(INSPECTOR)
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
