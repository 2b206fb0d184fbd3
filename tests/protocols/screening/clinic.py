"""The health worker's checklists, walked as a phone walks them by fictional people."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Voice
from tests.protocols.screening.inspection import asked, walked

CLINIC = load("health_worker-adult")
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
