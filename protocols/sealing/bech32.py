"""Bech32 (BIP 173), without its limit of 90 characters, as age writes keys with it."""

from collections.abc import Iterable
from functools import reduce
from operator import xor

from protocols.errors import MalformedError

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM_LENGTH = 6
LONGEST = 2048
"""Characters of any key read here: a hybrid recipient, the longest, has 1959. Decoding takes time
that grows with the square of the length."""
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
"""Python's own digits to the base of 32."""
_XORED = tuple(
    reduce(xor, (each for i, each in enumerate(_GENERATORS) if top >> i & 1), 0)
    for top in range(32)
)
"""What the five bits shifted out of the remainder bring back in."""


class Bech32Error(MalformedError):
    """Text that is not Bech32, or was mistyped."""

    code = "mistyped_key"


def encode(prefix: str, data: bytes) -> str:
    """`data` as lower-case Bech32 text under the lower-case human-readable `prefix`."""
    values = _to_fives(data)
    remainder = _remainder([*_expanded(prefix), *values, *[0] * CHECKSUM_LENGTH]) ^ 1
    checksum = [(remainder >> 5 * (5 - i)) & 31 for i in range(CHECKSUM_LENGTH)]
    return f"{prefix}1" + "".join(ALPHABET[value] for value in (*values, *checksum))


def decode(text: str) -> tuple[str, bytes]:
    """The human-readable prefix, in the text's own case, and the data.

    Raises Bech32Error for mixed case, a foreign character, a wrong checksum or padding, and for
    more than `LONGEST` characters.
    """
    if len(text) > LONGEST:
        raise Bech32Error(f"a key of more than {LONGEST} characters; copy it again, alone")
    if text not in (text.lower(), text.upper()):
        raise Bech32Error("a key in mixed case; copy it again as it was shown")
    prefix, one, rest = text.rpartition("1")
    if not one or not prefix or len(rest) < CHECKSUM_LENGTH:
        raise Bech32Error("not a Bech32 key; copy it again, whole")
    if not all(33 <= ord(character) <= 126 for character in prefix):
        raise Bech32Error("a key with a foreign character in its prefix; copy it again")
    values = [ALPHABET.find(character) for character in rest.lower()]
    if -1 in values:
        raise Bech32Error("a key with a character that Bech32 does not use; copy it again")
    if _remainder([*_expanded(prefix.lower()), *values]) != 1:
        raise Bech32Error("a key whose checksum does not fit: a typing mistake; copy it again")
    return prefix, _to_bytes(values[:-CHECKSUM_LENGTH])


def _remainder(values: Iterable[int]) -> int:
    remainder = 1
    for value in values:
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value ^ _XORED[remainder >> 25]
    return remainder


def _expanded(prefix: str) -> list[int]:
    codes = [ord(character) for character in prefix]
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _to_fives(data: bytes) -> list[int]:
    length = -(-len(data) * 8 // 5)
    number = int.from_bytes(data) << (length * 5 - len(data) * 8)
    return [(number >> 5 * (length - 1 - i)) & 31 for i in range(length)]


def _to_bytes(values: list[int]) -> bytes:
    number = int("".join(_DIGITS[value] for value in values) or "0", 32)
    spare = len(values) * 5 % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        raise Bech32Error("a key with padding that Bech32 forbids; copy it again")
    return (number >> spare).to_bytes(len(values) * 5 // 8)
