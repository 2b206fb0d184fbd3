"""A fictional country whose log can be written, exported and tampered with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, field
from nacl.signing import SigningKey

from protocols.audit.export import write_export
from protocols.messages import Snapshot
from protocols.plain import to_json, to_plain
from protocols.sealing.certificate import (
    Certificate,
    Revocation,
    Role,
    Root,
    certify,
    revoke,
)
from protocols.sealing.statement import Statement, keyid, payload_type, sign
from protocols.timeline.checkpoint import Checkpoint, origin_for, sign_checkpoint
from protocols.timeline.event import (
    EVENT_TYPE,
    EnvelopeRef,
    Event,
    Kind,
    Leaf,
    new_referral_id,
)
from protocols.timeline.merkle import root as tree_root

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
YEAR = timedelta(days=365)


def key(seed: int) -> SigningKey:
    return SigningKey(bytes([seed]) * 32)


def key_id(signing: SigningKey) -> str:
    return keyid(bytes(signing.verify_key))


@define
class FictionalWorld:
    """Writes a valid log step by step; the tests then damage what it wrote."""

    now: datetime = START
    root_key: SigningKey = field(factory=lambda: key(1))
    authority_key: SigningKey = field(factory=lambda: key(2))
    server: SigningKey = field(factory=lambda: key(3))
    inspector: SigningKey = field(factory=lambda: key(4))
    north: SigningKey = field(factory=lambda: key(5))
    south: SigningKey = field(factory=lambda: key(6))
    certificates: list[Statement] = field(factory=list)
    leaves: list[bytes] = field(factory=list)
    tips: dict[str, tuple[int, str]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.add(Role.AUTHORITY, "authority-tn", self.authority_key)
        self.add(Role.SERVER, key_id(self.server), self.server)
        for organisation, device, role in (
            ("demo-inspectorate", self.inspector, Role.FIELD_WORKER),
            ("demo-shelter-north", self.north, Role.PROVIDER_STAFF),
            ("demo-shelter-south", self.south, Role.PROVIDER_STAFF),
        ):
            self.add(Role.ORGANISATION, organisation, None)
            self.add(role, key_id(device), device, organisation)

    @property
    def root(self) -> Root:
        return Root("Audit Test (fictional)", (bytes(self.root_key.verify_key),), 1, START - YEAR)

    @property
    def origin(self) -> str:
        return origin_for(self.root.programme, "TN")

    def add(
        self,
        role: Role,
        subject: str,
        signing: SigningKey | None,
        organisation: str | None = None,
        until: datetime = START + YEAR,
    ) -> None:
        certificate = Certificate(
            subject=subject,
            role=role,
            country="TN",
            name=f"{subject} (fictional)",
            organisation=organisation,
            keys=(bytes(signing.verify_key),) if signing else (),
            threshold=1 if signing else 0,
            not_before=START - YEAR,
            not_after=until,
            serial=f"{len(self.certificates):032x}",
        )
        issuer = self.root_key if role is Role.AUTHORITY else self.authority_key
        self.certificates.append(certify(certificate, issuer))

    def revoke(self, device: SigningKey) -> None:
        """Void the newest certificate of `device` from now on."""
        serial = next(
            f"{at:032x}"
            for at, each in enumerate(self.certificates)
            if key_id(device).encode() in each.payload
        )
        revocation = Revocation(key_id(device), serial, self.now, "lost")
        self.certificates.append(revoke(revocation, self.authority_key))

    def event(
        self,
        referral: str,
        kind: Kind,
        signing: SigningKey,
        provider: str | None = None,
        shortlist: tuple[str, ...] = (),
        reason: str | None = None,
        claimed: datetime | None = None,
    ) -> None:
        sequence, previous = self.tips.get(referral, (-1, None))
        statement = sign(
            EVENT_TYPE,
            Event(
                referral=referral,
                kind=kind,
                sequence=sequence + 1,
                previous=previous,
                actor=key_id(signing),
                provider=provider,
                claimed=claimed or self.now,
                reason=reason,
                envelopes=tuple(EnvelopeRef(each, "ab" * 32, 2048) for each in shortlist),
                respond_within=240 if kind is Kind.SUBMITTED else None,
                country="TN",
            ),
            signing,
        )
        self.tips[referral] = (sequence + 1, statement.digest)
        self.leaves.append(to_json(Leaf(to_plain(statement), self.now)))
        self.now += timedelta(minutes=3)

    def journey(self, number: int) -> str:
        """One referral from submission over a declined offer to its close."""
        referral = new_referral_id(lambda n: bytes([number]) * n)
        north, south = "demo-shelter-north", "demo-shelter-south"
        self.event(referral, Kind.SUBMITTED, self.inspector, shortlist=(north, south))
        self.event(referral, Kind.OFFERED, self.server, north)
        self.event(referral, Kind.OPENED, self.north, north)
        self.event(referral, Kind.DECLINED, self.north, north, reason="no_places")
        self.event(referral, Kind.OFFERED, self.server, south)
        self.event(referral, Kind.OPENED, self.south, south)
        self.event(referral, Kind.ACCEPTED, self.south, south)
        self.event(referral, Kind.IN_SERVICE, self.south, south)
        self.event(referral, Kind.CLOSED, self.south, south, reason="completed")
        return referral

    def snapshot(self) -> Statement:
        body = Snapshot(
            country="TN",
            number=7,
            issued=START - timedelta(days=1),
            expires=START + YEAR,
            statements=tuple(self.certificates),
            providers=(),
            focal_points=(),
            checklists=(),
        )
        return sign(payload_type("snapshot"), body, self.authority_key)

    def export(self, leaves: list[bytes] | None = None) -> list[bytes]:
        """The lines; `leaves` other than its own get a checkpoint signed for them too, as a
        dishonest server would."""
        own = self.leaves if leaves is None else leaves
        checkpoint = Checkpoint(self.origin, len(own), tree_root(own))
        return list(
            write_export(
                country="TN",
                origin=self.origin,
                exported=self.now,
                directory=self.snapshot(),
                certificates=self.certificates,
                leaves=own,
                checkpoint=sign_checkpoint(checkpoint, self.origin, self.server),
            )
        )


@pytest.fixture
def world() -> Iterator[FictionalWorld]:
    made = FictionalWorld()
    for number in (1, 2, 3):
        made.journey(number)
    yield made
