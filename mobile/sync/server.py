"""The server's endpoints that a phone uses, typed. `docs/protocol.md` lists them all."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from http import HTTPStatus

from attrs import frozen

from mobile.sync.client import Client
from mobile.sync.errors import GarbledAnswerError
from protocols.messages import (
    Cosigned,
    DirectoryAnswer,
    Edition,
    EnrolmentRequest,
    EnrolmentStatus,
    Given,
    Opening,
    PendingEnrolment,
    Receipt,
    Refusal,
    Submission,
    SyncAnswer,
    TimelineAnswer,
    WitnessedAnswer,
    WitnessedHead,
)
from protocols.plain import to_json, to_plain
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement

PAGE = 100
KB, MB = 1024, 1024 * 1024
MOST_PROGRAMME = MB
MOST_ENROLMENT = 4 * MB
MOST_DIRECTORY = 24 * MB
MOST_ACK = 64 * KB
MOST_RECEIPT = MB
MOST_EVENTS = 24 * MB
"""A page or a timeline: about three times what the server puts into one."""
MOST_PROOF = 64 * KB
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
"""What may become part of an address."""


@frozen
class Programme:
    """GET /v1/programme: the root as the server claims it, and the certificates below it."""

    root: Root
    authorities: tuple[Statement, ...]
    servers: tuple[Statement, ...]


@frozen
class Consistency:
    """GET /v1/log/{country}/consistency."""

    first: int
    second: int
    proof: tuple[bytes, ...]


@frozen
class Fetched:
    """A directory with the entity tag to ask with next time."""

    answer: DirectoryAnswer
    etag: str | None


class Server:
    """Each method raises OfflineError, ServerTroubleError, RefusedError or HostileAnswerError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def programme(self) -> Programme:
        """The programme's certificates; judge the root by its fingerprint."""
        return self._client.get("/v1/programme", most=MOST_PROGRAMME).read(Programme)

    def enrol(self, request: EnrolmentRequest) -> EnrolmentStatus:
        """Ask to be certified; asking the same again is the same request."""
        answer = self._client.post("/v1/enrolments", to_json(request), most=MOST_ENROLMENT)
        status = answer.read(EnrolmentStatus)
        if not _ID.fullmatch(status.id):
            raise GarbledAnswerError("an enrolment whose id is none; refused, tell a coordinator")
        return status

    def enrolment(self, enrolment: str) -> EnrolmentStatus:
        """Where the request stands."""
        answer = self._client.get(f"/v1/enrolments/{enrolment}", most=MOST_ENROLMENT)
        return answer.read(EnrolmentStatus)

    def open_enrolment(self, enrolment: str, nonce: bytes) -> EnrolmentStatus:
        """Show this device's random number; the same again changes nothing."""
        body = to_json(Opening(nonce))
        path = f"/v1/enrolments/{enrolment}/opening"
        return self._client.post(path, body, most=MOST_ENROLMENT).read(EnrolmentStatus)

    def asked_with(self, country: str, invitation: str) -> tuple[PendingEnrolment, ...]:
        """The requests that wait with a coordinator's invitation."""
        found = self._client.get(
            "/v1/enrolments", most=MOST_ENROLMENT, country=country, invitation=invitation
        )
        return found.read(tuple[PendingEnrolment, ...])

    def contribute(self, enrolment: str, statement: Statement) -> None:
        """Hand in a coordinator's random number for the device that asks."""
        self._office(enrolment, "contribution", to_json(Given(statement)))

    def endorse(self, enrolment: str, statement: Statement) -> None:
        """Hand in a coordinator's word for the device that asks."""
        self._office(enrolment, "endorsement", to_json(Given(statement)))

    def refuse_enrolment(self, enrolment: str, reason: str) -> None:
        """Refuse the device that asks; `reason` is a code of `messages.REFUSALS`."""
        self._office(enrolment, "refusal", to_json(Refusal(reason)))

    def _office(self, enrolment: str, step: str, body: bytes) -> None:
        if not _ID.fullmatch(enrolment):
            raise GarbledAnswerError("an enrolment whose id is none; refused, tell a coordinator")
        path = f"/v1/enrolments/{enrolment}/{step}"
        self._client.post(path, body, most=MOST_ENROLMENT).read(EnrolmentStatus)

    def directory(self, country: str, known: int, etag: str | None) -> Fetched | None:
        """The country's directory, or None when the one of `etag` is still the newest."""
        answer = self._client.get(
            f"/v1/directory/{country}", most=MOST_DIRECTORY, etag=etag, after=known
        )
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return None
        return Fetched(answer.read(DirectoryAnswer), answer.etag)

    def edition(self, named: Edition) -> bytes:
        """The bytes that the server has under the hash of an edition; not yet judged."""
        return self._client.fetch(f"/v1/checklists/{named.sha256}", named.size)

    def publish_sealing_key(self, statement: Statement) -> None:
        """Tell where to seal mail for this device."""
        self._client.post("/v1/sealing-keys", _statement(statement), most=MOST_ACK)

    def publish_capacity(self, statement: Statement) -> None:
        """Tell how many places are free."""
        self._client.post("/v1/capacity", _statement(statement), most=MOST_ACK)

    def submit(self, referral: str, first: bool, submission: Submission) -> Receipt:
        """Hand in an event; the `first` of a referral opens it."""
        path = "/v1/referrals" if first else f"/v1/referrals/{referral}/events"
        return self._client.post(path, to_json(submission), most=MOST_RECEIPT).read(Receipt)

    def timeline(self, referral: str) -> TimelineAnswer:
        """Every event of one referral."""
        path = f"/v1/referrals/{referral}/timeline"
        return self._client.get(path, most=MOST_EVENTS).read(TimelineAnswer)

    def sync(self, country: str, after: int, known: int) -> SyncAnswer:
        """A page of what concerns this device from log index `after` on."""
        path = f"/v1/sync/{country}"
        answer = self._client.get(path, most=MOST_EVENTS, after=after, known=known, limit=PAGE)
        return answer.read(SyncAnswer)

    def consistency(self, country: str, first: int, second: int) -> Sequence[bytes]:
        """The proof that the log of `first` entries is a beginning of the one of `second`."""
        path = f"/v1/log/{country}/consistency"
        answer = self._client.get(path, most=MOST_PROOF, first=first, second=second)
        found = answer.read(Consistency)
        if (found.first, found.second) != (first, second):
            raise GarbledAnswerError("a consistency proof between other sizes than asked for")
        return found.proof

    def witnessed(self, country: str, size: int) -> tuple[WitnessedHead, ...]:
        """What witnesses cosigned of the log's first `size` entries; not yet judged."""
        answer = self._client.get(f"/v1/log/{country}/witnessed", most=MOST_RECEIPT, size=size)
        return answer.read(WitnessedAnswer).heads

    def cosign(self, country: str, note: str) -> None:
        """Give the server this device's cosignature, on the checkpoint in `note`."""
        path = f"/v1/log/{country}/cosignatures"
        self._client.post(path, to_json(Cosigned(note)), most=MOST_ACK)

    def export(self, country: str) -> AbstractContextManager[Iterator[bytes]]:
        """The country's export as it streams."""
        return self._client.download(f"/v1/log/{country}/export")


def _statement(statement: Statement) -> bytes:
    return to_json({"statement": to_plain(statement)})
