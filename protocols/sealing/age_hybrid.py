"""age's hybrid recipients, which a future quantum computer does not open either.

C2SP age (https://c2sp.org/age), "The MLKEM768-X25519 (i.e. X-Wing) hybrid post-quantum recipient
type". The cryptography is `age_hpke`; here is the file format around it. A device without PyPI
`cryptography` reads hybrid keys as text and says by name what it cannot do with them; it seals and
opens with X25519 as before.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import field, frozen
from nacl.utils import random

from protocols.plain import Entropy
from protocols.sealing import bech32
from protocols.sealing.age import KindUnavailableError
from protocols.sealing.age_header import (
    FILE_KEY_BYTES,
    AgeFormatError,
    Stanza,
    decode_unpadded,
    encode_unpadded,
)
from protocols.sealing.age_stream import TAG_BYTES
from protocols.sealing.age_x25519 import check_order, read_key

KIND = "mlkem768x25519"
LABEL = "postquantum"
"""Recipients of this label share a file with each other only: one that a quantum computer could
open would undo what the others promise."""
INFO = b"age-encryption.org/mlkem768x25519"
RECIPIENT_PREFIX = "age1pq"
IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-"
SEED_BYTES = 32
PUBLIC_BYTES = 1216
ENCAPSULATED_BYTES = 1120
SHARE_BYTES = 32
"""The X25519 part, with which a public key and an encapsulated key end."""


@contextmanager
def _needed(advice: str) -> Iterator[None]:
    """Around the import of `age_hpke`. Raises KindUnavailableError, which ends with `advice`."""
    try:
        yield
    except ImportError as error:
        raise KindUnavailableError(
            "a hybrid (post-quantum) key, and the package cryptography 50 with ML-KEM, which it"
            f" needs, is not on this device; install amana[hybrid], or {advice}"
        ) from error


def is_available() -> bool:
    """Whether this device can make, seal to and open hybrid keys."""
    try:
        import protocols.sealing.age_hpke  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def read_public(text: str) -> bytes:
    """The 1216 bytes of an `age1pq1…`, read without the library: its ML-KEM part is not looked at.
    Raises AgeFormatError or Bech32Error, also for an X25519 part that nobody could seal to."""
    public = read_key(text, RECIPIENT_PREFIX, PUBLIC_BYTES, "a hybrid recipient (age1pq1…)")
    check_order(public[-SHARE_BYTES:])
    return public


@frozen
class HybridRecipient:
    """A public key to seal to: `age1pq1…`, of 1959 characters."""

    public: bytes = field(repr=False)
    kind: str = field(default=KIND, init=False)
    mixes_with: str = field(default=LABEL, init=False)
    alone: bool = field(default=False, init=False)

    @classmethod
    def from_text(cls, text: str) -> "HybridRecipient":
        """From `age1pq1…`. Raises AgeFormatError or Bech32Error, also for a key that nobody could
        seal to, and KindUnavailableError."""
        public = read_public(text)
        with _needed("ask for an X25519 key (age1…) of its owner"):
            from protocols.sealing.age_hpke import check_public  # noqa: PLC0415
        try:
            check_public(public)
        except ValueError as error:
            raise AgeFormatError(
                "a hybrid key that nobody could seal to; ask for another"
            ) from error
        return cls(public)

    @property
    def text(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self.public)

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """See `age.Recipient`. `entropy` goes unused: the library takes no randomness but the
        system's. Raises AgeFormatError for a key that `from_text` would have refused."""
        with _needed("ask for an X25519 key (age1…) of its owner"):
            from protocols.sealing.age_hpke import seal  # noqa: PLC0415
        try:
            encapsulated, body = seal(file_key, self.public, INFO)
        except ValueError as error:
            raise AgeFormatError(
                "a hybrid key that nobody could seal to; ask for another"
            ) from error
        return Stanza(KIND, (encode_unpadded(encapsulated),), body)


@frozen
class HybridIdentity:
    """A secret key that opens: `AGE-SECRET-KEY-PQ-1…`. It is a seed, from which both secret keys
    of the KEM follow."""

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "HybridIdentity":
        """A new key from the system's randomness."""
        return cls(random(SEED_BYTES))

    @classmethod
    def from_text(cls, text: str) -> "HybridIdentity":
        """From `AGE-SECRET-KEY-PQ-1…`. Raises AgeFormatError or Bech32Error."""
        what = "a hybrid identity (AGE-SECRET-KEY-PQ-1…)"
        return cls(read_key(text, IDENTITY_PREFIX, SEED_BYTES, what))

    @property
    def text(self) -> str:
        return bech32.encode(IDENTITY_PREFIX.lower(), self.seed).upper()

    @property
    def recipient(self) -> HybridRecipient:
        """Raises KindUnavailableError."""
        with _needed("make and use an X25519 key here"):
            from protocols.sealing.age_hpke import public_of  # noqa: PLC0415
        return HybridRecipient(public_of(self.seed))

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `age.Identity`."""
        if stanza.kind != KIND:
            return None
        if len(stanza.arguments) != 1:
            raise AgeFormatError(f"a stanza of {KIND} without exactly one key; refuse it")
        encapsulated = decode_unpadded(stanza.arguments[0])
        if (
            len(encapsulated) != ENCAPSULATED_BYTES
            or len(stanza.body) != FILE_KEY_BYTES + TAG_BYTES
        ):
            raise AgeFormatError(f"a stanza of {KIND} of the wrong size; refuse it")
        check_order(encapsulated[-SHARE_BYTES:])
        with _needed("have it sealed to this device's X25519 key"):
            from protocols.sealing.age_hpke import open_sealed  # noqa: PLC0415
        return open_sealed(encapsulated, stanza.body, self.seed, INFO)
