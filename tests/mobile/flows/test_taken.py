"""If this phone is taken: what is chosen counts, and the practice phone says what any phone would
that has not joined an organisation."""

import pytest
from attrs import asdict

from mobile.flows.enrol import EnrolFlow
from mobile.flows.home import HomeFlow
from mobile.flows.practice import PracticeFlow
from mobile.flows.refusals import NothingChosenError, PinsDifferError
from mobile.flows.settings import SettingsFlow
from mobile.flows.taken import DESTROY, KEEP, TakenFlow
from mobile.flows.unlock import UnlockFlow
from mobile.locale import words
from tests.mobile.town import PIN

DURESS = "705164"


def chosen(options):
    return [each.key for each in options if each.chosen]


def forced(town, name="worker"):
    """The phone as it opens for who is forced."""
    phone = town.phone(name)
    phone.unlock(DURESS)
    return phone


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_lock_and_tries_are_chosen_and_never_is_not_offered(worker, language):
    flow = TakenFlow(worker, words(language))
    assert [each.key for each in flow.view.locks] == ["60", "180", "300", "600"]
    assert [each.key for each in flow.view.tries] == ["5", "10", "20"]
    assert (chosen(flow.view.locks), chosen(flow.view.tries)) == (["180"], ["10"])
    flow.choose_lock("60")
    flow.choose_tries("20")
    assert (chosen(flow.view.locks), chosen(flow.view.tries)) == (["60"], ["20"])
    assert (worker.terms.lock_after, worker.terms.most_tries) == (60, 20)


@pytest.mark.parametrize("effect", [KEEP, DESTROY])
def test_a_second_pin_is_set_and_does_what_was_chosen(town, worker, english, effect):
    flow = TakenFlow(worker, english)
    flow.choose_effect(effect)
    flow.set_duress(PIN, DURESS, DURESS)
    assert flow.view.problem is None
    assert flow.view.duress_done
    worker.lock()
    phone = forced(town)
    assert phone.identity is None
    phone.lock()
    again = UnlockFlow(town.phone("worker"), english)
    again.unlock(PIN)
    assert (again.view.problem is None) is (effect == KEEP)


def test_what_is_missing_or_differs_sets_none(town, worker, english):
    flow = TakenFlow(worker, english)
    with pytest.raises(NothingChosenError):
        flow.set_duress(PIN, DURESS, DURESS)
    flow.choose_effect(KEEP)
    with pytest.raises(PinsDifferError):
        flow.set_duress(PIN, DURESS, DURESS + "1")
    flow.set_duress(PIN, PIN[:-1] + "7", PIN[:-1] + "7")
    assert "too much alike" in flow.view.problem
    flow.set_duress("000001", DURESS, DURESS)
    assert "9 tries" in flow.view.problem
    worker.lock()
    town.clock.forward(hours=1)
    locked = UnlockFlow(town.phone("worker"), english)
    locked.unlock(DURESS)
    assert "wrong" in locked.view.problem


def test_it_is_removed_with_the_same_words_whether_or_not_there_was_one(town, worker, english):
    flow, said = TakenFlow(worker, english), []
    for set_first in (False, True):
        if set_first:
            flow.choose_effect(KEEP)
            flow.set_duress(PIN, DURESS, DURESS)
        flow.remove_duress(PIN)
        said.append((flow.view.duress_done, flow.view.problem))
    assert said[0] == said[1]
    worker.lock()
    locked = UnlockFlow(town.phone("worker"), english)
    locked.unlock(DURESS)
    assert "wrong" in locked.view.problem


@pytest.fixture
def two(town, worker, english):
    """A phone opened under force, and one that never had anything: only joined by nobody."""
    flow = TakenFlow(worker, english)
    flow.choose_effect(KEEP)
    flow.set_duress(PIN, DURESS, DURESS)
    worker.lock()
    return forced(town), town.new_phone("fresh")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("kind", [SettingsFlow, TakenFlow, HomeFlow, EnrolFlow, PracticeFlow])
def test_every_screen_reads_as_on_a_phone_that_has_not_joined(two, language, kind):
    practising, fresh = (asdict(kind(each, words(language)).view) for each in two)
    for view in (practising, fresh):
        view.pop("cases", None)
    assert practising == fresh


def test_the_second_pin_cannot_be_set_from_within_and_the_screen_says_why(two):
    for phone in two:
        flow = TakenFlow(phone, words("en"))
        assert not flow.view.duress_open
        assert "joined an organisation" in flow.view.duress_closed
        flow.choose_effect(DESTROY)
        flow.set_duress(DURESS, "361058", "361058")
        assert "joined an organisation" in flow.view.problem


def test_a_phone_that_has_practised_opens_at_home_and_can_practise_and_join(town, worker, two):
    practising, fresh = two
    english = words("en")
    assert UnlockFlow(fresh, english).view.leads_to.screen == "enrol"
    keys = [each.key for each in HomeFlow(practising, english).view.actions]
    assert keys == ["enrol", "practice", "info", "settings"]
    home = HomeFlow(practising, english)
    home.sync()
    assert home.view.problem
