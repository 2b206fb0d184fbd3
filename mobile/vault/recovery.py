"""The vault's key under recovery sheets: `vault.recovery`, one small file beside `vault.key`.

The key itself is wrapped, never the PIN: XChaCha20-Poly1305 under HKDF-SHA-256 of the sheets'
secret, bound to everything else in the file. Enough sheets and this file open the records, also
where a device secret stands beside the PIN. A second part, under the vault's own key, proves to the
open vault that the file is its own, and keeps to whom spare copies are sealed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from attrs import evolve, field, frozen
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from mobile.vault import files
from mobile.vault.errors import NoRecoveryError, RecoveryDamagedError, VaultStorageError
from mobile.vault.keys import NONCE_BYTES
from mobile.vault.records import OpenVault
from mobile.vault.sheets import SECRET_BYTES, Sheet, split
from mobile.vault.spare_keys import recipients_of
from protocols.errors import MalformedError
from protocols.plain import Entropy, from_json, to_json
from protocols.sealing.hkdf import hkdf

FORMAT = "amana-recovery/1"
FILE = "vault.recovery"
RECOVERY, MARK_ROW = "recovery", "mark"
"""A record that a vault with sheets has; a key that does not find it is another vault's."""
BESIDE_ROW = "beside"
WRAPPING = b"amana-recovery/1 wrapping"
OWN = b"amana-recovery/1 own"


@frozen
class RecoveryFile:
    """`name`: of the set of sheets. `wrapped`: the vault's key under the sheets' secret; `own`:
    KeptOwn under the vault's key. Both are bound to all that stands in the clear."""

    format: str
    name: str
    needed: int
    sheets: int
    made: datetime
    nonce: bytes
    wrapped: bytes = field(repr=False)
    own_nonce: bytes
    own: bytes = field(repr=False)

    def header(self) -> bytes:
        """The part in the clear."""
        return to_json(evolve(self, wrapped=b"", own=b""))


@frozen
class KeptOwn:
    """What only the open vault reads: the age recipients that the sheets' secret opens."""

    recipients: tuple[str, ...]


@frozen
class KeptBeside:
    """In the practice vault: the clear part of the real vault's file, and its recipients."""

    header: bytes
    recipients: tuple[str, ...]


@frozen
class NewSheets:
    """A set that is being handed out. It opens nothing before `Recovery.keep`."""

    sheets: tuple[Sheet, ...] = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The set's name."""
        return self.sheets[0].name

    @property
    def needed(self) -> int:
        """How many open the vault together."""
        return self.sheets[0].needed


class Recovery:
    """`vault.recovery` in `folder`."""

    def __init__(self, folder: Path, entropy: Entropy) -> None:
        self._path = folder / FILE
        self._entropy = entropy

    def on_file(self) -> RecoveryFile | None:
        """What the file says of itself, which a locked phone cannot verify; None without one.
        Raises RecoveryDamagedError."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        if not any(data):
            self.remove()
            return None
        try:
            file = from_json(data, RecoveryFile)
        except MalformedError as error:
            raise RecoveryDamagedError(
                f"vault.recovery cannot be read ({error}); open with the PIN and make new sheets"
            ) from error
        if file.format != FORMAT:
            raise RecoveryDamagedError(
                f"vault.recovery has format {file.format[:40]!r}; update the app"
            )
        return file

    def standing(self, vault: OpenVault) -> RecoveryFile | None:
        """The file, once the open vault has recognised it as its own; None where it has none."""
        own = self._own(vault)
        return None if own is None else own[0]

    def recipients(self, vault: OpenVault) -> tuple[str, ...]:
        """To whom spare copies are sealed. Raises NoRecoveryError."""
        own = self._own(vault)
        if own is None:
            raise NoRecoveryError("no recovery sheets belong to this vault; make them first")
        return own[1].recipients

    def show_beside(self, real: OpenVault, practice: OpenVault) -> None:
        """Let the practice vault say of the real one's sheets what the locked phone says of them:
        whoever is shown both must see no difference."""
        own = self._own(real)
        if own is None:
            practice.delete(RECOVERY, BESIDE_ROW)
            return
        kept = to_json(KeptBeside(own[0].header(), own[1].recipients))
        if practice.get(RECOVERY, BESIDE_ROW) != kept:
            practice.put(RECOVERY, BESIDE_ROW, kept)

    def draw(self, needed: int, sheets: int) -> NewSheets:
        """A new set, in memory only. Its name differs from the present set's."""
        before = self.present_name()
        while True:
            secret = self._entropy(SECRET_BYTES)
            drawn = NewSheets(split(secret, needed, sheets), secret)
            if drawn.name != before:
                return drawn

    def keep(self, vault: OpenVault, drawn: NewSheets, now: datetime) -> None:
        """From now on these sheets open the vault and no others. One durable write: whatever
        interrupts it, either the old set counts or the new one. Raises VaultStorageError."""
        vault.put(RECOVERY, MARK_ROW, b"sheets")
        file = vault.lend_key(lambda key: self._wrapped(key, drawn, now))
        with _storage_errors():
            files.replace_durably(self._path, to_json(file))

    def remove(self) -> None:
        """From now on no sheet opens anything. Missing is fine."""
        with _storage_errors():
            files.destroy(self._path)
            files.destroy(self._path.with_name(self._path.name + ".new"))

    def spoil(self) -> None:
        """The key under the sheets becomes noise; name and counts stay as they were. Missing is
        fine; a file that cannot be read is removed."""
        try:
            file = self.on_file()
        except RecoveryDamagedError:
            self.remove()
            return
        if file is not None:
            wrapped, own = self._entropy(len(file.wrapped)), self._entropy(len(file.own))
            files.replace_durably(self._path, to_json(evolve(file, wrapped=wrapped, own=own)))
        files.destroy(self._path.with_name(self._path.name + ".new"))

    def key(self, secret: bytes) -> bytes:
        """The vault's key. Raises NoRecoveryError, RecoveryDamagedError."""
        file = self.on_file()
        if file is None:
            raise NoRecoveryError(
                "no recovery sheets were made for this phone, or they were removed; without its"
                " PIN nothing opens it"
            )
        try:
            return _open(file.wrapped, file.header(), file.nonce, hkdf(secret, b"", WRAPPING))
        except CryptoError as error:
            raise RecoveryDamagedError(
                "these sheets are of another vault or time, or vault.recovery was changed; take"
                " the sheets that were made last"
            ) from error

    def present_name(self) -> str | None:
        """The name on the file, or None where none can be read."""
        try:
            file = self.on_file()
        except RecoveryDamagedError:
            return None
        return None if file is None else file.name

    def _own(self, vault: OpenVault) -> tuple[RecoveryFile, KeptOwn] | None:
        try:
            file = self.on_file()
        except RecoveryDamagedError:
            return None
        if file is None:
            return None
        bound = file.header() + file.wrapped
        try:
            data = vault.lend_key(
                lambda key: _open(file.own, bound, file.own_nonce, hkdf(key, b"", OWN))
            )
        except CryptoError:
            return self._beside(vault, file)
        return file, from_json(data, KeptOwn)

    def _beside(self, vault: OpenVault, file: RecoveryFile) -> tuple[RecoveryFile, KeptOwn] | None:
        data = vault.get(RECOVERY, BESIDE_ROW)
        beside = None if data is None else from_json(data, KeptBeside)
        if beside is None or beside.header != file.header():
            return None
        return file, KeptOwn(beside.recipients)

    def _wrapped(self, vault_key: bytes, drawn: NewSheets, now: datetime) -> RecoveryFile:
        plain = RecoveryFile(
            format=FORMAT,
            name=drawn.name,
            needed=drawn.needed,
            sheets=len(drawn.sheets),
            made=now,
            nonce=self._entropy(NONCE_BYTES),
            wrapped=b"",
            own_nonce=self._entropy(NONCE_BYTES),
            own=b"",
        )
        header = plain.header()
        wrapped = _seal(vault_key, header, plain.nonce, hkdf(drawn.secret, b"", WRAPPING))
        own = to_json(KeptOwn(recipients_of(drawn.secret)))
        sealed = _seal(own, header + wrapped, plain.own_nonce, hkdf(vault_key, b"", OWN))
        return evolve(plain, wrapped=wrapped, own=sealed)


def demand_own(vault: OpenVault) -> None:
    """Raises RecoveryDamagedError where the key from the sheets is not this vault's."""
    if vault.get(RECOVERY, MARK_ROW) is None:
        raise RecoveryDamagedError(
            "these sheets are of a vault that was on this phone before; nothing was changed"
        )


def _seal(plain: bytes, bound: bytes, nonce: bytes, key: bytes) -> bytes:
    sealed: bytes = crypto_aead_xchacha20poly1305_ietf_encrypt(plain, bound, nonce, key)
    return sealed


def _open(sealed: bytes, bound: bytes, nonce: bytes, key: bytes) -> bytes:
    """Raises CryptoError."""
    try:
        opened: bytes = crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, bound, nonce, key)
    except ValueError as error:
        raise CryptoError("cut short") from error
    return opened


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VaultStorageError(
            f"the phone's storage failed ({error.strerror}); free some space and try again"
        ) from error
