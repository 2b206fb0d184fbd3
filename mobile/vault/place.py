"""The vault's files in the phone's folder: which there are, and how each is read and written.

`vault.key` holds the two slots, `vault.tries` the count of tries, `vault.db` and `vault-2.db` the
records of the two vaults; which of them is the real one only a slot says.
"""

import os
from pathlib import Path

from mobile.vault import files, first_format, keyfile
from mobile.vault.doors import DATABASES
from mobile.vault.errors import NoVaultError, WipedError
from mobile.vault.first_format import FirstKeyFile
from mobile.vault.hardware import DeviceKey
from mobile.vault.inplace import overwrite
from mobile.vault.keyfile import Contents, KeyFile
from mobile.vault.records import OpenVault
from mobile.vault.wipe import KEY, is_under_way, wipe
from protocols.plain import Entropy, to_json

VAULT, OWN_ROW = "vault", "own"
"""A record that every database has; a key that does not find it is another's."""


class Place:
    """The files in `folder`."""

    def __init__(self, folder: Path, entropy: Entropy, device: DeviceKey | None) -> None:
        self.folder = folder
        self._entropy = entropy
        self._device = device
        self.key = folder / KEY
        self.tries = folder / "vault.tries"

    @property
    def holds_vault(self) -> bool:
        """Whether a vault is here; one that is being wiped is not."""
        return self.key.exists() and not is_under_way(self.folder)

    def database(self, number: int) -> Path:
        """The path of database 1 or 2."""
        return self.folder / DATABASES[number]

    def read(self) -> KeyFile | FirstKeyFile:
        """The key file. Raises NoVaultError, WipedError, VaultDamagedError."""
        if not self.key.exists():
            if any(self.database(each).exists() for each in DATABASES):
                raise WipedError
            raise NoVaultError(f"no vault is in {self.folder}; create one first")
        if is_under_way(self.folder):
            self.wipe()
            raise WipedError
        data = self.key.read_bytes()
        return first_format.read(data) if first_format.is_first(data) else keyfile.read(data)

    def write(self, file: KeyFile) -> None:
        """Durable when it returns; what stood there before is overwritten. Raises
        VaultStorageError."""
        with files.phones_storage():
            files.replace_durably(self.key, to_json(file))

    def spoil(self, file: KeyFile, at: int) -> None:
        """Overwrite a slot with noise where it stands, and whatever an interrupted write of the
        file left beside it. Durable when it returns."""
        noise = keyfile.noise(self._entropy)
        place = self.key.read_bytes().find(to_json(file.slots[at]))
        if place >= 0:
            overwrite(self.key, place, to_json(noise))
        else:
            self.write(keyfile.with_slot(file, at, noise))
        files.destroy(self.key.with_name(self.key.name + ".new"))

    def open(self, contents: Contents) -> OpenVault:
        """The database that a slot leads to."""
        return self.open_with(contents.database, contents.key)

    def open_with(self, number: int, key: bytes) -> OpenVault:
        """Database `number` under `key`, made where there is none."""
        vault = OpenVault(self.database(number), key, self._entropy)
        if vault.get(VAULT, OWN_ROW) is None:
            vault.put(VAULT, OWN_ROW, b"")
        return vault

    def remove_database(self, number: int) -> None:
        """With everything that SQLite keeps beside it."""
        path = self.database(number)
        for suffix in ("", "-wal", "-shm", "-journal"):
            files.remove(path.with_name(path.name + suffix))

    def even_times(self) -> None:
        """All files bear the present time, so that none tells by it what was opened."""
        for each in (self.key, self.tries, *map(self.database, DATABASES)):
            if each.exists():
                os.utime(each)

    def wipe(self) -> None:
        """See `mobile.vault.wipe`."""
        wipe(self.folder, self._device)
