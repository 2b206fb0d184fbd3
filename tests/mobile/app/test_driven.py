"""The app driven by touches, from the PIN to a screening, in Arabic and in French."""

import time

import pytest

from tests.mobile.device.fictional_android import Phone as FictionalAndroid
from tests.mobile.town import PIN
from tests.mobile.window import Driver, idle

from mobile.app import BACK_KEY, LOCK_AFTER  # isort: skip
from kivy.tests.common import UnitTestTouch  # isort: skip
from kivy.cache import Cache  # isort: skip
from kivy.core.window import Window  # isort: skip
from mobile.widgets import text, text_input  # isort: skip


@pytest.fixture
def drive():
    driven = []

    def begin(phone, language="ar", **given):
        driven.append(Driver(phone, language, **given))
        return driven[-1]

    yield begin
    for each in driven:
        each.stop()


TARGETS = ("Action", "IconAction", "Choice", "Item", "Digit", "Language")


def question(driver):
    return driver.app.screen.presenter.record.interview.current.key


def enter(driver, pin):
    for digit in pin:
        driver.tap("Digit", digit)
    driver.tap("Action", driver.view.button)


@pytest.mark.parametrize(("language", "side"), [("ar", "right"), ("fr", "left")])
def test_the_right_pin_opens_home_mirrored_where_the_language_is(drive, town, language, side):
    worker = town.worker()
    worker.lock()
    driver = drive(worker, language)
    assert driver.screen == "UnlockScreen"

    enter(driver, PIN)

    assert driver.screen == "HomeScreen"
    assert worker.unlocked
    leave = driver.find("TopBar").children[0]
    assert (leave.center_x < Window.width / 2) == (side == "right")


def test_a_wrong_pin_is_said_in_words_and_the_button_rests(drive, town):
    worker = town.worker()
    worker.lock()
    driver = drive(worker)

    enter(driver, "000001")

    assert driver.screen == "UnlockScreen"
    assert driver.find("Banner").text == driver.view.problem != ""
    assert driver.find("Action", driver.view.button).disabled
    assert driver.app.screen.ids.pin.text == ""


def test_a_digit_too_many_is_taken_back(drive, town):
    worker = town.worker()
    worker.lock()
    driver = drive(worker)

    for digit in "123":
        driver.tap("Digit", digit)
    driver.tap("IconAction")
    driver.app.screen.erase()

    assert driver.app.screen.ids.pin.text in ("12", "")


def test_a_screening_is_begun_answered_and_found_where_it_was_left(drive, town):
    worker = town.worker()
    driver = drive(worker)
    driver.tap("Action", driver.view.actions[0].label)
    assert driver.screen == "NewScreeningScreen"
    key = driver.view.checklists[0].key
    driver.app.screen.attempt(driver.app.screen.presenter.choose_checklist, key)

    driver.tap("Action", driver.view.button)

    assert driver.screen == "InterviewScreen"
    first = question(driver)
    driver.tap("Action", driver.view.skip_button)
    second = question(driver)
    assert second != first
    driver.app.back()
    driver.app.go("interview", driver.app.phone.screenings.list()[0].id)
    assert question(driver) == second
    driver.app.screen.go_back()
    assert question(driver) == first


def test_leaving_locks_and_shows_only_a_clock(drive, town):
    worker = town.worker()
    driver = drive(worker)

    driver.app.leave()
    idle()

    assert not worker.unlocked
    assert driver.screen == "NoneType"
    assert driver.find("Cover").time
    assert driver.app.back() is False


def test_after_a_while_untouched_it_locks(drive, town):
    worker = town.worker()
    driver = drive(worker, lock_after=0.05)
    driver.app.go("new_screening")

    time.sleep(0.1)
    idle()

    assert (driver.screen, worker.unlocked) == ("UnlockScreen", False)


def test_the_lock_waits_as_long_as_was_chosen_in_the_settings(drive, town):
    worker = town.worker()
    driver = drive(worker)
    for seconds in (60, 600):
        worker.set_terms(lock_after=seconds)
        driver.app._awake()
        assert driver.app._idle.timeout == seconds
    worker.lock()
    driver.app._awake()
    assert driver.app._idle.timeout == 600
    (worker.folder / "vault.key").write_bytes(b"no key file")
    driver.app._awake()
    assert driver.app._idle.timeout == LOCK_AFTER


def test_on_android_the_window_stays_out_of_pictures(drive, town, monkeypatch):
    phone = FictionalAndroid().install(monkeypatch)
    worker = town.worker()
    try:
        drive(worker)
    finally:
        monkeypatch.delenv("ANDROID_ARGUMENT")
    assert phone.flags == [0x2000]


def test_after_the_pin_everything_stands_where_it_was_left(drive, town):
    driver = drive(town.worker())
    driver.app.go("new_screening")
    driver.app.lock()
    idle()

    enter(driver, PIN)

    assert driver.screen == "NewScreeningScreen"


def test_after_locking_no_word_that_was_shown_is_kept(drive, town):
    driver = drive(town.worker())
    name = driver.view.title
    assert text._lines.cache_info().currsize > 0

    driver.app.leave()

    assert text._lines.cache_info().currsize == 0
    assert text_input._line.cache_info().currsize == 0
    assert all(name not in str(each) for each in Cache._objects["textinput.label"])


def test_in_the_background_it_is_locked_and_its_picture_is_harmless(drive, town):
    worker = town.worker()
    driver = drive(worker)
    driver.app.go("new_screening")

    assert driver.app.on_pause() is True

    assert not worker.unlocked
    assert driver.find("Cover")
    driver.app.on_resume()
    idle()
    enter(driver, PIN)
    assert driver.screen == "NewScreeningScreen"


def test_who_left_the_quick_way_finds_the_clock_again(drive, town):
    driver = drive(town.worker())
    driver.app.leave()

    driver.app.on_pause()
    driver.app.on_resume()

    assert driver.find("Cover")


def test_the_clock_opens_only_when_it_is_held(drive, town, monkeypatch):
    monkeypatch.setattr("mobile.cover.HOLD", 0.1)
    driver = drive(town.worker())
    driver.app.leave()
    idle()

    driver.tap("Cover")
    time.sleep(0.15)
    idle()
    assert driver.find("Cover")

    touch = UnitTestTouch(100, 100)
    touch.touch_down()
    time.sleep(0.15)
    idle()
    touch.touch_up()
    assert driver.screen == "UnlockScreen"


def test_a_locked_phone_shows_nothing_but_the_pin(drive, town):
    worker = town.worker()
    driver = drive(worker)
    worker.lock()

    driver.app.go("new_screening")

    assert driver.screen == "UnlockScreen"


def test_another_language_turns_everything_at_once(drive, town):
    chosen = []
    worker = town.worker()
    driver = drive(worker, "fr", remember=chosen.append)
    french = driver.view.actions[0].label

    driver.app.speak("ar")
    idle()

    assert chosen == ["ar"]
    assert driver.view.actions[0].label != french
    assert driver.find("TopBar").children[0].center_x < Window.width / 2


def test_the_phones_own_back_button_goes_back_and_from_home_out(drive, town):
    driver = drive(town.worker())
    driver.app.go("new_screening")

    assert Window.dispatch("on_keyboard", BACK_KEY, 0, None, []) is True
    assert driver.screen == "HomeScreen"
    assert not driver.app.back()


def wait_for(happened):
    end = time.monotonic() + 10
    while not happened() and time.monotonic() < end:
        idle(1)
        time.sleep(0.005)
    assert happened()


def test_slow_work_runs_off_the_screens_thread_and_a_phone_can_be_made_there(drive, town):
    worker = town.worker()
    worker.lock()
    driver = drive(lambda: worker, run=None)
    wait_for(lambda: driver.screen == "UnlockScreen")

    driver.app.screen.attempt(driver.app.screen.presenter.unlock, PIN)
    assert driver.app.screen.busy

    wait_for(lambda: driver.screen == "HomeScreen")
    driver.tap("Action", driver.view.sync_button)
    wait_for(lambda: not driver.app.screen.busy)
    assert driver.view.synced


def test_who_leaves_while_the_pin_is_checked_does_not_leave_an_open_phone(drive, town):
    worker = town.worker()
    worker.lock()
    driver = drive(worker, run=None)
    driver.app.screen.attempt(driver.app.screen.presenter.unlock, PIN)

    driver.app.leave()
    driver.app._worker.submit(lambda: None).result()
    idle(4)

    assert not worker.unlocked
    assert driver.find("Cover")


def test_every_target_of_a_screen_is_a_finger_high(drive, town):
    worker = town.worker()
    driver = drive(worker)
    for screen in ("home", "new_screening", "unlock"):
        driver.app.go(screen)
        idle(8)
        for each in driver.app.frame.walk():
            if type(each).__name__ in TARGETS:
                assert each.height >= 48 or each.height == 0 or each.opacity == 0, each


def test_a_screen_about_something_that_is_gone_leads_home_and_says_so(drive, town):
    worker = town.worker()
    worker.lock()
    driver = drive(worker, "fr")
    enter(driver, PIN)

    driver.app.go("sent", "nothing-of-this-name")

    assert driver.screen == "HomeScreen"
    assert driver.app.screen.trouble
    assert not driver.app.can_go_back
