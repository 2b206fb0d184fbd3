"""The first screen, touched: which secret protects, a short PIN only by who was told, then joining
or practising first."""

import pytest

from mobile.vault.keys import TEST_PARAMETERS, Measured, Protection
from tests.mobile.screens.test_reach import check

PIN, PHRASE = "482913", "olive tree at noon"


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    """A device on which measuring takes no time."""
    measured = Measured(TEST_PARAMETERS, 0.8)
    monkeypatch.setattr("mobile.flows.unlock.measure_parameters", lambda: measured)


@pytest.fixture
def hand(request, drive, town):
    language, scale = request.param
    return drive(town.phone("fresh"), language, scale=scale)


LOOKS = pytest.mark.parametrize(
    "hand", [("ar", 1.0), ("fr", 1.0), ("ar", 2.0), ("en", 1.0)], indirect=True
)


def choose(hand, pin):
    hand.write(hand.view.pin_label, pin)
    hand.write(hand.view.repeat_label, pin)
    hand.touch("Action", hand.view.button)


@LOOKS
def test_a_short_pin_is_taken_by_who_was_told_what_it_means(hand):
    assert hand.view.title == hand.app.words("Choose a passphrase")
    choose(hand, PIN)
    assert hand.said(hand.view.warning)
    assert not hand.app.phone.exists
    check(hand)
    hand.touch("Action", hand.view.anyway_button)
    assert hand.app.phone.protection is Protection.PIN_ALONE
    assert hand.screen == "EnrolScreen"


@LOOKS
def test_a_passphrase_is_taken_at_once_and_one_can_practise_before_joining(hand):
    choose(hand, PHRASE)
    assert hand.screen == "EnrolScreen"
    check(hand)
    hand.touch("Action", hand.view.later_button)
    assert hand.screen == "HomeScreen"
    assert [each.key for each in hand.view.actions] == ["enrol", "practice", "info", "settings"]
    check(hand)
    hand.touch("Action", hand.view.actions[0].label)
    assert hand.screen == "EnrolScreen"
