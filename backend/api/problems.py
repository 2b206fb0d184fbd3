"""Errors as RFC 9457 problem details: one table from error class to HTTP status."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from backend.services.callers import ReplayedRequestError, WrongCountryError, WrongRoleError
from backend.services.comparing import StepTakenError, StepTooEarlyError
from backend.services.context import UnknownCountryError
from backend.services.editions import (
    ChecklistFilesMissingError,
    ChecklistFileTooLargeError,
    UnknownChecklistFileError,
)
from backend.services.enrolling import (
    EnrolmentDecidedError,
    InvitationUsedError,
    TooManyEnrolmentsError,
    UnknownEnrolmentError,
)
from backend.services.live import NotYourStatementError
from backend.services.publishing import NoDirectoryYetError, SnapshotNumberError
from backend.services.referring import (
    NotYourEventError,
    ReferralExistsError,
    TimelineMovedError,
    UnknownProviderError,
    UnknownReferralError,
)
from backend.services.witnessing import AnotherHistoryError
from backend.store.errors import StoreUnavailableError
from protocols.errors import AmanaError, MalformedError
from protocols.messages import PROBLEM_TYPE, Problem
from protocols.plain import format_time, to_json
from protocols.referral.lifecycle import AlreadyAcceptedError, StepRefusedError
from protocols.sealing.certificate import (
    ExpiredError,
    RevokedError,
    UnknownDeviceError,
    UntrustedError,
)
from protocols.sealing.request import DigestMismatchError, StaleRequestError, UnsignedError
from protocols.sealing.statement import BadSignatureError, UnknownKeyError
from protocols.timeline.checkpoint import UnsignedCheckpointError
from protocols.timeline.witness import UnknownLogError

TYPE = "about:blank#"
RETRY_SECONDS = 30


class BodyTooLargeError(AmanaError):
    """A request body over the limit."""

    code = "body_too_large"


class WrongMediaTypeError(AmanaError):
    """A body that is not declared as JSON."""

    code = "wrong_media_type"


class NoSuchAddressError(AmanaError):
    """An address or method that this API does not have."""

    code = "no_such_address"


class DefectError(AmanaError):
    """The server met a defect of its own."""

    code = "server_defect"


STATUS: tuple[tuple[type[AmanaError], int], ...] = (
    (BodyTooLargeError, 413),
    (ChecklistFileTooLargeError, 413),
    (WrongMediaTypeError, 415),
    (NoSuchAddressError, 404),
    (StoreUnavailableError, 503),
    (TooManyEnrolmentsError, 429),
    (UnsignedError, 401),
    (StaleRequestError, 401),
    (ReplayedRequestError, 401),
    (UnknownDeviceError, 401),
    (DigestMismatchError, 401),
    (ExpiredError, 403),
    (RevokedError, 403),
    (WrongRoleError, 403),
    (WrongCountryError, 403),
    (NotYourEventError, 403),
    (NotYourStatementError, 403),
    (UnknownCountryError, 404),
    (NoDirectoryYetError, 404),
    (UnknownEnrolmentError, 404),
    (UnknownReferralError, 404),
    (UnknownChecklistFileError, 404),
    (InvitationUsedError, 409),
    (EnrolmentDecidedError, 409),
    (StepTakenError, 409),
    (StepTooEarlyError, 409),
    (SnapshotNumberError, 409),
    (ChecklistFilesMissingError, 409),
    (ReferralExistsError, 409),
    (TimelineMovedError, 409),
    (AlreadyAcceptedError, 409),
    (StepRefusedError, 409),
    (AnotherHistoryError, 409),
    (UnknownLogError, 404),
    (UnsignedCheckpointError, 403),
    (UnknownProviderError, 422),
    (MalformedError, 400),
)
"""The first class that fits decides; whatever else is refused on purpose is 422. A statement's
own bad signature or untrusted signer is 422 too: only the request's is about who is calling."""

EXTRAS: dict[type[AmanaError], Callable[[Any, datetime], dict[str, Any]]] = {
    StaleRequestError: lambda _, now: {"server_time": format_time(now)},
    TimelineMovedError: lambda error, _: {
        "head": error.head,
        "state": error.state,
        "sequence": error.sequence,
    },
    AlreadyAcceptedError: lambda error, _: {"provider": error.provider, "rule": error.rule},
    StepRefusedError: lambda error, _: {"rule": error.rule},
    UnknownProviderError: lambda error, _: {"provider": error.provider},
    SnapshotNumberError: lambda error, _: {"newest": error.newest},
    ChecklistFilesMissingError: lambda error, _: {"missing": error.missing},
}

"""Fields of their own by error: what a client needs to go on by itself."""

AUTHENTICATION = (BadSignatureError, UnknownKeyError)


def status_of(error: AmanaError, *, authenticating: bool = False) -> int:
    """The HTTP status that tells this error; `authenticating` while the request's own signature
    is being judged."""
    if authenticating and isinstance(error, AUTHENTICATION):
        return 401
    if not authenticating and isinstance(error, UntrustedError):
        return 422
    return next((status for kind, status in STATUS if isinstance(error, kind)), 422)


def problem(error: AmanaError, status: int, now: datetime) -> HttpResponse:
    """The answer that tells `error`. The message's last part, after ";", is the advice."""
    message = str(error) or (type(error).__doc__ or "").strip()
    detail, _, advice = message.rpartition("; ")
    extras = next((make for kind, make in EXTRAS.items() if isinstance(error, kind)), None)
    body = Problem(
        type=TYPE + error.code,
        title=_title(type(error)),
        status=status,
        detail=detail or message,
        code=error.code,
        advice=advice if detail else "look at the request and send it anew",
        extras=None if extras is None else extras(error, now),
    )
    response = HttpResponse(to_json(body), status=status, content_type=PROBLEM_TYPE)
    if status in (429, 503):
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def broken(now: datetime) -> HttpResponse:
    """The answer to a request that met a defect of ours; what it was is in the server's log."""

    error = DefectError("the server met a defect of its own; nothing was changed, try again later")
    return problem(error, HTTPStatus.INTERNAL_SERVER_ERROR, now)


def _title(kind: type[AmanaError]) -> str:
    return (kind.__doc__ or kind.__name__).strip().splitlines()[0].rstrip(".")
