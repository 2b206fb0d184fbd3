"""A fictional programme for harnesses: the same keys and bytes in every run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from nacl.signing import SigningKey

from protocols.sealing.certificate import Certificate, Role, Root, authority_subject, certify
from protocols.sealing.statement import Statement, keyid

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROOT_KEY, AUTHORITY, SERVER, DEVICE, STRANGER = (SigningKey(bytes([n]) * 32) for n in range(1, 6))
KEYS = (ROOT_KEY, AUTHORITY, SERVER, DEVICE, STRANGER)
ROOT = Root("fictional-fuzz", (bytes(ROOT_KEY.verify_key),), 1, NOW)
ORGANISATION = "fictional-office"


def entropy(seed: bytes = b"fictional") -> Callable[[int], bytes]:
    """Bytes that look random and are the same each time."""
    drawn = iter(range(1 << 30))

    def draw(size: int) -> bytes:
        out = b""
        while len(out) < size:
            out += sha256(seed + next(drawn).to_bytes(4)).digest()
        return out[:size]

    return draw


def key_id(key: SigningKey) -> str:
    return keyid(bytes(key.verify_key))


def certificate(role: Role, key: SigningKey | None, **changes: Any) -> Certificate:
    subject = {Role.AUTHORITY: authority_subject("TN"), Role.ORGANISATION: ORGANISATION}
    values: dict[str, Any] = {
        "subject": subject.get(role) or key_id(key or STRANGER),
        "role": role,
        "country": "TN",
        "name": f"Fictional {role}",
        "organisation": ORGANISATION if role is Role.FIELD_WORKER else None,
        "keys": () if key is None else (bytes(key.verify_key),),
        "threshold": 0 if key is None else 1,
        "not_before": NOW - timedelta(days=1),
        "not_after": NOW + timedelta(days=300),
        "serial": "0123456789abcdef",
    }
    return Certificate(**(values | changes))


def certificates() -> tuple[tuple[Certificate, SigningKey], ...]:
    """One of each role, with who issues it."""
    return (
        (certificate(Role.AUTHORITY, AUTHORITY), ROOT_KEY),
        (certificate(Role.SERVER, SERVER), AUTHORITY),
        (certificate(Role.ORGANISATION, None), AUTHORITY),
        (certificate(Role.FIELD_WORKER, DEVICE), AUTHORITY),
    )


def statements() -> tuple[Statement, ...]:
    return tuple(certify(each, issuer) for each, issuer in certificates())
