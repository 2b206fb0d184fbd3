"""Many requests, one durable commit: whoever holds the pen writes for all who wait.

A disk promises durability a few hundred or thousand times a second, whatever is written. So each
request queues its work; the first to get the pen runs all that queued meanwhile in one
transaction, each in its own savepoint, and commits once. Nobody is answered before the commit.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

from attrs import define
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from backend.store.database import Database
from backend.store.errors import StoreUnavailableError
from protocols.errors import AmanaError

T = TypeVar("T")
Work = Callable[[Session], T]
MOST_AT_ONCE = 32


@define(eq=False)
class _Job(Generic[T]):
    work: Work[T]
    before: Work[None] | None
    order: str
    done: bool = False
    value: T | None = None
    error: Exception | None = None


class Writer:
    """Runs work in grouped transactions over one Database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pen = Lock()
        self._waiting: list[_Job[Any]] = []
        self._queue = Lock()

    def run(self, work: Work[T], *, before: Work[None] | None = None, order: str = "") -> T:
        """`work(session)`'s result, durably committed.

        An AmanaError from `work` undoes `work` alone; what `before` wrote stays (the nonce of a
        refused request stays spent). `order` is the country whose log head `work` locks: groups
        run in that order, so two processes never wait for each other in a ring.
        Raises what `work` or `before` raised, or StoreUnavailableError with nothing written.
        """
        job = _Job(work, before, order)
        with self._queue:
            self._waiting.append(job)
        with self._pen:
            while not job.done:
                self._write_group()
        if job.error is not None:
            raise job.error
        return job.value  # type: ignore[return-value]

    def _write_group(self) -> None:
        with self._queue:
            group = sorted(self._waiting[:MOST_AT_ONCE], key=lambda job: job.order)
            del self._waiting[:MOST_AT_ONCE]
        try:
            with self._database.write() as session:
                for job in group:
                    _run_one(session, job)
        except BaseException as error:
            waiting = error if isinstance(error, Exception) else StoreUnavailableError("stopped")
            for job in group:
                job.error = waiting
            if waiting is not error:
                raise
        finally:
            for job in group:
                job.done = True


def _run_one(session: Session, job: _Job[Any]) -> None:
    try:
        if job.before is not None:
            with session.begin_nested():
                job.before(session)
        with session.begin_nested():
            job.value = job.work(session)
    except (IntegrityError, DataError, AmanaError) as error:
        job.error = error
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001  one request's fault is not its neighbours'
        job.error = error
