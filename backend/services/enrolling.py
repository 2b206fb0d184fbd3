"""A new device asks to be certified; its country's authority decides."""

import hashlib
from base64 import b32encode
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.services import live, publishing
from backend.services.context import Context
from backend.store import enrolments
from backend.store.tables import EnrolmentRow
from protocols.errors import AmanaError, MalformedError
from protocols.messages import (
    REFUSALS,
    Approval,
    EnrolmentRequest,
    EnrolmentStatus,
    PendingEnrolment,
    Snapshot,
)
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    PERSONAL,
    Certificate,
    Role,
    UntrustedError,
)
from protocols.sealing.enrolment import COMMITMENT_BYTES
from protocols.sealing.request import SignedRequest, verify_request
from protocols.sealing.statement import BadSignatureError, Statement, keyid
from protocols.sealing.truststore import TrustStore

MOST_PENDING = 1000
"""So that a list of them all stays readable (`protocols.plain.MAX_JSON_BYTES`)."""
MOST_AT_ONE = 8
"""Requests with one invitation: two already kill it."""
KEPT = timedelta(days=30)
LONGEST_INVITATION = 128
LONGEST_LABEL = 100
PROOF_BYTES = 32


class UnknownEnrolmentError(AmanaError):
    """No request of this id waits here, or none of this device's."""

    code = "unknown_enrolment"

    def __init__(self) -> None:
        super().__init__("no such enrolment is known here; begin the enrolment again")


class TooManyEnrolmentsError(AmanaError):
    """More requests wait than a coordinator could look at."""

    code = "too_many_enrolments"


class InvitationUsedError(AmanaError):
    """An invitation that already brought another device in."""

    code = "invitation_used"


class EnrolmentDecidedError(AmanaError):
    """A request that was decided the other way."""

    code = "enrolment_decided"


class CertificateMismatchError(AmanaError):
    """An approval whose certificate or snapshot is not for this request."""

    code = "certificate_mismatch"


def enrolment_id(invitation: str, device: str) -> str:
    """One id for one device at one invitation, so that asking twice is asking once."""
    digest = hashlib.sha256(f"{invitation}\n{device}".encode()).digest()
    return b32encode(digest[:16]).decode("ascii").rstrip("=").lower()


def request_enrolment(
    session: Session, request: EnrolmentRequest, signed: SignedRequest, now: datetime
) -> EnrolmentRow:
    """Store the request of a device that proved to hold `request.device_key`.

    The invitation's secret and proof are the authority's to check: the server knows neither.
    Raises MalformedError, BadSignatureError, StaleRequestError, InvitationUsedError,
    TooManyEnrolmentsError and the errors of `live.check_sealing_key`.
    """
    device = check_request(request, signed, now)
    known = enrolments.enrolment(session, enrolment_id(request.invitation, device))
    if known is not None:
        return known
    if enrolments.bound_to(session, request.invitation) is not None:
        raise InvitationUsedError(
            "this invitation already enrolled a device; ask the coordinator for a new one"
        )
    if enrolments.count_pending(session) >= MOST_PENDING:
        raise TooManyEnrolmentsError("too many devices wait for approval; try again tomorrow")
    if enrolments.count_at(session, request.invitation) >= MOST_AT_ONE:
        raise TooManyEnrolmentsError(
            "too many devices asked with this invitation; ask the coordinator for a new one"
        )
    row = EnrolmentRow(
        id=enrolment_id(request.invitation, device),
        invitation=request.invitation,
        country=country_of_invitation(request.invitation),
        keyid=device,
        device_key=request.device_key,
        state=enrolments.PENDING,
        received=now,
        request=to_json(request),
    )
    enrolments.add(session, row)
    return row


def check_request(request: EnrolmentRequest, signed: SignedRequest, now: datetime) -> str:
    """The key id of the device that signed both the HTTP request and its sealing key."""
    if not 0 < len(request.invitation) <= LONGEST_INVITATION:
        raise MalformedError("an invitation id of an impossible length; scan the code again")
    if not 0 < len(request.label) <= LONGEST_LABEL or len(request.proof) != PROOF_BYTES:
        raise MalformedError("a label or proof of an impossible length; begin again")
    if len(request.commitment) != COMMITMENT_BYTES:
        raise MalformedError("a commitment of an impossible length; begin again")
    if not (request.invitation.isascii() and (request.invitation + request.label).isprintable()):
        raise MalformedError("a label or invitation id with unprintable characters; begin again")
    device = keyid(request.device_key)
    verify_request(signed, request.device_key, now)
    live.check_sealing_key(request.sealing_key, request.device_key, now)
    return device


def country_of_invitation(invitation: str) -> str | None:
    """The country of an id like `tn-…`, as `amana programme invite` makes them; else None."""
    code = invitation.partition("-")[0].upper()
    return code if code in ("EG", "LY", "MA", "TN") else None


def own_enrolment(
    session: Session, enrolment: str, signed: SignedRequest, now: datetime
) -> EnrolmentRow:
    """The request, if the device that made it asks. Raises UnknownEnrolmentError otherwise."""
    row = enrolments.enrolment(session, enrolment)
    if row is None:
        raise UnknownEnrolmentError
    try:
        verify_request(signed, row.device_key, now)
    except BadSignatureError as error:
        raise UnknownEnrolmentError from error
    return row


def status(session: Session, context: Context, row: EnrolmentRow, now: datetime) -> EnrolmentStatus:
    """Where the request stands; once approved, the chain that certifies the device; before, the
    inviting side's contribution and the chain of who signed it."""
    if row.state == enrolments.APPROVED and row.country is not None:
        trust = context.trust_in(session, row.country)
        return EnrolmentStatus(row.id, row.state, _chain(trust, row.keyid, row.country, now))
    if row.state == enrolments.PENDING and row.contribution and row.country is not None:
        given = from_json(row.contribution, Statement)
        trust = context.trust_in(session, row.country)
        shown = _chain(trust, given.signatures[0].keyid, row.country, now)
        return EnrolmentStatus(row.id, row.state, shown or _authorities(trust), given)
    bound = enrolments.bound_to(session, row.invitation)
    if row.state == enrolments.PENDING and bound is not None:
        return EnrolmentStatus(row.id, enrolments.REFUSED, reason="used")
    return EnrolmentStatus(row.id, row.state, reason=row.reason)


def _chain(trust: TrustStore, device: str, country: str, now: datetime) -> tuple[Statement, ...]:
    """Certificates of the device and its organisation, under every signature there is, former
    keepers' and present ones', with the authorities that these were. Nothing where one is no
    longer valid: then the device sees that it is not trusted."""
    try:
        own = trust.device(device, now)
        organisation = trust.organisation(own.organisation or "", now)
        trust.authority(country, now)
    except UntrustedError:
        return ()
    found = [
        (each, from_json(each.payload, Certificate))
        for each in trust.statements
        if each.payloadType == CERTIFICATE_TYPE
    ]
    return tuple(
        each
        for each, certificate in found
        if certificate.role is Role.AUTHORITY or certificate in (own, organisation)
    )


def _authorities(trust: TrustStore) -> tuple[Statement, ...]:
    """Every certificate of an authority, for what the authority itself signed."""
    return tuple(
        each
        for each in trust.statements
        if each.payloadType == CERTIFICATE_TYPE
        and from_json(each.payload, Certificate).role is Role.AUTHORITY
    )


def list_pending(
    session: Session, country: str, invitation: str | None = None
) -> list[PendingEnrolment]:
    """What waits in the country, oldest first; with an `invitation`, what was asked with it."""
    return [
        PendingEnrolment(
            id=row.id,
            received=row.received,
            request=from_json(row.request, EnrolmentRequest),
            contribution=_statement(row.contribution),
            opening=row.opening,
            endorsement=_statement(row.endorsement),
        )
        for row in enrolments.pending(session, country, invitation)
    ]


def _statement(body: bytes | None) -> Statement | None:
    return None if body is None else from_json(body, Statement)


def approve(
    session: Session,
    context: Context,
    country: str,
    enrolment: str,
    approval: Approval,
    *,
    now: datetime,
) -> EnrolmentRow:
    """Take in the device's certificate with the snapshot that lists it, and its sealing key.

    Approving the same again changes nothing. Raises UnknownEnrolmentError, InvitationUsedError,
    EnrolmentDecidedError, CertificateMismatchError, and as `publishing.publish` does.
    """
    context.locked_head(session, country)
    row = open_to(session, country, enrolment)
    if row.state == enrolments.REFUSED:
        raise EnrolmentDecidedError("this enrolment was refused; have the device begin again")
    bound = enrolments.bound_to(session, row.invitation)
    if bound is not None and bound.id != row.id:
        raise InvitationUsedError(
            "this invitation already enrolled another device; refuse this one"
        )
    _check_approval(session, context, country, row=row, approval=approval, now=now)
    publishing.publish(session, context, country, approval.snapshot, now)
    if row.state == enrolments.PENDING:
        row.state, row.bound, row.country = enrolments.APPROVED, row.invitation, country
        session.flush()
        request = from_json(row.request, EnrolmentRequest)
        key = live.check_sealing_key(request.sealing_key, row.device_key, row.received)
        live.store_sealing_key(session, country, key, request.sealing_key, now)
        enrolments.forget(row)
    return row


def _check_approval(
    session: Session,
    context: Context,
    country: str,
    *,
    row: EnrolmentRow,
    approval: Approval,
    now: datetime,
) -> None:
    certificate = from_json(approval.certificate.payload, Certificate)
    snapshot = from_json(approval.snapshot.payload, Snapshot)
    fits = (
        certificate.keys == (row.device_key,)
        and certificate.role in PERSONAL
        and certificate.country == country
        and approval.certificate in snapshot.statements
    )
    if not fits:
        raise CertificateMismatchError(
            "the certificate is not for this device's key, or the snapshot lacks it; approve again"
        )
    trust = context.trust_in(session, country).extended(snapshot.statements)
    trust.device(row.keyid, now)


def refuse(session: Session, country: str, enrolment: str, reason: str) -> EnrolmentRow:
    """Refuse the request. Raises UnknownEnrolmentError, EnrolmentDecidedError, MalformedError."""
    if reason not in REFUSALS:
        raise MalformedError(f"{reason[:40]!r} is no reason; one of {', '.join(REFUSALS)}")
    row = open_to(session, country, enrolment)
    if row.state == enrolments.APPROVED:
        raise EnrolmentDecidedError("this enrolment was approved; revoke the device instead")
    if row.state == enrolments.PENDING:
        row.state, row.reason = enrolments.REFUSED, reason
        enrolments.forget_comparison(row)
        session.flush()
    return row


def open_to(session: Session, country: str, enrolment: str) -> EnrolmentRow:
    """The request, if this country may decide it. Raises UnknownEnrolmentError."""
    row = enrolments.enrolment(session, enrolment)
    if row is None or row.country not in (None, country):
        raise UnknownEnrolmentError
    return row


def country_of_authority(
    session: Session, context: Context, keyid: str, at: datetime
) -> str | None:
    """The country one of whose authority's keys at `at` has this id. One country's authority that
    has lapsed is no other country's trouble."""
    for country in context.server.keys:
        try:
            authority = context.trust_in(session, country).authority(country, at)
        except UntrustedError:
            continue
        if keyid in authority.key_map:
            return country
    return None
