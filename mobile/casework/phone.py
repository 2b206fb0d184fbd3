"""One phone: the door to everything it does for its holder, without presentation.

A `Phone` is cheap to make; `create` and `unlock` hash the PIN (about a second on a slow phone) and
`sync` talks to the network: call those three off the interface's thread.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import nacl.utils

from mobile.casework.coordination import Coordination
from mobile.casework.desk import Clock, Desk, HttpFactory
from mobile.casework.directory import show_directory
from mobile.casework.drafts import Drafts
from mobile.casework.editions import Editions
from mobile.casework.enrolment import Enrolment
from mobile.casework.errors import LockedError
from mobile.casework.inbox import Inbox
from mobile.casework.inviting import Inviting
from mobile.casework.outbox_view import OutboxView
from mobile.casework.practice import Practice
from mobile.casework.recovery import RecoverySheets
from mobile.casework.referrals import Referrals
from mobile.casework.rehearsal import rehearse
from mobile.casework.resealing import Resealing
from mobile.casework.screenings import Screenings
from mobile.casework.spare import Spare
from mobile.casework.synchronise import synchronise
from mobile.casework.views import DirectoryView, Identity, SyncReport
from mobile.casework.watching import Watching
from mobile.sync.patience import Patience
from mobile.vault.errors import DuressNotYetError
from mobile.vault.hardware import DeviceKey
from mobile.vault.keyfile import Terms
from mobile.vault.keys import Measured, Parameters, Protection
from mobile.vault.records import OpenVault
from mobile.vault.recovery import Recovery
from mobile.vault.sheets import Gathered
from mobile.vault.vault import Vault
from protocols.plain import Entropy

_jitter: Callable[[], float] = random.SystemRandom().random


def now_utc() -> datetime:
    """The system's clock, aware and to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class Phone:
    """A phone whose vault lives in `folder`. Its rooms: `enrolment`, `editions`, `screenings`,
    `practice`, `drafts`, `referrals`, `inbox`, `resealing`, `coordination`, `inviting`,
    `watching`, `outbox`, `recovery`, `spare`; each raises LockedError while the vault is locked.

    `clock` gives aware UTC times to the second; `http` makes an HTTP client per exchange (None:
    httpx's own with the system's certificates); `device` see `mobile.vault.vault.Vault`;
    `patience` is how long to wait for a server.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock = now_utc,
        entropy: Entropy = nacl.utils.random,
        http: HttpFactory | None = None,
        *,
        device: DeviceKey | None = None,
        jitter: Callable[[], float] = _jitter,
        patience: Patience | None = None,
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._entropy = entropy
        self._http = http or httpx.Client
        self._jitter = jitter
        self._patience = patience
        self._vault = Vault(folder, entropy, device=device)
        self._vault.finish_wipe()
        self._open: Desk | None = None
        self.enrolment = Enrolment(self._desk)
        self.editions = Editions(self._desk)
        self.screenings = Screenings(self._desk)
        self.practice = Practice(self._desk, self.screenings)
        self.drafts = Drafts(self._desk)
        self.referrals = Referrals(self._desk)
        self.inbox = Inbox(self._desk)
        self.resealing = Resealing(self._desk)
        self.coordination = Coordination(self._desk)
        self.inviting = Inviting(self._desk)
        self.watching = Watching(self._desk)
        self.outbox = OutboxView(self._desk)
        self._sheets = Recovery(folder, entropy)
        self.recovery = RecoverySheets(self._sheets, self._desk, clock, self._rehearse)
        self.spare = Spare(self._sheets, self._desk)

    @property
    def now(self) -> datetime:
        """The phone's time, aware."""
        return self._clock()

    @property
    def exists(self) -> bool:
        """Whether a vault is in the folder (locked or not)."""
        return self._vault.exists

    @property
    def unlocked(self) -> bool:
        """Whether the vault's key is in memory."""
        return self._open is not None

    @property
    def which(self) -> int | None:
        """Which of the two vaults is open, None while locked: what was shown of one must not be
        looked for in the other."""
        return self._vault.which

    @property
    def protection(self) -> Protection | None:
        """What stands between a seized phone and its records: PIN alone, passphrase, or a device
        secret as well; None on a locked phone whose files do not say. Raises NoVaultError before
        `create`."""
        return self._vault.protection

    @property
    def in_hardware(self) -> bool:
        """Whether a secret in this phone's own hardware stands beside a PIN that is chosen now."""
        return self._vault.in_hardware

    @property
    def terms(self) -> Terms:
        """Tries before everything is erased, seconds before the lock, and what one try takes.
        Raises NoVaultError."""
        return self._vault.terms

    @property
    def tries_left(self) -> int:
        """Wrong PINs from now on before everything is erased. Raises NoVaultError."""
        return self._vault.tries_left(self._clock())

    @property
    def parameters(self) -> Parameters:
        """Of the PIN's hash. Raises NoVaultError."""
        return self._vault.parameters

    def create(
        self, pin: str, *, parameters: Parameters | None = None, measured: Measured | None = None
    ) -> None:
        """Make the vault under `pin` and leave it unlocked; `measured` from
        `mobile.vault.keys.measure_parameters`, or `parameters` alone. Raises VaultExistsError,
        WeakPinError."""
        chosen, try_ms = parameters, 0
        if measured is not None:
            chosen, try_ms = measured.parameters, round(1000 * measured.seconds)
        self._take(self._vault.create(pin, self._clock(), chosen, try_ms=try_ms))

    def unlock(self, pin: str) -> None:
        """Raises WrongPinError(wait_seconds, tries_left), LockedOutError(wait_seconds),
        WipedError, NoVaultError, VaultDamagedError."""
        if self._open is None:
            self._take(self._vault.unlock(pin, self._clock()))

    def change_pin(self, old: str, new: str, measured: Measured | None = None) -> None:
        """Raises as `unlock`, WeakPinError, and PinTooCloseError for a copy of the duress PIN."""
        self._vault.change_pin(old, new, self._clock(), measured)

    def set_duress(self, pin: str, duress: str, *, destroys: bool) -> None:
        """See `mobile.vault.vault.Vault.set_duress`. Raises DuressNotYetError before this phone
        has joined an organisation, and in the practice vault, which never has."""
        if self.identity is None:
            raise DuressNotYetError
        self._vault.set_duress(pin, duress, self._clock(), destroys=destroys)
        self._rehearse()

    def remove_duress(self, pin: str) -> None:
        """Raises as `set_duress`."""
        if self.identity is None:
            raise DuressNotYetError
        self._vault.remove_duress(pin, self._clock())

    def set_terms(self, *, most_tries: int | None = None, lock_after: int | None = None) -> None:
        """See `mobile.vault.vault.Vault.set_terms`."""
        self._desk()
        self._vault.set_terms(most_tries=most_tries, lock_after=lock_after)

    def open_with_sheets(self, sheets: Gathered, new_pin: str) -> None:
        """Open with enough recovery sheets and protect everything with `new_pin`; also while a wait
        after wrong PINs is on. Raises TooFewSheetsError, SheetUnfitError, NoRecoveryError,
        RecoveryDamagedError, WeakPinError, WipedError, NoVaultError; nothing is changed then."""
        key = self._sheets.key(sheets.secret())
        self.lock()
        self._take(self._vault.reset_pin(key, new_pin, self._clock()))

    def lock(self) -> None:
        """Drop the keys from memory; what is half answered is already saved."""
        desk, self._open = self._open, None
        try:
            if desk is not None:
                desk.vault.close()
        finally:
            self._vault.lock()

    def quick_wipe(self) -> None:
        """Destroy the vault's key, then the vault, at once and for good. Needs no PIN."""
        try:
            self._vault.quick_wipe()
        finally:
            try:
                self.lock()
            finally:
                self._vault.quick_wipe()

    @property
    def identity(self) -> Identity | None:
        """Who this phone is, or None before it is enrolled."""
        kept = self._desk().identity
        if kept is None:
            return None
        return Identity(
            role=kept.role,
            organisation=kept.organisation,
            organisation_name=kept.organisation_name,
            country=kept.country,
            keyid=kept.keyid,
            label=kept.label,
        )

    @property
    def directory(self) -> DirectoryView:
        """The directory as last verified. Raises NoDirectoryError before the first sync."""
        return show_directory(self._desk())

    def sync(self, *, hurry: bool = False) -> SyncReport:
        """Outbox out, directory and sealing keys refreshed, events in. In a `hurry` (the person
        pressed the button) items are tried before their wait is over.

        Raises OfflineError, ServerTroubleError, LogForkError, HostileAnswerError and their like
        (`mobile.sync.errors`), and ClockWrongError; whatever it raises, nothing unverified was
        kept.
        """
        return synchronise(self._desk(), hurry=hurry)

    def _desk(self) -> Desk:
        if self._open is None:
            raise LockedError("the phone is locked; enter the PIN")
        return self._open

    def _take(self, vault: OpenVault) -> None:
        self._open = self._desk_on(vault)
        self._rehearse()

    def _rehearse(self) -> None:
        rehearse(self._vault, self._sheets, self._desk().vault, self._desk_on)

    def _desk_on(self, vault: OpenVault) -> Desk:
        return Desk(
            vault,
            clock=self._clock,
            entropy=self._entropy,
            http=self._http,
            jitter=self._jitter,
            patience=self._patience,
        )
