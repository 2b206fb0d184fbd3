"""The PIN's screen on a real vault: first run, wrong tries, waits, the wipe."""

import pytest

from mobile.flows.refusals import PinsDifferError
from mobile.flows.settings import SettingsFlow
from mobile.flows.unlock import UnlockFlow
from mobile.locale import words
from mobile.vault.keys import TEST_PARAMETERS
from tests.mobile.town import PIN


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
    flow.create(PIN, PIN)
    assert flow.view.problem is None
    assert flow.view.leads_to.screen == "enrol"


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
    flow.create(PIN, PIN)
    flow.create(PIN, PIN)
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
