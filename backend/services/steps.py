"""What the server itself adds to a timeline, and how a referral's new state is kept."""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve, frozen
from sqlalchemy.orm import Session

from backend.services.callers import Caller
from backend.services.context import Context
from backend.services.logbook import Entry
from backend.store import referrals
from backend.store.tables import CountryRow, LeafRow, ReferralRow
from protocols.plain import from_json, to_json
from protocols.referral import lifecycle
from protocols.sealing.statement import keyid, sign
from protocols.timeline.event import EVENT_TYPE, Event, Kind


def received(head: CountryRow, now: datetime) -> datetime:
    """The time of receipt at `now`, in whole seconds: a clock set back never makes the log's
    times run backwards."""
    moment = now.replace(microsecond=0)
    return moment if head.received is None else max(moment, head.received)


def projection(row: ReferralRow | None) -> lifecycle.Referral | None:
    """Where the lifecycle says the referral stands; None for one not known yet."""
    return None if row is None else from_json(row.projection, lifecycle.Referral)


@frozen
class Tip:
    """The newest event of a referral: what the next one follows."""

    referral: str
    country: str
    sequence: int
    digest: str


def tip_of(row: ReferralRow) -> Tip:
    """The newest event of a stored referral."""
    return Tip(row.id, row.country, row.sequence, row.head)


def server_steps(
    context: Context, tip: Tip, referral: lifecycle.Referral, at: datetime
) -> tuple[list[Entry], lifecycle.Referral]:
    """Every step that the server owes the referral at `at`, signed, and the referral after them."""
    entries: list[Entry] = []
    while (step := lifecycle.next_server_step(referral, at)) is not None:
        entry = _signed(context, tip, step, at)
        taken = lifecycle.Step(
            kind=step.kind, actor=entry.event.actor, role="server", at=at, provider=step.provider
        )
        referral = lifecycle.apply(referral, taken)
        entries.append(entry)
        tip = evolve(tip, sequence=entry.event.sequence, digest=entry.statement.digest)
    return entries, referral


def _signed(context: Context, tip: Tip, step: lifecycle.ServerStep, at: datetime) -> Entry:
    key = context.server.keys[tip.country]
    event = Event(
        referral=tip.referral,
        kind=Kind(step.kind),
        sequence=tip.sequence + 1,
        previous=tip.digest,
        actor=keyid(bytes(key.verify_key)),
        provider=step.provider,
        claimed=at,
        reason=None,
        envelopes=(),
        respond_within=None,
        country=tip.country,
    )
    return Entry(sign(EVENT_TYPE, event, key), event)


def save(
    session: Session,
    row: ReferralRow | None,
    entries: Sequence[Entry],
    leaves: Sequence[LeafRow],
    *,
    after: lifecycle.Referral,
    caller: Caller | None,
) -> None:
    """Keep where the referral stands after `entries`; a new row is `caller`'s."""
    last = entries[-1]
    if row is None:
        if caller is None:
            raise ValueError("a new referral needs its sender")
        row = ReferralRow(
            id=last.event.referral,
            country=last.event.country,
            submitted=entries[0].statement.digest,
            sender_device=caller.keyid,
            sender_organisation=caller.organisation,
        )
    row.state = str(after.state)
    row.sequence = last.event.sequence
    row.head = last.statement.digest
    row.offered_to = after.offered_to
    row.accepted_by = after.accepted_by
    row.deadline = after.deadline
    row.projection = to_json(after)
    referrals.save_referral(session, row)
    for entry, leaf in zip(entries, leaves, strict=True):
        if entry.event.kind is Kind.OFFERED and entry.event.provider is not None:
            referrals.add_offer(session, row.id, entry.event.provider, leaf.position)
