"""The consular staff's checklists, walked by fictional people who come to a consulate."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist
from tests.protocols.screening.inspection import asked, walked

CONSULATE = load("consular_staff-adult")
CONSULATE_FOR_CHILDREN = load("consular_staff-child")
CALLER_AT_EASE: dict[str, Any] = {
    "contact": "room",
    "feels_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "consent_to_talk": "yes",
    "age_group": "adult",
    "seen_person": ["none"],
    "seen_papers": ["none"],
    "comes_for": ["other"],
    "found_through": "alone",
    "as_promised": "yes",
    "used_to_accept": ["none"],
    "journey_hold": ["none"],
    "rest": "regular",
    "pay": ["as_agreed"],
    "conditions": ["none"],
    "held_by": ["none"],
    "harmed_by": ["none"],
    "can_leave": "yes",
    "made_to": ["none"],
    "sexual_pressure": "no",
    "wanted_help": ["none"],
    "safe_contact": "comes_back",
}
"""Somebody of age who talks in safety in a closed room and names nothing."""
CHILD_AT_EASE: dict[str, Any] = {
    "near": "nobody",
    "child_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "who_cares": "parent",
    "assent": "yes",
    "age": 13,
    "seen_papers": ["none"],
    "seen_child": ["none"],
    "how_came": "no_work",
    "usual_day": ["school_and_play"],
    "hurts": ["none"],
    "home": ["with_family"],
    "if_stop": ["could_stop"],
    "made_to": ["none"],
    "someone_to_talk_to": "no",
    "came_with": ["with_family"],
    "fears": ["none"],
    "wishes": ["none"],
}
"""A child who goes to school, lives with family, talks in safety and names nothing."""


def received(**said: Any) -> Interview:
    """The interview of an adult who, but for `said`, names nothing; None leaves an answer out."""
    return _walked(CONSULATE, CALLER_AT_EASE, said)


def child_received(**said: Any) -> Interview:
    """The interview of a child who, but for `said`, names nothing; None leaves an answer out."""
    return _walked(CONSULATE_FOR_CHILDREN, CHILD_AT_EASE, said)


def caller(**said: Any) -> Assessment:
    """The assessment of an adult who, but for `said`, names nothing. Everything said is asked."""
    return _assessed(received(**said), said)


def young_caller(**said: Any) -> Assessment:
    """The assessment of a child who, but for `said`, names nothing. Everything said is asked."""
    return _assessed(child_received(**said), said)


def _walked(checklist: Checklist, at_ease: dict[str, Any], said: dict[str, Any]) -> Interview:
    answers = {**at_ease, **said}
    return walked(checklist, {key: value for key, value in answers.items() if value is not None})


def _assessed(interview: Interview, said: dict[str, Any]) -> Assessment:
    assert set(said) <= set(asked(interview))
    return assess(interview)
