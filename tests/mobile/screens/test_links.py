"""No way leads nowhere: every screen that a presenter names is there, and can be shown."""

import re
from pathlib import Path

import pytest

import mobile.flows
from mobile.locale import words
from tests.mobile.flows.walks import agree, choose, screen, send

from mobile.app import screen_class  # isort: skip

FLOWS = Path(mobile.flows.__file__).parent
NAMED = re.compile(r'(?:Goto|_lead_to)\(\s*"(\w+)"')
SENDING = ("findings", "person", "providers", "consent", "review")


def named():
    return sorted({name for path in FLOWS.glob("*.py") for name in NAMED.findall(path.read_text())})


def test_the_way_of_sending_is_named():
    assert {"person", "providers", "consent", "review", "sent", "home"} <= set(named())


@pytest.mark.parametrize("name", named())
def test_every_screen_that_is_named_is_there(name):
    assert screen_class(name).__name__.endswith("Screen")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_screen_of_sending_is_shown_and_its_targets_are_a_finger_high(
    drive, worker, language
):
    say = words(language)
    screening = screen(worker, say)
    choose(worker, say, screening)
    agree(worker, say, screening)
    hand = drive(worker, language)
    for name in SENDING:
        hand.app.go(name, screening)
        check(hand)
    hand.app.go("sent", send(worker, say))
    check(hand)


def check(hand):
    hand.app.screen.refresh()
    targets = ("Action", "IconAction", "Choice", "FoldHead", "ProviderCard", "Item", "Entry")
    for kind in targets:
        for each in hand.shown(kind):
            assert each.height >= 48 or each.height == 0 or each.opacity == 0, each
            assert each.right <= hand.app.frame.width
    assert hand.words()
