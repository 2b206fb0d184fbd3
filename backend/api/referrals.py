"""Submitting referrals and their later steps; what each side may see of them."""

from attrs import evolve
from django.http import HttpRequest, HttpResponse
from ninja import Router
from sqlalchemy.orm import Session

from backend.api.operations import operation
from backend.api.runtime import current
from backend.api.web import (
    answer,
    number,
    read_body,
    signed_by_device,
    telling_problems,
)
from backend.services import overdue, referring, syncing, witnessing
from protocols.messages import Receipt, Submission, SyncAnswer, TimelineAnswer
from protocols.sealing.certificate import Role

router = Router(tags=["referrals"])


@router.post(
    "/referrals",
    openapi_extra=operation(
        {201: Receipt, 200: Receipt}, body=Submission, signer="a field worker's device"
    ),
)
@telling_problems
def submit(request: HttpRequest) -> HttpResponse:
    """Submit a referral: event kind `submitted`, one envelope for each provider of the shortlist.
    201 and 200 both mean durable; 200 that it was known already."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime, (Role.FIELD_WORKER,))
    body = read_body(request, Submission)

    def work(session: Session) -> referring.Outcome:
        return referring.submit(session, runtime.context, caller, body, runtime.now())

    done = runtime.write(work, signed=signed, order=caller.country)
    return answer(done.receipt, status=201 if done.created else 200)


@router.post(
    "/referrals/{referral}/events",
    openapi_extra=operation(
        {201: Receipt, 200: Receipt}, body=Submission, signer="whoever the lifecycle allows"
    ),
)
@telling_problems
def add_event(request: HttpRequest, referral: str) -> HttpResponse:
    """Take a later step. 409 `timeline_moved`, `already_accepted` say what happened meanwhile."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime)
    body = read_body(request, Submission)

    def work(session: Session) -> referring.Outcome:
        return referring.add_event(
            session, runtime.context, caller, referral, body, now=runtime.now()
        )

    def settle(session: Session) -> object:
        return overdue.settle_referral(
            session, runtime.context, caller.country, referral, runtime.now()
        )

    done = runtime.write(work, signed=signed, first=settle, order=caller.country)
    return answer(done.receipt, status=201 if done.created else 200)


@router.get(
    "/referrals/{referral}/timeline",
    openapi_extra=operation(
        {200: TimelineAnswer},
        signer="the sender's organisation, a provider it was offered to, or a coordinator",
    ),
)
@telling_problems
def timeline(request: HttpRequest, referral: str) -> HttpResponse:
    """Every event of one referral, in order, each with its proof."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime)
    runtime.fire_overdue()
    return answer(
        runtime.read(
            lambda session: syncing.timeline(session, runtime.context, caller, referral),
            signed=signed,
        )
    )


@router.get(
    "/sync/{country}",
    openapi_extra=operation(
        {200: SyncAnswer},
        signer="any certified device of the country",
        query={
            "after": "the cursor of the last answer; 0 at first",
            "known": "the size of the newest checkpoint known; 0 for none",
            "limit": "most entries wanted, up to 200",
        },
    ),
)
@telling_problems
def sync(request: HttpRequest, country: str) -> HttpResponse:
    """What concerns the caller since its cursor, oldest first: a field worker's own referrals
    and those of its organisation's lost devices, a provider's from the moment they were offered to
    it, for a coordinator all, without envelopes."""
    runtime = current()
    caller, signed = signed_by_device(request, runtime)
    caller.must_be_in(country)
    after, known = number(request, "after", 0), number(request, "known", 0)
    limit = number(request, "limit", syncing.MOST_ENTRIES)
    runtime.fire_overdue()

    def work(session: Session) -> SyncAnswer:
        found = syncing.sync(
            session,
            runtime.context,
            caller,
            after=after,
            known=known,
            limit=limit,
            now=runtime.now(),
        )
        head = runtime.context.head(session, country)
        note = witnessing.attached(session, runtime.context, head, runtime.now())
        return evolve(found, checkpoint=note)

    return answer(runtime.read(work, signed=signed))
