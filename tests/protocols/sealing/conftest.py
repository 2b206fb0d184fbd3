"""A fictional programme, small and whole: a root, two countries, organisations and devices."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from nacl.signing import SigningKey

from protocols.sealing.certificate import (
    Certificate,
    Revocation,
    Role,
    Root,
    authority_subject,
    certify,
    revoke,
)
from protocols.sealing.statement import Statement, keyid
from protocols.sealing.truststore import TrustStore

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def key(name: str) -> SigningKey:
    """The same key for the same name, so that failures repeat."""
    return SigningKey(sha256(f"fictional {name}".encode()).digest())


def public(signing: SigningKey) -> bytes:
    return bytes(signing.verify_key)


def keyid_of(signing: SigningKey) -> str:
    return keyid(public(signing))


def counted_entropy() -> Callable[[int], bytes]:
    """Repeatable 'randomness': a counter hashed."""
    state = {"n": 0}

    def draw(size: int) -> bytes:
        made = b""
        while len(made) < size:
            state["n"] += 1
            made += sha256(b"%d" % state["n"]).digest()
        return made[:size]

    return draw


def authority(country: str, *keys: SigningKey, threshold: int = 1, **changes: Any) -> Certificate:
    fields: dict[str, Any] = {
        "subject": authority_subject(country),
        "role": Role.AUTHORITY,
        "country": country,
        "name": f"Demo Authority {country} (fictional)",
        "organisation": None,
        "keys": tuple(public(each) for each in keys),
        "threshold": threshold,
        "not_before": NOW - 100 * DAY,
        "not_after": NOW + 400 * DAY,
        "serial": sha256(f"authority {country}".encode()).hexdigest()[:16],
    }
    return Certificate(**{**fields, **changes})


def organisation(subject: str, country: str, **changes: Any) -> Certificate:
    fields: dict[str, Any] = {
        "subject": subject,
        "role": Role.ORGANISATION,
        "country": country,
        "name": f"Demo {subject} (fictional)",
        "organisation": None,
        "keys": (),
        "threshold": 0,
        "not_before": NOW - 50 * DAY,
        "not_after": NOW + 300 * DAY,
        "serial": sha256(subject.encode()).hexdigest()[:16],
    }
    return Certificate(**{**fields, **changes})


def device(
    signing: SigningKey, role: Role, country: str, within: str | None, **changes: Any
) -> Certificate:
    fields: dict[str, Any] = {
        "subject": keyid_of(signing),
        "role": role,
        "country": country,
        "name": "Demo phone (fictional)",
        "organisation": within,
        "keys": (public(signing),),
        "threshold": 1,
        "not_before": NOW - 20 * DAY,
        "not_after": NOW + 200 * DAY,
        "serial": sha256(public(signing)).hexdigest()[:16],
    }
    return Certificate(**{**fields, **changes})


class World:
    """Keys by name, and the statements that certify them."""

    def __init__(self) -> None:
        self.root_keys = [key("root 1"), key("root 2"), key("root 3")]
        self.root = Root(
            "Demo programme (fictional)",
            tuple(public(each) for each in self.root_keys),
            2,
            NOW - 200 * DAY,
        )
        self.tn, self.ma = key("authority tn"), key("authority ma")
        self.worker, self.colleague = key("worker"), key("colleague")
        self.shelter, self.clinic = key("shelter"), key("clinic ma")
        self.coordinator, self.server = key("coordinator"), key("server")
        self.certificates = {
            "tn": authority("TN", self.tn),
            "ma": authority("MA", self.ma),
            "inspectors": organisation("demo-inspectors", "TN"),
            "shelters": organisation("demo-shelter", "TN"),
            "clinics": organisation("demo-clinic", "MA"),
            "worker": device(self.worker, Role.FIELD_WORKER, "TN", "demo-inspectors"),
            "colleague": device(self.colleague, Role.FIELD_WORKER, "TN", "demo-inspectors"),
            "shelter": device(self.shelter, Role.PROVIDER_STAFF, "TN", "demo-shelter"),
            "clinic": device(self.clinic, Role.PROVIDER_STAFF, "MA", "demo-clinic"),
            "coordinator": device(self.coordinator, Role.COORDINATOR, "TN", "demo-inspectors"),
            "server": device(self.server, Role.SERVER, "TN", None),
        }
        self.statements = {name: self.issue(each) for name, each in self.certificates.items()}

    def issue(self, certificate: Certificate) -> Statement:
        """`certificate` as whoever may issue it signs it."""
        if certificate.role is Role.AUTHORITY:
            return certify(certificate, *self.root_keys[:2])
        return certify(certificate, {"TN": self.tn, "MA": self.ma}[certificate.country])

    def revoke(self, name: str, at: datetime = NOW, by: Iterable[SigningKey] = ()) -> Statement:
        """The certificate called `name` taken back at `at`, by default by its rightful issuer."""
        found = self.certificates[name]
        rightful = {"TN": self.tn, "MA": self.ma}[found.country]
        signers = tuple(by) or (self.root_keys[:2] if found.role is Role.AUTHORITY else (rightful,))
        return revoke(Revocation(found.subject, found.serial, at, "compromised"), *signers)

    def store(self, *more: Statement, without: tuple[str, ...] = ()) -> TrustStore:
        kept = [each for name, each in self.statements.items() if name not in without]
        return TrustStore.build(self.root, [*kept, *more])


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """The makers above, for tests that bend one field."""
    return SimpleNamespace(
        NOW=NOW,
        DAY=DAY,
        key=key,
        public=public,
        keyid=keyid_of,
        authority=authority,
        organisation=organisation,
        device=device,
        entropy=counted_entropy,
    )
