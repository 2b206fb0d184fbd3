"""`vault.key`: two slots under one salt, each the way into one vault, or noise.

Every key file looks like this, whether or not a duress PIN was ever set: the slot of a PIN that
does not exist is as long and as random as a sealed one. One derivation serves both slots.
"""

import hmac
import struct

from attrs import evolve, field, frozen
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b

from mobile.vault.errors import VaultDamagedError
from mobile.vault.keys import KEY_BYTES, NONCE_BYTES, SALT_BYTES, Parameters, Protection
from protocols.errors import MalformedError
from protocols.plain import Entropy, from_json, to_json

FORMAT = "amana-vault/2"
SLOTS = 2
PADDED_TO = 656
"""Bytes of a slot before sealing; its contents take up to 653 whatever the duress PIN."""
SEALED_BYTES: int = PADDED_TO + crypto_aead_xchacha20poly1305_ietf_ABYTES
LONGEST_DURESS_PIN = 64
"""Characters, so that a slot always has room for it."""


@frozen
class Terms:
    """What both vaults share and either may change: wrong PINs before the wipe, seconds without a
    touch before the lock, and milliseconds that one try takes here (0: not measured)."""

    most_tries: int
    lock_after: int
    try_ms: int = 0


@frozen
class Slot:
    """A sealed slot, or noise of the same length."""

    nonce: bytes
    sealed: bytes


@frozen
class Contents:
    """What a PIN finds in its slot. `database`: 1 or 2. `destroys`: opening the practice vault
    destroys the real one's key first. In the real vault's slot `other_key` opens the practice
    vault and `other_pin` is the duress PIN, empty where none is set; in the practice vault's slot
    they are noise and empty."""

    practice: bool
    destroys: bool
    database: int
    protection: Protection
    key: bytes = field(repr=False)
    terms_key: bytes = field(repr=False)
    other_key: bytes = field(repr=False)
    other_pin: bytes = field(repr=False, default=b"")


@frozen
class KeyFile:
    """Whatever is not in a slot is authenticated: the slots are bound to format, parameters, salt
    and `device_secret`, and `tag` is a MAC of the terms under a key that only the slots hold."""

    format: str
    parameters: Parameters
    device_secret: bool
    salt: bytes
    terms: Terms
    tag: bytes
    slots: tuple[Slot, ...]

    def header(self) -> bytes:
        """What the slots are bound to."""
        return to_json(_Header(self.format, self.parameters, self.device_secret, self.salt))


@frozen
class _Header:
    format: str
    parameters: Parameters
    device_secret: bool
    salt: bytes


@frozen
class Opened:
    """The slot that a PIN opened."""

    at: int
    contents: Contents


def seal(contents: Contents, header: bytes, kek: bytes, entropy: Entropy) -> Slot:
    """A slot that `kek` opens, under a nonce of its own."""
    plain = to_json(contents)
    padded = struct.pack(">H", len(plain)) + plain
    if len(padded) > PADDED_TO:
        raise ValueError(f"{len(padded)} bytes do not fit a slot of {PADDED_TO}")
    padded += bytes(PADDED_TO - len(padded))
    nonce = entropy(NONCE_BYTES)
    return Slot(nonce, crypto_aead_xchacha20poly1305_ietf_encrypt(padded, header, nonce, kek))


def noise(entropy: Entropy) -> Slot:
    """A slot that nothing opens."""
    return Slot(entropy(NONCE_BYTES), entropy(SEALED_BYTES))


def open_slots(file: KeyFile, kek: bytes) -> Opened | None:
    """The slot that `kek` opens, or None. Every slot is tried, whichever opens. Should one PIN fit
    both, it is the practice vault's: nothing is given away by a coincidence."""
    header = file.header()
    tried = [_open(slot, header, kek) for slot in file.slots]
    found = [Opened(at, each) for at, each in enumerate(tried) if each is not None]
    found.sort(key=lambda each: not each.contents.practice)
    if not found or not hmac.compare_digest(
        file.tag, tag_of(file.terms, header, found[0].contents.terms_key)
    ):
        return None
    return found[0]


def tag_of(terms: Terms, header: bytes, terms_key: bytes) -> bytes:
    """The MAC of the terms: BLAKE2b-256 keyed with `terms_key` (RFC 7693)."""
    tag: bytes = blake2b(
        to_json(terms) + header,
        digest_size=KEY_BYTES,
        key=terms_key,
        person=b"amana-terms",
        encoder=RawEncoder,
    )
    return tag


def with_terms(file: KeyFile, terms: Terms, terms_key: bytes) -> KeyFile:
    """The same file under other terms; the slots are not touched."""
    return evolve(file, terms=terms, tag=tag_of(terms, file.header(), terms_key))


def with_slot(file: KeyFile, at: int, slot: Slot) -> KeyFile:
    """The same file with another slot at that place."""
    slots = tuple(slot if place == at else each for place, each in enumerate(file.slots))
    return evolve(file, slots=slots)


def read(data: bytes) -> KeyFile:
    """Raises VaultDamagedError for anything but a key file of this format."""
    try:
        file = from_json(data, KeyFile)
    except MalformedError as error:
        raise VaultDamagedError(f"vault.key cannot be read: {error}; restore or wipe") from error
    if file.format != FORMAT:
        raise VaultDamagedError(f"vault.key has format {file.format[:40]!r}; update the app")
    if not _well_shaped(file):
        raise VaultDamagedError("vault.key has parts of another shape; restore or wipe")
    return file


def _well_shaped(file: KeyFile) -> bool:
    parts = [(file.salt, SALT_BYTES), (file.tag, KEY_BYTES)]
    parts += [(each.nonce, NONCE_BYTES) for each in file.slots]
    parts += [(each.sealed, SEALED_BYTES) for each in file.slots]
    fits = all(len(part) == size for part, size in parts)
    return fits and len(file.slots) == SLOTS and file.parameters.usable


def _open(slot: Slot, header: bytes, kek: bytes) -> Contents | None:
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(slot.sealed, header, slot.nonce, kek)
    except (CryptoError, ValueError):
        return None
    (length,) = struct.unpack(">H", padded[:2])
    return from_json(padded[2 : 2 + length], Contents)
