"""The vault's key under sheets: enough of them and the file open it, and nothing else does."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import nacl.utils
import pytest

from mobile.vault import files
from mobile.vault.errors import (
    NoRecoveryError,
    NoVaultError,
    RecoveryDamagedError,
    VaultStorageError,
    WeakPinError,
    WipedError,
    WrongPinError,
)
from mobile.vault.keys import TEST_PARAMETERS, Protection
from mobile.vault.recovery import FILE, Recovery
from mobile.vault.sheets import Gathered
from mobile.vault.vault import Vault
from tests.mobile.vault.cut import Cut
from tests.mobile.vault.fictional_hardware import FictionalHardware

PIN, NEW = "482913", "a new phrase"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


class House:
    """A vault in a folder, with what stands beside it."""

    def __init__(self, folder, secret=None):
        self.folder = folder
        hardware = None if secret is None else FictionalHardware(secret)
        self.vault = Vault(folder, nacl.utils.random, device=hardware)
        self.recovery = Recovery(folder, nacl.utils.random)

    def create(self):
        opened = self.vault.create(PIN, NOW, TEST_PARAMETERS)
        opened.put("case", "one", b"kept")
        return opened

    def make(self, opened, needed=2, sheets=3):
        drawn = self.recovery.draw(needed, sheets)
        self.recovery.keep(opened, drawn, NOW)
        return drawn

    def open_with(self, drawn, pin=NEW, now=NOW):
        gathered = Gathered()
        for each in drawn.sheets[-drawn.needed :]:
            gathered = gathered.with_(each)
        return self.vault.reset_pin(self.recovery.key(gathered.secret()), pin, now)


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "phone")


def on_disk(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("secret", [None, b"hardware secret!"])
@pytest.mark.parametrize("choice", [(2, 3), (3, 5), (2, 2)])
def test_enough_sheets_open_everything_under_a_new_pin(tmp_path, secret, choice):
    house = House(tmp_path, secret)
    opened = house.create()
    drawn = house.make(opened, *choice)
    opened.close()
    again = house.open_with(drawn)
    assert again.get("case", "one") == b"kept"
    again.close()
    with pytest.raises(WrongPinError):
        house.vault.unlock(PIN, NOW)
    later = NOW + timedelta(minutes=1)
    assert house.vault.unlock(NEW, later).get("case", "one") == b"kept"
    wanted = Protection.PASSPHRASE if secret is None else Protection.DEVICE_SECRET
    assert house.vault.protection is wanted


def test_sheets_open_a_phone_that_waits_after_wrong_pins_and_its_tries_begin_anew(house):
    opened = house.create()
    drawn = house.make(opened)
    opened.close()
    for hour in range(9):
        with pytest.raises(WrongPinError) as wrong:
            house.vault.unlock("999111", NOW + timedelta(hours=3 * hour))
    assert wrong.value.tries_left == 1
    at = NOW + timedelta(hours=24, seconds=1)
    house.open_with(drawn, now=at).close()
    with pytest.raises(WrongPinError) as wrong:
        house.vault.unlock(PIN, at)
    assert wrong.value.tries_left == 9


def test_after_a_wipe_no_sheet_opens_anything_and_nothing_is_left(house):
    opened = house.create()
    drawn = house.make(opened)
    kept = (house.folder / FILE).read_bytes()
    opened.close()
    house.vault.quick_wipe()
    assert list(house.folder.iterdir()) == []
    with pytest.raises(NoRecoveryError):
        house.open_with(drawn)
    (house.folder / FILE).write_bytes(kept)
    with pytest.raises(NoVaultError):
        house.open_with(drawn)


def test_the_last_wrong_pin_takes_the_sheets_with_it(house):
    opened = house.create()
    house.make(opened)
    opened.close()
    for hour in range(9):
        with pytest.raises(WrongPinError):
            house.vault.unlock("999111", NOW + timedelta(hours=3 * hour))
    with pytest.raises(WipedError):
        house.vault.unlock("999111", NOW + timedelta(hours=30))
    assert list(house.folder.iterdir()) == []


def test_new_sheets_make_the_old_ones_worthless(house):
    opened = house.create()
    old = house.make(opened)
    new = house.make(opened)
    assert old.name != new.name
    assert house.recovery.standing(opened).name == new.name
    opened.close()
    with pytest.raises(RecoveryDamagedError):
        house.open_with(old)
    assert house.vault.unlock(PIN, NOW).is_open
    assert house.open_with(new).get("case", "one") == b"kept"


def test_removed_sheets_open_nothing(house):
    opened = house.create()
    drawn = house.make(opened)
    house.recovery.remove()
    assert house.recovery.standing(opened) is None
    with pytest.raises(NoRecoveryError):
        house.open_with(drawn)
    house.recovery.remove()


def test_a_weak_new_pin_changes_nothing(house):
    opened = house.create()
    drawn = house.make(opened)
    opened.close()
    with pytest.raises(WeakPinError):
        house.open_with(drawn, pin="111111")
    assert house.vault.unlock(PIN, NOW).is_open


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (b'"needed":2', b'"needed":3'),
        (b"2026-11-24T09", b"2026-11-23T09"),
        (b'"wrapped":"', b'"wrapped":"AAAA'),
    ],
)
def test_a_changed_file_opens_nothing_and_is_not_believed(house, what, instead):
    opened = house.create()
    drawn = house.make(opened)
    path = house.folder / FILE
    assert what in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(what, instead))
    assert house.recovery.standing(opened) is None
    with pytest.raises(NoRecoveryError):
        house.recovery.recipients(opened)
    opened.close()
    with pytest.raises(RecoveryDamagedError):
        house.open_with(drawn)
    assert house.vault.unlock(PIN, NOW).is_open


@pytest.mark.parametrize("data", [b"{}", b"\xff", b'{"format":"amana-recovery/9"}', b"[]" * 500])
def test_a_file_that_is_none_is_named_and_the_pin_still_opens(house, data):
    opened = house.create()
    (house.folder / FILE).write_bytes(data)
    assert house.recovery.standing(opened) is None
    assert house.recovery.present_name() is None
    opened.close()
    with pytest.raises(RecoveryDamagedError):
        house.recovery.key(bytes(32))
    assert house.vault.unlock(PIN, NOW).is_open


def test_the_file_of_another_vault_neither_opens_this_one_nor_touches_its_key(tmp_path):
    one, other = House(tmp_path / "one"), House(tmp_path / "other")
    opened = one.create()
    drawn = one.make(opened)
    there = other.create()
    other.make(there)
    there.close()
    shutil.copy(one.folder / FILE, other.folder / FILE)
    before = (other.folder / "vault.key").read_bytes()
    with pytest.raises(RecoveryDamagedError):
        other.open_with(drawn)
    assert (other.folder / "vault.key").read_bytes() == before
    reopened = other.vault.unlock(PIN, NOW)
    assert other.recovery.standing(reopened) is None


def test_a_new_vault_takes_nothing_over_from_the_one_before(house):
    opened = house.create()
    house.make(opened)
    opened.close()
    (house.folder / "vault.key").unlink()
    fresh = house.vault.create(PIN, NOW, TEST_PARAMETERS)
    assert house.recovery.standing(fresh) is None
    assert not (house.folder / FILE).exists()


def secrets_of(opened, *drawn):
    """Everything that must never stand on the storage in the clear."""
    found = [opened.lend_key(bytes)]
    for each in drawn:
        found.append(each.secret)
        for sheet in each.sheets:
            found += [" ".join(sheet.words).encode(), " ".join(sheet.words[4:8]).encode()]
    return [*found, *(each.hex().encode() for each in found if len(each) == 32)]


def test_no_share_secret_or_key_stands_on_disk_at_any_moment(house, monkeypatch):
    opened = house.create()
    seen = []
    plain = files.os.fsync

    def look(handle):
        seen.append(on_disk(house.folder))
        plain(handle)

    monkeypatch.setattr(files.os, "fsync", look)
    old, new = house.make(opened), house.make(opened)
    secrets = secrets_of(opened, old, new)
    house.recovery.remove()
    new = house.make(opened)
    secrets += secrets_of(opened, new)
    opened.close()
    house.open_with(new).close()
    seen.append(on_disk(house.folder))
    assert len(seen) > 5
    assert not [each for each in secrets if any(each in data for data in seen)]


def test_the_old_file_is_overwritten_when_a_new_one_stands(house, monkeypatch):
    opened = house.create()
    house.make(opened)
    link = house.folder.parent / "kept by a link"
    link.hardlink_to(house.folder / FILE)
    house.make(opened)
    assert not any(link.read_bytes())


def test_a_full_disk_is_told_and_the_old_sheets_stay(house, monkeypatch):
    opened = house.create()
    old = house.make(opened)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "write", full)
        with pytest.raises(VaultStorageError):
            house.make(opened)
    opened.close()
    assert house.open_with(old).get("case", "one") == b"kept"


@pytest.mark.parametrize("work", ["make", "renew", "remove", "reset"])
def test_killed_at_any_write_nothing_is_lost(tmp_path, monkeypatch, work):
    """After the restart the PIN or enough sheets open everything, and never do two sets count."""
    start = House(tmp_path / "start")
    opened = start.create()
    old = None if work == "make" else start.make(opened)
    new = start.recovery.draw(2, 3)
    opened.close()
    cut, outcomes = Cut(monkeypatch), set()

    def at(number):
        return House(tmp_path / str(number))

    def run(number):
        shutil.copytree(start.folder, at(number).folder)
        if work == "reset":
            at(number).open_with(old).close()
            return
        opened = at(number).vault.unlock(PIN, NOW)
        if work == "remove":
            at(number).recovery.remove()
        else:
            at(number).recovery.keep(opened, new, NOW)

    for number in cut.moments(run):
        phone, opens = at(number), []
        for name, sheets in (("old", old), ("new", new)):
            if sheets is not None:
                with suppress(RecoveryDamagedError, NoRecoveryError):
                    phone.recovery.key(Gathered(None, sheets.sheets).secret())
                    opens.append(name)
        pins = []
        for hour, pin in enumerate((PIN, NEW), start=1):
            try:
                opened = phone.vault.unlock(pin, NOW + timedelta(hours=hour))
            except WrongPinError:
                continue
            assert opened.get("case", "one") == b"kept"
            opened.close()
            pins.append(pin)
        outcomes.add((*opens, *pins))
    assert (
        outcomes
        == {
            "make": {(PIN,), ("new", PIN)},
            "renew": {("old", PIN), ("new", PIN)},
            "remove": {("old", PIN), (PIN,)},
            "reset": {("old", PIN), ("old", NEW)},
        }[work]
    )
