"""The files of checklists' editions, by their hash."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from sqlalchemy.orm import Session

from backend.api.answers import StoredFile
from backend.api.operations import operation
from backend.api.problems import WrongMediaTypeError
from backend.api.runtime import current
from backend.api.web import (
    answer,
    body_bytes,
    signed_by_authority,
    signed_by_device,
    telling_problems,
)
from backend.services import editions
from protocols.messages import BYTES_TYPE

router = Router(tags=["checklists"])
FOREVER = "private, max-age=31536000, immutable"
"""What a hash names never changes."""


@router.put(
    "/checklists/{country}/{sha256}",
    openapi_extra=operation(
        {200: StoredFile, 201: StoredFile}, body=bytes, signer="the country's authority"
    ),
)
@telling_problems
def store(request: HttpRequest, country: str, sha256: str) -> HttpResponse:
    """Store the file of a checklist's edition, before the snapshot that names it."""
    runtime = current()
    signed = signed_by_authority(request, runtime, country)
    if request.content_type != BYTES_TYPE:
        raise WrongMediaTypeError(f"the body is not declared as {BYTES_TYPE}; declare it so")
    data = body_bytes(request)

    def work(session: Session) -> bool:
        return editions.store_file(session, runtime.context, country, sha256, data)

    new = runtime.write(work, signed=signed, order=country)
    return answer(StoredFile(sha256, len(data)), status=201 if new else 200)


@router.get(
    "/checklists/{sha256}",
    openapi_extra=operation({200: bytes}, signer="any certified device", media_type=BYTES_TYPE),
)
@telling_problems
def fetch(request: HttpRequest, sha256: str) -> HttpResponse:
    """The file of that hash, byte for byte."""
    runtime = current()
    _, signed = signed_by_device(request, runtime)
    data = runtime.read(lambda session: editions.read_file(session, sha256), signed=signed)
    response = HttpResponse(data, content_type=BYTES_TYPE)
    response["Cache-Control"] = FOREVER
    response["ETag"] = f'"{sha256}"'
    return response
