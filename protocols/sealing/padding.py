"""Padding to Padmé sizes, so that a sealed size tells little of what is inside.

Source: Nikitin, Barman, Lueks, Underwood, Hubaux, Ford, "Reducing Metadata Leakage from Encrypted
Files and Communication with PURBs" (PoPETs 2019), section 4: for a length L at most
O(log log L) bits leak, for at most 12 % more bytes.
"""

from protocols.errors import AmanaError

LENGTH_BYTES = 8


class PaddingError(AmanaError):
    """Bytes that were not padded as agreed."""

    code = "padding"


def padme(length: int) -> int:
    """The Padmé size for `length` bytes: as many significant bits as its exponent has bits."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return (length + mask) & ~mask


def padded_size(length: int) -> int:
    """The size of `pad(data)` for `length` bytes of data."""
    return padme(LENGTH_BYTES + length)


def pad(data: bytes) -> bytes:
    """The data's length (8 bytes, big-endian), the data, and zeros up to the Padmé size."""
    return (len(data).to_bytes(LENGTH_BYTES) + data).ljust(padded_size(len(data)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The data inside. Raises PaddingError for any other size or filler than `pad` gives."""
    length = int.from_bytes(padded[:LENGTH_BYTES])
    if len(padded) < LENGTH_BYTES or padded_size(length) != len(padded):
        raise PaddingError("padding of the wrong size; ask for it to be sent again")
    data, filler = padded[LENGTH_BYTES:][:length], padded[LENGTH_BYTES + length :]
    if any(filler):
        raise PaddingError("padding that hides something; refuse it")
    return data
