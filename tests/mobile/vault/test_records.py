"""Records on disk: nothing in clear, nothing movable, nothing half written."""

import sqlite3
from datetime import UTC, datetime

import nacl.utils
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobile.vault.errors import (
    NoVaultError,
    VaultDamagedError,
    VaultLockedError,
    VaultStorageError,
    WipedError,
)
from mobile.vault.keys import TEST_PARAMETERS
from mobile.vault.records import OpenVault
from mobile.vault.vault import Vault

PIN = "482913"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CANARY = "CANARY-7f3a"
SOME = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def opened(tmp_path):
    vault = OpenVault(tmp_path / "vault.db", bytes(range(32)), nacl.utils.random)
    yield vault
    vault.close()


def on_disk(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@SOME
@given(
    st.dictionaries(
        st.tuples(st.text(max_size=12), st.text(max_size=12)), st.binary(max_size=700), max_size=6
    )
)
def test_what_was_put_is_what_is_got(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("vault")
    vault = OpenVault(folder / "vault.db", bytes(32), nacl.utils.random)
    for (collection, row), body in records.items():
        vault.put(collection, row, body)
    vault.close()
    again = OpenVault(folder / "vault.db", bytes(32), nacl.utils.random)
    for (collection, row), body in records.items():
        assert again.get(collection, row) == body
        assert (row, body) in again.items(collection)
    again.close()


def tamper(path, change):
    with sqlite3.connect(path) as raw:
        rows = raw.execute("SELECT collection, row, name, body FROM record ORDER BY row").fetchall()
        raw.execute("DELETE FROM record")
        raw.executemany("INSERT INTO record VALUES (?,?,?,?)", change([list(row) for row in rows]))
    raw.close()


def swap_bodies(rows):
    rows[0][3], rows[1][3] = rows[1][3], rows[0][3]
    return rows


def swap_columns(rows):
    rows[0][2], rows[0][3] = rows[0][3], rows[0][2]
    return rows


def swap_keys(rows):
    rows[0][1], rows[1][1] = rows[1][1], rows[0][1]
    return rows


@pytest.mark.parametrize("change", [swap_bodies, swap_columns, swap_keys])
def test_a_moved_value_is_named_damage(opened, tmp_path, change):
    opened.put("case", "one", b"first")
    opened.put("case", "two", b"second")
    tamper(tmp_path / "vault.db", change)
    with pytest.raises(VaultDamagedError):
        opened.items("case")
    for row in ("one", "two"):
        if change is not swap_columns:
            with pytest.raises(VaultDamagedError):
                opened.get("case", row)


def test_a_record_moved_to_another_collection_is_named_damage(opened, tmp_path):
    opened.put("case", "one", b"first")
    opened.put("outbox", "one", b"second")

    def exchange(rows):
        rows[0][0], rows[1][0] = rows[1][0], rows[0][0]
        return rows

    tamper(tmp_path / "vault.db", exchange)
    with pytest.raises(VaultDamagedError):
        opened.items("case")


@SOME
@given(st.data())
def test_any_flipped_bit_is_named_damage(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("vault")
    vault = OpenVault(folder / "vault.db", bytes(32), nacl.utils.random)
    vault.put("case", "one", b"body of the case")
    column = data.draw(st.sampled_from([2, 3]))

    def flip(rows):
        bytes_ = bytearray(rows[0][column])
        bit = data.draw(st.integers(0, len(bytes_) * 8 - 1))
        bytes_[bit // 8] ^= 1 << bit % 8
        rows[0][column] = bytes(bytes_)
        return rows

    tamper(folder / "vault.db", flip)
    with pytest.raises(VaultDamagedError):
        vault.items("case")
    vault.close()


@SOME
@given(st.binary(max_size=300))
def test_a_foreign_value_never_opens(tmp_path_factory, garbage):
    folder = tmp_path_factory.mktemp("vault")
    vault = OpenVault(folder / "vault.db", bytes(32), nacl.utils.random)
    vault.put("case", "one", b"body")
    tamper(folder / "vault.db", lambda rows: [[*rows[0][:3], garbage]])
    with pytest.raises(VaultDamagedError):
        vault.get("case", "one")
    vault.close()


def test_no_canary_on_disk_in_any_state(tmp_path):
    vault = Vault(tmp_path, nacl.utils.random)
    opened = vault.create(PIN, NOW, TEST_PARAMETERS)
    opened.put(f"collection {CANARY}", f"row {CANARY}", f"body {CANARY}".encode())
    assert CANARY.encode() not in on_disk(tmp_path)
    with opened.transaction():
        opened.put("second", CANARY, CANARY.encode() * 5000)
        assert CANARY.encode() not in on_disk(tmp_path)
    opened.delete("second", CANARY)
    assert CANARY.encode() not in on_disk(tmp_path)
    opened.close()
    assert CANARY.encode() not in on_disk(tmp_path)
    assert PIN.encode() not in on_disk(tmp_path)
    vault.unlock(PIN, NOW)
    vault.quick_wipe()
    assert on_disk(tmp_path) == b""


def test_sizes_tell_little(opened, tmp_path):
    opened.put("case", "one", b"no")
    opened.put("case", "two", b"a rather longer answer than the other one")
    with sqlite3.connect(tmp_path / "vault.db") as raw:
        assert len(set(raw.execute("SELECT length(name), length(body) FROM record"))) == 1
    raw.close()


def test_a_failure_inside_undoes_the_whole_transaction(opened):
    opened.put("case", "one", b"before")
    with pytest.raises(ZeroDivisionError), opened.transaction():
        opened.put("case", "one", b"after")
        opened.put("case", "two", b"new")
        _ = 1 / 0
    assert opened.items("case") == (("one", b"before"),)


def test_a_failure_in_a_nested_transaction_undoes_only_that(opened):
    with opened.transaction():
        opened.put("case", "one", b"kept")
        with pytest.raises(ZeroDivisionError), opened.transaction():
            opened.put("case", "two", b"undone")
            _ = 1 / 0
    assert opened.list("case") == ("one",)


def test_the_database_is_set_for_durability(opened):
    with opened._engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_locked_means_no_key_and_no_reading(opened):
    opened.put("case", "one", b"kept")
    key = opened._key
    opened.close()
    assert not opened.is_open
    assert not any(key)
    with pytest.raises(VaultLockedError):
        opened.get("case", "one")
    with pytest.raises(VaultLockedError):
        opened.put("case", "two", b"")


def test_a_wipe_interrupted_after_its_first_step_is_finished_later(tmp_path, monkeypatch):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    monkeypatch.setattr("pathlib.Path.unlink", lambda *_, **__: (_ for _ in ()).throw(OSError))
    with pytest.raises(OSError):
        vault.quick_wipe()
    monkeypatch.undo()
    assert not any((tmp_path / "vault.key").read_bytes())
    assert not vault.exists
    with pytest.raises(WipedError):
        vault.unlock(PIN, NOW)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoVaultError):
        vault.unlock(PIN, NOW)


def test_a_wiped_vault_can_be_made_anew_and_knows_nothing(tmp_path):
    vault = Vault(tmp_path, nacl.utils.random)
    opened = vault.create(PIN, NOW, TEST_PARAMETERS)
    opened.put("case", "one", b"old")
    vault.quick_wipe()
    assert vault.create(PIN, NOW, TEST_PARAMETERS).items("case") == ()


def test_a_file_that_is_no_database_is_named_damage(tmp_path):
    (tmp_path / "vault.db").write_bytes(b"not a database at all" * 400)
    with pytest.raises(VaultDamagedError):
        OpenVault(tmp_path / "vault.db", bytes(32), nacl.utils.random)


def test_storage_that_fails_is_named(opened, tmp_path):
    with sqlite3.connect(tmp_path / "vault.db") as raw:
        raw.execute(
            "CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT,'disk full'); END"
        )
    raw.close()
    with pytest.raises(VaultStorageError, match="disk full"):
        opened.put("case", "one", b"")


def test_a_closed_vault_keeps_no_key_and_makes_none(opened):
    opened.put("c", "r", b"body")
    assert opened._subkeys
    opened.close()
    assert (opened._key, opened._subkeys) == (None, {})
    with pytest.raises(VaultLockedError):
        opened.get("c", "r")
    assert opened._subkeys == {}
