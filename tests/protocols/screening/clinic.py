"""The health worker's checklists, walked as a phone walks them by fictional people."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Voice
from tests.protocols.screening.inspection import asked, walked

CLINIC = load("health_worker-adult")
CLINIC_OF_CHILDREN = load("health_worker-child")
AT_EASE: dict[str, Any] = {
    "place_private": "yes",
    "feels_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "age_group": "adult",
    "consent_to_talk": "yes",
    "seen_company": ["none"],
    "seen_body": ["none"],
    "care_reached": ["yes"],
    "sexual_harm": "no",
    "found_through": "alone",
    "as_told": ["as_told"],
    "used_to_accept": ["none"],
    "rest": "regular",
    "pay": ["as_agreed"],
    "conditions": ["none"],
    "harmed_by": ["none"],
    "held_by": ["none"],
    "can_leave": "yes",
    "made_to": ["none"],
    "sexual_pressure": "no",
    "from_abroad": "no",
    "wanted_help": ["none"],
}
"""Somebody of age, seen alone during an examination, who talks in safety and names nothing."""

CHILD_AT_EASE: dict[str, Any] = {
    "near": "nobody",
    "child_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "who_cares": "parent",
    "assent": "yes",
    "age": 11,
    "seen_company": ["none"],
    "seen_body": ["none"],
    "usual_day": ["school_and_play"],
    "hurts": ["none"],
    "home": ["with_family"],
    "made_to": ["none"],
    "someone_to_talk_to": "no",
    "from_abroad": ["no"],
    "fears": ["none"],
    "wishes": ["none"],
}
"""A child with a cold, seen apart for a moment, who goes to school and names nothing."""
CHILD_AT_WORK: dict[str, Any] = {
    "usual_day": ["no_school"],
    "how_came": "sent",
    "as_told": ["as_told"],
    "pressed": ["none"],
    "pay": ["own"],
    "if_stop": ["not_said"],
    "made_use_of": ["none"],
}
"""What a child who works is asked besides."""


def examined(**said: Any) -> Interview:
    """The interview of somebody at ease but for `said`; None stands for a question passed over."""
    answers = {**AT_EASE, **said}
    return walked(CLINIC, {key: value for key, value in answers.items() if value is not None})


def patient(**said: Any) -> Assessment:
    """The assessment of somebody at ease but for `said`. Everything said is asked."""
    interview = examined(**said)
    assert set(said) <= set(asked(interview))
    return assess(interview)


def spoken(interview: Interview) -> list[str]:
    """The questions that the person hears."""
    return [each.key for each in interview.shown if each.voice is Voice.PERSON]


def examined_child(**said: Any) -> Interview:
    """The interview of a child at ease but for `said`; None stands for a question passed over."""
    answers = {**CHILD_AT_EASE, **said}
    given = {key: value for key, value in answers.items() if value is not None}
    return walked(CLINIC_OF_CHILDREN, given)


def young_patient(**said: Any) -> Assessment:
    """The assessment of a child at ease but for `said`. Everything said is asked."""
    interview = examined_child(**said)
    assert set(said) <= set(asked(interview))
    return assess(interview)
