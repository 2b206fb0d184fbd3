"""HPKE as age's hybrid recipients use it, by PyPI `cryptography`.

Base mode (RFC 9180, section 6.1), KEM MLKEM768-X25519 (draft-ietf-hpke-pq-03; X-Wing,
draft-connolly-cfrg-xwing-kem), HKDF-SHA-256, ChaCha20-Poly1305, no associated data. Only
`age_hybrid` imports this, and only once a hybrid key is used: the library is not on every device.
Importing it raises ImportError where the library is missing, too old, or built without ML-KEM.
"""

import hashlib

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

SEED_BYTES = 32
MLKEM_SEED_BYTES = 64
MLKEM_PUBLIC_BYTES = 1184
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
ENCAPSULATED_BYTES = KEM.MLKEM768_X25519.enc_length()

try:
    MLKEM768PrivateKey.from_seed_bytes(bytes(MLKEM_SEED_BYTES))
except UnsupportedAlgorithm as error:
    raise ImportError("this build of cryptography has no ML-KEM") from error


def public_of(seed: bytes) -> bytes:
    """The public key that belongs to `seed`: ML-KEM-768's 1184 bytes, then X25519's 32."""
    lattice, curve = _secrets(seed)
    return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def check_public(public: bytes) -> None:
    """Raises ValueError for a key that FIPS 203's encapsulation key check refuses."""
    _public(public)


def seal(message: bytes, public: bytes, info: bytes) -> tuple[bytes, bytes]:
    """SealBase: the encapsulated key, and the ciphertext. The library draws the randomness.

    Raises ValueError for a public key that nobody could seal to.
    """
    sealed = SUITE.encrypt(message, _public(public), info)
    return sealed[:ENCAPSULATED_BYTES], sealed[ENCAPSULATED_BYTES:]


def open_sealed(encapsulated: bytes, ciphertext: bytes, seed: bytes, info: bytes) -> bytes | None:
    """OpenBase: the message, or None where it was altered or sealed to another key."""
    key = MLKEM768X25519PrivateKey(*_secrets(seed))
    try:
        return SUITE.decrypt(encapsulated + ciphertext, key, info)
    except InvalidTag:
        return None


def _public(public: bytes) -> MLKEM768X25519PublicKey:
    lattice = MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES])
    curve = X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:])
    return MLKEM768X25519PublicKey(lattice, curve)


def _secrets(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """The two secret keys that a seed stands for, by X-Wing's expandDecapsulationKey: SHAKE256
    (FIPS 202) to 96 bytes. The library leaves this step to its caller."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a hybrid seed has {SEED_BYTES} bytes, not {len(seed)}")
    keys = hashlib.shake_256(seed).digest(MLKEM_SEED_BYTES + 32)
    return (
        MLKEM768PrivateKey.from_seed_bytes(keys[:MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(keys[MLKEM_SEED_BYTES:]),
    )
