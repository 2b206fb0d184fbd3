"""HKDF with SHA-256 (RFC 5869) over the standard library's HMAC."""

import hashlib
import hmac

HASH_BYTES = 32


def hkdf(key: bytes, salt: bytes, info: bytes, length: int = HASH_BYTES) -> bytes:
    """`length` bytes (at most 255 * 32) derived from `key`, bound to `salt` and `info`."""
    if not 0 < length <= 255 * HASH_BYTES:
        raise ValueError(f"HKDF-SHA-256 gives 1 to {255 * HASH_BYTES} bytes, not {length}")
    extracted = hmac.digest(salt or bytes(HASH_BYTES), key, hashlib.sha256)
    block, made = b"", b""
    for counter in range(1, -(-length // HASH_BYTES) + 1):
        block = hmac.digest(extracted, block + info + bytes([counter]), hashlib.sha256)
        made += block
    return made[:length]
