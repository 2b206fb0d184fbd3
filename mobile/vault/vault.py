"""The locked vault: three files in the phone's folder, opened by a PIN.

`vault.key` holds the wrapped key, `vault.tries` the count of tries, `vault.db` the records.
"""

from datetime import datetime
from pathlib import Path

from attrs import evolve

from mobile.vault import files, keys
from mobile.vault.errors import (
    LockedOutError,
    NoVaultError,
    VaultExistsError,
    WipedError,
    WrongPinError,
)
from mobile.vault.keys import Parameters, Protection
from mobile.vault.records import OpenVault
from mobile.vault.recovery import Recovery, demand_own
from mobile.vault.tries import MOST_TRIES, Tries, read_tries, write_tries
from protocols.plain import Entropy, to_json


class Vault:
    """The vault in `folder`. `device_secret` is 16 to 64 bytes from hardware that does not give it
    out otherwise (Android Keystore); None where there is none, and `protection` says so."""

    def __init__(
        self, folder: Path, entropy: Entropy, *, device_secret: bytes | None = None
    ) -> None:
        self._folder = folder
        self._entropy = entropy
        self._device_secret = device_secret
        self._recovery = Recovery(folder, entropy)

    @property
    def exists(self) -> bool:
        """Whether a vault is here; a wiped one is not."""
        return self._key_path.exists() and not self._is_destroyed()

    @property
    def protection(self) -> Protection:
        """What an attacker who copied the files must find. Raises NoVaultError."""
        return self._read_key().protection

    @property
    def parameters(self) -> Parameters:
        """The Argon2id parameters in force. Raises NoVaultError."""
        return self._read_key().parameters

    def create(
        self,
        pin: str,
        now: datetime,
        parameters: Parameters | None = None,
        most_tries: int = MOST_TRIES,
    ) -> OpenVault:
        """A new vault, open. It exists from the moment its key file is durable, not before.

        Raises VaultExistsError, WeakPinError, WeakParametersError.
        """
        if self.exists:
            raise VaultExistsError(f"a vault is already in {self._folder}; unlock or wipe it")
        normal = keys.normalise_pin(pin)
        keys.check_pin(normal)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._remove_database()
        self._recovery.remove()
        vault_key = self._entropy(keys.KEY_BYTES)
        wrapped = keys.wrap(
            vault_key, normal, parameters or Parameters(), self._device_secret, self._entropy
        )
        write_tries(self._tries_path, Tries(0, now, most_tries))
        opened = OpenVault(self._db_path, vault_key, self._entropy)
        files.write_durably(self._key_path, to_json(wrapped))
        return opened

    def unlock(self, pin: str, now: datetime) -> OpenVault:
        """Open with `pin`. The try is on disk before it is judged, so no crash makes it free.

        Raises LockedOutError (too early, not counted), WrongPinError, WipedError (that was the
        last try, or the vault was wiped before), NoVaultError, VaultDamagedError.
        """
        return OpenVault(self._db_path, self._try_pin(pin, now), self._entropy)

    def _try_pin(self, pin: str, now: datetime) -> bytes:
        file = self._read_key()
        tries = self._allow(now)
        counted = evolve(tries, counted=tries.counted + 1, last=now)
        write_tries(self._tries_path, counted)
        vault_key = keys.unwrap(file, keys.normalise_pin(pin), self._device_secret)
        if vault_key is not None:
            write_tries(self._tries_path, Tries(0, now, tries.most))
            return vault_key
        if counted.left <= 0:
            self.quick_wipe()
            raise WipedError
        raise WrongPinError(counted.wait(now), counted.left)

    def _allow(self, now: datetime) -> Tries:
        tries = read_tries(self._tries_path, now)
        if tries.left <= 0:
            self.quick_wipe()
            raise WipedError
        if tries.wait(now) > 0:
            if now < tries.last:
                tries = evolve(tries, last=now)
                write_tries(self._tries_path, tries)
            raise LockedOutError(tries.wait(now))
        return tries

    def change_pin(self, old: str, new: str, now: datetime) -> None:
        """Wrap the same key under `new`. The old wrapped key is replaced whole; the storage may
        keep its cells for a while. Raises as `unlock`, and WeakPinError."""
        normal = keys.normalise_pin(new)
        keys.check_pin(normal)
        vault_key = self._try_pin(old, now)
        parameters = self._read_key().parameters
        wrapped = keys.wrap(vault_key, normal, parameters, self._device_secret, self._entropy)
        files.write_durably(self._key_path, to_json(wrapped))

    def reset_pin(self, vault_key: bytes, new: str, now: datetime) -> OpenVault:
        """Open with the key itself, had from recovery sheets, and wrap it under `new`. Nothing is
        changed before the key has opened what is here; the tries begin anew, also while a wait is
        on. Raises WeakPinError, RecoveryDamagedError, WipedError, NoVaultError."""
        normal = keys.normalise_pin(new)
        keys.check_pin(normal)
        parameters = self._read_key().parameters
        most = read_tries(self._tries_path, now).most
        opened = OpenVault(self._db_path, vault_key, self._entropy)
        try:
            demand_own(opened)
            wrapped = keys.wrap(vault_key, normal, parameters, self._device_secret, self._entropy)
            write_tries(self._tries_path, Tries(0, now, most))
            files.write_durably(self._key_path, to_json(wrapped))
        except BaseException:
            opened.close()
            raise
        return opened

    def quick_wipe(self) -> None:
        """Destroy the wrapped key (overwritten, flushed), the one under recovery sheets, then
        everything else. Needs no PIN.

        Once the first step is done nothing opens the records again, whatever interrupts the rest.
        """
        files.destroy(self._key_path)
        self._recovery.remove()
        self._remove_database()
        files.remove(self._tries_path)
        files.remove(self._key_path.with_name(self._key_path.name + ".new"))

    @property
    def _key_path(self) -> Path:
        return self._folder / "vault.key"

    @property
    def _tries_path(self) -> Path:
        return self._folder / "vault.tries"

    @property
    def _db_path(self) -> Path:
        return self._folder / "vault.db"

    def _is_destroyed(self) -> bool:
        return not any(self._key_path.read_bytes())

    def _read_key(self) -> keys.KeyFile:
        if not self._key_path.exists():
            if self._db_path.exists():
                raise WipedError
            raise NoVaultError(f"no vault is in {self._folder}; create one first")
        if self._is_destroyed():
            self.quick_wipe()
            raise WipedError
        return keys.read_key_file(self._key_path.read_bytes())

    def _remove_database(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            files.remove(self._db_path.with_name(self._db_path.name + suffix))
