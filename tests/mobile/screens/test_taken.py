"""If this phone is taken, touched: the choices, the second PIN, what who forces it open sees."""

import pytest

from mobile.vault.errors import WrongPinError
from tests.mobile.screens.hand import title
from tests.mobile.screens.test_reach import check
from tests.mobile.town import PIN, Town
from tests.mobile.window import idle

DURESS = "705164"
BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture(autouse=True)
def fictional_checklist():
    """Here the app carries what it really carries: practice cases are about that."""


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path / "town")


@pytest.fixture
def worker(town):
    return town.worker()


@pytest.fixture
def hand(request, drive, worker):
    language = getattr(request, "param", "ar")
    hand = drive(worker, language)
    hand.app.go("settings")
    hand.touch("Action", hand.view.taken_button)
    assert hand.screen == "TakenScreen"
    return hand


def set_second(hand, effect="keep", own=PIN):
    if not hand.shown("Field"):
        hand.touch("FoldHead", hand.view.duress_title)
    hand.write(hand.view.pin_label, own)
    hand.write(hand.view.duress_label, DURESS)
    hand.write(hand.view.repeat_label, DURESS)
    hand.touch("Choice", title(effect, hand.view.effects))
    hand.touch("Action", hand.view.duress_button)


def enter(hand, pin):
    hand.app.screen.attempt(hand.app.screen.presenter.unlock, pin)
    idle(4)


@BOTH
def test_what_is_touched_counts_at_once(hand, worker):
    hand.touch("Choice", title("600", hand.view.locks))
    hand.touch("Choice", title("5", hand.view.tries))
    assert (worker.terms.lock_after, worker.terms.most_tries) == (600, 5)
    idle(2)
    hand.app._awake()
    assert hand.app._idle.timeout == 600


@BOTH
def test_the_second_pin_is_set_and_no_pin_stays_written(hand, worker):
    set_second(hand)
    assert hand.said(hand.view.duress_done)
    assert [each.text for each in hand.shown("Field")] == ["", "", ""]
    worker.lock()
    worker.unlock(DURESS)
    assert worker.identity is None


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_targets_are_a_finger_high_and_within_the_window(drive, worker, language, scale):
    hand = drive(worker, language, scale=scale)
    hand.app.go("taken")
    check(hand)
    hand.touch("FoldHead", hand.view.duress_title)
    check(hand)


def test_a_wrong_own_pin_sets_none_and_says_so(hand, worker, town):
    set_second(hand, own="000001")
    assert hand.said(hand.app.screen.trouble)
    assert [each.text for each in hand.shown("Field")] == ["", "", ""]
    worker.lock()
    town.clock.forward(hours=1)
    with pytest.raises(WrongPinError):
        worker.unlock(DURESS)


@BOTH
def test_who_forces_it_open_finds_a_phone_for_training_and_nothing_of_what_was_shown(hand, worker):
    set_second(hand)
    hand.app.lock()
    assert hand.screen == "UnlockScreen"
    enter(hand, DURESS)
    assert hand.screen == "HomeScreen"
    assert [each.key for each in hand.view.actions] == ["enrol", "practice", "info", "settings"]
    assert hand.app.screen.trouble == ""
    for screen in ("practice", "practice_progress", "info", "settings", "taken", "enrol"):
        hand.app.go(screen)
        idle(2)
        assert hand.app.screen.trouble == ""
    hand.app.go("home")
    (run,) = worker.practice.runs()
    assert hand.view.lists[0][1][0].key == run
    hand.touch("Item")
    assert hand.screen == "InterviewScreen"
    case = worker.practice.attempts()[0].case
    hand.app.go("practice_case", case)
    assert hand.screen == "PracticeCaseScreen"


def test_who_opens_it_with_the_own_pin_afterwards_stands_where_that_one_was_left(hand, worker):
    set_second(hand)
    hand.app.lock()
    enter(hand, DURESS)
    hand.app.go("practice")
    hand.app.lock()
    enter(hand, PIN)
    assert hand.screen == "HomeScreen"
    hand.app.go("settings")
    hand.app.lock()
    enter(hand, PIN)
    assert hand.screen == "SettingsScreen"


@BOTH
def test_within_the_practice_phone_the_screen_says_why_none_can_be_set(hand, worker):
    set_second(hand)
    hand.app.lock()
    enter(hand, DURESS)
    hand.app.go("taken")
    hand.touch("FoldHead", hand.view.duress_title)
    assert hand.said(hand.view.duress_closed)
    assert not hand.view.duress_open
