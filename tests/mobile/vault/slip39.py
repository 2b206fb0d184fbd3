"""SLIP-0039's way back from sheets to secret, written anew from its text: a second opinion on the
library, for one group only."""

import hashlib
import hmac

from shamir_mnemonic.wordlist import WORDLIST

SECRET, DIGEST = 255, 254


def times(one, other):
    """Multiplication in GF(256) with Rijndael's polynomial."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = (one << 1) ^ (0x11B if one & 0x80 else 0)
        other >>= 1
    return product


def inverse(one):
    return next(each for each in range(1, 256) if times(one, each) == 1)


def interpolate(points, at):
    """The value at `at` of the lowest polynomial through `points`: x -> bytes."""
    total = bytes(len(next(iter(points.values()))))
    for x, values in points.items():
        factor = 1
        for other in points:
            if other != x:
                factor = times(factor, times(at ^ other, inverse(x ^ other)))
        part = bytes(times(factor, value) for value in values)
        total = bytes(a ^ b for a, b in zip(total, part, strict=True))
    return total


def bits(words):
    number = 0
    for word in words:
        number = number << 10 | WORDLIST.index(word)
    return number


def back(sheets, passphrase=b""):
    """The secret behind exactly as many sheets (lists of words) as are needed."""
    points = {}
    for words in sheets:
        head, parameters = bits(words[:2]), bits(words[2:4])
        identifier, extendable, exponent = head >> 5, head >> 4 & 1, head & 15
        threshold = (parameters & 15) + 1
        size = (len(words) - 7) * 10 // 16 * 2
        points[parameters >> 4 & 15] = bits(words[4:-3]).to_bytes(size)
    assert len(points) == threshold
    shared = interpolate(points, SECRET) if threshold > 1 else points.popitem()[1]
    if threshold > 1:
        digest = interpolate(points, DIGEST)
        assert hmac.digest(digest[4:], shared, "sha256")[:4] == digest[:4]
    salt = b"" if extendable else b"shamir" + identifier.to_bytes(2)
    left, right = shared[: len(shared) // 2], shared[len(shared) // 2 :]
    for turn in (3, 2, 1, 0):
        key = hashlib.pbkdf2_hmac(
            "sha256", bytes([turn]) + passphrase, salt + right, 2500 << exponent, len(right)
        )
        left, right = right, bytes(a ^ b for a, b in zip(left, key, strict=True))
    return right + left
