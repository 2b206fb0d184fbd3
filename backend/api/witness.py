"""This server as a witness of other countries' logs: C2SP tlog-witness, below /v1/witness."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from backend.api.operations import operation
from backend.api.runtime import current
from backend.api.web import body_bytes, telling_problems
from backend.services.witness_folder import WitnessFolder
from protocols.timeline.checkpoint import read_checkpoint
from protocols.timeline.witness import (
    SIZE_TYPE,
    SizeConflictError,
    UnknownLogError,
    read_request,
)

router = Router(tags=["witness"])
TEXT = "text/plain"
CONFLICT = 409
_answers = operation({200: str}, body=bytes, media_type=TEXT)
_answers["responses"][str(CONFLICT)] = {
    "description": "The size of the newest checkpoint that this witness cosigned, in decimal.",
    "content": {SIZE_TYPE: {"schema": {"type": "string"}}},
}


@router.post("/witness/add-checkpoint", openapi_extra=_answers)
@telling_problems
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign a checkpoint of a log that this server watches, once it is proven to extend the one
    cosigned before. Body and answers as C2SP tlog-witness says."""
    asked = read_request(body_bytes(request))
    witness = _witness_of(read_checkpoint(asked.note).origin)
    try:
        line = witness.cosign(asked, current().now())
    except SizeConflictError as error:
        return HttpResponse(f"{error.known}\n", status=CONFLICT, content_type=SIZE_TYPE)
    response = HttpResponse(line, content_type=f"{TEXT}; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def _witness_of(origin: str) -> WitnessFolder:
    for each in current().witnesses:
        if each.origin == origin:
            return each
    raise UnknownLogError("this server does not watch that log; ask who runs it")
