"""The PIN's screen on a real vault: first run, wrong tries, waits, the wipe."""

import pytest

from mobile.casework.phone import Phone
from mobile.flows.refusals import PinsDifferError
from mobile.flows.settings import SettingsFlow
from mobile.flows.unlock import UnlockFlow
from mobile.locale import words
from mobile.vault.keys import MIB, TEST_PARAMETERS, Measured, Parameters, Protection
from tests.mobile.town import PIN
from tests.mobile.vault.fictional_hardware import FictionalHardware

PHRASE = "olive tree at noon"


@pytest.fixture
def fresh(town):
    return town.phone("fresh")


def flow_of(phone, language="en", run=None):
    more = {} if run is None else {"run": run}
    return UnlockFlow(phone, words(language), parameters=TEST_PARAMETERS, **more)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_first_run_chooses_a_pin_and_leads_to_enrolment(fresh, language):
    flow = flow_of(fresh, language)
    assert flow.view.first
    assert flow.view.repeat_label
    assert flow.view.leads_to is None
    flow.create(PHRASE, PHRASE)
    assert flow.view.problem is None
    assert flow.view.leads_to.screen == "enrol"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_short_pin_alone_is_taken_only_from_who_was_told_what_it_means(fresh, language):
    flow = flow_of(fresh, language)
    assert flow.view.warning == flow.view.anyway_button == ""
    flow.create(PIN, PIN)
    assert not fresh.exists
    assert flow.view.warning
    assert flow.view.anyway_button
    flow.create(PIN, PIN, knowing=True)
    assert fresh.protection is Protection.PIN_ALONE
    assert flow.view.warning == ""
    assert flow.view.leads_to.screen == "enrol"


def test_a_passphrase_after_the_warning_needs_no_second_press(fresh):
    flow = flow_of(fresh)
    flow.create(PIN, PIN)
    flow.create(PHRASE, PHRASE)
    assert fresh.protection is Protection.PASSPHRASE


def test_where_hardware_helps_a_pin_is_enough_and_the_screen_says_why(town):
    hardware = FictionalHardware()
    phone = Phone(town.folder / "hard", clock=town.clock, device=hardware)
    flow = flow_of(phone)
    assert flow.view.title == "Choose a PIN"
    assert "own hardware" in flow.view.explanation
    flow.create(PIN, PIN)
    assert flow.view.problem is None
    phone.lock()
    assert "secure hardware" in flow_of(phone).view.protection


def test_hardware_that_does_not_answer_is_said_and_not_counted_on(town):
    hardware = FictionalHardware()
    hardware.alive = False
    phone = Phone(town.folder / "hard", clock=town.clock, device=hardware)
    flow = flow_of(phone)
    assert flow.view.title == "Choose a passphrase"
    flow.create(PHRASE, PHRASE)
    assert "does not answer" in flow.view.problem
    assert not phone.exists


def test_a_new_vault_is_measured_on_this_device_and_the_settings_say_what_a_try_takes(
    fresh, english, monkeypatch
):
    monkeypatch.setattr(
        "mobile.flows.unlock.measure_parameters", lambda: Measured(TEST_PARAMETERS, 1.234)
    )
    UnlockFlow(fresh, english).create(PHRASE, PHRASE)
    assert fresh.terms.try_ms == 1234
    said = SettingsFlow(fresh, english).view.one_try
    assert said == "Trying one PIN takes about 1 second on this phone."


def test_a_new_pin_is_measured_anew(fresh, english, monkeypatch):
    strong = Parameters(3, 64 * MIB)
    weak_but_real = Measured(strong, 0.05)
    fresh.create(PHRASE, measured=weak_but_real)
    later = Measured(Parameters(4, 64 * MIB), 2.4)
    monkeypatch.setattr("mobile.flows.settings.measure_parameters", lambda: later)
    flow = SettingsFlow(fresh, english)
    flow.change_pin(PHRASE, "another phrase entirely", "another phrase entirely")
    assert flow.view.problem is None
    assert fresh.parameters == later.parameters
    assert flow.view.one_try == "Trying one PIN takes about 2 seconds on this phone."


def test_a_locked_phone_says_how_many_wrong_pins_are_left_before_any_is_entered(town, worker):
    worker.set_terms(most_tries=5)
    worker.lock()
    flow = flow_of(town.phone("worker"))
    assert flow.view.explanation == "After 5 wrong PINs everything on this phone is erased."
    flow.unlock("000001")
    again = flow_of(town.phone("worker"))
    assert again.view.explanation == "4 more wrong PINs, and everything on this phone is erased."


def test_a_pin_that_is_not_repeated_makes_no_vault(fresh):
    flow = flow_of(fresh)
    with pytest.raises(PinsDifferError):
        flow.create(PIN, PIN + "1")
    assert not fresh.exists


def test_a_weak_pin_is_told_in_words(fresh):
    flow = flow_of(fresh)
    flow.create("123456", "123456")
    assert "too easy" in flow.view.problem
    assert flow.view.first


def test_wrong_pins_say_the_wait_and_what_is_left_then_everything_is_gone(town, worker):
    phone = town.phone("worker")
    flow = flow_of(phone)
    assert not flow.view.first
    flow.unlock("000001")
    assert flow.view.problem.startswith("The PIN is wrong. 9 tries are left.")
    assert flow.view.wait_seconds > 0
    flow.unlock("000001")
    assert flow.view.problem == "Wait 2 seconds before the next try."
    for _ in range(9):
        town.clock.forward(hours=3)
        flow.unlock("000001")
    assert "erased" in flow.view.problem
    assert flow.view.first
    assert flow.view.wait_seconds == 0


def test_the_right_pin_leads_home(town, worker):
    flow = flow_of(town.phone("worker"))
    flow.unlock(PIN)
    assert flow.view.leads_to.screen == "home"


def test_protection_is_explained(worker, english):
    assert "short PIN alone" in flow_of(worker).view.protection
    assert "short PIN alone" in SettingsFlow(worker, english).view.protection


def test_slow_work_shows_and_is_not_begun_twice(fresh):
    started = []
    flow = flow_of(fresh, run=lambda work, done, failed: started.append((work, done)))
    seen = []
    flow.changed = lambda: seen.append(flow.view.busy)
    flow.create(PHRASE, PHRASE)
    flow.create(PHRASE, PHRASE)
    assert len(started) == 1
    assert flow.view.busy
    work, done = started[0]
    done(work())
    assert seen == [False]
    assert flow.view.leads_to is not None


def test_settings_change_the_pin_lock_and_wipe(town, worker, english):
    chosen = []
    flow = SettingsFlow(worker, english, choose=chosen.append)
    flow.choose_language("ar")
    assert chosen == ["ar"]
    flow.change_pin("000001", "739152", "739152")
    assert "wrong" in flow.view.problem
    town.clock.forward(minutes=1)
    flow.change_pin(PIN, "739152", "739152")
    assert flow.view.problem is None
    assert flow.view.pin_changed
    with pytest.raises(PinsDifferError):
        flow.change_pin("739152", "1", "2")
    flow.lock()
    assert flow.view.leads_to.screen == "unlock"
    assert flow.view.identity.lines == ()
    flow.wipe()
    assert not worker.exists
    assert flow.view.protection == ""
