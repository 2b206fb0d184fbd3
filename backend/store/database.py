"""One database, SQLite or PostgreSQL by URL: sessions that read, sessions that write.

A writer's transaction takes SQLite's write lock at once (BEGIN IMMEDIATE), so it never fails half
way for having read first. Commits are durable before `write` returns: SQLite in WAL mode with
`synchronous=FULL`, PostgreSQL with its default `synchronous_commit=on`. SQLite overwrites what is
deleted with zeros.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from backend.store.errors import StoreUnavailableError

WAIT_SECONDS = 10
"""How long a statement waits for another's lock before the client is told to try again."""

WRITER = "amana_writer"


def make_engine(url: str, *, pool_size: int = 16) -> Engine:
    """An engine for `url` (sqlite:///FILE, or postgresql://…, driven by psycopg 3)."""
    parsed = make_url(url)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
        options = f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout={3 * WAIT_SECONDS}s"
        return create_engine(
            parsed,
            pool_size=pool_size,
            pool_timeout=WAIT_SECONDS,
            pool_pre_ping=True,
            connect_args={"options": options, "connect_timeout": WAIT_SECONDS},
        )
    engine = create_engine(parsed, pool_size=pool_size, pool_timeout=WAIT_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={WAIT_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITER, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Failures of the database itself become StoreUnavailableError; wrong data stays as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except PoolTimeoutError as error:
        raise StoreUnavailableError("pool") from error
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise StoreUnavailableError(type(error.orig).__name__) from error
        raise


class Database:
    """Sessions over one engine. `read` sees one consistent moment; `write` commits durably."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.engine = make_engine(url, pool_size=pool_size)
        self._writing = self.engine.execution_options(**{WRITER: True})
        self._reading = self.engine
        if self.is_postgres:
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL (otherwise SQLite)."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one snapshot of the data. Raises StoreUnavailableError."""
        with _told_plainly(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits durably at its end, or not at all. StoreUnavailableError."""
        with (
            _told_plainly(),
            Session(self._writing, expire_on_commit=False, info={WRITER: True}) as session,
            session.begin(),
        ):
            session.connection()
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
