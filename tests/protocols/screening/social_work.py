"""The social worker's checklists, walked as a phone walks them by fictional people."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from tests.protocols.screening.inspection import asked, walked

SOCIAL_WORKER = load("social_worker-adult")
AT_EASE: dict[str, Any] = {
    "place_private": "yes",
    "feels_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "consent_to_talk": "yes",
    "age_group": "adult",
    "seen_place": ["none"],
    "seen_person": ["none"],
    "support": ["somebody_near", "own_strength"],
    "found_through": "alone",
    "as_promised": "yes",
    "used_to_accept": ["none"],
    "days": ["own_home"],
    "held_by": ["none"],
    "harmed_by": ["none"],
    "can_leave": "yes",
    "made_to": ["none"],
    "sexual_pressure": "no",
    "from_abroad": "no",
    "children": ["well"],
    "wanted_help": ["none"],
}
"""Somebody of age with a home and children who talks in safety and names nothing."""
AT_WORK: dict[str, Any] = {"rest": "regular", "pay": ["as_agreed"], "conditions": ["none"]}


def met(**said: Any) -> Interview:
    """The interview of somebody who, but for `said`, names nothing; None passes over a question."""
    answers = {**AT_EASE, **said}
    return walked(SOCIAL_WORKER, {key: each for key, each in answers.items() if each is not None})


def person(**said: Any) -> Assessment:
    """The assessment of somebody who, but for `said`, names nothing. Everything said is asked."""
    interview = met(**said)
    assert set(said) <= set(asked(interview))
    return assess(interview)
