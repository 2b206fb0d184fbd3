"""Between HTTP and the use cases: who signed the request, what it says, how the answer is told."""

from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import Any, TypeVar

from attrs import define
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from backend.api.problems import BodyTooLargeError, WrongMediaTypeError, problem, status_of
from backend.api.runtime import Runtime, current
from backend.services.callers import (
    Caller,
    authority_caller,
    device_caller,
    publishing_caller,
)
from protocols.errors import AmanaError, MalformedError
from protocols.messages import JSON_TYPE
from protocols.plain import dump_json, from_json, to_json, to_plain
from protocols.sealing.certificate import PERSONAL, Role
from protocols.sealing.request import SignedRequest, parse_request
from protocols.sealing.statement import Statement

T = TypeVar("T")
View = Callable[..., HttpResponse]


@define
class NotAuthenticatedError(Exception):
    """Carries an error met while the request's own signature was judged."""

    error: AmanaError


def telling_problems(view: View) -> View:
    """`view`, with every AmanaError told as a problem."""

    @wraps(view)
    def told(request: HttpRequest, **parameters: Any) -> HttpResponse:
        try:
            return view(request, **parameters)
        except NotAuthenticatedError as refused:
            status = status_of(refused.error, authenticating=True)
            return problem(refused.error, status, current().now())
        except AmanaError as error:
            return problem(error, status_of(error), current().now())

    return told


def body_bytes(request: HttpRequest) -> bytes:
    """The request's body. Raises BodyTooLargeError before reading more than the limit."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    too_large = BodyTooLargeError(f"a body of over {limit} bytes; send less at once")
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise too_large from error
    if len(body) > limit:
        raise too_large
    return body


def read_body(request: HttpRequest, kind: type[T]) -> T:
    """The request's body as `kind`. Raises MalformedError, WrongMediaTypeError."""
    if request.content_type != JSON_TYPE:
        raise WrongMediaTypeError("the body is not declared as application/json; declare it so")
    return from_json(body_bytes(request), kind)


def read_signature(request: HttpRequest) -> SignedRequest:
    """The request's signature, its key not yet judged. Raises NotAuthenticatedError."""
    try:
        return parse_request(
            request.method or "",
            request.META.get("HTTP_HOST", ""),
            escape_uri_path(request.path),
            request.META.get("QUERY_STRING", ""),
            dict(request.headers),
            body_bytes(request),
        )
    except BodyTooLargeError:
        raise
    except AmanaError as error:
        raise NotAuthenticatedError(error) from error


def signed_by_device(
    request: HttpRequest, runtime: Runtime, roles: Collection[Role] = PERSONAL
) -> tuple[Caller, SignedRequest]:
    """The certified device that signed the request. Raises NotAuthenticatedError."""
    signed = read_signature(request)
    with runtime.database.read() as session:
        try:
            return device_caller(session, runtime.context, signed, roles, runtime.now()), signed
        except AmanaError as error:
            raise NotAuthenticatedError(error) from error


def signed_by_authority(request: HttpRequest, runtime: Runtime, country: str) -> SignedRequest:
    """The request's signature, made by the country's authority. Raises NotAuthenticatedError."""
    signed = read_signature(request)
    with runtime.database.read() as session:
        try:
            authority_caller(session, runtime.context, signed, country, runtime.now())
        except AmanaError as error:
            raise NotAuthenticatedError(error) from error
    return signed


def signed_by_publisher(
    request: HttpRequest, runtime: Runtime, country: str, snapshot: Callable[[], Statement]
) -> SignedRequest:
    """The same, also by a keeper whom the root certified in that `snapshot` alone. Raises
    NotAuthenticatedError."""
    signed = read_signature(request)
    with runtime.database.read() as session:
        try:
            publishing_caller(
                session, runtime.context, signed, country, at=runtime.now(), snapshot=snapshot
            )
        except AmanaError as error:
            raise NotAuthenticatedError(error) from error
    return signed


def answer(value: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """`value` as JSON."""
    body = dump_json([to_plain(each) for each in value]) if isinstance(value, list) else None
    response = HttpResponse(
        to_json(value) if body is None else body, status=status, content_type=JSON_TYPE
    )
    response["Cache-Control"] = "no-store"
    for name, text in headers:
        response[name] = text
    return response


def number(request: HttpRequest, name: str, default: int) -> int:
    """The query's whole number `name`, 0 to 2^53. Raises MalformedError."""
    text = request.GET.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 16):
        raise MalformedError(f"{name} is not a whole number from 0 up; correct the address")
    return int(text)
