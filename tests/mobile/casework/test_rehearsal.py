"""The practice vault: a phone for training with some progress, on every phone, told by nothing."""

from datetime import timedelta
from itertools import product
from random import Random

import nacl.utils
import pytest
from attrs import evolve

from mobile.casework.errors import LockedError, NotEnrolledError
from mobile.casework.practice import Practice
from mobile.casework.rehearsal import AT_FIRST, MOST_AT_ONCE, _begin, step
from mobile.casework.screenings import Screenings
from mobile.vault.cover import cover
from mobile.vault.errors import DuressNotYetError, VaultStorageError, WrongPinError
from mobile.vault.records import OpenVault
from protocols.practice import cases
from tests.mobile.town import PIN, Town, desk_of

DURESS = "705164"
CASE = cases.load("tn-social_worker-adult-crutches")


@pytest.fixture(autouse=True)
def fictional_checklist():
    """Here the app carries what it really carries: practice cases are about that."""


@pytest.fixture
def phone(tmp_path):
    town = Town(tmp_path / "town")
    worker = town.worker()
    worker.lock()
    worker.unlock(PIN)
    return town, worker


def begun(phone):
    """A real screening with some answers."""
    record = phone.screenings.start("social_worker-adult", "fr")
    interview = record.interview
    for _ in range(8):
        interview = step(interview, CASE)
    phone.screenings.save(evolve(record, interview=interview))
    return record


def inside(town, phone, destroys=False):
    """The phone as the duress PIN opens it."""
    if not phone.unlocked:
        phone.unlock(PIN)
    phone.set_duress(PIN, DURESS, destroys=destroys)
    phone.lock()
    again = town.phone(phone.folder.name)
    again.unlock(DURESS)
    return again


def test_it_looks_as_one_used_for_training(phone):
    town, worker = phone
    country = worker.identity.country
    practising = inside(town, worker)
    attempts = practising.practice.attempts()
    assert len(attempts) == AT_FIRST
    assert all(cases.load(each.case).country == country for each in attempts)
    (under_way,) = practising.practice.runs()
    assert practising.screenings.get(under_way).practice
    assert not practising.screenings.get(under_way).interview.finished
    assert all(each.finished < practising.now for each in attempts)


def test_what_is_under_way_is_never_at_its_end(phone):
    _, worker = phone
    desk = desk_of(worker)
    rooms = Screenings(lambda: desk)
    practice = Practice(lambda: desk, rooms)
    for case, seed in product(cases.available(), (1, 2)):
        _begin(practice, rooms, cases.load(case), "fr", Random(seed))
        run = practice.under_way(case)
        assert not run.interview.finished, case
        practice.put_away(run.id)


def test_nothing_real_is_in_it(phone):
    town, worker = phone
    worker.sync()
    record = begun(worker)
    practising = inside(town, worker)
    assert practising.identity is None
    assert record.id not in [each.id for each in practising.screenings.list()]
    assert practising.referrals.list() == ()
    assert practising.outbox.items() == ()
    with pytest.raises(NotEnrolledError):
        practising.sync()


def test_it_goes_on_as_weeks_pass_and_differs_from_phone_to_phone(tmp_path):
    town = Town(tmp_path / "town")
    orders = set()
    for name in ("a", "b", "c"):
        phone = town.worker(name)
        for _ in range(4):
            phone.lock()
            town.clock.forward(days=6)
            phone.unlock(PIN)
        practising = inside(town, phone)
        attempts = practising.practice.attempts()
        assert AT_FIRST + 3 <= len(attempts) <= AT_FIRST + 3 * MOST_AT_ONCE
        times = [each.finished for each in attempts]
        assert times == sorted(times)
        assert times[-1] > town.clock.now - timedelta(days=8)
        assert len({each.case for each in attempts}) == len(attempts)
        orders.add(tuple(each.case for each in attempts))
        practising.lock()
    assert len(orders) == 3


def test_a_long_absence_is_not_made_up_for_in_one_day(phone):
    town, worker = phone
    worker.lock()
    town.clock.forward(days=300)
    worker.unlock(PIN)
    assert len(inside(town, worker).practice.attempts()) == AT_FIRST + MOST_AT_ONCE


def test_what_is_practised_inside_stays_and_can_be_gone_on_with(phone):
    town, worker = phone
    practising = inside(town, worker)
    (run,) = practising.practice.runs()
    practising.practice.put_away(run)
    practising.lock()
    again = town.phone(worker.folder.name)
    again.unlock(DURESS)
    assert again.practice.runs() == {}
    assert len(again.practice.attempts()) == AT_FIRST


def shapes(vault):
    found = {}
    for collection, _, length in vault.shape():
        found.setdefault(collection, []).append(length)
    return sorted(tuple(sorted(each)) for each in found.values())


def test_both_databases_have_one_shape_and_size(phone):
    _, worker = phone
    worker.sync()
    for _ in range(30):
        begun(worker)
    for _ in range(2):
        worker.lock()
        worker.unlock(PIN)
    practice = worker._vault.practice()
    real, other = shapes(desk_of(worker).vault), shapes(practice)
    practice.close()
    longer = (
        [each for each in real if each not in other],
        [each for each in other if each not in real],
    )
    assert all(len(each) <= 3 for each in longer), longer
    worker.lock()
    sizes = sorted((worker.folder / each).stat().st_size for each in ("vault.db", "vault-2.db"))
    assert sizes[1] <= 1.35 * sizes[0]


def test_cover_follows_what_was_removed(tmp_path):
    one, other = (
        OpenVault(tmp_path / each, nacl.utils.random(32), nacl.utils.random) for each in "ab"
    )
    for number in range(20):
        one.put("case", str(number), bytes(300 * number))
    cover(one, other)
    many = len(other.shape())
    for number in range(20):
        one.delete("case", str(number))
    cover(one, other)
    assert many >= 20
    assert len(other.shape()) <= 2
    one.close()
    other.close()


def test_a_duress_pin_is_for_phones_that_joined_an_organisation(tmp_path):
    phone = Town(tmp_path / "town").new_phone("new")
    for work in (
        lambda: phone.set_duress(PIN, DURESS, destroys=False),
        lambda: phone.remove_duress(PIN),
    ):
        with pytest.raises(DuressNotYetError):
            work()
    phone.lock()
    with pytest.raises(LockedError):
        phone.set_duress(PIN, DURESS, destroys=False)


def test_within_it_the_settings_answer_as_on_any_phone_that_has_not_joined(phone):
    town, worker = phone
    practising = inside(town, worker)
    with pytest.raises(DuressNotYetError):
        practising.set_duress(DURESS, "361058", destroys=True)
    practising.set_terms(most_tries=5, lock_after=60)
    practising.change_pin(DURESS, "940275")
    practising.lock()
    with pytest.raises(WrongPinError):
        practising.unlock(DURESS)
    town.clock.forward(hours=1)
    practising.unlock("940275")
    assert practising.practice.attempts()


@pytest.mark.parametrize("destroys", [False, True])
def test_of_recovery_sheets_it_says_what_the_locked_phone_says(phone, destroys):
    town, worker = phone
    said = []
    for change in (
        lambda: None,
        lambda: worker.recovery.keep(worker.recovery.draw(2, 3)),
        lambda: worker.recovery.keep(worker.recovery.draw(3, 5)),
        worker.recovery.remove,
        lambda: worker.recovery.keep(worker.recovery.draw(2, 2)),
    ):
        if not worker.unlocked:
            town.clock.forward(hours=1)
            worker.unlock(PIN)
        change()
        if len(said) < 4:
            practising = inside(town, worker)
        else:
            practising = inside(town, worker, destroys=destroys)
        said.append(practising.recovery.standing)
        practising.lock()
        assert said[-1] == practising.recovery.on_file
    assert [each and (each.needed, each.sheets) for each in said] == [
        None,
        (2, 3),
        (3, 5),
        None,
        (2, 2),
    ]


def test_a_destroying_one_leaves_nothing_of_the_real_phone(phone):
    town, worker = phone
    record = begun(worker)
    practising = inside(town, worker, destroys=True)
    practising.lock()
    with pytest.raises(WrongPinError):
        town.phone(worker.folder.name).unlock(PIN)
    data = b"".join(each.read_bytes() for each in worker.folder.rglob("*") if each.is_file())
    assert record.id.encode() not in data


def test_a_practice_vault_that_finds_no_room_keeps_nobody_out(phone, monkeypatch):
    _, worker = phone

    def full(*_):
        raise VaultStorageError("the phone's storage is full; free some space and try again")

    worker.lock()
    monkeypatch.setattr("mobile.casework.rehearsal.cover", full)
    worker.unlock(PIN)
    assert worker.identity is not None
    assert worker._rehearse() is None
