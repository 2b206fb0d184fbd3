"""What OpenAPI says of an operation: its body, its answers, who must sign it."""

from typing import Any

from backend.api.schema import Schemas
from protocols.messages import BYTES_TYPE, JSON_TYPE, PROBLEM_TYPE, Problem

SCHEMAS = Schemas()
"""Every schema that an operation refers to; filled while the routers are imported."""

Answers = dict[int, Any]
RAW: dict[str, Any] = {}
"""What OpenAPI 3.1 says of bytes as they are: a media type without a schema."""


def operation(
    answers: Answers,
    *,
    body: type | None = None,
    signer: str | None = None,
    query: dict[str, str] | None = None,
    media_type: str = "application/json",
) -> dict[str, Any]:
    """The `openapi_extra` of one operation.

    `answers`: status -> class, list[class], or None for no body; `bytes`: as they are. `signer`
    says in words who signs (RFC 9421); None: nobody has to. `query`: name -> what it means; all
    optional whole numbers.
    """
    described: dict[str, Any] = {
        "responses": {
            **{str(status): _response(kind, media_type) for status, kind in answers.items()},
            "default": {
                "description": "Refused; nothing was changed (RFC 9457).",
                "content": {PROBLEM_TYPE: {"schema": SCHEMAS.of(Problem)}},
            },
        },
        "security": [{"signature": []}] if signer else [],
    }
    if signer:
        described["x-signed-by"] = signer
    if body is not None:
        content = {BYTES_TYPE: RAW} if body is bytes else {JSON_TYPE: {"schema": SCHEMAS.of(body)}}
        described["requestBody"] = {"required": True, "content": content}
    if query:
        described["parameters"] = [
            {
                "in": "query",
                "name": name,
                "required": False,
                "description": meaning,
                "schema": {"type": "integer", "minimum": 0},
            }
            for name, meaning in query.items()
        ]
    return described


def _response(kind: Any, media_type: str) -> dict[str, Any]:
    if kind is None:
        return {"description": "No body."}
    if kind is bytes:
        return {"description": "Done.", "content": {media_type: RAW}}
    schema = {"type": "string"} if kind is str else SCHEMAS.of(kind)
    return {"description": "Done.", "content": {media_type: {"schema": schema}}}
