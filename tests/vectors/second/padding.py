"""Section "Envelope": Padmé."""

from math import floor, log2

from .plain import RefusedError


def size_of(length: int) -> int:
    """How long data of `length` bytes is once padded."""
    whole = 8 + length
    exponent = floor(log2(whole))
    bits = floor(log2(exponent)) + 1
    step = 2 ** (exponent - bits)
    return -(-whole // step) * step


def inside(padded: bytes) -> bytes:
    """The data."""
    length = int.from_bytes(padded[:8], "big")
    if len(padded) < 8 or length > len(padded) or size_of(length) != len(padded):
        raise RefusedError("padding")
    if padded[8 + length :].strip(b"\0"):
        raise RefusedError("padding")
    return padded[8 : 8 + length]
