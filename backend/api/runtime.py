"""What one server process holds: its database, its identity and its clock."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TypeVar

from attrs import define, field
from django.conf import settings
from sqlalchemy.orm import Session

from backend.services import founding, overdue, retention
from backend.services.callers import spend_nonce
from backend.services.context import Context
from backend.services.server import load_server
from backend.services.witness_folder import WitnessFolder, witnesses_in
from backend.store.database import Database
from backend.store.writer import Work, Writer
from protocols.sealing.request import SignedRequest

T = TypeVar("T")
WITNESSES = "witnesses"
"""The folder, in a server's data, of what it witnesses for other countries."""
KEEP_DAYS = 90
"""Days for which ciphertext stays once its referral is over, unless the operator says otherwise."""


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def default_url(data: Path) -> str:
    """The SQLite database of a server's data folder."""
    return f"sqlite:///{data / 'amana.db'}"


@define
class Runtime:
    """One server process. `read` and `write` serve one signed request each; `envelopes_kept` is how
    long ciphertext stays once its referral is over, `witnesses` are those that it is of others'
    logs."""

    database: Database
    context: Context
    now: Callable[[], datetime] = utc_now
    envelopes_kept: timedelta = timedelta(days=KEEP_DAYS)
    witnesses: tuple[WitnessFolder, ...] = ()
    writer: Writer = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.writer = Writer(self.database)

    def write(
        self,
        work: Work[T],
        *,
        signed: SignedRequest | None = None,
        first: Work[object] | None = None,
        order: str = "",
    ) -> T:
        """Run `work` in a durable transaction. The request's nonce is spent, and `first` done,
        even if `work` refuses; `order` is the country whose log it may lock."""

        def before(session: Session) -> None:
            if signed is not None:
                spend_nonce(session, signed)
            if first is not None:
                first(session)

        return self.writer.run(work, before=before, order=order)

    def read(self, work: Work[T], *, signed: SignedRequest | None = None) -> T:
        """Spend the request's nonce durably, then run `work` on one moment of the data."""
        if signed is not None:
            self.writer.run(lambda session: spend_nonce(session, signed))
        with self.database.read() as session:
            return work(session)

    def fire_overdue(self) -> int:
        """Let every overdue offer move on, a country at a time; how many did."""
        with self.database.read() as session:
            countries = overdue.overdue_countries(session, self.context, self.now())

        def fire(session: Session) -> int:
            return overdue.fire_overdue(session, self.context, self.now(), country=country)

        fired = 0
        for country in countries:
            fired += self.write(fire, order=country)
        return fired

    def purge(self) -> int:
        """Let go of the envelopes of referrals long over; of how many referrals. Any process may
        do it, and all at once."""
        purged = 0
        for country in sorted(self.context.server.keys):
            while done := self.write(self._purge_some(country), order=country):
                purged += done
        return purged

    def _purge_some(self, country: str) -> Work[int]:
        return lambda session: retention.purge(
            session, self.context, country, self.now(), self.envelopes_kept
        )


def open_runtime(
    data: Path, url: str, *, pool_size: int = 16, keep_days: int = KEEP_DAYS
) -> Runtime:
    """A runtime on a migrated database, its logs opened and its own certificates stored."""
    context = Context(load_server(data), os.urandom)
    kept = timedelta(days=keep_days)
    runtime = Runtime(
        Database(url, pool_size=pool_size),
        context,
        envelopes_kept=kept,
        witnesses=witnesses_in(data / WITNESSES),
    )
    runtime.write(lambda session: founding.found(session, context, runtime.now()))
    return runtime


_lock = Lock()
_current: list[Runtime] = []


def install(runtime: Runtime | None) -> None:
    """Make `runtime` the one that requests are served by; None forgets it."""
    with _lock:
        _current[:] = [] if runtime is None else [runtime]


def current() -> Runtime:
    """The process's runtime, opened from the settings at first use."""
    with _lock:
        if not _current:
            data = Path(settings.AMANA_DATA)
            url = settings.AMANA_DATABASE or default_url(data)
            _current.append(
                open_runtime(
                    data,
                    url,
                    pool_size=settings.AMANA_POOL,
                    keep_days=settings.AMANA_KEEP_DAYS,
                )
            )
        return _current[0]
