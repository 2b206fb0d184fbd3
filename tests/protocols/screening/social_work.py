"""The social worker's checklists, walked as a phone walks them by fictional people."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from tests.protocols.screening.inspection import asked, walked

SOCIAL_WORKER = load("social_worker-adult")
OF_CHILDREN = load("social_worker-child")
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
CHILD_AT_EASE: dict[str, Any] = {
    "near": "nobody",
    "child_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "who_cares": "parent",
    "assent": "yes",
    "age": 12,
    "seen_work": ["none"],
    "seen_child": ["none"],
    "known_family": ["none"],
    "safe_people": ["family", "something"],
    "usual_day": ["school_and_play"],
    "home": ["with_family"],
    "how_came": "always_family",
    "hurts": ["none"],
    "made_to": ["none"],
    "someone_to_talk_to": "no",
    "from_abroad": ["no"],
    "fears": ["none"],
    "wishes": ["none"],
}
"""A child who lives with family, goes to school, talks in safety and names nothing."""


def met(**said: Any) -> Interview:
    """The interview of somebody who, but for `said`, names nothing; None passes over a question."""
    answers = {**AT_EASE, **said}
    return walked(SOCIAL_WORKER, {key: each for key, each in answers.items() if each is not None})


def person(**said: Any) -> Assessment:
    """The assessment of somebody who, but for `said`, names nothing. Everything said is asked."""
    interview = met(**said)
    assert set(said) <= set(asked(interview))
    return assess(interview)


def visited(**said: Any) -> Interview:
    """The interview of a child who, but for `said`, names nothing; None passes over a question."""
    answers = {**CHILD_AT_EASE, **said}
    return walked(OF_CHILDREN, {key: each for key, each in answers.items() if each is not None})


def child(**said: Any) -> Assessment:
    """The assessment of a child who, but for `said`, names nothing. Everything said is asked."""
    interview = visited(**said)
    assert set(said) <= set(asked(interview))
    return assess(interview)
