"""The border officer's checklists, walked as a phone walks them by fictional travellers."""

from typing import Any

from protocols.screening.assessment import Assessment, assess
from protocols.screening.checklist import load
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist, Voice
from tests.protocols.screening.inspection import asked, walked

OF_ADULTS = load("border_officer-adult")
OF_CHILDREN = load("border_officer-child")
TRAVELLER: dict[str, Any] = {
    "age_group": "adult",
    "near": "nobody",
    "feels_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "consent_to_talk": "yes",
    "seen_group": ["none"],
    "seen_person": ["none"],
    "fear_of_return": "no",
    "travel": "by_oneself",
    "awaits": ["none"],
    "worked": ["no"],
    "sexual_pressure": "no",
    "wanted_help": ["none"],
}
"""Somebody of age who arranged the journey, talks in safety and names nothing."""
YOUNG_TRAVELLER: dict[str, Any] = {
    "near": "nobody",
    "child_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "who_cares": "parent",
    "assent": "yes",
    "age": 12,
    "seen_group": ["none"],
    "seen_child": ["none"],
    "fears": ["none"],
    "how_came": "with_family",
    "way_harm": ["none"],
    "worked": ["no"],
    "made_to": ["none"],
    "someone_to_talk_to": "no",
    "wishes": ["none"],
}
"""A child who travels with a parent, talks in safety and names nothing."""
ON_THE_WAY: dict[str, Any] = {
    "crossing_harm": ["none"],
    "promises": ["as_told"],
    "pressed": ["none"],
    "made_use_of": ["none"],
}
"""What somebody whom others bring is asked besides; nothing is named."""


def interview(checklist: Checklist, at_ease: dict[str, Any], **said: Any) -> Interview:
    """The interview of somebody who, but for `said`, is at ease. None: passed over."""
    answers = {**at_ease, **said}
    return walked(checklist, {key: value for key, value in answers.items() if value is not None})


def traveller(**said: Any) -> Assessment:
    """The assessment of an adult who, but for `said`, names nothing. Everything said is asked."""
    return _assessed(interview(OF_ADULTS, TRAVELLER, **said), said)


def young_traveller(**said: Any) -> Assessment:
    """The assessment of a child who, but for `said`, names nothing. Everything said is asked."""
    return _assessed(interview(OF_CHILDREN, YOUNG_TRAVELLER, **said), said)


def spoken(given: Interview) -> list[str]:
    """The questions that the traveller hears."""
    return [each.key for each in given.shown if each.voice is Voice.PERSON]


def _assessed(given: Interview, said: dict[str, Any]) -> Assessment:
    assert set(said) <= set(asked(given))
    return assess(given)
