"""What travels between phone and server: the body of each request and answer under `/v1`.

Every class is the JSON object of the same field names (see `protocols.plain`); signed parts
travel as DSSE statements inside. `docs/protocol.md` lists the endpoints.
"""

import re
from datetime import datetime
from typing import Any

from attrs import field, frozen

from protocols.errors import MalformedError
from protocols.referral.provider import Provider, is_count, is_id
from protocols.sealing.certificate import Root
from protocols.sealing.enrolment import Claim
from protocols.sealing.statement import Statement, payload_type

SNAPSHOT_TYPE = payload_type("snapshot")
CAPACITY_TYPE = payload_type("capacity")
JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
BYTES_TYPE = "application/octet-stream"
MOST_EDITIONS = 64
"""Editions of checklists that one country's directory names at most."""
MOST_EDITION_BYTES = 1024 * 1024
"""One checklist's file at most: ten times the longest there is."""
REFUSALS = ("different", "two_devices", "used", "refused")
"""Why a device was not let in: the digits differed; two devices asked with one invitation; the
invitation let another device in; for a reason of the office's own."""
ENROLMENT_FILE = "amana-enrolment-request/1"
ENROLMENT_ANSWER = "amana-enrolment-answer/1"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHECKLIST_ID = re.compile(r"[a-z][a-z0-9_]{0,59}-(adult|child)")


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

    `commitment` fixes the device's random number for the comparison. `proof` is HMAC-SHA-256 (RFC
    2104) under the invitation's secret over everything else here (`claim`), so a server that never
    saw the secret cannot swap a part.
    """

    invitation: str
    device_key: bytes
    label: str
    sealing_key: Statement
    proof: bytes
    commitment: bytes

    @property
    def claim(self) -> Claim:
        """What the proof is about. Raises MalformedError for impossible lengths."""
        return Claim(
            self.invitation, self.device_key, self.sealing_key.digest, self.label, self.commitment
        )


@frozen
class EnrolmentStatus:
    """GET /v1/enrolments/{id}: `state` is pending, approved or refused.

    `contribution` is the inviting side's random number (`protocols.sealing.comparing`) once it is
    there. `statements`: while pending, the certificates of whoever contributed; once approved,
    the device's own chain. `reason`: why it was refused, a code of `REFUSALS`.
    """

    id: str
    state: str
    statements: tuple[Statement, ...] = ()
    contribution: Statement | None = None
    reason: str | None = None


@frozen
class PendingEnrolment:
    """What an authority or coordinator sees of a request that waits: GET /v1/enrolments?country=TN.

    `opening` is the device's random number once it was shown; `endorsement` a coordinator's word
    for the device.
    """

    id: str
    received: datetime
    request: EnrolmentRequest
    contribution: Statement | None = None
    opening: bytes | None = None
    endorsement: Statement | None = None


@frozen
class Given:
    """POST /v1/enrolments/{id}/contribution and /endorsement, signed by a coordinator or the
    authority: the statement that is handed in."""

    statement: Statement


@frozen
class Opening:
    """POST /v1/enrolments/{id}/opening, signed by the new device: its random number."""

    nonce: bytes = field(repr=False)


@frozen
class Refusal:
    """POST /v1/enrolments/{id}/refusal: why, a code of `REFUSALS`."""

    reason: str


@frozen
class EnrolmentFile:
    """A request carried by hand instead of sent: a file, nothing in it secret."""

    format: str
    request: EnrolmentRequest

    def __attrs_post_init__(self) -> None:
        _check_format(self.format, ENROLMENT_FILE)


def _check_format(given: str, known: str) -> None:
    if given != known:
        raise MalformedError(f"this reads {known}, not {given[:40]!r}; update Amana")


@frozen
class Approval:
    """POST /v1/enrolments/{id}/approval, signed by the authority: the new device's certificate
    and the directory snapshot that contains it."""

    certificate: Statement
    snapshot: Statement


def is_sha256(text: str) -> bool:
    """Whether `text` is a SHA-256 as everywhere here: 64 lower-case hex digits."""
    return _SHA256.fullmatch(text) is not None


@frozen
class Edition:
    """One edition of a checklist, as a country's directory names it: the checklist's id and
    version, and SHA-256 and size of its file's very bytes, which travel apart."""

    id: str
    version: int
    sha256: str
    size: int

    def __attrs_post_init__(self) -> None:
        if not _CHECKLIST_ID.fullmatch(self.id) or self.version < 1:
            raise MalformedError(f"{self.id[:80]!r} {self.version} names no edition; correct it")
        if not is_sha256(self.sha256) or not 0 < self.size <= MOST_EDITION_BYTES:
            raise MalformedError(
                f"{self.id}: an edition is 1 to {MOST_EDITION_BYTES} bytes, named by their SHA-256;"
                " correct it"
            )


@frozen
class Snapshot:
    """Payload of a directory snapshot statement, signed by the country's authority.

    `number` grows by one with each snapshot, `expires` bounds how long withholding a newer one
    can go unnoticed. `checklists` are the ids that the country uses; `editions` names those of
    them, each once, of which it has published an edition of its own.
    """

    country: str
    number: int
    issued: datetime
    expires: datetime
    statements: tuple[Statement, ...]
    providers: tuple[Provider, ...]
    focal_points: tuple[str, ...]
    checklists: tuple[str, ...]
    editions: tuple[Edition, ...] = ()

    def __attrs_post_init__(self) -> None:
        named = [each.id for each in self.editions]
        if len(named) > MOST_EDITIONS or len(set(named)) < len(named):
            raise MalformedError(
                f"{self.country}: at most {MOST_EDITIONS} editions, one a checklist; leave some out"
            )
        if strangers := set(named) - set(self.checklists):
            raise MalformedError(
                f"{self.country}: an edition of {min(strangers)}, which is not among its"
                " checklists; add it there"
            )


@frozen
class FreePlaces:
    """Payload of kind `capacity`, signed by a device of the provider: places free when stated.
    `free_places` None: it does not count places."""

    provider: str = field(validator=is_id)
    free_places: int | None = field(validator=is_count)
    stated: datetime


@frozen
class DirectoryAnswer:
    """GET /v1/directory/{country}: `authority` and `servers` let the root verify the rest;
    `live` holds device-signed sealing-key and capacity statements, newest per device."""

    authority: Statement
    snapshot: Statement
    live: tuple[Statement, ...]


@frozen
class EnrolmentAnswer:
    """What the office carries back, sealed to the new device: the root (to be judged by the
    fingerprint in the invitation), the country's directory and everything that certifies the
    device. `directory.live` is empty: only a server knows what is live."""

    format: str
    root: Root
    statements: tuple[Statement, ...]
    directory: DirectoryAnswer

    def __attrs_post_init__(self) -> None:
        _check_format(self.format, ENROLMENT_ANSWER)


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
class Cosigned:
    """POST /v1/log/{country}/cosignatures: a checkpoint's note with witnesses' cosignatures."""

    checkpoint: str


@frozen
class WitnessedHead:
    """A checkpoint's note with cosignatures, and the RFC 9162 proof that the log of the size
    asked about extends it."""

    checkpoint: str
    consistency: tuple[bytes, ...]


@frozen
class WitnessedAnswer:
    """GET /v1/log/{country}/witnessed?size=SIZE: each witness's newest cosignature on the log's
    first SIZE entries, or fewer."""

    heads: tuple[WitnessedHead, ...]


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
