"""The log for everybody who checks it: checkpoints, consistency, and the coordinator's export."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router
from sqlalchemy.orm import Session

from backend.api.answers import CheckpointAnswer, ConsistencyAnswer, CosignaturesKept
from backend.api.operations import operation
from backend.api.runtime import Runtime, current
from backend.api.web import answer, number, read_body, signed_by_device, telling_problems
from backend.services import exporting, logbook, witnessing
from protocols.messages import Cosigned, WitnessedAnswer
from protocols.sealing.certificate import Role

router = Router(tags=["log"])


@router.get("/log/{country}/checkpoint", openapi_extra=operation({200: CheckpointAnswer}))
@telling_problems
def checkpoint(request: HttpRequest, country: str) -> HttpResponse:
    """The newest checkpoint."""
    runtime = current()
    return answer(
        runtime.read(
            lambda session: CheckpointAnswer(runtime.context.head(session, country).checkpoint)
        )
    )


@router.get(
    "/log/{country}/consistency",
    openapi_extra=operation(
        {200: ConsistencyAnswer},
        query={"first": "the older size, over 0", "second": "the newer size"},
    ),
)
@telling_problems
def consistency(request: HttpRequest, country: str) -> HttpResponse:
    """Proof that the log of `second` entries extends the log of `first`."""
    runtime = current()
    first, second = number(request, "first", 0), number(request, "second", 0)

    def work(session: Session) -> ConsistencyAnswer:
        head = runtime.context.head(session, country)
        return ConsistencyAnswer(first, second, logbook.consistency(session, head, first, second))

    return answer(runtime.read(work))


@router.post(
    "/log/{country}/cosignatures",
    openapi_extra=operation({200: CosignaturesKept}, body=Cosigned),
)
@telling_problems
def cosignatures(request: HttpRequest, country: str) -> HttpResponse:
    """Keep witnesses' cosignatures (C2SP tlog-cosignature) on a checkpoint of this log. They prove
    by themselves who made them: the request needs no signature, and the same twice changes
    nothing."""
    runtime = current()
    note = read_body(request, Cosigned).checkpoint

    context, now = runtime.context, runtime.now()
    newer = runtime.read(lambda session: witnessing.judge(session, context, country, note, now))
    if not newer:
        return answer(CosignaturesKept(0))

    def work(session: Session) -> CosignaturesKept:
        return CosignaturesKept(witnessing.keep(session, context, country, newer, now))

    return answer(runtime.write(work, order=country))


@router.get(
    "/log/{country}/witnessed",
    openapi_extra=operation(
        {200: WitnessedAnswer},
        signer="any certified device of the country",
        query={"size": "the size of the asker's newest checkpoint; 0 for the log's own"},
    ),
)
@telling_problems
def witnessed(request: HttpRequest, country: str) -> HttpResponse:
    """Who cosigned the log, when, and over how much of it: each witness's newest, with proofs."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime)
    caller.must_be_in(country)
    size = number(request, "size", 0)

    def work(session: Session) -> WitnessedAnswer:
        head = runtime.context.head(session, country)
        found = witnessing.heads(session, runtime.context, head, size, runtime.now())
        return WitnessedAnswer(found)

    return answer(runtime.read(work, signed=signed))


@router.get(
    "/log/{country}/export",
    openapi_extra=operation(
        {200: str}, signer="a coordinator of the country", media_type="application/jsonl"
    ),
)
@telling_problems
def export(request: HttpRequest, country: str) -> HttpResponse | StreamingHttpResponse:
    """The whole log with its certificates, as JSON Lines for `amana audit verify`."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime, (Role.COORDINATOR,))
    caller.must_be_in(country)

    def work(session: Session) -> None:
        runtime.context.head(session, country)

    runtime.read(work, signed=signed)
    lines = _lines(runtime, country, runtime.now())
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="amana-{country}.jsonl"'
    return response


def _lines(runtime: Runtime, country: str, now: datetime) -> Iterator[bytes]:
    with runtime.database.read() as session:
        yield from exporting.export(session, runtime.context, country, now)
