"""age's X25519 recipients (C2SP age, "The X25519 recipient type"; RFC 7748 by libsodium)."""

from attrs import field, frozen
from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
    crypto_scalarmult,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError
from nacl.utils import random

from protocols.plain import Entropy
from protocols.sealing import bech32
from protocols.sealing.age_header import (
    FILE_KEY_BYTES,
    AgeFormatError,
    Stanza,
    decode_unpadded,
    encode_unpadded,
)
from protocols.sealing.age_stream import TAG_BYTES
from protocols.sealing.hkdf import hkdf

KIND = "X25519"
KEY_BYTES = 32
INFO = b"age-encryption.org/v1/X25519"
RECIPIENT_PREFIX = "age"
IDENTITY_PREFIX = "AGE-SECRET-KEY-"
_ZERO_NONCE = bytes(12)
"""Safe here: every wrapping key is used for one message only."""
_PROBE = bytes([1]) * KEY_BYTES
"""Any secret shows a point of low order."""


def read_key(text: str, prefix: str, size: int, what: str) -> bytes:
    """The `size` bytes of a key written as Bech32 under `prefix`, in its case. Raises
    AgeFormatError or Bech32Error."""
    found, data = bech32.decode(text)
    if found != prefix or len(data) != size:
        raise AgeFormatError(f"not {what}; copy it again, whole")
    return data


def check_order(public: bytes) -> None:
    """Raises AgeFormatError for a point of low order, with which any secret agrees on zeros."""
    _agree(_PROBE, public)


def _agree(secret: bytes, public: bytes) -> bytes:
    """X25519. Raises AgeFormatError for a point of low order, which would give no secret."""
    try:
        return crypto_scalarmult(secret, public)
    except CryptoError as error:
        raise AgeFormatError("an X25519 share of low order; refuse it") from error


@frozen
class X25519Recipient:
    """A public key to seal to: `age1…`."""

    public: bytes
    kind: str = field(default=KIND, init=False)
    mixes_with: str = field(default=KIND, init=False)
    alone: bool = field(default=False, init=False)

    @classmethod
    def from_text(cls, text: str) -> "X25519Recipient":
        """From `age1…`. Raises AgeFormatError or Bech32Error, also for a key of low order, which
        nobody could seal to."""
        public = read_key(text, RECIPIENT_PREFIX, KEY_BYTES, "an age recipient (age1…)")
        check_order(public)
        return cls(public)

    @property
    def text(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self.public)

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """See `age.Recipient`."""
        ephemeral = entropy(KEY_BYTES)
        share = crypto_scalarmult_base(ephemeral)
        shared = _agree(ephemeral, self.public)
        key = hkdf(shared, share + self.public, INFO)
        body = crypto_aead_chacha20poly1305_ietf_encrypt(file_key, None, _ZERO_NONCE, key)
        return Stanza(KIND, (encode_unpadded(share),), body)


@frozen
class X25519Identity:
    """A secret key that opens: `AGE-SECRET-KEY-1…`."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "X25519Identity":
        """A new key from the system's randomness."""
        return cls(random(KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> "X25519Identity":
        """From `AGE-SECRET-KEY-1…`. Raises AgeFormatError or Bech32Error."""
        what = "an age identity (AGE-SECRET-KEY-1…)"
        return cls(read_key(text, IDENTITY_PREFIX, KEY_BYTES, what))

    @property
    def text(self) -> str:
        return bech32.encode(IDENTITY_PREFIX.lower(), self.secret).upper()

    @property
    def recipient(self) -> X25519Recipient:
        return X25519Recipient(crypto_scalarmult_base(self.secret))

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `age.Identity`."""
        if stanza.kind != KIND:
            return None
        if len(stanza.arguments) != 1:
            raise AgeFormatError("an X25519 stanza without exactly one share; refuse it")
        share = decode_unpadded(stanza.arguments[0])
        if len(share) != KEY_BYTES or len(stanza.body) != FILE_KEY_BYTES + TAG_BYTES:
            raise AgeFormatError("an X25519 stanza of the wrong size; refuse it")
        shared = _agree(self.secret, share)
        key = hkdf(shared, share + self.recipient.public, INFO)
        try:
            return crypto_aead_chacha20poly1305_ietf_decrypt(stanza.body, None, _ZERO_NONCE, key)
        except CryptoError:
            return None
