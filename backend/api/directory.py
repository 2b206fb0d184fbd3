"""The signed directory and what devices add to it."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from sqlalchemy.orm import Session

from backend.api.answers import Published, SnapshotBody, StatementBody
from backend.api.operations import operation
from backend.api.runtime import current
from backend.api.web import (
    answer,
    read_body,
    signed_by_device,
    signed_by_publisher,
    telling_problems,
)
from backend.services import live, publishing
from protocols.messages import DirectoryAnswer
from protocols.sealing.certificate import Role

router = Router(tags=["directory"])


@router.put(
    "/directory/{country}",
    openapi_extra=operation({200: Published}, body=SnapshotBody, signer="the country's authority"),
)
@telling_problems
def publish(request: HttpRequest, country: str) -> HttpResponse:
    """Publish the next snapshot: its number is the newest one's plus 1."""
    runtime = current()
    signed = signed_by_publisher(
        request, runtime, country, lambda: read_body(request, SnapshotBody).snapshot
    )
    snapshot = read_body(request, SnapshotBody).snapshot

    def work(session: Session) -> publishing.DirectoryVersion:
        return publishing.publish(session, runtime.context, country, snapshot, runtime.now())

    done = runtime.write(work, signed=signed, order=country)
    return answer(Published(done.number, done.live))


@router.get(
    "/directory/{country}",
    openapi_extra=operation(
        {200: DirectoryAnswer, 304: None},
        signer="any certified device of the country",
        query={"after": "the number of the newest snapshot known; with If-None-Match"},
    ),
)
@telling_problems
def directory(request: HttpRequest, country: str) -> HttpResponse:
    """The newest snapshot and live statements; 304 when If-None-Match names both."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime)
    caller.must_be_in(country)
    known = request.headers.get("If-None-Match", "")

    def work(session: Session) -> tuple[DirectoryAnswer | None, str]:
        etag = publishing.version(runtime.context.head(session, country)).etag
        if known == etag:
            return None, etag
        found, version = publishing.read_directory(session, runtime.context, country, runtime.now())
        return found, version.etag

    found, etag = runtime.read(work, signed=signed)
    if found is None:
        response = HttpResponse(status=304)
        response["ETag"] = etag
        return response
    return answer(found, headers=[("ETag", etag)])


@router.post(
    "/sealing-keys",
    openapi_extra=operation(
        {200: Published, 201: Published}, body=StatementBody, signer="any certified device"
    ),
)
@telling_problems
def sealing_key(request: HttpRequest) -> HttpResponse:
    """Publish this device's own sealing key (statement kind `sealing-key`)."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime)
    statement = read_body(request, StatementBody).statement

    def work(session: Session) -> tuple[bool, publishing.DirectoryVersion]:
        context = runtime.context
        new = live.publish_sealing_key(session, context, caller, statement, runtime.now())
        return new, publishing.version(context.locked_head(session, caller.country))

    new, done = runtime.write(work, signed=signed, order=caller.country)
    return answer(Published(done.number, done.live), status=201 if new else 200)


@router.post(
    "/capacity",
    openapi_extra=operation(
        {200: Published, 201: Published}, body=StatementBody, signer="a provider's device"
    ),
)
@telling_problems
def capacity(request: HttpRequest) -> HttpResponse:
    """State how many places the device's provider has (statement kind `capacity`:
    provider, free_places, stated)."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime, (Role.PROVIDER_STAFF,))
    statement = read_body(request, StatementBody).statement

    def work(session: Session) -> tuple[bool, publishing.DirectoryVersion]:
        context = runtime.context
        new = live.publish_capacity(session, context, caller, statement, runtime.now())
        return new, publishing.version(context.locked_head(session, caller.country))

    new, done = runtime.write(work, signed=signed, order=caller.country)
    return answer(Published(done.number, done.live), status=201 if new else 200)
