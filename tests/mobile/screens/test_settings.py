"""Settings, touched: language, PIN, lock, and a wipe that no slip of a finger begins."""

import time

import pytest

from mobile.vault.errors import WrongPinError
from mobile.widgets import hold_action
from tests.mobile.town import PIN
from tests.mobile.window import UnitTestTouch, idle

NEW = "fictional phrase of words"


BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture
def hand(request, drive, worker):
    language = getattr(request, "param", "ar")
    hand = drive(worker, language)
    hand.app.go("settings")
    return hand


@BOTH
def test_another_language_turns_the_screen_and_stays_there(hand):
    other = next(each for each in hand.view.languages if not each.chosen)
    hand.touch("Choice", other.label)
    assert hand.app.words.language == other.key
    assert hand.screen == "SettingsScreen"
    assert hand.said(hand.app.words("Settings"))


def test_who_this_phone_is_and_what_protects_it_can_be_read(hand, worker):
    assert hand.said(worker.identity.organisation_name)
    assert hand.said(hand.view.protection)


def change(hand, old, new, again):
    if not hand.shown("Field"):
        hand.touch("FoldHead", hand.view.pin_title)
    hand.write(hand.view.old_pin_label, old)
    hand.write(hand.view.new_pin_label, new)
    hand.write(hand.view.repeat_label, again)
    hand.touch("Action", hand.view.pin_button)


@BOTH
def test_the_pin_is_changed_and_no_pin_stays_written(hand, worker):
    change(hand, PIN, NEW, NEW)
    assert hand.said(hand.view.pin_changed)
    assert [each.text for each in hand.shown("Field")] == ["", "", ""]
    worker.lock()
    with pytest.raises(WrongPinError):
        worker.unlock(PIN)
    assert not worker.unlocked


@pytest.mark.parametrize(("old", "new", "again"), [(PIN, NEW, NEW + "x"), ("000001", NEW, NEW)])
def test_a_pin_that_differs_or_is_wrong_changes_nothing(hand, worker, old, new, again):
    change(hand, old, new, again)
    assert hand.said(hand.app.screen.trouble)
    assert hand.view.pin_changed == ""
    assert [each.text for each in hand.shown("Field")] == ["", "", ""]


def test_locking_leads_to_the_pin(hand, worker):
    hand.touch("Action", hand.view.lock_button)
    assert not worker.unlocked
    assert hand.screen == "UnlockScreen"


def hold(hand, seconds, slip=False):
    button = hand.find("HoldAction")
    touch = UnitTestTouch(*button.to_window(*button.center))
    touch.touch_down()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        idle(1)
        time.sleep(0.005)
    if slip:
        touch.touch_move(button.center_x, button.top + 200)
        idle(2)
    return touch


def begin_wipe(hand, monkeypatch):
    monkeypatch.setattr(hold_action, "HOLD", 0.4)
    hand.touch("Action", hand.view.wipe_button)
    assert hand.said(hand.view.wipe_explanation)
    assert hand.said(hand.view.wipe_hold)


def test_touches_and_short_or_slipping_holds_erase_nothing(hand, worker, monkeypatch):
    begin_wipe(hand, monkeypatch)
    for _ in range(3):
        hand.tap("HoldAction")
    hold(hand, 0.1).touch_up()
    slipped = hold(hand, 0.1, slip=True)
    time.sleep(0.5)
    idle(4)
    slipped.touch_up()
    assert worker.exists
    assert worker.unlocked
    assert hand.find("HoldAction").full == 0

    hand.app.screen.go_back()
    assert hand.screen == "SettingsScreen"
    assert not hand.shown("HoldAction")


@BOTH
def test_held_until_it_is_full_everything_is_gone(hand, worker, monkeypatch):
    begin_wipe(hand, monkeypatch)
    hold(hand, 0.8).touch_up()
    idle(4)
    assert not worker.exists
    assert not worker.unlocked
    assert hand.screen == "UnlockScreen"
    assert hand.view.first
    assert [each for each in worker.folder.rglob("*") if each.is_file()] == []
