"""Every screen in every language: what can be touched is a finger high and in sight."""

import pytest

from mobile.locale import words
from tests.mobile.flows.walks import agree, choose, screen, send
from tests.mobile.town import sync_all
from tests.mobile.window import idle

SENDING = ("findings", "person", "providers", "consent", "review")
TARGETS = (
    "Action",
    "IconAction",
    "Choice",
    "FoldHead",
    "HoldAction",
    "ProviderCard",
    "Item",
    "Entry",
)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_targets_are_a_finger_high_and_within_the_window(drive, worker, language, scale):
    say = words(language)
    screening = screen(worker, say)
    choose(worker, say, screening)
    agree(worker, say, screening)
    hand = drive(worker, language, scale=scale)
    for name in SENDING:
        hand.app.go(name, screening)
        check(hand)
    hand.app.go("sent", send(worker, say))
    check(hand)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_so_are_those_of_whoever_receives(drive, worker, shelter, language, scale):
    referral = send(worker, words(language))
    sync_all(worker, shelter)
    hand = drive(shelter, language, scale=scale)
    for name in ("inbox", "info", "settings"):
        hand.app.go(name)
        check(hand)
    hand.app.screen.begin_wipe()
    check(hand)
    hand.app.go("referral", referral)
    check(hand)
    for action in ("open", "decline", "ask", "accept"):
        hand.app.screen.act(action)
        check(hand)
    hand.app.screen.do()
    hand.app.screen.show_steps()
    check(hand)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_so_are_those_of_the_coordinator(drive, worker, coordinator, scale):
    referral = send(worker, words("fr"))
    sync_all(worker, coordinator)
    hand = drive(coordinator, "fr", scale=scale)
    hand.app.go("coordination")
    check(hand)
    hand.app.go("coordination", referral)
    check(hand)


def check(hand):
    hand.app.screen.refresh()
    idle(6)
    for kind in TARGETS:
        for each in hand.shown(kind):
            if each.opacity and each.height:
                assert each.height >= 48, (hand.screen, each)
                left, right = each.to_window(each.x, 0)[0], each.to_window(each.right, 0)[0]
                assert 0 <= left < right <= hand.app.frame.width, (hand.screen, each)
