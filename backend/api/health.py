"""Whether the server is up, and which programme it serves."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from sqlalchemy.orm import Session

from backend.api.answers import Health, ProgrammeAnswer
from backend.api.operations import operation
from backend.api.runtime import current
from backend.api.web import answer, telling_problems
from backend.services import publishing
from backend.store import log

router = Router(tags=["programme"])


@router.get("/health", openapi_extra=operation({200: Health}))
@telling_problems
def health(request: HttpRequest) -> HttpResponse:
    """Whether the server and its database answer."""

    def look(session: Session) -> Health:
        return Health("ok", {row.code: row.size for row in log.countries(session)})

    return answer(current().read(look))


@router.get("/programme", openapi_extra=operation({200: ProgrammeAnswer}))
@telling_problems
def programme(request: HttpRequest) -> HttpResponse:
    """The root, and the certificates of authorities and servers. Compare the root's fingerprint
    with the invitation's before trusting anything."""
    runtime = current()
    authorities, servers = runtime.read(publishing.programme_statements)
    root = runtime.context.server.root
    return answer(ProgrammeAnswer(root, tuple(authorities), tuple(servers)))
