"""The door: locked means locked, wiped means gone, and what a screen may log says nothing."""

import pytest

from mobile.casework.errors import LockedError, NoDirectoryError, NotEnrolledError
from mobile.casework.phone import Phone
from mobile.vault.errors import (
    DeviceKeyError,
    LockedOutError,
    NoVaultError,
    WipedError,
    WrongPinError,
)
from mobile.vault.keys import TEST_PARAMETERS
from tests.mobile.cases import HEALTH, NAME, screen, send
from tests.mobile.town import FIRST, PIN, desk_of, sync_all
from tests.mobile.vault.fictional_hardware import FictionalHardware


def files(phone):
    return b"".join(each.read_bytes() for each in phone.folder.rglob("*") if each.is_file())


def test_a_locked_phone_does_nothing(worker):
    worker.lock()
    assert (worker.exists, worker.unlocked) == (True, False)
    for work in (
        lambda: worker.identity,
        lambda: worker.directory,
        worker.sync,
        worker.referrals.list,
        worker.inbox.list,
        worker.outbox.items,
        worker.coordination.list,
        lambda: worker.enrolment.short_code,
    ):
        with pytest.raises(LockedError):
            work()
    worker.unlock(PIN)
    assert worker.identity is not None


def test_a_wrong_pin_opens_nothing_and_waits(worker, clock):
    worker.lock()
    with pytest.raises(WrongPinError):
        worker.unlock("000001")
    with pytest.raises(LockedOutError):
        worker.unlock(PIN)
    assert not worker.unlocked
    clock.forward(hours=3)
    worker.unlock(PIN)


def test_a_new_pin_opens_what_the_old_one_closed(worker, town):
    record = screen(worker)
    worker.change_pin(PIN, "719304")
    worker.lock()
    with pytest.raises(WrongPinError):
        worker.unlock(PIN)
    town.clock.forward(hours=1)
    worker.unlock("719304")
    assert worker.screenings.get(record.id).id == record.id


def test_a_seized_phones_files_show_no_word_and_no_id(worker, shelter, town):
    worker.sync()
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    for phone in (worker, shelter):
        data = files(phone)
        phone.lock()
        data += files(phone)
        for secret in (NAME, HEALTH, referral, FIRST, "fictional-adult", PIN):
            assert secret.encode() not in data


@pytest.mark.parametrize("locked", [False, True])
def test_a_quick_wipe_needs_no_pin_and_leaves_nothing_to_open(worker, town, locked):
    send_nothing = screen(worker)
    if locked:
        worker.lock()
    worker.quick_wipe()
    assert (worker.exists, worker.unlocked) == (False, False)
    assert files(worker) == b""
    with pytest.raises(LockedError):
        worker.screenings.get(send_nothing.id)
    with pytest.raises((NoVaultError, WipedError)):
        town.phone("worker").unlock(PIN)


def test_a_quick_wipe_during_work_lets_nothing_write_afterwards(worker):
    desk = desk_of(worker)
    record = screen(worker)
    worker.quick_wipe()
    with pytest.raises(Exception, match="locked"):
        desk.vault.put("screening", record.id, b"late")
    assert files(worker) == b""


def test_a_wipe_goes_on_though_the_vault_cannot_be_closed(worker, monkeypatch):
    def broken(_):
        raise OSError("the storage fails")

    monkeypatch.setattr(type(desk_of(worker).vault), "close", broken)
    with pytest.raises(OSError, match="fails"):
        worker.quick_wipe()
    assert not worker.unlocked
    assert files(worker) == b""


def test_a_wipe_whose_hardware_does_not_answer_locks_and_is_finished_later(town):
    hardware = FictionalHardware()
    phone = Phone(town.folder / "hard", clock=town.clock, device=hardware)
    phone.create(PIN, parameters=TEST_PARAMETERS)
    hardware.alive = False
    with pytest.raises(DeviceKeyError):
        phone.quick_wipe()
    assert (phone.unlocked, phone.exists) == (False, False)
    assert not any(files(phone))
    hardware.alive = True
    again = Phone(town.folder / "hard", clock=town.clock, device=hardware)
    assert not again.exists
    assert (list(again.folder.iterdir()), hardware.key) == ([], None)


def test_a_wiped_phone_starts_anew(worker, town):
    worker.quick_wipe()
    again = town.phone("worker")
    again.create(PIN, parameters=TEST_PARAMETERS)
    assert (again.identity, again.screenings.list()) == (None, ())


def test_a_new_phone_says_what_it_lacks(town):
    phone = town.new_phone("new")
    with pytest.raises(NotEnrolledError):
        phone.sync()
    with pytest.raises((NoDirectoryError, NotEnrolledError)):
        _ = phone.directory
    assert phone.screenings.list() == ()


def test_what_a_phone_shows_of_itself_in_a_log_holds_no_case(worker, shelter):
    worker.sync()
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.ask(referral, f"About {NAME}?")
    sync_all(shelter, worker)
    shown = [
        worker.referrals.list(),
        worker.referrals.messages(referral),
        worker.screenings.list(),
        worker.outbox.items(),
        shelter.inbox.list(),
        shelter.inbox.open(referral),
        desk_of(worker).outbox.items(),
    ]
    assert NAME not in repr(shown)
