"""Making the next event of a referral: allowed by the lifecycle, chained, signed, queued."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from attrs import evolve

from mobile.casework.desk import Desk
from mobile.casework.errors import NotAllowedNowError
from mobile.casework.records import kept_referral
from mobile.casework.replay import Standing, pending
from mobile.casework.screenings import mark_unsent
from mobile.sync.outbox import Item, ItemState, Trouble
from protocols.messages import SealedPart, Submission
from protocols.plain import from_json
from protocols.referral.lifecycle import RULES, AlreadyAcceptedError, StepRefusedError
from protocols.sealing.statement import Statement, sign
from protocols.timeline.event import EVENT_TYPE, EnvelopeRef, Event, Kind

NEVER_SUBMITTED = Trouble("not_submitted", f"{RULES['not_submitted']} (it was refused)")
WITHDRAWN_UNSENT = Trouble(
    "consent_withdrawn", "the person withdrew before this had arrived; nothing more is sent of it"
)


def reference(part: SealedPart) -> EnvelopeRef:
    """How an event names an envelope: recipient, hash and size of the ciphertext."""
    return EnvelopeRef(part.recipient, sha256(part.data).hexdigest(), len(part.data))


def _claim(standing: Standing, moment: datetime) -> datetime:
    """`moment` by this phone's clock, unless that is before the event that the step now follows
    was received (or, if it waits too, was taken): then the clock is behind, or others acted while
    the step waited."""
    if not standing.events:
        return moment
    return max(moment, standing.received or standing.events[-1].claimed)


def queue_step(
    desk: Desk,
    referral: str,
    kind: Kind,
    *,
    provider: str | None = None,
    reason: str | None = None,
    envelopes: Sequence[SealedPart] = (),
    respond_within: int | None = None,
) -> Statement:
    """Sign the step after everything known and waiting, and queue it; call in a transaction with
    whatever belongs to it. Raises NotAllowedNowError, and UntrustedError when this device may no
    longer sign."""
    standing = desk.standing(referral)
    me = desk.me
    event = Event(
        referral=referral,
        kind=kind,
        sequence=standing.sequence + 1,
        previous=standing.tip,
        actor=me.keyid,
        provider=provider,
        claimed=_claim(standing, desk.clock()),
        reason=reason,
        envelopes=tuple(reference(each) for each in envelopes),
        respond_within=respond_within,
        country=me.country,
    )
    statement = sign(EVENT_TYPE, event, desk.keyring.signing)
    try:
        pending(standing, statement, desk.certificate)
    except StepRefusedError as error:
        raise NotAllowedNowError(error) from error
    desk.outbox.add(referral, str(kind), Submission(statement, tuple(envelopes)), desk.clock())
    return statement


def hold_back(desk: Desk, referral: str) -> None:
    """Keep a submission that is not acknowledged from being sent (again), once the person has
    withdrawn; call in the transaction that queues the withdrawal. Whether it had arrived, the next
    sync shows: `resign_waiting` then acknowledges or refuses it."""
    for item in desk.outbox.waiting(referral):
        if item.what == Kind.SUBMITTED:
            desk.outbox.move(item, WITHDRAWN_UNSENT)


def refuse(desk: Desk, item: Item, trouble: Trouble) -> None:
    """End the item as refused; a submission's screening can be sent anew."""
    with desk.vault.transaction():
        desk.outbox.refuse(item, trouble)
        kept = kept_referral(desk.vault, item.referral)
        if item.what == Kind.SUBMITTED and kept is not None:
            mark_unsent(desk, kept.screening)


def withdraw_what_arrived_late(desk: Desk, referral: str) -> None:
    """A submission that was held back and yet arrived after all (its request was still under way
    when the sync asked): withdraw it again, now that the log holds it."""
    standing = desk.proven(referral)
    items = [each for each in desk.outbox.items() if each.referral == referral]
    arrived = any(
        each.trouble == WITHDRAWN_UNSENT and each.digest in standing.digests for each in items
    )
    waiting = any(each.state is ItemState.WAITING for each in items)
    if arrived and not waiting and standing.referral is not None and not standing.referral.ended:
        with desk.vault.transaction():
            queue_step(desk, referral, Kind.WITHDRAWN, reason="consent_withdrawn")


def resign_waiting(desk: Desk, referral: str) -> bool:
    """Bring a referral's waiting steps in line with the events now known: what the log holds
    already is acknowledged, what still may follow is chained and signed anew, the rest is refused
    and says why. Whether anything is to be sent again."""
    waiting = desk.outbox.waiting(referral)
    standing = desk.proven(referral)
    if not waiting or standing.fault is not None:
        return False
    again, held = False, waiting[0].trouble == WITHDRAWN_UNSENT
    with desk.vault.transaction():
        for item in waiting:
            if item.digest in standing.digests:
                desk.outbox.acknowledge(item)
                continue
            submission = desk.outbox.body(item)
            old = from_json(submission.event.payload, Event)
            if standing.tip is None and (held or old.kind is not Kind.SUBMITTED):
                refuse(desk, item, WITHDRAWN_UNSENT if held else NEVER_SUBMITTED)
                continue
            event = evolve(
                old,
                sequence=standing.sequence + 1,
                previous=standing.tip,
                claimed=_claim(standing, min(old.claimed, desk.clock())),
            )
            statement = sign(EVENT_TYPE, event, desk.keyring.signing)
            try:
                standing = pending(standing, statement, desk.certificate)
            except StepRefusedError as error:
                refuse(desk, item, trouble_of(error))
                continue
            if event != old:
                again = True
                _replace(desk, item, evolve(submission, event=statement))
            elif item.moved and item.trouble is not None:
                desk.outbox.fail(evolve(item, moved=False), item.trouble, desk.clock())
    return again


def trouble_of(error: StepRefusedError) -> Trouble:
    """Why the lifecycle refuses a step, naming the winner of a lost race."""
    winner = error.provider if isinstance(error, AlreadyAcceptedError) else None
    return Trouble(error.rule, str(error), winner)


def _replace(desk: Desk, item: Item, submission: Submission) -> None:
    anew = evolve(
        item, digest=submission.event.digest, moved=False, trouble=None, next_try=desk.clock()
    )
    desk.outbox.replace(anew, submission)
