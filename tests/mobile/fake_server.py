"""FakeServer: a server in memory that keeps the protocol's promises, until told to break them.

It shares nothing with the real one but `protocols`; the journeys in tests/journey run the real one.
Two hooks: `before(request)` may raise or move the clock, `break_next(request, answer)` may replace
the honest answer, or raise after the server has done its work, as when an answer is lost.
"""

import hashlib
import json
import re
from copy import copy
from datetime import timedelta

import httpx
import nacl.utils
from attrs import define, evolve
from nacl.signing import SigningKey

from protocols.audit.export import write_export
from protocols.errors import AmanaError
from protocols.messages import (
    DirectoryAnswer,
    Edition,
    EnrolmentRequest,
    EnrolmentStatus,
    Given,
    Opening,
    PendingEnrolment,
    Problem,
    Receipt,
    Refusal,
    SealedPart,
    Snapshot,
    Submission,
    SyncAnswer,
    SyncEntry,
    TimelineAnswer,
    WitnessedAnswer,
    WitnessedHead,
)
from protocols.plain import format_time, from_json, from_plain, load_json, to_json, to_plain
from protocols.referral import lifecycle
from protocols.referral.provider import Provider
from protocols.referral.services import Service
from protocols.sealing.certificate import Certificate, Revocation, Role, Root, certify, revoke
from protocols.sealing.comparing import CONTRIBUTION_TYPE, Contribution
from protocols.sealing.enrolment import invitation_to_uri
from protocols.sealing.request import StaleRequestError, parse_request, verify_request
from protocols.sealing.statement import Statement, keyid, payload_type, sign, verify
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import origin_for, read_checkpoint
from protocols.timeline.cosignature import (
    cosignature_line,
    without_cosignatures,
    witness_name,
    witnessed,
)
from protocols.timeline.event import EVENT_TYPE, Event, Kind
from tests.mobile.fake_log import FakeLog

COUNTRY = "TN"
BASE = "http://127.0.0.1:9"
ORGANISATIONS = {
    "fictional-inspectorate": "Fictional Inspectorate",
    "fictional-shelter-a": "Fictional Shelter A",
    "fictional-shelter-b": "Fictional Shelter B",
    "fictional-office": "Fictional Coordination Office",
}
SHELTERS = ("fictional-shelter-a", "fictional-shelter-b")
CHECKLISTS = ("labour_inspector-adult", "labour_inspector-child")


class RefusalError(Exception):
    def __init__(self, status, code, **extras):
        super().__init__(code)
        self.answer = httpx.Response(
            status,
            content=to_json(
                Problem(code, status, f"fake: {code}", code, "fake advice", extras=extras or None)
            ),
        )


@define
class Comparison:
    """The steps of one enrolment's comparison."""

    contribution: Statement | None = None
    opening: bytes | None = None
    endorsement: Statement | None = None
    reason: str | None = None


class FakeServer:
    """Certifies whoever asks, keeps one country's log. `break_next` is called with each request
    and the honest answer, and may return another answer or raise."""

    def __init__(self, clock):
        self.clock = clock
        self.certified_from = None
        self.server_clock_ahead = timedelta(0)
        self.keys = {name: SigningKey(nacl.utils.random(32)) for name in ("root", "tn", "server")}
        start = clock() - timedelta(days=30)
        root_key = bytes(self.keys["root"].verify_key)
        self.root = Root("fictional", (root_key,), 1, start)
        self.origin = origin_for("fictional", COUNTRY)
        self.authority = self._certificate("authority-tn", Role.AUTHORITY, "tn", by="root")
        server_id = keyid(bytes(self.keys["server"].verify_key))
        self.server_certificate = self._certificate(server_id, Role.SERVER, "server")
        self.statements = [
            self._certificate(each, Role.ORGANISATION, None) for each in ORGANISATIONS
        ]
        self.former = []
        self.number = 1
        self.live = []
        self.enrolments = {}
        self.comparisons = {}
        self.invitations = {}
        self.nonces = set()
        self.log = FakeLog(self.origin, self.keys["server"])
        self.events = []
        self.envelopes = {}
        self.requests = []
        self.break_next = None
        self.before = None
        self.approving = True
        self.published = None
        self.unpublished = False
        self.editions = {}
        self.files = {}
        self.cosigned = {}
        self._trust = None

    def _certificate(self, subject, role, key, by="tn", organisation=None, public=None, name=None):
        start = self.certified_from or self.clock() - timedelta(days=20)
        keys = (bytes(self.keys[key].verify_key),) if key else (public,) if public else ()
        body = Certificate(
            subject=subject,
            role=role,
            country=COUNTRY,
            name=name or ORGANISATIONS.get(subject, subject),
            organisation=organisation,
            keys=keys,
            threshold=len(keys),
            not_before=start,
            not_after=start + timedelta(days=400),
            serial=nacl.utils.random(8).hex(),
        )
        return certify(body, self.keys[by])

    def new_key(self):
        """The server signs with a new key from now on; its old one ends later."""
        self.former.append(self.server_certificate)
        self.keys["server"] = self.log.key = SigningKey(nacl.utils.random(32))
        subject = keyid(bytes(self.keys["server"].verify_key))
        self.server_certificate = self._certificate(subject, Role.SERVER, "server")

    @property
    def trust(self):
        servers = (*self.former, self.server_certificate)
        known = (self.authority, *servers, *self.statements)
        if self._trust is None or self._trust[0] != known:
            self._trust = (known, TrustStore.build(self.root, known))
        return self._trust[1]

    @property
    def now(self):
        return self.clock() + self.server_clock_ahead

    def invite(self, organisation, role, /, **changes):
        number = len(self.invitations)
        invitation = {
            "id": f"tn-{number:016x}",
            "secret": "c2VjcmV0IG9mIGEgZmljdGlvbmFsIHRlc3Q=",
            "server": BASE,
            "root": self.root.fingerprint,
            "organisation": organisation,
            "role": str(role),
            "country": COUNTRY,
            "expires": format_time(self.clock() + timedelta(days=1)),
        } | changes
        self.invitations[invitation["id"]] = invitation
        return invitation_to_uri(invitation)

    def memory(self):
        """All that the server remembers, for `recall`: as restored from a backup."""
        kept = {name: copy(getattr(self, name)) for name in ("events", "envelopes", "live")}
        return kept | {"log": self.log.fork(list), "statements": copy(self.statements)}

    def recall(self, memory):
        for name, value in memory.items():
            setattr(self, name, value.fork(list) if name == "log" else copy(value))

    def http(self):
        return httpx.Client(transport=httpx.MockTransport(self.handle))

    def handle(self, request):
        answer = self._honest(request)
        self.requests.append((request, answer))
        if self.break_next is not None:
            return self.break_next(request, answer)
        return answer

    def _honest(self, request):
        try:
            if self.before is not None:
                self.before(request)
            for method, pattern, work in self.ROUTES:
                match = re.fullmatch(pattern, request.url.path)
                if match and request.method == method:
                    found = work(self, request, *match.groups())
                    return found if isinstance(found, httpx.Response) else _ok(found)
        except RefusalError as refusal:
            return refusal.answer
        except StaleRequestError:
            return RefusalError(401, "stale_request", server_time=format_time(self.now)).answer
        except AmanaError as error:
            return RefusalError(422, error.code).answer
        return RefusalError(404, "no_such_address").answer

    def _signed(self, request):
        signed = parse_request(
            request.method,
            request.url.netloc.decode(),
            request.url.raw_path.decode().partition("?")[0],
            request.url.query.decode(),
            dict(request.headers),
            request.content or None,
        )
        if (signed.keyid, signed.nonce) in self.nonces:
            raise RefusalError(401, "replayed_request")
        self.nonces.add((signed.keyid, signed.nonce))
        return signed

    def _caller(self, request):
        signed = self._signed(request)
        device = self.trust.device(signed.keyid, self.clock())
        verify_request(signed, device.keys[0], self.now)
        return device

    def programme(self, request):
        return {
            "root": to_plain(self.root),
            "authorities": [to_plain(self.authority)],
            "servers": [to_plain(self.server_certificate)],
        }

    def enrol(self, request):
        body = from_json(request.content, EnrolmentRequest)
        verify_request(self._signed(request), body.device_key, self.now)
        device = keyid(body.device_key)
        identifier = f"{body.invitation}-{device[:8]}"
        if identifier not in self.enrolments:
            self.enrolments[identifier] = (body, "pending")
            self.comparisons[identifier] = Comparison()
            if self.approving:
                self.approve(identifier)
        return to_plain(EnrolmentStatus(identifier, "pending"))

    def approve(self, identifier, **changes):
        body, _ = self.enrolments[identifier]
        invitation = self.invitations[body.invitation] | changes
        certificate = self._certificate(
            keyid(body.device_key),
            Role(invitation["role"]),
            None,
            organisation=invitation["organisation"],
            public=body.device_key,
            name=body.label,
        )
        self.statements.append(certificate)
        self.live.append(body.sealing_key)
        self.number += 1
        self.enrolments[identifier] = (body, "approved")

    def refuse(self, identifier):
        self.enrolments[identifier] = (self.enrolments[identifier][0], "refused")

    def revoke_organisation(self, organisation):
        """Void an organisation's certificate from now on, and publish that."""
        certificate = self.trust.organisation(organisation, self.clock())
        revocation = Revocation(organisation, certificate.serial, self.clock(), "left")
        self.statements.append(revoke(revocation, self.keys["tn"]))
        self.number += 1

    def revoke(self, device):
        """Void the device's certificate from now on, and publish that."""
        certificate = self.trust.device(device, self.clock())
        revocation = Revocation(device, certificate.serial, self.clock(), "lost")
        self.statements.append(revoke(revocation, self.keys["tn"]))
        self.number += 1

    def enrolment(self, request, identifier):
        body, _ = self.enrolments[identifier]
        verify_request(self._signed(request), body.device_key, self.now)
        return self._status(identifier)

    def _status(self, identifier):
        _, state = self.enrolments[identifier]
        step = self.comparisons[identifier]
        given = step.contribution if state == "pending" else None
        known = state == "approved" or given is not None
        statements = (*self.statements, self.authority) if known else ()
        return to_plain(EnrolmentStatus(identifier, state, statements, given, step.reason))

    def contribute(self, identifier, nonce=bytes(32), key="tn"):
        """The office draws its number for the device that asks."""
        claim = self.enrolments[identifier][0].claim
        body = Contribution(claim.invitation, claim.device, claim.commitment, nonce)
        self.comparisons[identifier].contribution = sign(CONTRIBUTION_TYPE, body, self.keys[key])

    def open_enrolment(self, request, identifier):
        body, _ = self.enrolments[identifier]
        verify_request(self._signed(request), body.device_key, self.now)
        step = self.comparisons[identifier]
        if step.contribution is None:
            raise RefusalError(409, "enrolment_step_early")
        step.opening = from_json(request.content, Opening).nonce
        return self._status(identifier)

    def asked_with(self, request):
        self._coordinator(request)
        return [
            to_plain(
                PendingEnrolment(
                    identifier,
                    self.now,
                    body,
                    self.comparisons[identifier].contribution,
                    self.comparisons[identifier].opening,
                    self.comparisons[identifier].endorsement,
                )
            )
            for identifier, (body, state) in self.enrolments.items()
            if state == "pending" and body.invitation == request.url.params["invitation"]
        ]

    def _coordinator(self, request):
        if self._caller(request).role is not Role.COORDINATOR:
            raise RefusalError(403, "wrong_role")

    def office_step(self, request, identifier, name):
        """What a coordinator's phone hands in."""
        self._coordinator(request)
        step = self.comparisons[identifier]
        if name == "refusal":
            self.refuse(identifier)
            step.reason = from_json(request.content, Refusal).reason
            return self._status(identifier)
        given = from_json(request.content, Given).statement
        if name == "contribution" and step.contribution not in (None, given):
            raise RefusalError(409, "enrolment_step_taken")
        setattr(step, name, given)
        return self._status(identifier)

    def snapshot(self):
        """What is published under the present number: one statement, however often asked for."""
        if self.published is None or self.published[0] != self.number:
            self.published = (self.number, self.make_snapshot())
        return self.published[1]

    def make_snapshot(self, key="tn", **changes):
        providers = tuple(
            Provider(each, COUNTRY, (Service.SHELTER,), {"en": ORGANISATIONS[each]})
            for each in SHELTERS
        )
        body = Snapshot(
            country=COUNTRY,
            number=self.number,
            issued=self.clock() - timedelta(hours=1),
            expires=self.clock() + timedelta(days=30),
            statements=tuple(self.statements),
            providers=providers,
            focal_points=("fictional-office",),
            checklists=(*CHECKLISTS, *(each for each in self.editions if each not in CHECKLISTS)),
            editions=tuple(self.editions.values()),
        )
        return sign(payload_type("snapshot"), evolve(body, **changes), self.keys[key])

    def publish_edition(self, data, checklist, version, **changes):
        """The authority names an edition in its next snapshot, and its file is here."""
        sha256 = hashlib.sha256(data).hexdigest()
        named = evolve(Edition(checklist, version, sha256, len(data)), **changes)
        self.files[named.sha256] = data
        self.editions[checklist] = named
        self.number += 1
        return named

    def checklist_file(self, request, sha256):
        self._caller(request)
        if sha256 not in self.files:
            raise RefusalError(404, "unknown_checklist_file")
        return httpx.Response(200, content=self.files[sha256])

    def directory(self, request, country):
        self._caller(request)
        if self.unpublished:
            raise RefusalError(404, "directory_unpublished")
        tag = f'"{self.number}.{len(self.live)}"'
        if request.headers.get("if-none-match") == tag:
            return httpx.Response(304, headers={"etag": tag})
        answer = DirectoryAnswer(self.authority, self.snapshot(), tuple(self.live))
        return httpx.Response(200, content=to_json(answer), headers={"etag": tag})

    def add_live(self, request):
        self._caller(request)
        self.live.append(from_plain(load_json(request.content)["statement"], Statement))
        return {}

    def submit(self, request):
        return self._take(request, None)

    def add_event(self, request, referral):
        return self._take(request, referral)

    def _take(self, request, referral):
        device = self._caller(request)
        submission = from_json(request.content, Submission)
        known = [n for n, each in enumerate(self.events) if each[0] == submission.event.digest]
        if known:
            return self._receipt(self._caused(known[0]), duplicate=True)
        payload = verify(submission.event, device.key_map, payload_type=EVENT_TYPE)
        event = from_json(payload, Event)
        if event.claimed > self.now + timedelta(minutes=5):
            raise RefusalError(422, "claimed_in_future")
        state, tip, sequence = self.standing(event.referral)
        if referral is not None and state is None:
            raise RefusalError(404, "unknown_referral")
        first = len(self.log)
        step = _step(event, device, self.now)
        try:
            after = lifecycle.apply(state, step)
        except lifecycle.AlreadyAcceptedError as error:
            raise RefusalError(409, "already_accepted", provider=error.provider) from error
        except lifecycle.StepRefusedError as error:
            if (event.sequence, event.previous) != (sequence + 1, tip):
                raise RefusalError(409, "timeline_moved", head=tip) from error
            raise RefusalError(409, "step_refused", rule=error.rule) from error
        if (event.sequence, event.previous) != (sequence + 1, tip):
            raise RefusalError(409, "timeline_moved", head=tip)
        self._append(submission.event, event)
        for part in submission.envelopes:
            self.envelopes[(submission.event.digest, part.recipient)] = part.data
        self._owed(event.referral, after)
        return self._receipt(range(first, len(self.log)), duplicate=False)

    def _owed(self, referral, state):
        while step := lifecycle.next_server_step(state, self.now):
            _, tip, sequence = self.standing(referral)
            event = Event(
                referral=referral,
                kind=Kind(step.kind),
                sequence=sequence + 1,
                previous=tip,
                actor=keyid(bytes(self.keys["server"].verify_key)),
                provider=step.provider,
                claimed=self.now,
                reason=None,
                envelopes=(),
                respond_within=None,
                country=COUNTRY,
            )
            self._append(sign(EVENT_TYPE, event, self.keys["server"]), event)
            state = self.standing(referral)[0]

    def fire_overdue(self):
        for referral in {event.referral for _, event in self.events}:
            self._owed(referral, self.standing(referral)[0])

    def _append(self, statement, event):
        self.log.append(statement, self.now)
        self.events.append((statement.digest, event))

    def _caused(self, index):
        stop = index + 1
        server = keyid(bytes(self.keys["server"].verify_key))
        while stop < len(self.events) and self.events[stop][1].actor == server:
            stop += 1
        return range(index, stop)

    def standing(self, referral):
        state, tip, sequence = None, None, -1
        for index, (digest, event) in enumerate(self.events):
            if event.referral == referral:
                received = self.log.received(index)
                device = self.trust.device(event.actor, received)
                state = lifecycle.apply(state, _step(event, device, received))
                tip, sequence = digest, event.sequence
        return state, tip, sequence

    def _receipt(self, indexes, duplicate):
        logged = tuple(self.log.logged(each) for each in indexes)
        return to_plain(Receipt(logged, self.log.checkpoint(), duplicate))

    def timeline(self, request, referral):
        self._caller(request)
        found = [n for n, (_, event) in enumerate(self.events) if event.referral == referral]
        logged = tuple(self.log.logged(each) for each in found)
        return to_plain(TimelineAnswer(logged, self.log.checkpoint()))

    def sync(self, request, country):
        device = self._caller(request)
        query = {key: int(value) for key, value in request.url.params.items()}
        places = [n for n in range(query["after"], len(self.log)) if self._concerns(n, device)]
        page = places[: min(query["limit"], 3)]
        more = len(page) < len(places)
        entries = tuple(
            SyncEntry(self.log.logged(each), self._parts(each, device)) for each in page
        )
        cursor = page[-1] + 1 if more else len(self.log)
        proof = self.log.consistency(query["known"])
        return to_plain(SyncAnswer(entries, cursor, more, self.log.checkpoint(), proof))

    def _concerns(self, index, device):
        event = self.events[index][1]
        if device.role is Role.COORDINATOR:
            return True
        whole = [(n, e) for n, (_, e) in enumerate(self.events) if e.referral == event.referral]
        if device.role is Role.FIELD_WORKER:
            return whole[0][1].actor in self._senders(device)
        return any(
            e.kind is Kind.OFFERED and e.provider == device.organisation and n <= index
            for n, e in whole
        )

    def _senders(self, device):
        """The devices whose referrals a field worker's device follows."""
        former = self.trust.former_devices_of(device.organisation, self.clock())
        return (device.subject, *former)

    def _parts(self, index, device):
        digest, event = self.events[index]
        if device.role is Role.FIELD_WORKER:
            back = (device.subject, device.organisation)
            found = ((each, self.envelopes.get((digest, each))) for each in back)
            return tuple(SealedPart(each, data) for each, data in found if data is not None)
        mine = device.organisation
        if event.kind is Kind.OFFERED and event.provider == mine:
            digest = next(d for d, e in self.events if e.referral == event.referral)
        data = self.envelopes.get((digest, mine))
        state = self.standing(event.referral)[0]
        held = state.offered_to == mine
        return (SealedPart(mine, data),) if data is not None and held else ()

    def consistency(self, request, country):
        query = {key: int(value) for key, value in request.url.params.items()}
        if not 0 < query["first"] <= query["second"] <= len(self.log):
            raise RefusalError(422, "log_range")
        proof = self.log.consistency(query["first"], query["second"])
        return query | {"proof": [to_plain(each) for each in proof]}

    def cosign(self, request, country):
        """Keeps each witness's newest line, as the real one does."""
        note = load_json(request.content)["checkpoint"]
        size = read_checkpoint(note).size
        if size > len(self.log) or without_cosignatures(note) != self.log.checkpoint(size):
            raise RefusalError(409, "not_this_history")
        found = witnessed(note, self.witnesses())
        if not found or found[0].at > self.now + timedelta(minutes=5):
            raise RefusalError(422, "cosignature_unusable")
        for each in found:
            self.cosigned[each.name] = (size, cosignature_line(note, each.name))
        return {"kept": len(found)}

    def witnesses(self):
        found = self.trust.witnesses(COUNTRY, self.clock())
        return {witness_name(each.subject): each.keys[0] for each in found}

    def witnessed(self, request, country):
        self._caller(request)
        upto = int(request.url.params["size"])
        heads = tuple(
            WitnessedHead(self.log.checkpoint(size) + line, self.log.consistency(size, upto))
            for name, (size, line) in self.cosigned.items()
            if size <= upto and name in self.witnesses()
        )
        return to_plain(WitnessedAnswer(heads))

    def export(self, request, country):
        self._caller(request)
        lines = write_export(
            country=country,
            origin=self.origin,
            exported=self.now,
            directory=self.snapshot(),
            certificates=[self.authority, self.server_certificate, *self.statements],
            leaves=self.log.leaves,
            checkpoint=self.log.checkpoint(),
        )
        return httpx.Response(200, content=b"".join(lines))

    ROUTES = (
        ("GET", "/v1/programme", programme),
        ("POST", "/v1/enrolments", enrol),
        ("GET", "/v1/enrolments", asked_with),
        ("GET", "/v1/enrolments/([^/]+)", enrolment),
        ("POST", "/v1/enrolments/([^/]+)/opening", open_enrolment),
        ("POST", "/v1/enrolments/([^/]+)/(contribution|endorsement|refusal)", office_step),
        ("GET", "/v1/directory/([A-Z]+)", directory),
        ("GET", "/v1/checklists/([0-9a-f]{64})", checklist_file),
        ("POST", "/v1/(?:sealing-keys|capacity)", add_live),
        ("POST", "/v1/referrals", submit),
        ("POST", "/v1/referrals/([^/]+)/events", add_event),
        ("GET", "/v1/referrals/([^/]+)/timeline", timeline),
        ("GET", "/v1/sync/([A-Z]+)", sync),
        ("GET", "/v1/log/([A-Z]+)/consistency", consistency),
        ("POST", "/v1/log/([A-Z]+)/cosignatures", cosign),
        ("GET", "/v1/log/([A-Z]+)/witnessed", witnessed),
        ("GET", "/v1/log/([A-Z]+)/export", export),
    )


def _ok(body):
    return httpx.Response(200, content=json.dumps(body).encode())


def _step(event, device, at):
    first = event.kind is Kind.SUBMITTED
    return lifecycle.Step(
        kind=str(event.kind),
        actor=event.actor,
        role=str(device.role),
        at=at,
        organisation=device.organisation,
        provider=event.provider,
        reason=event.reason,
        shortlist=tuple(each.recipient for each in event.envelopes) if first else (),
        respond_within=event.respond_within,
    )
