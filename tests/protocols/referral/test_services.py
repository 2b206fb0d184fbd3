"""Needs become services, urgent first; medicine's windows and the time to answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import MalformedError
from protocols.referral.services import (
    MEDICAL_WINDOWS,
    URGENT_FIRST,
    Service,
    UnknownServiceError,
    Urgency,
    respond_within,
    services_for,
    windows_left,
)
from protocols.referral.steps import RESPOND_WITHIN
from protocols.screening.vocabulary import NEEDS, WINDOWS

T0 = datetime(2026, 11, 24, tzinfo=UTC)
CARE = Service.CLINICAL_CARE_SEXUAL_VIOLENCE


def test_every_service_has_its_place_once() -> None:
    assert sorted(URGENT_FIRST) == sorted(Service)


def test_screening_and_referral_speak_of_the_same_needs_and_windows() -> None:
    assert set(NEEDS) == {each.value for each in Service}
    known = {window.code for windows in MEDICAL_WINDOWS.values() for window in windows}
    assert known == set(WINDOWS)


def test_needs_become_services_urgent_first_without_doubles() -> None:
    needs = ("livelihood", "shelter", "emergency_medical", "shelter", "child_protection")
    assert services_for(needs) == (
        Service.EMERGENCY_MEDICAL,
        Service.CHILD_PROTECTION,
        Service.SHELTER,
        Service.LIVELIHOOD,
    )
    assert services_for(()) == ()


def test_a_need_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownServiceError, match="teleportation"):
        services_for(("shelter", "teleportation"))


def test_medical_windows_close_in_order_and_state_their_source() -> None:
    assert [window.hours for window in MEDICAL_WINDOWS[CARE]] == [72, 120]
    assert all(window.source for windows in MEDICAL_WINDOWS.values() for window in windows)
    for hours, left in ((0, 2), (71.9, 2), (72, 1), (119.9, 1), (120, 0)):
        now = T0 + timedelta(hours=hours)
        assert len(windows_left(CARE, T0, now)) == left
    assert windows_left(Service.SHELTER, T0, T0) == ()


def test_a_window_of_a_time_without_zone_is_refused() -> None:
    with pytest.raises(MalformedError):
        MEDICAL_WINDOWS[CARE][0].closes(datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("urgency", "services", "minutes"),
    [
        (Urgency.IMMEDIATE, ("livelihood",), 60),
        ("routine", ("emergency_medical", "shelter"), 60),
        (Urgency.ROUTINE, (CARE,), 60),
        (Urgency.URGENT, ("shelter",), 240),
        (Urgency.ROUTINE, ("child_protection", "livelihood"), 240),
        (Urgency.ROUTINE, ("shelter",), 1440),
        (Urgency.ROUTINE, ("shelter", "livelihood"), 1440),
        (Urgency.ROUTINE, ("livelihood", "voluntary_return"), 4320),
        (Urgency.ROUTINE, (), 1440),
    ],
)
def test_time_to_answer(urgency: str, services: tuple[str, ...], minutes: int) -> None:
    assert respond_within(urgency, services) == minutes


def test_an_unknown_urgency_is_refused() -> None:
    with pytest.raises(UnknownServiceError, match="soonish"):
        respond_within("soonish", ("shelter",))


@given(st.sets(st.sampled_from(Service)), st.sampled_from(Service))
def test_more_urgency_or_more_need_never_gives_more_time(
    services: set[Service], more: Service
) -> None:
    """Adding a service may only shorten; the empty list stands for the ordinary day."""
    times = [respond_within(urgency, services) for urgency in Urgency]
    assert times == sorted(times)
    assert set(times) <= set(RESPOND_WITHIN)
    if services:
        assert respond_within("routine", {*services, more}) <= times[-1]
