"""Writes a valid export of any size, all of it fictional: `python tests/bench/fictional_log.py
export.jsonl root.json --events 1000000`. Streams to disk; about a minute a million on two cores.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import IO

from attrs import define, field
from nacl.signing import SigningKey

from protocols.audit.export import write_export
from protocols.messages import Snapshot
from protocols.plain import dump_json, encode_base64, format_time, to_json
from protocols.sealing.certificate import Certificate, Role, Root, certify
from protocols.sealing.statement import Statement, keyid, pae, payload_type, sign
from protocols.timeline.checkpoint import Checkpoint, origin_for, sign_checkpoint
from protocols.timeline.event import EVENT_TYPE, new_referral_id
from protocols.timeline.merkle import RunningRoot, leaf_hash

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
YEAR = timedelta(days=365)
STEP = timedelta(seconds=3)
SENDERS, PROVIDERS, DEVICES_EACH = 20, 40, 4
OPEN_AT_ONCE = 50


@define
class Device:
    """A fictional device (or the server) with its key."""

    organisation: str | None
    key: SigningKey
    id: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.id = keyid(bytes(self.key.verify_key))


class FictionalCountry:
    """Keys and certificates of a country, and its log as it grows."""

    def __init__(self, seed: int = 4) -> None:
        self.random = Random(seed)
        self.root_key, self.authority, server = (self._key() for _ in range(3))
        self.root = Root(
            "Audit Bench (fictional)", (bytes(self.root_key.verify_key),), 1, START - YEAR
        )
        self.origin = origin_for(self.root.programme, "TN")
        self.server = Device(None, server)
        self.certificates: list[Statement] = []
        self._certify(Role.AUTHORITY, "authority-tn", self.authority)
        self._certify(Role.SERVER, self.server.id, server)
        self.senders = self._organisations("sender", SENDERS, Role.FIELD_WORKER)
        self.providers = self._organisations("provider", PROVIDERS, Role.PROVIDER_STAFF)
        self.now = START
        self.tree = RunningRoot()

    def _key(self) -> SigningKey:
        return SigningKey(self.random.randbytes(32))

    def _organisations(self, name: str, count: int, role: Role) -> dict[str, list[Device]]:
        made: dict[str, list[Device]] = {}
        for number in range(count):
            organisation = f"demo-{name}-{number}"
            self._certify(Role.ORGANISATION, organisation, None)
            made[organisation] = [Device(organisation, self._key()) for _ in range(DEVICES_EACH)]
            for each in made[organisation]:
                self._certify(role, each.id, each.key, organisation)
        return made

    def _certify(
        self, role: Role, subject: str, key: SigningKey | None, organisation: str | None = None
    ) -> None:
        certificate = Certificate(
            subject=subject,
            role=role,
            country="TN",
            name=f"{subject} (fictional)",
            organisation=organisation,
            keys=(bytes(key.verify_key),) if key else (),
            threshold=1 if key else 0,
            not_before=START - YEAR,
            not_after=START + YEAR,
            serial=f"{len(self.certificates):032x}",
        )
        issuer = self.root_key if role is Role.AUTHORITY else self.authority
        self.certificates.append(certify(certificate, issuer))

    def snapshot(self) -> Statement:
        """The directory that lists all certificates."""
        body = Snapshot(
            country="TN",
            number=1,
            issued=START,
            expires=START + YEAR,
            statements=tuple(self.certificates),
            providers=(),
            focal_points=(),
            checklists=(),
        )
        return sign(payload_type("snapshot"), body, self.authority)

    def leaves(self, events: int) -> Iterator[bytes]:
        """`events` leaves of many journeys interleaved; the last ones may be cut short."""
        journeys: list[Iterator[bytes]] = []
        number = 0
        while self.tree.size < events:
            while len(journeys) < OPEN_AT_ONCE:
                journeys.append(self._journey(number))
                number += 1
            chosen = self.random.randrange(len(journeys))
            leaf = next(journeys[chosen], None)
            if leaf is None:
                del journeys[chosen]
                continue
            self.tree.add(leaf_hash(leaf))
            yield leaf

    def _journey(self, number: int) -> Iterator[bytes]:
        """One referral: mostly accepted by the first provider, one in four by the second."""
        referral = new_referral_id(lambda size: sha256(b"%d" % number).digest()[:size])
        first, second = self.random.sample(sorted(self.providers), 2)
        sender = self.random.choice(self.random.choice(list(self.senders.values())))
        steps: list[tuple[str, Device, str | None, str | None]] = [
            ("submitted", sender, None, None),
            ("offered", self.server, first, None),
        ]
        answering = first
        if self.random.random() < 0.25:
            staff = self.random.choice(self.providers[first])
            steps += [
                ("opened", staff, first, None),
                ("declined", staff, first, "no_places"),
                ("offered", self.server, second, None),
            ]
            answering = second
        staff = self.random.choice(self.providers[answering])
        steps += [(kind, staff, answering, None) for kind in ("opened", "accepted", "in_service")]
        steps.append(("closed", staff, answering, "completed"))
        previous = None
        for sequence, (kind, device, provider, reason) in enumerate(steps):
            envelopes = [
                {"recipient": each, "sha256": sha256(each.encode()).hexdigest(), "size": 4096}
                for each in ((first, second) if sequence == 0 else ())
            ]
            payload = dump_json(
                {
                    "referral": referral,
                    "kind": kind,
                    "sequence": sequence,
                    "previous": previous,
                    "actor": device.id,
                    "provider": provider,
                    "claimed": format_time(self.now),
                    "reason": reason,
                    "envelopes": envelopes,
                    "respond_within": 240 if sequence == 0 else None,
                    "country": "TN",
                }
            )
            message = pae(EVENT_TYPE, payload)
            previous = sha256(message).hexdigest()
            yield self._leaf(payload, device, device.key.sign(message).signature)

    def _leaf(self, payload: bytes, device: Device, signature: bytes) -> bytes:
        statement = {
            "payloadType": EVENT_TYPE,
            "payload": encode_base64(payload),
            "signatures": [{"keyid": device.id, "sig": encode_base64(signature)}],
        }
        received = format_time(self.now)
        self.now += STEP
        return dump_json({"event": statement, "received": received})


def write_fictional_log(file: IO[bytes], events: int) -> Root:
    """An export of `events` events, and the root that vouches for it."""
    country = FictionalCountry()
    exported = START + events * STEP
    lines = write_export(
        country="TN",
        origin=country.origin,
        exported=exported,
        directory=country.snapshot(),
        certificates=country.certificates,
        leaves=country.leaves(events),
        checkpoint="",
    )
    for line in lines:
        if line.startswith(b'{"note":'):
            break  # the last line; the root of the tree is known only now
        file.write(line)
    checkpoint = Checkpoint(country.origin, events, country.tree.root())
    note = sign_checkpoint(checkpoint, country.origin, country.server.key)
    file.write(dump_json({"type": "checkpoint", "note": note}) + b"\n")
    return country.root


def main() -> None:
    parser = ArgumentParser(description="Write a valid export, all of it fictional.")
    parser.add_argument("export", type=Path)
    parser.add_argument("root", type=Path)
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    with asked.export.open("wb") as file:
        root = write_fictional_log(file, asked.events)
    asked.root.write_bytes(to_json(root))


if __name__ == "__main__":
    main()
