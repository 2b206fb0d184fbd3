"""age v1 files (C2SP age, https://c2sp.org/age): sealed for any number of recipients.

A fresh file key is wrapped once per recipient in the header and encrypts the payload. Recipient
types live in files of their own (`age_hybrid`, `age_x25519`, `age_scrypt`) and meet this one as
`Recipient` and `Identity`.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO, Protocol

from protocols.errors import AmanaError
from protocols.plain import Entropy
from protocols.sealing.age_header import (
    FILE_KEY_BYTES,
    AgeFormatError,
    AgeIntegrityError,
    Stanza,
    read_header,
    write_header,
)
from protocols.sealing.age_stream import NONCE_BYTES, decrypt_payload, encrypt_payload

__all__ = [
    "AgeFormatError",
    "AgeIntegrityError",
    "Identity",
    "KindUnavailableError",
    "MixedRecipientsError",
    "NoMatchError",
    "Recipient",
    "decrypt",
    "decrypt_stream",
    "encrypt",
    "encrypt_stream",
]

ALONE = "scrypt"
"""The stanza type that may only stand alone in a header."""


class NoMatchError(AmanaError):
    """A file that none of the identities at hand can open."""

    code = "no_match"


class MixedRecipientsError(AmanaError):
    """Recipients that age forbids in one file."""

    code = "mixed_recipients"


class KindUnavailableError(AmanaError):
    """A kind of key for which this device has no library."""

    code = "kind_unavailable"


class Recipient(Protocol):
    """Someone to seal to. Recipients of one file must share `mixes_with`; `alone` ones can have
    no company at all."""

    @property
    def kind(self) -> str:
        """The type of its stanzas, as the format names it."""

    @property
    def mixes_with(self) -> str:
        """The name of the group of recipient types that may share a file with this one."""

    @property
    def alone(self) -> bool:
        """Whether this must be the file's only recipient."""

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """The stanza from which this recipient regains `file_key`. Raises KindUnavailableError."""


class Identity(Protocol):
    """Someone who opens."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The 16-byte file key, or None if the stanza is not for this identity. Raises
        AgeFormatError for a stanza of its own type that breaks the type's rules, and
        KindUnavailableError for one that follows them but cannot be opened on this device."""


def encrypt_stream(
    reader: BinaryIO, writer: BinaryIO, recipients: Sequence[Recipient], entropy: Entropy
) -> None:
    """Seal all that `reader` gives into `writer`. Raises MixedRecipientsError or
    KindUnavailableError, before anything is written."""
    _check_mix(recipients)
    file_key = entropy(FILE_KEY_BYTES)
    stanzas = [recipient.wrap(file_key, entropy) for recipient in recipients]
    writer.write(write_header(stanzas, file_key))
    encrypt_payload(reader, writer, file_key, entropy(NONCE_BYTES))


def decrypt_stream(reader: BinaryIO, writer: BinaryIO, identities: Sequence[Identity]) -> None:
    """Open a binary age file into `writer`, which only ever receives authentic plaintext.

    Raises AgeFormatError, NoMatchError, KindUnavailableError or AgeIntegrityError; after an
    AgePayloadError what was written is authentic but incomplete, and the caller should discard it.
    """
    header = read_header(reader)
    if len(header.stanzas) > 1 and any(each.kind == ALONE for each in header.stanzas):
        raise AgeFormatError("an age file that mixes a passphrase with others; refuse it")
    file_key = _unwrap(header.stanzas, identities)
    header.check(file_key)
    decrypt_payload(reader, writer, file_key)


def encrypt(plaintext: bytes, recipients: Sequence[Recipient], entropy: Entropy) -> bytes:
    """`plaintext` sealed as one binary age file. Raises as `encrypt_stream` does."""
    sealed = BytesIO()
    encrypt_stream(BytesIO(plaintext), sealed, recipients, entropy)
    return sealed.getvalue()


def decrypt(data: bytes, identities: Sequence[Identity]) -> bytes:
    """The whole plaintext of a binary age file, or nothing. Raises as `decrypt_stream` does."""
    opened = BytesIO()
    decrypt_stream(BytesIO(data), opened, identities)
    return opened.getvalue()


def _check_mix(recipients: Sequence[Recipient]) -> None:
    if not recipients:
        raise MixedRecipientsError("a file for nobody; name at least one recipient")
    if len(recipients) > 1 and any(each.alone for each in recipients):
        raise MixedRecipientsError("a passphrase cannot share a file; seal a file of its own")
    if len({each.mixes_with for each in recipients}) > 1:
        raise MixedRecipientsError(
            f"recipients of different strength ({', '.join(sorted({e.kind for e in recipients}))});"
            " seal a file for each kind"
        )


def _unwrap(stanzas: Sequence[Stanza], identities: Sequence[Identity]) -> bytes:
    unavailable: KindUnavailableError | None = None
    for identity in identities:
        for stanza in stanzas:
            try:
                file_key = identity.unwrap(stanza)
            except KindUnavailableError as error:
                unavailable = error
                continue
            if file_key is not None:
                return file_key
    if unavailable is not None:
        raise unavailable
    raise NoMatchError("none of the keys here opens this file; ask who it was sealed to")
