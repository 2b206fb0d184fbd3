"""Durability, isolation and honest failure of the two kinds of database."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from backend.store import directory, log, nonces
from backend.store import writer as writer_module
from backend.store.database import Database
from backend.store.errors import StoreUnavailableError
from backend.store.writer import Writer
from protocols.errors import AmanaError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class RefusedForTestError(AmanaError):
    code = "refused_for_test"


def test_sqlite_is_as_durable_as_promised(make_url: Callable[[str], str]) -> None:
    database = Database(make_url("sqlite"))
    with database.read() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
    }


def test_postgres_keeps_synchronous_commit(make_url: Callable[[str], str]) -> None:
    database = Database(make_url("postgresql"))
    with database.read() as session:
        shown = session.execute(text("SHOW synchronous_commit")).scalar()
        version = session.execute(text("SHOW server_version_num")).scalar()
    database.close()
    assert shown == "on"
    assert int(str(version)) >= 180000


def test_moments_come_back_as_they_went(database: Database) -> None:
    with database.write() as session:
        log.add_country(session, "TN", "amana/x/TN", "note")
        row = log.lock_country(session, "TN")
        assert row is not None
        row.received = NOW
    with database.read() as session:
        again = log.country(session, "TN")
    assert again is not None
    assert again.received == NOW


def test_a_nonce_is_spent_once(database: Database) -> None:
    with database.write() as session:
        assert nonces.spend(session, "k" * 32, "n1", NOW + timedelta(minutes=10))
    with database.write() as session:
        assert not nonces.spend(session, "k" * 32, "n1", NOW + timedelta(minutes=10))
        assert nonces.spend(session, "j" * 32, "n1", NOW + timedelta(minutes=10))
        nonces.prune(session, NOW + timedelta(minutes=11))
        assert nonces.spend(session, "k" * 32, "n1", NOW + timedelta(minutes=30))


def test_an_exception_writes_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        log.add_country(session, "TN", "amana/x/TN", "note")
        raise RuntimeError
    with database.read() as session:
        assert log.countries(session) == []


def test_statements_raise_the_trust_version_once(database: Database) -> None:
    row = {"digest": "d" * 64, "kind": "certificate", "role": "x", "subject": "s", "body": b"{}"}
    with database.write() as session:
        log.add_country(session, "TN", "amana/x/TN", "note")
        assert directory.add_statements(session, "TN", [row]) == 1
        assert directory.add_statements(session, "TN", [row, row]) == 0
    with database.read() as session:
        assert directory.country_of(session, "s") == ("TN", 1)


def test_a_refusal_undoes_its_own_work_but_not_its_nonce(database: Database) -> None:
    writer = Writer(database)

    def refuse(session: object) -> None:
        log.add_country(session, "TN", "amana/x/TN", "note")
        raise RefusedForTestError

    def spend(session: object) -> None:
        assert nonces.spend(session, "k" * 32, "n1", NOW)

    with pytest.raises(RefusedForTestError):
        writer.run(refuse, before=spend)
    with database.read() as session:
        assert log.countries(session) == []
    with database.write() as session:
        assert not nonces.spend(session, "k" * 32, "n1", NOW)


def test_waiting_work_shares_one_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(database)
    first_runs, go_on = threading.Event(), threading.Event()
    groups: list[int] = []
    plain = Writer._write_group

    def counted(self: Writer) -> None:
        groups.append(len(self._waiting))
        plain(self)

    monkeypatch.setattr(writer_module.Writer, "_write_group", counted)

    def slow(session: object) -> None:
        first_runs.set()
        assert go_on.wait(10)
        log.add_country(session, "A0", "x", "note")

    def add(code: str) -> None:
        if code == "C5":
            with pytest.raises(RefusedForTestError):
                writer.run(_refuse)
        else:
            writer.run(lambda session: log.add_country(session, code, "x", "note"))

    def _refuse(session: object) -> None:
        raise RefusedForTestError

    threads = [threading.Thread(target=writer.run, args=(slow,))]
    threads[0].start()
    assert first_runs.wait(10)
    threads += [threading.Thread(target=add, args=(f"C{n}",)) for n in range(10)]
    for thread in threads[1:]:
        thread.start()
    while len(writer._waiting) < 10:
        threading.Event().wait(0.01)
    go_on.set()
    for thread in threads:
        thread.join(20)
    with database.read() as session:
        codes = [row.code for row in log.countries(session)]
    assert codes == sorted(["A0", *(f"C{n}" for n in range(10) if n != 5)])
    assert groups == [1, 10]


def test_whoever_waits_when_the_writer_is_stopped_is_not_told_that_it_is_done(
    database: Database,
) -> None:
    """The thread that writes for all is asked to end in the middle of its group."""
    writer = Writer(database)

    def leave(session: object) -> None:
        raise SystemExit

    def add(session: object) -> None:
        log.add_country(session, "TN", "x", "note")

    jobs = [writer_module._Job(work, None, "") for work in (add, leave)]
    writer._waiting += jobs
    with pytest.raises(SystemExit):
        writer._write_group()
    assert all(each.done and isinstance(each.error, StoreUnavailableError) for each in jobs)
    with database.read() as session:
        assert log.countries(session) == []


def test_a_full_disk_is_said_and_nothing_is_half_written(make_url: Callable[[str], str]) -> None:
    database = Database(make_url("sqlite"), pool_size=1)
    writer = Writer(database)
    writer.run(lambda session: log.add_country(session, "TN", "x", "note"))
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def too_much(session: object) -> None:
        log.add_country(session, "EG", "x", "note")
        log.add_country(session, "LY", "x", "n" * 100_000)

    with pytest.raises(StoreUnavailableError) as refusal:
        writer.run(too_much)
    assert "Send the same again" in str(refusal.value)
    with database.read() as session:
        assert [row.code for row in log.countries(session)] == ["TN"]
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    writer.run(lambda session: log.add_country(session, "MA", "x", "note"))
    database.close()


def test_a_lock_held_by_another_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.store.database.WAIT_SECONDS", 1)
    holder, waiter = Database(url), Database(url)
    with holder.write() as session:
        log.add_country(session, "TN", "x", "note")
    with holder.write() as session:
        log.lock_country(session, "TN")
        with pytest.raises(StoreUnavailableError), waiter.write() as second:
            log.lock_country(second, "TN")
    with waiter.write() as second:
        assert log.lock_country(second, "TN") is not None
    holder.close()
    waiter.close()


def test_a_database_that_is_gone_is_said(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder/x.db")
    with pytest.raises(StoreUnavailableError) as refusal, database.write():
        pass
    assert sqlite3.OperationalError.__name__ in str(refusal.value)
