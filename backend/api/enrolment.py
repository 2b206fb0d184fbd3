"""Devices ask to be certified; authorities decide."""

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
    telling_problems,
)
from backend.services import enrolling
from backend.services.context import UnknownCountryError
from backend.store.tables import EnrolmentRow
from protocols.messages import Approval, EnrolmentRequest, EnrolmentStatus, PendingEnrolment

router = Router(tags=["enrolment"])

AUTHORITY = "the country's authority"
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
        **operation({200: list[PendingEnrolment]}, signer=AUTHORITY),
        "parameters": [
            {
                "in": "query",
                "name": "country",
                "required": True,
                "schema": {"type": "string", "pattern": "^[A-Z]{2}$"},
            }
        ],
    },
)
@telling_problems
def pending_enrolments(request: HttpRequest) -> HttpResponse:
    """Requests that wait for the country's authority, oldest first."""
    runtime, country = current(), request.GET.get("country", "")
    signed = signed_by_authority(request, runtime, country)
    return answer(
        runtime.read(lambda session: enrolling.list_pending(session, country), signed=signed)
    )


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
    openapi_extra=operation({200: EnrolmentStatus}, signer=AUTHORITY),
)
@telling_problems
def refuse(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Refuse the device."""
    runtime = current()
    country = _country_of_signer(request, runtime)
    signed = signed_by_authority(request, runtime, country)

    def work(session: Session) -> EnrolmentStatus:
        row: EnrolmentRow = enrolling.refuse(session, country, enrolment)
        return enrolling.status(session, runtime.context, row, runtime.now())

    return answer(runtime.write(work, signed=signed, order=country))


def _country_of_signer(request: HttpRequest, runtime: Runtime) -> str:
    """The country whose authority the request's key belongs to; whether it may is judged later."""
    keyid, now = read_signature(request).keyid, runtime.now()
    with runtime.database.read() as session:
        found = enrolling.country_of_authority(session, runtime.context, keyid, now)
    if found is None:
        raise UnknownCountryError("")
    return found
