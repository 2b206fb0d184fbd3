"""What is deleted does not come back, for who takes the raw files and has the vault's key."""

import random
import shutil
import sqlite3

import nacl.utils
import pytest

from mobile.vault import records
from mobile.vault.records import OpenVault
from tests.mobile.vault.carver import carve, folder_bytes, opened_by

KEY = bytes(range(32))
SIZES = (10, 300, 700, 900, 3000, 9000)
SECURE = records.PRAGMAS
ERASES = {"secure_delete=ON": "secure_delete=OFF"}


def vault_in(folder):
    folder.mkdir(exist_ok=True)
    return OpenVault(folder / "vault.db", KEY, nacl.utils.random)


class Life:
    """Records written, replaced and deleted at random: what is live, and what was deleted."""

    def __init__(self, vault, seed, steps, rows=60):
        self.random = random.Random(seed)
        self.vault, self.live, self.deleted = vault, {}, []
        for step in range(steps):
            row = f"row-{self.random.randrange(rows)}"
            if row in self.live and self.random.random() < 0.6:
                vault.delete("of a life", row)
                self.deleted.append(self.live.pop(row))
                continue
            mark = f"[{seed}.{step}.{self.random.getrandbits(64):016x}]".encode()
            size = self.random.choice(SIZES)
            vault.put("of a life", row, b'{"said":"' + mark * (1 + size // len(mark)) + b'"}')
            self.live[row] = mark


def carved(folder):
    return b"\n".join(each.text for each in carve(folder_bytes(folder), KEY))


def found(marks, text):
    return [each for each in marks if each in text]


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_deleted_comes_back_and_everything_live_is_found(tmp_path, seed):
    vault = vault_in(tmp_path)
    life = Life(vault, seed, 160)
    vault.delete("of a life", next(iter(life.live)))
    life.deleted.append(life.live.pop(next(iter(life.live))))
    text = carved(tmp_path)
    assert found(life.live.values(), text) == list(life.live.values())
    assert len(life.deleted) > 20
    assert found(life.deleted, text) == []
    vault.close()


def test_where_sqlite_does_not_erase_the_carver_finds_what_was_deleted(tmp_path, monkeypatch):
    """The control: the same life without `secure_delete`."""
    weak = tuple(ERASES.get(each, each) for each in SECURE)
    assert weak != SECURE
    monkeypatch.setattr(records, "PRAGMAS", weak)
    vault = vault_in(tmp_path)
    life = Life(vault, 1, 160)
    assert found(life.deleted, carved(tmp_path))
    vault.close()


def test_where_the_log_is_not_folded_the_carver_finds_what_was_deleted(tmp_path, monkeypatch):
    """The control: the same life with a log that keeps every page."""
    monkeypatch.setattr(OpenVault, "_fold", lambda _: None)
    vault = vault_in(tmp_path)
    life = Life(vault, 1, 70)
    assert len(found(life.deleted, carved(tmp_path))) > len(life.deleted) // 2


def test_a_long_record_is_carved_to_its_end_wherever_it_overflows(tmp_path):
    vault = vault_in(tmp_path)
    for size in (100, 600, 1000, 4000, 5000, 12_000):
        vault.put("long", str(size), b'{"a":"' + b"x" * size + f"END-{size}".encode() + b'"}')
    vault.close()
    text = carved(tmp_path)
    for size in (100, 600, 1000, 4000, 5000, 12_000):
        assert f"END-{size}".encode() in text, size


def test_an_app_killed_just_after_deleting_erases_when_it_is_opened_again(tmp_path, monkeypatch):
    first = tmp_path / "first"
    vault = vault_in(first)
    vault.put("keys", "one", b'{"secret":"CANARY-of-week-one"}')
    monkeypatch.setattr(OpenVault, "_fold", lambda _: None)
    vault.delete("keys", "one")
    shutil.copytree(first, tmp_path / "killed")
    monkeypatch.undo()
    wanted = [b"CANARY-of-week-one"]
    assert opened_by(folder_bytes(tmp_path / "killed"), KEY, wanted)
    again = vault_in(tmp_path / "killed")
    assert not opened_by(folder_bytes(tmp_path / "killed"), KEY, wanted)
    again.close()


class FullOnFolding:
    """A driver's connection to a disk on which the log cannot be folded."""

    def __init__(self, monkeypatch):
        self.full, plain = True, records.sqlite3.connect
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, statement, *given):
                if disk.full and "checkpoint" in statement:
                    raise sqlite3.OperationalError("database or disk is full")
                return super().execute(statement, *given)

        monkeypatch.setattr(
            "sqlite3.dbapi2.connect", lambda *a, **k: plain(*a, **k, factory=Connection)
        )


def test_a_disk_too_full_to_erase_loses_nothing_and_erases_at_the_next_write(tmp_path, monkeypatch):
    disk = FullOnFolding(monkeypatch)
    vault = vault_in(tmp_path)
    vault.put("keys", "one", b'{"secret":"CANARY-of-week-one"}')
    vault.delete("keys", "one")
    assert vault.list("keys") == ()
    assert opened_by(folder_bytes(tmp_path), KEY, [b"CANARY-of-week-one"])
    disk.full = False
    vault.put("keys", "two", b"{}")
    assert not opened_by(folder_bytes(tmp_path), KEY, [b"CANARY-of-week-one"])
    disk.full = True
    vault.delete("keys", "two")
    vault.close()
    assert not vault.is_open
    disk.full = False
    assert vault_in(tmp_path).list("keys") == ()
