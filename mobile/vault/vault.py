"""The locked vault: files in the phone's folder, opened by a PIN.

Two vaults stand side by side, the real one and a practice one, whether or not a duress PIN was
ever set (see docs/decisions/0016). `mobile.vault.place` names the files, `mobile.vault.keyfile`
what is in `vault.key`.
"""

from datetime import datetime
from pathlib import Path

from attrs import evolve

from mobile.vault import doors, keyfile, keys
from mobile.vault.errors import (
    DuressNotYetError,
    PinTooCloseError,
    RecoveryDamagedError,
    VaultExistsError,
    VaultLockedError,
    WeakPinError,
    WipedError,
)
from mobile.vault.first_format import FirstKeyFile
from mobile.vault.gate import LOCK_AFTER, LOCKS_TO_CHOOSE, Gate, Judged, usable
from mobile.vault.hardware import DeviceKey
from mobile.vault.keyfile import LONGEST_DURESS_PIN, Contents, KeyFile, Opened, Terms
from mobile.vault.keys import Measured, Parameters, Protection
from mobile.vault.likeness import alike
from mobile.vault.place import Place
from mobile.vault.records import OpenVault
from mobile.vault.recovery import Recovery, demand_own
from mobile.vault.tries import (
    MOST_TRIES,
    TRIES_TO_CHOOSE,
    Tries,
    read_tries,
    write_tries,
)
from protocols.plain import Entropy


class Vault:
    """The vault in `folder`. `device`: the key in the phone's own hardware; None where there is
    none, and `protection` says so."""

    def __init__(self, folder: Path, entropy: Entropy, *, device: DeviceKey | None = None) -> None:
        self._entropy = entropy
        self._place = Place(folder, entropy, device)
        self._gate = Gate(self._place, entropy, device)
        self._recovery = Recovery(folder, entropy)
        self._session: Opened | None = None

    @property
    def exists(self) -> bool:
        """Whether a vault is here; a wiped one is not."""
        return self._place.holds_vault

    @property
    def in_hardware(self) -> bool:
        """Whether a secret that stays in this phone's hardware stands beside a PIN chosen now.
        Raises DeviceKeyError."""
        return self._gate.in_hardware

    @property
    def protection(self) -> Protection | None:
        """What an attacker who copied the files must find. Of a locked vault the files do not say
        which kind of PIN it has: None, or DEVICE_SECRET. Raises NoVaultError, DeviceKeyError."""
        file = self._place.read()
        if self._session is not None:
            return self._session.contents.protection
        return Protection.DEVICE_SECRET if file.device_secret and self.in_hardware else None

    @property
    def parameters(self) -> Parameters:
        """The Argon2id parameters in force. Raises NoVaultError."""
        return self._place.read().parameters

    @property
    def terms(self) -> Terms:
        """Tries before the wipe, the lock's time, and what one try takes. On a locked phone what
        the file says, which the next right PIN verifies. Raises NoVaultError."""
        return self._gate.terms

    @property
    def which(self) -> int | None:
        """Which of the two databases is open; it does not say which is the real one."""
        return None if self._session is None else self._session.contents.database

    def tries_left(self, now: datetime) -> int:
        """Wrong PINs from now on before everything is erased. Raises NoVaultError."""
        return read_tries(self._place.tries, now, self.terms.most_tries).left

    def create(
        self,
        pin: str,
        now: datetime,
        parameters: Parameters | None = None,
        most_tries: int = MOST_TRIES,
        try_ms: int = 0,
    ) -> OpenVault:
        """A new vault, open. It exists from the moment its key file is durable, not before.

        Raises VaultExistsError, WeakPinError, WeakParametersError, DeviceKeyError.
        """
        if self.exists:
            raise VaultExistsError(f"a vault is already in {self._place.folder}; unlock or wipe it")
        normal = self._gate.strong(pin)
        chosen = parameters or Parameters()
        chosen.check()
        self._place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._place.wipe()
        real = doors.real_contents(
            self._entropy(keys.KEY_BYTES),
            1 + doors.toss(self._entropy),
            self._gate.protection_of(normal),
            self._entropy,
        )
        blank = self._gate.blank(chosen, Terms(most_tries, LOCK_AFTER, try_ms))
        kek = self._gate.derive(normal, blank)
        file = doors.filled(blank, real, kek, keyfile.noise(self._entropy), self._entropy)
        write_tries(self._place.tries, Tries(0, now, most_tries))
        self._place.open_with(doors.other_database(real.database), real.other_key).close()
        opened = self._place.open(real)
        self._place.write(file)
        self._begin(file, kek)
        return opened

    def unlock(self, pin: str, now: datetime) -> OpenVault:
        """Open with `pin`: the vault, or the practice vault if it is the duress PIN. The try is on
        disk before it is judged, so no crash makes it free.

        Raises LockedOutError (too early, not counted), WrongPinError, WipedError (that was the
        last try, or the vault was wiped before), NoVaultError, VaultDamagedError, DeviceKeyError.
        """
        judged = self._judge(pin, now)
        self._obey(judged)
        self._gate.forgive(judged.file, now)
        self._session = judged.opened
        vault = self._place.open(judged.opened.contents)
        self._place.even_times()
        return vault

    def lock(self) -> None:
        """Forget what the slot held. The open vault is its holder's to close, before this."""
        if self._session is not None:
            self._session = None
            self._place.even_times()

    def practice(self) -> OpenVault | None:
        """The practice vault, opened from the real one that is open now, so that it can be kept
        believable; None from within the practice vault."""
        real = self._unlocked()
        if real.practice:
            return None
        return self._place.open_with(doors.other_database(real.database), real.other_key)

    def change_pin(
        self, old: str, new: str, now: datetime, measured: Measured | None = None
    ) -> None:
        """Wrap the same keys under `new`, with `measured` parameters where the slots can both be
        made anew; the duress PIN stays as it is. Raises as `unlock`, WeakPinError and
        PinTooCloseError."""
        normal = self._gate.strong(new)
        judged = self._judge(old, now, self._session)
        self._gate.forgive(judged.file, now)
        file, real = judged.file, judged.opened.contents
        contents = evolve(real, protection=self._gate.protection_of(normal))
        practice, rest = self._practice_slot(judged)
        if practice is not None and alike(normal, real.other_pin.decode()):
            raise _too_close()
        if not rest:
            slot = keyfile.seal(
                contents, file.header(), self._gate.derive(normal, file), self._entropy
            )
            file = keyfile.with_slot(file, judged.opened.at, slot)
            self._take(file, Opened(judged.opened.at, contents))
            return
        terms = file.terms
        if measured is not None:
            terms = evolve(terms, try_ms=round(1000 * measured.seconds))
        blank = self._gate.blank(measured.parameters if measured else file.parameters, terms)
        other = keyfile.noise(self._entropy)
        if practice is not None:
            duress_kek = self._gate.derive(real.other_pin.decode(), blank)
            other = keyfile.seal(practice, blank.header(), duress_kek, self._entropy)
        kek = self._gate.derive(normal, blank)
        made = doors.filled(blank, contents, kek, other, self._entropy)
        self._take(made, keyfile.open_slots(made, kek))

    def set_duress(self, pin: str, duress: str, now: datetime, *, destroys: bool) -> None:
        """From now on `duress` opens the practice vault and, if it `destroys`, first destroys the
        real vault's key for good. `pin` is the real one and counts as a try.

        Raises as `unlock`, WeakPinError, PinTooCloseError (equal, or a near copy), and
        DuressNotYetError from within the practice vault.
        """
        if self._unlocked().practice:
            raise DuressNotYetError
        normal = self._gate.strong(duress)
        if len(normal) > LONGEST_DURESS_PIN:
            raise WeakPinError(f"a duress PIN has at most {LONGEST_DURESS_PIN} characters")
        if alike(keys.normalise_pin(pin), normal):
            raise _too_close()
        judged = self._judge(pin, now, self._session)
        self._gate.forgive(judged.file, now)
        real = evolve(judged.opened.contents, destroys=destroys, other_pin=normal.encode())
        practice = doors.practice_contents(real, self._gate.protection_of(normal), self._entropy)
        duress_kek = self._gate.derive(normal, judged.file)
        slot = keyfile.seal(practice, judged.file.header(), duress_kek, self._entropy)
        self._reseal(judged, real, slot)

    def remove_duress(self, pin: str, now: datetime) -> None:
        """From now on no PIN opens the practice vault. Raises as `set_duress`."""
        if self._unlocked().practice:
            raise DuressNotYetError
        judged = self._judge(pin, now, self._session)
        self._gate.forgive(judged.file, now)
        real = evolve(judged.opened.contents, destroys=False, other_pin=b"")
        self._reseal(judged, real, keyfile.noise(self._entropy))

    def set_terms(self, *, most_tries: int | None = None, lock_after: int | None = None) -> None:
        """Of `TRIES_TO_CHOOSE` and `LOCKS_TO_CHOOSE`; the vault must be open. Raises ValueError for
        any other number."""
        contents, file = self._unlocked(), self._key_file()
        terms = file.terms
        terms = evolve(
            terms,
            most_tries=terms.most_tries if most_tries is None else most_tries,
            lock_after=terms.lock_after if lock_after is None else lock_after,
        )
        if terms.most_tries not in TRIES_TO_CHOOSE or terms.lock_after not in LOCKS_TO_CHOOSE:
            raise ValueError(f"{terms} is not offered")
        self._place.write(keyfile.with_terms(file, terms, contents.terms_key))

    def reset_pin(self, vault_key: bytes, new: str, now: datetime) -> OpenVault:
        """Open with the key itself, had from recovery sheets, and wrap it under `new`. Nothing is
        changed before the key has opened what is here; the tries begin anew, also while a wait is
        on. The practice vault begins anew, without a duress PIN.

        Raises WeakPinError, RecoveryDamagedError, WipedError, NoVaultError.
        """
        normal = self._gate.strong(new)
        before = self._place.read()
        number, vault = self._recognised(vault_key)
        try:
            protection = self._gate.protection_of(normal)
            real = doors.real_contents(vault_key, number, protection, self._entropy)
            blank = self._gate.blank(before.parameters, usable(self.terms))
            kek = self._gate.derive(normal, blank)
            file = doors.filled(blank, real, kek, keyfile.noise(self._entropy), self._entropy)
            write_tries(self._place.tries, Tries(0, now, file.terms.most_tries))
            self._place.write(file)
            self._begin(file, kek)
            other = doors.other_database(number)
            self._place.remove_database(other)
            self._place.open_with(other, real.other_key).close()
        except BaseException:
            vault.close()
            raise
        return vault

    def quick_wipe(self) -> None:
        """See `mobile.vault.wipe`. Needs no PIN. Raises DeviceKeyError when all but the device's
        own key is gone."""
        self._session = None
        self._place.wipe()

    def finish_wipe(self) -> None:
        """Go on with a wipe that was interrupted; nothing where none was."""
        if self._place.key.exists() and not self.exists:
            self.quick_wipe()

    def _judge(self, pin: str, now: datetime, within: Opened | None = None) -> Judged:
        try:
            return self._gate.judge(pin, now, within)
        except WipedError:
            self._session = None
            raise

    def _obey(self, judged: Judged) -> None:
        """Before anything opens: where the duress PIN says so, the real slot becomes noise, and
        what recovery sheets would open as well."""
        contents, at = judged.opened.contents, judged.opened.at
        if not (contents.practice and contents.destroys):
            return
        self._place.spoil(judged.file, doors.other_slot(at))
        self._recovery.spoil()

    def _practice_slot(self, judged: Judged) -> tuple[Contents | None, bool]:
        """What the other slot holds, as far as the open one knows it; and whether the whole file
        can be made anew: not from within the practice vault, nor once that changed its PIN."""
        real = judged.opened.contents
        if real.practice:
            return None, False
        if not real.other_pin:
            return None, True
        found = keyfile.open_slots(
            judged.file, self._gate.derive(real.other_pin.decode(), judged.file)
        )
        return (None, False) if found is None else (found.contents, True)

    def _recognised(self, vault_key: bytes) -> tuple[int, OpenVault]:
        """The database that this key opens. Raises RecoveryDamagedError."""
        for number in doors.DATABASES:
            path = self._place.database(number)
            if not path.exists():
                continue
            vault = OpenVault(path, vault_key, self._entropy)
            try:
                demand_own(vault)
            except RecoveryDamagedError:
                vault.close()
                continue
            return number, vault
        raise RecoveryDamagedError(
            "these sheets are of a vault that was on this phone before; nothing was changed"
        )

    def _reseal(self, judged: Judged, real: Contents, other: keyfile.Slot) -> None:
        header, at = judged.file.header(), judged.opened.at
        slot = keyfile.seal(real, header, judged.kek, self._entropy)
        file = keyfile.with_slot(judged.file, at, slot)
        self._take(keyfile.with_slot(file, doors.other_slot(at), other), Opened(at, real))

    def _take(self, file: KeyFile, opened: Opened | None) -> None:
        self._place.write(file)
        if self._session is not None:
            self._session = opened

    def _begin(self, file: KeyFile, kek: bytes) -> None:
        self._session = keyfile.open_slots(file, kek)

    def _unlocked(self) -> Contents:
        if self._session is None:
            raise VaultLockedError
        return self._session.contents

    def _key_file(self) -> KeyFile:
        file = self._place.read()
        if isinstance(file, FirstKeyFile):
            raise VaultLockedError
        return file


def _too_close() -> PinTooCloseError:
    return PinTooCloseError(
        "the duress PIN and the PIN are so alike that a slip would take one for the other; choose"
        " quite another"
    )
