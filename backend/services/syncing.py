"""What each side may see of the log: a device's sync, a referral's timeline, the whole export."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.services import logbook
from backend.services.callers import Caller
from backend.services.context import Context
from backend.services.referring import visible_referral
from backend.store import log, referrals
from backend.store.tables import CountryRow, EnvelopeRow, LeafRow, ReferralRow
from protocols.messages import SealedPart, SyncAnswer, SyncEntry, TimelineAnswer
from protocols.referral.arrows import TAKEN, UNANSWERED
from protocols.sealing.certificate import Role

MOST_ENTRIES = 200
MOST_ENVELOPE_BYTES = 4 * 1024 * 1024

Wanted = tuple[str, str]
"""An envelope's name: digest of the event that names it, recipient."""


def sync(
    session: Session,
    context: Context,
    caller: Caller,
    *,
    after: int,
    known: int,
    limit: int,
    now: datetime,
) -> SyncAnswer:
    """Events that concern the caller from log index `after` on, with envelopes it may have at
    `now`. Referrals of a device that its organisation no longer has concern its colleagues.

    `consistency` is empty when `known` is 0 or more than the log holds: a client that knows more
    than the server sees that by the checkpoint's size.
    """
    head = context.head(session, caller.country)
    limit = max(1, min(limit, MOST_ENTRIES))
    senders = _senders(session, context, caller, now)
    leaves = _concerning(session, caller, senders, after, limit + 1)
    more = len(leaves) > limit
    leaves, envelopes, cut = _with_envelopes(session, caller, leaves[:limit])
    more = more or cut
    events = logbook.prove(session, head, leaves)
    return SyncAnswer(
        entries=tuple(SyncEntry(event, tuple(envelopes.get(event.index, ()))) for event in events),
        cursor=leaves[-1].position + 1 if more else head.size,
        more=more,
        checkpoint=head.checkpoint,
        consistency=_consistency(session, head, known),
    )


def _consistency(session: Session, head: CountryRow, known: int) -> tuple[bytes, ...]:
    if not 0 < known <= head.size:
        return ()
    return logbook.consistency(session, head, known, head.size)


def _senders(session: Session, context: Context, caller: Caller, now: datetime) -> tuple[str, ...]:
    """The devices whose referrals a field worker's device follows: its own, and those that its
    organisation has lost. A colleague's phone learns nothing of what a present one sends."""
    if caller.role is not Role.FIELD_WORKER:
        return ()
    trust = context.trust_in(session, caller.country)
    return (caller.keyid, *trust.former_devices_of(caller.organisation, now))


def _concerning(
    session: Session, caller: Caller, senders: Sequence[str], after: int, limit: int
) -> list[LeafRow]:
    country = caller.country
    if caller.role is Role.COORDINATOR:
        return log.leaves_for_coordinator(session, country, after, limit)
    if caller.role is Role.PROVIDER_STAFF:
        return log.leaves_for_provider(session, country, caller.organisation, after, limit)
    return log.leaves_for_senders(session, country, senders, after, limit)


def _with_envelopes(
    session: Session, caller: Caller, leaves: list[LeafRow]
) -> tuple[list[LeafRow], dict[int, list[SealedPart]], bool]:
    """The leaves of one page, their envelopes by log index, and whether the page was cut short
    because its envelopes grew too large together."""
    if caller.role is Role.COORDINATOR:
        return leaves, {}, False
    wanted = _wanted(session, caller, leaves)
    every = [each for names in wanted.values() for each in names]
    sizes = referrals.envelope_sizes(
        session, {event for event, _ in every}, {to for _, to in every}
    )
    total, kept = 0, 0
    for leaf in leaves:
        total += sum(sizes.get(each, 0) for each in wanted.get(leaf.position, ()))
        if kept and total > MOST_ENVELOPE_BYTES:
            break
        kept += 1
    page = leaves[:kept]
    names = {leaf.position: wanted.get(leaf.position, ()) for leaf in page}
    found = _load(session, [each for some in names.values() for each in some])
    parts = {
        position: [
            SealedPart(found[each].recipient, found[each].data) for each in some if each in found
        ]
        for position, some in names.items()
    }
    return page, parts, kept < len(leaves)


def _load(session: Session, wanted: Sequence[Wanted]) -> dict[Wanted, EnvelopeRow]:
    if not wanted:
        return {}
    return referrals.envelopes_of(
        session, {event for event, _ in wanted}, {recipient for _, recipient in wanted}
    )


def _wanted(
    session: Session, caller: Caller, leaves: Sequence[LeafRow]
) -> dict[int, tuple[Wanted, ...]]:
    """Log index -> the envelopes that may go to the caller with that entry.

    A provider's case comes with the offer to it, not with the submission, which it may not see. A
    message back is for the sender's device, or for its organisation where that device is lost.
    """
    ids = {leaf.referral for leaf in leaves}
    if caller.role is not Role.PROVIDER_STAFF:
        back = (caller.keyid, caller.organisation)
        return {leaf.position: tuple((leaf.digest, each) for each in back) for leaf in leaves}
    rows = referrals.referrals(session, ids)
    offers = referrals.offer_positions(session, caller.organisation, ids)
    return {
        leaf.position: (
            (
                rows[leaf.referral].submitted
                if offers.get(leaf.referral) == leaf.position
                else leaf.digest,
                caller.organisation,
            ),
        )
        for leaf in leaves
        if may_have(rows[leaf.referral], caller.organisation)
    }


def may_have(row: ReferralRow, provider: str) -> bool:
    """Whether the provider may have its envelopes: while the referral stands offered to it or is
    in its hands. Not before; not after it declined or let it lapse; not once withdrawn, closed."""
    return row.offered_to == provider and row.state in {*UNANSWERED, *TAKEN}


def timeline(session: Session, context: Context, caller: Caller, referral: str) -> TimelineAnswer:
    """Every event of one referral. Raises UnknownReferralError (see `visible_referral`)."""
    row = visible_referral(session, caller, referral)
    head = context.head(session, row.country)
    leaves = log.leaves_of_referral(session, referral)
    return TimelineAnswer(tuple(logbook.prove(session, head, leaves)), head.checkpoint)
