"""A spare copy as bytes: padded, sealed with age to the keys that the recovery sheets give.

The phone that writes it cannot open it; whoever has enough sheets of the same set can. It is an
age file like any other and names neither the app nor the phone.
"""

import os
from pathlib import Path

from mobile.vault import files
from mobile.vault.errors import (
    SpareDamagedError,
    SpareKindError,
    SpareOfOtherSheetsError,
    SparePlaceError,
)
from mobile.vault.spare_keys import identities_of
from protocols.plain import Entropy
from protocols.sealing.age import (
    AgeFormatError,
    AgeIntegrityError,
    KindUnavailableError,
    NoMatchError,
    decrypt,
    encrypt,
)
from protocols.sealing.age_hybrid import KIND, is_available
from protocols.sealing.age_keys import recipient_from_text
from protocols.sealing.age_stream import AgePayloadError
from protocols.sealing.padding import PaddingError, pad, unpad

HYBRID_PREFIX = "age1pq1"
LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is read at all."""


def seal_copy(data: bytes, recipients: tuple[str, ...], entropy: Entropy) -> bytes:
    """`data`, padded to one of few sizes, for the strongest of `recipients` (age texts) to which
    this device can seal."""
    usable = (each for each in recipients if is_available() or not each.startswith(HYBRID_PREFIX))
    return encrypt(pad(data), [recipient_from_text(next(usable))], entropy)


def open_copy(sealed: bytes, secret: bytes) -> bytes:
    """What was sealed, with the sheets' secret. Raises SpareDamagedError, SpareOfOtherSheetsError,
    SpareKindError."""
    try:
        return unpad(decrypt(sealed, identities_of(secret)))
    except NoMatchError as error:
        raise SpareOfOtherSheetsError(
            "this copy was sealed for other recovery sheets; take the sheets of its time, or the"
            " copy of these sheets"
        ) from error
    except KindUnavailableError as error:
        raise SpareKindError(
            f"this copy is sealed with {KIND}, which this phone cannot open; take it in on another"
            " phone"
        ) from error
    except (AgeFormatError, AgeIntegrityError, AgePayloadError, PaddingError) as error:
        raise SpareDamagedError(
            f"this is no spare copy, or it was changed or cut ({error}); take another"
        ) from error


def write_copy(path: Path, sealed: bytes) -> None:
    """Replace the copy at `path`: whatever interrupts it, the old or the new one is there, whole.
    Raises SparePlaceError."""
    try:
        files.replace_durably(path, sealed)
    except OSError as error:
        if _holds(path, sealed):
            return
        raise SparePlaceError(
            f"{path.parent} takes no file ({os.strerror(error.errno or 0)}); choose another place"
        ) from error


def read_copy(path: Path) -> bytes:
    """The bytes at `path`. Raises SparePlaceError, SpareDamagedError for a file of no such size."""
    try:
        if path.stat().st_size > LARGEST:
            raise SpareDamagedError(f"{path.name} is far too large to be a spare copy")
        return path.read_bytes()
    except OSError as error:
        raise SparePlaceError(
            f"{path.name} cannot be read ({os.strerror(error.errno or 0)}); choose another file"
        ) from error


def _holds(path: Path, sealed: bytes) -> bool:
    """Some sticks refuse to flush a folder although the file is there, whole."""
    try:
        return path.read_bytes() == sealed
    except OSError:
        return False
