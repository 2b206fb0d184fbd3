"""The age keys that follow from a recovery secret: whoever has enough sheets opens spare copies.

A phone keeps only the recipients, so that neither it nor who seizes it opens a copy that lies
somewhere else. Each key is HKDF-SHA-256 of the secret under a name of its own.
"""

from protocols.sealing.age import Identity
from protocols.sealing.age_hybrid import SEED_BYTES, HybridIdentity, is_available
from protocols.sealing.age_x25519 import KEY_BYTES, X25519Identity
from protocols.sealing.hkdf import hkdf

X25519 = b"amana-spare/1 x25519"
HYBRID = b"amana-spare/1 mlkem768x25519"


def identities_of(secret: bytes) -> tuple[Identity, ...]:
    """What opens spare copies of both kinds."""
    return _x25519(secret), _hybrid(secret)


def recipients_of(secret: bytes) -> tuple[str, ...]:
    """To whom they are sealed, the strongest first; the hybrid one only where this device has the
    library to make it."""
    hybrid = (_hybrid(secret).recipient.text,) if is_available() else ()
    return (*hybrid, _x25519(secret).recipient.text)


def _x25519(secret: bytes) -> X25519Identity:
    return X25519Identity(hkdf(secret, b"", X25519, KEY_BYTES))


def _hybrid(secret: bytes) -> HybridIdentity:
    return HybridIdentity(hkdf(secret, b"", HYBRID, SEED_BYTES))
