"""What a server does without being asked: deadlines fire, spent nonces and ciphertext long over are
forgotten."""

import os
import threading

from sqlalchemy.orm import Session

from backend.api import logs
from backend.api.runtime import Runtime
from backend.services import overdue
from backend.store.errors import StoreUnavailableError

EVERY_SECONDS = 2.0
TIDY_EVERY = 150
"""Rounds between two tidyings."""


class Duties(threading.Thread):
    """Runs `overdue.fire_overdue` at once and every few seconds, until the process ends."""

    def __init__(self, runtime: Runtime, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="amana-duties", daemon=True)
        self._runtime = runtime
        self._every = every
        self._stop = threading.Event()
        self._parent = os.getppid()

    def run(self) -> None:
        """Round after round. A database that is away is tried again at the next."""
        rounds = 0
        while True:
            try:
                self.round(tidying=rounds % TIDY_EVERY == 0)
            except StoreUnavailableError:
                logs.duties.warning("duties: database not available, trying again")
            except Exception as error:  # noqa: BLE001  a thread that dies would stop deadlines
                logs.tell_defect(error)
            rounds += 1
            if self._stop.wait(self._every):
                return
            if os.getppid() != self._parent:
                logs.duties.warning("duties: the parent process is gone, ending")
                os._exit(1)

    def round(self, *, tidying: bool) -> int:
        """One round; how many referrals moved on."""
        runtime = self._runtime
        fired = runtime.fire_overdue()
        if tidying:
            runtime.write(lambda session: _tidy(session, runtime))
            runtime.purge()
        return fired

    def stop(self) -> None:
        """End after the present round."""
        self._stop.set()


def _tidy(session: Session, runtime: Runtime) -> None:
    overdue.tidy(session, runtime.now())


def start(runtime: Runtime) -> Duties:
    """Begin the duties of this process."""
    duties = Duties(runtime)
    duties.start()
    return duties
