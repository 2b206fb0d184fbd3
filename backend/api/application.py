"""The API as one: its routers, its description, and its answers to what it does not have."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from backend.api import checklists, directory, enrolment, health, log, referrals, witness
from backend.api.logs import tell_defect
from backend.api.operations import SCHEMAS
from backend.api.problems import NoSuchAddressError, broken, problem
from backend.api.runtime import utc_now
from protocols.errors import MalformedError

DESCRIPTION = """Routes sealed referrals and keeps the signed log of what happened to them. It can
read no case. Signed requests follow RFC 9421 (Ed25519, label and tag `amana`, covering @method,
@authority, @path, @query and, with a body, content-digest and content-type; parameters created,
nonce, keyid, alg, tag). Errors are RFC 9457 problem details with a stable `code` and an `advice`.
"""

SIGNATURE = {
    "type": "http",
    "scheme": "signature",
    "description": "HTTP Message Signatures (RFC 9421) by a certified key.",
}


class AmanaAPI(NinjaAPI):
    """NinjaAPI whose schemas are generated from the classes that really read and write bodies."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                stated = {
                    key: value
                    for key, value in operation["responses"].items()
                    if isinstance(key, str)
                }
                operation["responses"] = stated
        schema["components"] = {
            "schemas": SCHEMAS.components,
            "securitySchemes": {"signature": SIGNATURE},
        }
        return schema


api = AmanaAPI(
    title="Amana",
    version="1",
    description=DESCRIPTION,
    urls_namespace="amana",
    openapi_url="/openapi.json",
    docs_url="/docs",
)
for router in (health, enrolment, directory, checklists, referrals, log, witness):
    api.add_router("", router.router)


@api.exception_handler(Exception)
def defect(request: HttpRequest, error: Exception) -> HttpResponse:
    """A defect of ours: told without details, logged with the place but no data."""
    tell_defect(error)
    return broken(utc_now())


@api.exception_handler(ValidationError)
@api.exception_handler(HttpError)
@api.exception_handler(Http404)
def refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """What the router itself refuses."""
    return problem(MalformedError("the request does not fit; see /v1/openapi.json"), 400, utc_now())


def no_such_address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 404, as a problem."""
    error = NoSuchAddressError("there is nothing at this address; see /v1/openapi.json")
    return problem(error, 404, utc_now())


def method_not_there(refusal: HttpResponse) -> HttpResponse:
    """A 405, as a problem; its `Allow` header stays."""
    error = NoSuchAddressError("this address does not take that method; see /v1/openapi.json")
    told = problem(error, refusal.status_code, utc_now())
    told["Allow"] = refusal["Allow"]
    return told


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 400 (a host name not answered to, a malformed request), as a problem."""
    error = MalformedError("this server does not answer to that; check the address")
    return problem(error, 400, utc_now())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500, as a problem."""
    return broken(utc_now())
