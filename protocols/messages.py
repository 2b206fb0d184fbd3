"""What travels between phone and server: the body of each request and answer under `/v1`.

Every class is the JSON object of the same field names (see `protocols.plain`); signed parts
travel as DSSE statements inside. `docs/protocol.md` lists the endpoints.
"""

from datetime import datetime
from typing import Any

from attrs import frozen

from protocols.referral.provider import Provider
from protocols.sealing.statement import Statement

JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"


@frozen
class Invitation:
    """One-time invitation, shown as a QR code by the coordinator; `secret` never goes to a server.

    `server` is the base URL; `root` the programme root's fingerprint, the enrolling phone's only
    trust anchor.
    """

    id: str
    secret: bytes
    server: str
    root: str
    organisation: str
    role: str
    country: str
    expires: datetime


@frozen
class EnrolmentRequest:
    """POST /v1/enrolments, signed (RFC 9421) by the new device's own key: proof of possession.

    `proof` is HMAC-SHA-256 (RFC 2104) under the invitation's secret over the invitation id, the
    device key and the sealing-key statement's digest, so a server that never saw the secret
    cannot swap the key.
    """

    invitation: str
    device_key: bytes
    label: str
    sealing_key: Statement
    proof: bytes


@frozen
class EnrolmentStatus:
    """GET /v1/enrolments/{id}: `state` is pending, approved or refused."""

    id: str
    state: str
    statements: tuple[Statement, ...] = ()


@frozen
class PendingEnrolment:
    """What an authority sees of a request that waits for it: GET /v1/enrolments?country=TN."""

    id: str
    received: datetime
    request: EnrolmentRequest


@frozen
class Approval:
    """POST /v1/enrolments/{id}/approval, signed by the authority: the new device's certificate
    and the directory snapshot that contains it."""

    certificate: Statement
    snapshot: Statement


@frozen
class Snapshot:
    """Payload of a directory snapshot statement, signed by the country's authority.

    `number` grows by one with each snapshot, `expires` bounds how long withholding a newer one
    can go unnoticed.
    """

    country: str
    number: int
    issued: datetime
    expires: datetime
    statements: tuple[Statement, ...]
    providers: tuple[Provider, ...]
    focal_points: tuple[str, ...]
    checklists: tuple[str, ...]


@frozen
class DirectoryAnswer:
    """GET /v1/directory/{country}: `authority` and `servers` let the root verify the rest;
    `live` holds device-signed sealing-key and capacity statements, newest per device."""

    authority: Statement
    snapshot: Statement
    live: tuple[Statement, ...]


@frozen
class SealedPart:
    """One envelope's ciphertext for one recipient (provider organisation or device)."""

    recipient: str
    data: bytes


@frozen
class Submission:
    """POST /v1/referrals and POST /v1/referrals/{id}/events: one signed event with the
    envelopes that it names by hash. Sending the same twice changes nothing."""

    event: Statement
    envelopes: tuple[SealedPart, ...] = ()


@frozen
class LoggedEvent:
    """An event as the log holds it: `leaf` verbatim, with its inclusion proof in `size` leaves."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]


@frozen
class Receipt:
    """Answer to a submission: durable once this arrives. `duplicate` says it was known already."""

    events: tuple[LoggedEvent, ...]
    checkpoint: str
    duplicate: bool


@frozen
class SyncEntry:
    """One event that concerns the caller, with the envelopes it may have now (offered to it, or
    a message to it)."""

    event: LoggedEvent
    envelopes: tuple[SealedPart, ...] = ()


@frozen
class SyncAnswer:
    """GET /v1/sync/{country}?after=CURSOR&known=SIZE: events since the cursor, oldest first.

    `consistency` proves the newest checkpoint extends the one of `known` leaves.
    """

    entries: tuple[SyncEntry, ...]
    cursor: int
    more: bool
    checkpoint: str
    consistency: tuple[bytes, ...]


@frozen
class TimelineAnswer:
    """GET /v1/referrals/{id}/timeline: every event of one referral, in order."""

    events: tuple[LoggedEvent, ...]
    checkpoint: str


@frozen
class Problem:
    """RFC 9457 problem details; `code` is stable, `advice` says what the client should do."""

    title: str
    status: int
    detail: str
    code: str
    advice: str
    type: str = "about:blank"
    extras: dict[str, Any] | None = None
