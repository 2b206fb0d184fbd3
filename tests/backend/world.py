"""A small programme for tests, on any database, with a clock that tests move."""

import base64
import hashlib
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from django.test import Client
from nacl.signing import SigningKey

from backend.api.runtime import Runtime, install
from backend.commands.offices.certifying import (
    authority_certificate,
    device_certificate,
    organisation_certificates,
    revocation_of,
    server_certificate,
)
from backend.services import founding
from backend.services.context import Context
from backend.services.publishing import SNAPSHOT_TYPE
from backend.services.server import Server
from backend.store.database import Database
from protocols.messages import BYTES_TYPE, Edition, SealedPart, Snapshot, Submission
from protocols.plain import from_json, from_plain, to_json, to_plain
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import (
    Certificate,
    Role,
    Root,
    SealingKey,
    certify,
    publish_sealing_key,
    revoke,
)
from protocols.sealing.request import sign_request
from protocols.sealing.statement import Statement, keyid, sign
from protocols.timeline.event import (
    EVENT_TYPE,
    EnvelopeRef,
    Event,
    Kind,
    Leaf,
    new_referral_id,
)

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOST = "testserver"
SERVICE, OFFICE = "demo-service-tn", "demo-office-tn"
SHELTERS = ("demo-shelter-a", "demo-shelter-b", "demo-shelter-c")


def server_programme(
    countries: tuple[str, ...], now: datetime, days: dict[str, int] | None = None
) -> tuple["Keys", Server]:
    """Root, authorities and server keys, made at `now`; `days` for which an authority is valid, by
    country."""
    valid = dict.fromkeys(countries, 900) | (days or {})
    root_key = SigningKey.generate()
    root = Root("fictional-test", (bytes(root_key.verify_key),), 1, now)
    keys = Keys(root, root_key, {})
    statements, server_keys = [], {}
    for country in countries:
        authority, server = SigningKey.generate(), SigningKey.generate()
        keys.authorities[country] = authority
        server_keys[country] = server
        statements.append(
            certify(
                authority_certificate(
                    (bytes(authority.verify_key),), 1, country, now, days=valid[country]
                ),
                root_key,
            )
        )
        statements.append(
            certify(
                server_certificate(bytes(server.verify_key), country, now, days=900),
                authority,
            )
        )
    return keys, Server(root, tuple(statements), server_keys)


@attrs.define
class Keys:
    root: Root
    root_key: SigningKey
    authorities: dict[str, SigningKey]


@attrs.define
class Answer:
    """An HTTP answer, its JSON read."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


@attrs.define
class World:
    """One server and everybody around it. `now` is everybody's clock."""

    runtime: Runtime
    keys: Keys
    now: datetime = START
    published: dict[str, list[Statement]] = attrs.field(factory=dict)
    numbers: dict[str, int] = attrs.field(factory=dict)

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def organisation(self, subject: str, country: str = "TN", *, days: int = 0) -> None:
        names = {subject: f"{subject} (fictional)"}
        for each in organisation_certificates(names, country, self.now):
            until = each.not_before + timedelta(days=days) if days else each.not_after
            self.add(country, certify(attrs.evolve(each, not_after=until), self.authority(country)))

    def device(
        self, role: str, organisation: str, country: str = "TN", *, days: int = 0
    ) -> "Device":
        key = SigningKey.generate()
        certificate = device_certificate(
            bytes(key.verify_key), Role(role), country, organisation, "Fictional phone", self.now
        )
        if days:
            until = certificate.not_before + timedelta(days=days)
            certificate = attrs.evolve(certificate, not_after=until)
        self.add(country, certify(certificate, self.authority(country)))
        return Device(self, key, certificate)

    def authority(self, country: str = "TN") -> SigningKey:
        return self.keys.authorities[country]

    def add(self, country: str, statement: Statement) -> None:
        self.published.setdefault(country, []).append(statement)

    def snapshot(self, country: str = "TN", **changes: Any) -> Statement:
        snapshot = Snapshot(
            country=country,
            number=self.numbers.get(country, 0) + 1,
            issued=self.now,
            expires=self.now + timedelta(days=30),
            statements=tuple(self.published.get(country, ())),
            providers=(),
            focal_points=(),
            checklists=(),
        )
        return sign(SNAPSHOT_TYPE, attrs.evolve(snapshot, **changes), self.authority(country))

    def publish(self, country: str = "TN") -> None:
        answer = self.put_snapshot(country, self.snapshot(country))
        assert answer.status == 200, answer.body
        self.numbers[country] = answer.json["number"]

    def put_snapshot(self, country: str, snapshot: Statement) -> Answer:
        body = to_json({"snapshot": to_plain(snapshot)})
        return self.send("PUT", f"/v1/directory/{country}", body, self.authority(country))

    def put_checklist(
        self,
        data: bytes,
        *,
        country: str = "TN",
        sha256: str | None = None,
        key: SigningKey | None = None,
        content_type: str = BYTES_TYPE,
    ) -> Answer:
        path = f"/v1/checklists/{country}/{sha256 or hashlib.sha256(data).hexdigest()}"
        signer = key or self.authority(country)
        return self.send("PUT", path, data, signer, content_type=content_type)

    def revoke(self, device: "Device", reason: str = "lost") -> None:
        country = device.certificate.country
        revocation = revocation_of(device.certificate, reason, self.now)
        self.add(country, revoke(revocation, self.authority(country)))
        self.publish(country)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        key: SigningKey | None = None,
        *,
        created: datetime | None = None,
        nonce: str | None = None,
        headers: dict[str, str] | None = None,
        signed_path: str | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        sent = dict(headers or {})
        if key is not None:
            sent |= sign_request(
                method,
                f"http://{HOST}{signed_path or path}",
                body,
                key,
                created=created or self.now,
                nonce=nonce or secrets.token_urlsafe(16),
                headers={"Content-Type": content_type} if body else {},
            )
        return self.send_raw(method, path, body, sent, content_type)

    def send_raw(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
        content_type: str = "application/json",
    ) -> Answer:
        response = Client(raise_request_exception=False).generic(
            method,
            path,
            body or b"",
            content_type=content_type if body else "",
            headers={"Host": HOST, **headers},
        )
        content = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, dict(response.headers), content)


@attrs.define
class Device:
    """A certified device and what it can do."""

    world: World
    key: SigningKey
    certificate: Certificate

    @property
    def id(self) -> str:
        return keyid(bytes(self.key.verify_key))

    def get(self, path: str, **more: Any) -> Answer:
        return self.world.send("GET", path, None, self.key, **more)

    def post(self, path: str, value: Any, **more: Any) -> Answer:
        return self.world.send("POST", path, to_json(value), self.key, **more)

    def sealing_key(self, **changes: Any) -> Statement:
        now = self.world.now
        key = SealingKey(
            self.id, X25519Identity.generate().recipient.text, now, now + timedelta(days=7)
        )
        return publish_sealing_key(attrs.evolve(key, **changes), self.key)

    def event(self, kind: str, previous: Any = None, **fields: Any) -> Event:
        """The event that follows `previous` (an Event-digest pair as `Story` keeps it)."""
        values: dict[str, Any] = {
            "referral": previous[0].referral if previous else new_referral_id(os.urandom),
            "kind": Kind(kind),
            "sequence": previous[0].sequence + 1 if previous else 0,
            "previous": previous[1] if previous else None,
            "actor": self.id,
            "provider": None,
            "claimed": self.world.now,
            "reason": None,
            "envelopes": (),
            "respond_within": None,
            "country": self.certificate.country,
        }
        return Event(**{**values, **fields})

    def submission(self, *shortlist: str, respond_within: int = 60, **fields: Any) -> Submission:
        """A new referral with random envelopes for `shortlist`."""
        parts = tuple(SealedPart(each, secrets.token_bytes(700)) for each in shortlist)
        event = self.event(
            "submitted", envelopes=refs(parts), respond_within=respond_within, **fields
        )
        return Submission(sign(EVENT_TYPE, event, self.key), parts)

    def step(
        self, story: "Story", kind: str, parts: tuple[SealedPart, ...] = (), **fields: Any
    ) -> Submission:
        """The submission of a step that follows the newest event this device knows of."""
        event = self.event(kind, story.newest, envelopes=refs(parts), **fields)
        return Submission(sign(EVENT_TYPE, event, self.key), parts)

    def submit(self, submission: Submission) -> "Story":
        answer = self.post("/v1/referrals", submission)
        assert answer.status == 201, answer.body
        story = Story(self.world, submission)
        story.take(answer)
        return story

    def take_step(
        self, story: "Story", kind: str, parts: tuple[SealedPart, ...] = (), **fields: Any
    ) -> Answer:
        answer = self.post(story.events_path, self.step(story, kind, parts, **fields))
        if answer.status == 201:
            story.take(answer)
        return answer

    def sync(self, after: int = 0, known: int = 0, limit: int = 200) -> Any:
        country = self.certificate.country
        answer = self.get(f"/v1/sync/{country}?after={after}&known={known}&limit={limit}")
        assert answer.status == 200, answer.body
        return answer.json


def edition(data: bytes, checklist: str = "labour_inspector-adult", version: int = 2) -> Edition:
    """What a snapshot says of the checklist's file `data`."""
    return Edition(checklist, version, hashlib.sha256(data).hexdigest(), len(data))


def refs(parts: tuple[SealedPart, ...]) -> tuple[EnvelopeRef, ...]:
    return tuple(
        EnvelopeRef(each.recipient, hashlib.sha256(each.data).hexdigest(), len(each.data))
        for each in parts
    )


def read_event(leaf: str) -> tuple[Event, str]:
    """The event in a leaf as JSON carries it, with its digest."""
    statement = from_plain(from_json(base64.b64decode(leaf), Leaf).event, Statement)
    return from_json(statement.payload, Event), statement.digest


@attrs.define
class Story:
    """One referral as a test follows it."""

    world: World
    submission: Submission
    events: list[tuple[Event, str]] = attrs.field(factory=list)

    def take(self, answer: Answer) -> None:
        self.events += [read_event(each["leaf"]) for each in answer.json["events"]]

    @property
    def id(self) -> str:
        return self.events[0][0].referral

    @property
    def newest(self) -> tuple[Event, str]:
        return self.events[-1]

    @property
    def kinds(self) -> list[str]:
        return [str(event.kind) for event, _ in self.events]

    @property
    def events_path(self) -> str:
        return f"/v1/referrals/{self.id}/events"


def make_world(
    database: Database,
    countries: tuple[str, ...] = ("TN", "MA"),
    days: dict[str, int] | None = None,
) -> World:
    """A founded server on `database`."""
    keys, server = server_programme(countries, START, days)
    context = Context(server, os.urandom)
    runtime = Runtime(database, context)
    world = World(runtime, keys)
    runtime.now = lambda: world.now
    runtime.write(lambda session: founding.found(session, context, world.now))
    return world


def install_world(world: World) -> None:
    """Serve the world's runtime through Django, and publish its usual organisations."""
    for each in (SERVICE, OFFICE, *SHELTERS):
        world.organisation(each)
    install(world.runtime)
