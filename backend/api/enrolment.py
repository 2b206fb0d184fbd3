"""Devices ask to be certified; coordinators compare; authorities decide."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from sqlalchemy.orm import Session

from backend.api.operations import operation
from backend.api.runtime import Runtime, current
from backend.api.web import (
    answer,
    read_body,
    read_signature,
    signed_by_authority,
    signed_by_device,
    telling_problems,
)
from backend.services import comparing, enrolling
from backend.services.context import UnknownCountryError
from backend.store.tables import EnrolmentRow
from protocols.errors import MalformedError
from protocols.messages import (
    Approval,
    EnrolmentRequest,
    EnrolmentStatus,
    Given,
    Opening,
    PendingEnrolment,
    Refusal,
)
from protocols.sealing.certificate import Role
from protocols.sealing.request import SignedRequest

router = Router(tags=["enrolment"])

AUTHORITY = "the country's authority"
OFFICE = "the country's authority, or a coordinator's device of it"
NEW_DEVICE = "the new device's own key"


@router.post(
    "/enrolments",
    openapi_extra=operation({202: EnrolmentStatus}, body=EnrolmentRequest, signer=NEW_DEVICE),
)
@telling_problems
def request_enrolment(request: HttpRequest) -> HttpResponse:
    """Ask for a certificate. Asking the same again answers how it stands."""
    runtime, signed = current(), read_signature(request)
    body = read_body(request, EnrolmentRequest)
    enrolling.check_request(body, signed, runtime.now())

    def work(session: Session) -> EnrolmentStatus:
        now = runtime.now()
        row = enrolling.request_enrolment(session, body, signed, now)
        return enrolling.status(session, runtime.context, row, now)

    return answer(runtime.write(work, signed=signed), status=202)


@router.get(
    "/enrolments/{enrolment}",
    openapi_extra=operation({200: EnrolmentStatus}, signer=NEW_DEVICE),
)
@telling_problems
def enrolment_status(request: HttpRequest, enrolment: str) -> HttpResponse:
    """How the request stands; once approved, the certificates up to the authority's."""
    runtime, signed = current(), read_signature(request)
    runtime.read(lambda session: enrolling.own_enrolment(session, enrolment, signed, runtime.now()))

    def work(session: Session) -> EnrolmentStatus:
        now = runtime.now()
        row = enrolling.own_enrolment(session, enrolment, signed, now)
        return enrolling.status(session, runtime.context, row, now)

    return answer(runtime.read(work, signed=signed))


@router.get(
    "/enrolments",
    openapi_extra={
        **operation({200: list[PendingEnrolment]}, signer=OFFICE),
        "parameters": [
            {
                "in": "query",
                "name": "country",
                "required": True,
                "schema": {"type": "string", "pattern": "^[A-Z]{2}$"},
            },
            {
                "in": "query",
                "name": "invitation",
                "required": False,
                "description": "Only what was asked with this invitation; a coordinator's device"
                " has to name one.",
                "schema": {"type": "string", "maxLength": enrolling.LONGEST_INVITATION},
            },
        ],
    },
)
@telling_problems
def pending_enrolments(request: HttpRequest) -> HttpResponse:
    """Requests that wait in the country, oldest first."""
    runtime, country = current(), request.GET.get("country", "")
    invitation = request.GET.get("invitation")
    signed = _signed_for_list(request, runtime, country, invitation)
    return answer(
        runtime.read(
            lambda session: enrolling.list_pending(session, country, invitation), signed=signed
        )
    )


@router.post(
    "/enrolments/{enrolment}/contribution",
    openapi_extra=operation({200: EnrolmentStatus}, body=Given, signer=OFFICE),
)
@telling_problems
def contribute(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Hand in the inviting side's random number for the device that committed to its own."""
    runtime = current()
    country, signed = _signed_by_office(request, runtime)
    body = read_body(request, Given)

    def work(session: Session) -> EnrolmentStatus:
        now, context = runtime.now(), runtime.context
        row = comparing.contribute(session, context, country, enrolment, body.statement, now=now)
        return enrolling.status(session, context, row, now)

    return answer(runtime.write(work, signed=signed))


@router.post(
    "/enrolments/{enrolment}/opening",
    openapi_extra=operation({200: EnrolmentStatus}, body=Opening, signer=NEW_DEVICE),
)
@telling_problems
def open_commitment(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Show the new device's random number, once the other side has drawn its own."""
    runtime, signed = current(), read_signature(request)
    runtime.read(lambda session: enrolling.own_enrolment(session, enrolment, signed, runtime.now()))
    body = read_body(request, Opening)

    def work(session: Session) -> EnrolmentStatus:
        now = runtime.now()
        row = enrolling.own_enrolment(session, enrolment, signed, now)
        row = comparing.open_commitment(session, row, body.nonce)
        return enrolling.status(session, runtime.context, row, now)

    return answer(runtime.write(work, signed=signed))


@router.post(
    "/enrolments/{enrolment}/endorsement",
    openapi_extra=operation(
        {200: EnrolmentStatus}, body=Given, signer="a coordinator's device of the country"
    ),
)
@telling_problems
def endorse(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Hand in a coordinator's word that the device shows the same digits."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime, (Role.COORDINATOR,))
    body = read_body(request, Given)

    def work(session: Session) -> EnrolmentStatus:
        now, context = runtime.now(), runtime.context
        row = comparing.endorse(
            session, context, caller.country, enrolment, body.statement, now=now
        )
        return enrolling.status(session, context, row, now)

    return answer(runtime.write(work, signed=signed))


@router.post(
    "/enrolments/{enrolment}/approval",
    openapi_extra=operation({200: EnrolmentStatus}, body=Approval, signer=AUTHORITY),
)
@telling_problems
def approve(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Certify the device: its certificate, with the directory snapshot that lists it."""
    runtime = current()
    country = _country_of_signer(request, runtime)
    signed = signed_by_authority(request, runtime, country)
    body = read_body(request, Approval)

    def work(session: Session) -> EnrolmentStatus:
        now, context = runtime.now(), runtime.context
        row = enrolling.approve(session, context, country, enrolment, body, now=now)
        return enrolling.status(session, context, row, now)

    return answer(runtime.write(work, signed=signed, order=country))


@router.post(
    "/enrolments/{enrolment}/refusal",
    openapi_extra=operation({200: EnrolmentStatus}, body=Refusal, signer=OFFICE),
)
@telling_problems
def refuse(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Refuse the device, and tell it why."""
    runtime = current()
    country, signed = _signed_by_office(request, runtime)
    body = read_body(request, Refusal)

    def work(session: Session) -> EnrolmentStatus:
        row: EnrolmentRow = enrolling.refuse(session, country, enrolment, body.reason)
        return enrolling.status(session, runtime.context, row, runtime.now())

    return answer(runtime.write(work, signed=signed, order=country))


def _signed_for_list(
    request: HttpRequest, runtime: Runtime, country: str, invitation: str | None
) -> SignedRequest:
    """The signature of the country's authority, or of a coordinator's device that asks for what
    was asked with one invitation."""
    if _authority_of(request, runtime) is not None or invitation is None:
        return signed_by_authority(request, runtime, country)
    if not 0 < len(invitation) <= enrolling.LONGEST_INVITATION:
        raise MalformedError("an invitation id of an impossible length; correct the address")
    caller, signed = signed_by_device(request, runtime, (Role.COORDINATOR,))
    caller.must_be_in(country)
    return signed


def _signed_by_office(request: HttpRequest, runtime: Runtime) -> tuple[str, SignedRequest]:
    """The country and the signature of an authority or of a coordinator's device."""
    country = _authority_of(request, runtime)
    if country is not None:
        return country, signed_by_authority(request, runtime, country)
    caller, signed = signed_by_device(request, runtime, (Role.COORDINATOR,))
    return caller.country, signed


def _country_of_signer(request: HttpRequest, runtime: Runtime) -> str:
    """The country whose authority the request's key belongs to; whether it may is judged later."""
    found = _authority_of(request, runtime)
    if found is None:
        raise UnknownCountryError("")
    return found


def _authority_of(request: HttpRequest, runtime: Runtime) -> str | None:
    keyid, now = read_signature(request).keyid, runtime.now()
    with runtime.database.read() as session:
        return enrolling.country_of_authority(session, runtime.context, keyid, now)
