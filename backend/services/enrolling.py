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
from protocols.sealing.request import SignedRequest, verify_request
from protocols.sealing.statement import BadSignatureError, Statement, keyid
from protocols.sealing.truststore import TrustStore

MOST_PENDING = 1000
"""So that a list of them all stays readable (`protocols.plain.MAX_JSON_BYTES`)."""
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
    """Where the request stands; once approved, the chain that certifies the device."""
    if row.state != enrolments.APPROVED or row.country is None:
        return EnrolmentStatus(row.id, row.state)
    trust = context.trust_in(session, row.country)
    return EnrolmentStatus(row.id, row.state, _chain(trust, row.keyid, row.country, now))


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


def list_pending(session: Session, country: str) -> list[PendingEnrolment]:
    """What waits for the country's authority, oldest first."""
    return [
        PendingEnrolment(row.id, row.received, from_json(row.request, EnrolmentRequest))
        for row in enrolments.pending(session, country)
    ]


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
    row = _open_to(session, country, enrolment)
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
        row.request = enrolments.FORGOTTEN
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


def refuse(session: Session, country: str, enrolment: str) -> EnrolmentRow:
    """Refuse the request. Raises UnknownEnrolmentError, EnrolmentDecidedError."""
    row = _open_to(session, country, enrolment)
    if row.state == enrolments.APPROVED:
        raise EnrolmentDecidedError("this enrolment was approved; revoke the device instead")
    row.state = enrolments.REFUSED
    session.flush()
    return row


def _open_to(session: Session, country: str, enrolment: str) -> EnrolmentRow:
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
