"""The fictional keys of the vectors. A seed is the SHA-256 of a name: secret from nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_256

from nacl.signing import SigningKey

from protocols.plain import Entropy
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import Certificate, Role, Root, authority_subject
from protocols.sealing.statement import keyid

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = 365 * DAY
PROGRAMME = "Amana Vectors (fictional)"
SENDER, NORTH, SOUTH = "demo-inspectorate-tn", "demo-shelter-north", "demo-shelter-south"


def seed(name: str) -> bytes:
    """32 bytes: SHA-256 of `amana vector ` and the name."""
    return sha256(f"amana vector {name}".encode()).digest()


def key(name: str) -> SigningKey:
    """The Ed25519 key of `name`."""
    return SigningKey(seed(name))


def public(name: str) -> bytes:
    """Its public key."""
    return bytes(key(name).verify_key)


def id_of(name: str) -> str:
    """Its key id."""
    return keyid(public(name))


def identity(name: str) -> X25519Identity:
    """The X25519 age identity of `name`."""
    return X25519Identity(seed(f"{name} x25519"))


def stream(name: str) -> Entropy:
    """Bytes as if random, the same each time: SHAKE256 of the seed, read on and on."""
    given = _bytes(name)
    return lambda size: bytes(next(given) for _ in range(size))


def _bytes(name: str) -> Iterator[int]:
    yield from shake_256(seed(name)).digest(1 << 20)


def root() -> Root:
    """Two of three keys must sign."""
    return Root(PROGRAMME, tuple(public(f"root-{n}") for n in (1, 2, 3)), 2, START - YEAR)


def certificate(
    role: Role,
    names: tuple[str, ...],
    *,
    subject: str | None = None,
    organisation: str | None = None,
    country: str = "TN",
    threshold: int = 1,
    begins: datetime = START - 30 * DAY,
    ends: datetime = START + YEAR,
    serial: int = 1,
) -> Certificate:
    """A certificate of the keys `names`; its serial is `serial` as 32 hex digits."""
    known = authority_subject(country) if role is Role.AUTHORITY else subject or id_of(names[0])
    return Certificate(
        subject=known,
        role=role,
        country=country,
        name=f"{subject or names[0]} (fictional)",
        organisation=organisation,
        keys=tuple(public(each) for each in names),
        threshold=threshold if names else 0,
        not_before=begins,
        not_after=ends,
        serial=f"{serial:032x}",
    )
