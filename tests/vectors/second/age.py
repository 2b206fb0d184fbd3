"""Section "Envelope": age v1 files, both kinds of key (C2SP age, RFC 5869, RFC 9180)."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_scalarmult,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

from .plain import RefusedError

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def key_of(text: str) -> bytes:
    """The bytes of a key's Bech32 text; its checksum is another library's to test."""
    digits = [LETTERS.index(each) for each in text.lower().rpartition("1")[2][:-6]]
    bits = "".join(f"{each:05b}" for each in digits)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def open_file(data: bytes, identity: str) -> bytes:
    """What one identity opens a file to."""
    head, _, rest = data.partition(b"\n--- ")
    mac, _, payload = rest.partition(b"\n")
    unwrap = _hybrid if "-PQ-" in identity else _x25519
    for kind, share, body in _stanzas(head):
        file_key = unwrap(kind, share, body, key_of(identity))
        if file_key is None:
            continue
        made = hmac.digest(hkdf(file_key, b"", b"header"), head + b"\n---", hashlib.sha256)
        if made != _unpadded(mac):
            raise RefusedError("age_header_mac")
        return _payload(payload, file_key)
    raise RefusedError("no_match")


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """32 bytes."""
    extracted = hmac.digest(salt or bytes(32), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def _unpadded(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def _stanzas(head: bytes) -> list[tuple[bytes, bytes, bytes]]:
    version, *parts = head.split(b"\n-> ")
    if version != b"age-encryption.org/v1":
        raise RefusedError("age_format")
    found = []
    for part in parts:
        first, *lines = part.split(b"\n")
        kind, *words = first.split(b" ")
        found.append((kind, _unpadded(words[0]), _unpadded(b"".join(lines))))
    return found


def _decrypted(key: bytes, nonce: bytes, data: bytes) -> bytes | None:
    try:
        return crypto_aead_chacha20poly1305_ietf_decrypt(data, None, nonce, key)
    except CryptoError:
        return None


def _x25519(kind: bytes, share: bytes, body: bytes, secret: bytes) -> bytes | None:
    if kind != b"X25519":
        return None
    salt = share + crypto_scalarmult_base(secret)
    key = hkdf(crypto_scalarmult(secret, share), salt, b"age-encryption.org/v1/X25519")
    return _decrypted(key, bytes(12), body)


def _hybrid(kind: bytes, share: bytes, body: bytes, seed: bytes) -> bytes | None:
    if kind != b"mlkem768x25519":
        return None
    secrets = hashlib.shake_256(seed).digest(96)
    key = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(secrets[:64]),
        X25519PrivateKey.from_private_bytes(secrets[64:]),
    )
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    try:
        return suite.decrypt(share + body, key, b"age-encryption.org/mlkem768x25519")
    except Exception:  # noqa: BLE001 - whatever the library calls it, it does not open
        return None


def _payload(payload: bytes, file_key: bytes) -> bytes:
    key, rest, whole = hkdf(file_key, payload[:16], b"payload"), payload[16:], b""
    for counter in range(1 << 32):
        chunk, rest = rest[: 65536 + 16], rest[65536 + 16 :]
        nonce = counter.to_bytes(11, "big") + (b"\x00" if rest else b"\x01")
        opened = _decrypted(key, nonce, chunk)
        if opened is None:
            raise RefusedError("age_payload")
        whole += opened
        if not rest:
            return whole
    raise RefusedError("age_payload")
