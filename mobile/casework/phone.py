"""One phone: the door to everything it does for its holder, without presentation.

A `Phone` is cheap to make; `create` and `unlock` hash the PIN (about a second on a slow phone) and
`sync` talks to the network: call those three off the interface's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import nacl.utils

from mobile.casework.coordination import Coordination
from mobile.casework.enrolment import Enrolment
from mobile.casework.inbox import Inbox
from mobile.casework.outbox_view import OutboxView
from mobile.casework.referrals import Referrals
from mobile.casework.screenings import Screenings
from mobile.casework.views import DirectoryView, Identity, SyncReport
from protocols.plain import Entropy

if TYPE_CHECKING:
    from mobile.vault.keys import Parameters, Protection

Clock = Callable[[], datetime]
HttpFactory = Callable[[], httpx.Client]


def now_utc() -> datetime:
    """The system's clock, aware and to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class Phone:
    """A phone whose vault lives in `folder`. Its rooms: `enrolment`, `screenings`, `referrals`,
    `inbox`, `coordination`, `outbox`; each raises LockedError while the vault is locked."""

    enrolment: Enrolment
    screenings: Screenings
    referrals: Referrals
    inbox: Inbox
    coordination: Coordination
    outbox: OutboxView

    def __init__(
        self,
        folder: Path,
        clock: Clock = now_utc,
        entropy: Entropy = nacl.utils.random,
        http: HttpFactory | None = None,
    ) -> None:
        raise NotImplementedError

    @property
    def exists(self) -> bool:
        """Whether a vault is in the folder (locked or not)."""
        raise NotImplementedError

    @property
    def unlocked(self) -> bool:
        """Whether the vault's key is in memory."""
        raise NotImplementedError

    @property
    def protection(self) -> Protection:
        """What stands between a seized phone and its records: PIN alone, passphrase, or a device
        secret as well."""
        raise NotImplementedError

    def create(self, pin: str, *, parameters: Parameters | None = None) -> None:
        """Make the vault under `pin` and leave it unlocked. Raises VaultExistsError, WeakPinError."""
        raise NotImplementedError

    def unlock(self, pin: str) -> None:
        """Raises WrongPinError(wait_seconds, tries_left), LockedOutError(wait_seconds),
        WipedError."""
        raise NotImplementedError

    def lock(self) -> None:
        """Drop the keys from memory; what is half answered is already saved."""
        raise NotImplementedError

    def quick_wipe(self) -> None:
        """Destroy the vault's key, then the vault, at once and for good. Needs no PIN."""
        raise NotImplementedError

    @property
    def identity(self) -> Identity | None:
        """Who this phone is, or None before it is enrolled."""
        raise NotImplementedError

    @property
    def directory(self) -> DirectoryView:
        """The directory as last verified. Raises NoDirectoryError before the first sync."""
        raise NotImplementedError

    def sync(self) -> SyncReport:
        """Outbox out, directory and sealing keys refreshed, events in.

        Raises OfflineError, ServerTroubleError, LogForkError, HostileAnswerError and their like
        (`mobile.sync.errors`); whatever it raises, nothing unverified was kept.
        """
        raise NotImplementedError
