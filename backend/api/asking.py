"""The thread in which a server asks its witnesses to cosign, beside its requests."""

import threading
from typing import Any

from backend.api import logs
from backend.api.runtime import Runtime
from backend.services.asking import Asking, WitnessAheadError
from backend.store.errors import StoreUnavailableError

EVERY_SECONDS = 15.0


class Witnesses(threading.Thread):
    """Asks at once and every few seconds, until the process ends."""

    def __init__(self, runtime: Runtime, asking: Asking, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="amana-witnesses", daemon=True)
        self._runtime, self._asking, self._every = runtime, asking, every
        self._stop_asking = threading.Event()

    def run(self) -> None:
        """Round after round; a witness or a database that is away is tried again at a next."""
        while True:
            try:
                self.round()
            except StoreUnavailableError:
                logs.duties.warning("duties: database not available, trying again")
            except Exception as error:  # noqa: BLE001  a thread that dies would ask no more
                logs.tell_defect(error)
            if self._stop_asking.wait(self._every):
                return

    def round(self) -> int:
        """One round; how many cosignatures came in."""
        taken, wrong = self._asking.round(self._runtime.now())
        if any(isinstance(each, WitnessAheadError) for each in wrong):
            logs.duties.error("duties: a witness knows more of a log than is here")
        elif wrong:
            logs.duties.warning("duties: a witness did not cosign, trying again")
        return taken

    def stop(self) -> None:
        """End after the present round."""
        self._stop_asking.set()


def asking_of(runtime: Runtime, urls: tuple[str, ...], **more: Any) -> Asking:
    """How `runtime` asks the witnesses at `urls`."""
    return Asking(
        runtime.context,
        urls,
        runtime.read,
        lambda work, country: runtime.write(work, order=country),
        **more,
    )


def start(runtime: Runtime, urls: tuple[str, ...]) -> Witnesses | None:
    """Begin to ask, where there is anybody to ask."""
    if not urls:
        return None
    thread = Witnesses(runtime, asking_of(runtime, urls))
    thread.start()
    return thread
