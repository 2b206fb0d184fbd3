"""Wrong PINs, counted on disk before each try is answered, and the growing wait between them."""

from datetime import datetime
from pathlib import Path

from attrs import evolve, frozen

from mobile.vault.files import phones_storage, write_durably
from protocols.errors import MalformedError
from protocols.plain import from_json, to_json

MOST_TRIES = 10
TRIES_TO_CHOOSE = (5, 10, 20)
"""Wrong PINs before the wipe; never is not among them."""
DELAYS = (0, 2, 5, 15, 60, 300, 900, 1800, 3600, 7200)
LEFT_WHEN_UNREADABLE = 3


@frozen
class Tries:
    """`vault.tries`: tries `counted` since the last right PIN, the `last` of them, and after how
    many the vault is wiped. The key file says that too, authenticated, and the lower one counts."""

    counted: int
    last: datetime
    most: int = MOST_TRIES

    @property
    def left(self) -> int:
        """Tries before the wipe."""
        return self.most - self.counted

    @property
    def delay(self) -> int:
        """Seconds between the last try and the next."""
        return DELAYS[min(self.counted, len(DELAYS) - 1)]

    def wait(self, now: datetime) -> int:
        """Seconds still to wait at `now`. A clock set back before the last try waits in full."""
        passed = max(0, int((now - self.last).total_seconds()))
        return max(0, self.delay - passed)


def read_tries(path: Path, now: datetime, most: int) -> Tries:
    """The count on disk, for at most `most` tries. One that is missing or unreadable was tampered
    with or lost: few tries are left then, so that deleting the file gains nobody a fresh start."""
    try:
        tries = from_json(path.read_bytes(), Tries)
    except (FileNotFoundError, MalformedError):
        return Tries(most - LEFT_WHEN_UNREADABLE, now, most)
    if tries.counted < 0:
        return Tries(most - LEFT_WHEN_UNREADABLE, now, most)
    return evolve(tries, most=min(tries.most, most))


def write_tries(path: Path, tries: Tries) -> None:
    """Durable when it returns. Raises VaultStorageError."""
    with phones_storage():
        write_durably(path, to_json(tries))
