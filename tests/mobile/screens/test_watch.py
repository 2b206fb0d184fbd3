"""The record's watchers on the screen: named, dated, a code to show and one to paste."""

import pytest

from mobile.locale import words
from mobile.widgets.qr_code import QrCode
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all

BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture
def hand(request, drive, town, worker, shelter, coordinator):
    language = getattr(request, "param", "ar")
    second = town.coordinator("second coordinator")
    send(worker, words(language))
    sync_all(worker, shelter, second, coordinator)
    hand = drive(coordinator, language)
    hand.second = second
    hand.app.go("watch")
    return hand


@BOTH
def test_who_watches_is_named_and_a_code_is_shown(hand):
    assert hand.said(hand.view.standing)
    assert hand.said(hand.view.watchers[0].detail.split(" · ")[0])
    hand.touch("FoldHead", hand.view.show_title)
    codes = [each for each in hand.shown("QrCode") if each.text]
    assert codes[0].text == hand.view.head
    assert all(isinstance(each, QrCode) and each.matrix and each.height for each in codes)
    assert hand.said(hand.view.code)
    assert "CANARY" not in hand.words()


@BOTH
def test_the_text_of_another_phone_is_compared(hand):
    hand.touch("FoldHead", hand.view.compare_title)
    hand.write(hand.view.compare_label, hand.second.watching.head_text())
    hand.touch("Action", hand.view.compare_button)
    assert hand.said(hand.view.verdict)
    assert hand.view.verdict_kind == "good"
