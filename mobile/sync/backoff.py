"""How long to wait after a failure: doubling, with jitter, bounded.

"Full jitter" halved: the wait lies between half and the whole of base × 2^attempts, so that the
phones of a region whose network returns do not all knock in the same second.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

Jitter = Callable[[], float]
"""Gives a number in [0, 1); passed in so that tests can repeat it."""

BASE_SECONDS = 15
LONGEST_SECONDS = 3600
LONGEST_ASKED = 86400
"""Seconds that a server may ask for at most."""


def wait(attempts: int, jitter: Jitter, at_least: int | None = None) -> timedelta:
    """The wait after `attempts` failures (1 or more); `at_least` seconds if the server asked."""
    whole = min(LONGEST_SECONDS, BASE_SECONDS * 2 ** min(max(attempts, 1) - 1, 20))
    seconds = whole / 2 + jitter() * whole / 2
    return timedelta(seconds=max(round(seconds), at_least or 0))


def is_over(next_try: datetime, now: datetime) -> bool:
    """Whether the wait until `next_try` is over. One longer than any that is ever set was begun
    under a clock that has been set back since: it holds nothing up."""
    return next_try <= now or next_try > now + timedelta(seconds=LONGEST_ASKED)
