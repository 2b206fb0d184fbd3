"""Hotlines and facts: none is shown without saying whether anybody verified it."""

import pytest

from mobile.widgets.steady import SETTLED
from tests.mobile.window import idle

BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture
def hand(request, drive, worker):
    language = getattr(request, "param", "ar")
    hand = drive(worker, language)
    hand.app.go("info")
    return hand


@BOTH
def test_every_hotline_stands_there_with_its_standing(hand):
    shown = hand.shown("Hotline")
    assert [each.number for each in shown] == [each.number for each in hand.view.hotlines]
    for each, view in zip(shown, hand.view.hotlines, strict=True):
        said = hand.words(each)
        assert view.number in said
        assert view.standing in said
        sign = next(icon.name for icon in hand.shown("Icon", within=each) if icon.name != "call")
        assert sign == ("check" if view.verified else "info")


@BOTH
def test_facts_open_on_touch_each_with_who_says_so(hand):
    for section in hand.view.sections:
        assert not any(hand.said(each.text) for each in section.facts if each.text)
        hand.touch("FoldHead", section.title)
        idle(SETTLED + 2)
        for each in section.facts:
            assert hand.said(each.text)
            assert hand.said(each.standing)
            assert hand.said(each.caution)


def test_from_home_it_is_two_touches_away_and_back(hand, worker):
    hand.app.go("home")
    info = next(each for each in hand.view.actions if each.key == "info")
    hand.touch("Action", info.label)
    assert hand.screen == "InfoScreen"
    hand.app.screen.go_back()
    assert hand.screen == "HomeScreen"
