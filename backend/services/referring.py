"""Submitting a referral and each later step: checked, stored and logged in one transaction."""

import hashlib
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy.orm import Session

from backend.services import logbook, steps
from backend.services.callers import Caller
from backend.services.context import Context
from backend.store import log, referrals
from backend.store.tables import CountryRow, ReferralRow
from protocols.errors import AmanaError
from protocols.messages import Receipt, Submission
from protocols.plain import from_json, to_json
from protocols.referral import lifecycle
from protocols.sealing.certificate import UntrustedError
from protocols.sealing.statement import verify
from protocols.timeline.event import EVENT_TYPE, Event, Kind

CLOCK_SLACK = timedelta(minutes=5)
MOST_ENVELOPES = 16
LARGEST_EVENT = 6 * 1024
"""Bytes of a signed event as JSON: more than any has with MOST_ENVELOPES, and little enough that a
full page of a sync stays readable for a phone (`protocols.plain.MAX_JSON_BYTES`)."""


class NotYourEventError(AmanaError):
    """An event that names another device, country or referral than the request's."""

    code = "not_your_event"


class ClaimedInFutureError(AmanaError):
    """An event that claims to happen later than now."""

    code = "claimed_in_future"


class EventTooLargeError(AmanaError):
    """A signed event padded beyond what any event needs; it would stay in the log for ever."""

    code = "event_too_large"


class EnvelopesMismatchError(AmanaError):
    """The envelopes sent are not those that the event names."""

    code = "envelopes_mismatch"


class UnknownProviderError(AmanaError):
    """A shortlist that names an organisation which the country's directory does not vouch for."""

    code = "unknown_provider"

    def __init__(self, provider: str) -> None:
        super().__init__(
            f"{provider[:64]!r} is no valid organisation of this country; refresh the directory"
            " and choose another provider"
        )
        self.provider = provider


class UnknownReferralError(AmanaError):
    """No referral of this id that the caller may see."""

    code = "unknown_referral"

    def __init__(self) -> None:
        super().__init__("no such referral is known to you here; sync and look again")


class ReferralExistsError(AmanaError):
    """A second, different submission under a referral's id."""

    code = "referral_exists"


class TimelineMovedError(AmanaError):
    """The event does not follow the newest one."""

    code = "timeline_moved"

    def __init__(self, row: ReferralRow) -> None:
        super().__init__(
            f"the referral has moved on and is {row.state}; sync, look again and decide anew"
        )
        self.head, self.state, self.sequence = row.head, row.state, row.sequence


@frozen
class Outcome:
    """What came of a submission; the receipt may leave the server once the commit is durable."""

    receipt: Receipt

    @property
    def created(self) -> bool:
        """Whether anything was written."""
        return not self.receipt.duplicate


def submit(
    session: Session, context: Context, caller: Caller, submission: Submission, now: datetime
) -> Outcome:
    """Take in a new referral and offer it to the first of its shortlist.

    Sending the same again changes nothing and answers the same. Raises NotYourEventError,
    ReferralExistsError, EnvelopesMismatchError, UnknownProviderError, StepRefusedError, …
    """
    event = _read_event(session, context, caller, submission, now)
    head = context.locked_head(session, caller.country)
    if (known := _known(session, head, submission)) is not None:
        return known
    if referrals.referral(session, event.referral) is not None:
        raise ReferralExistsError(
            "another referral has this id already; make a new referral with an id of its own"
        )
    _check_shortlist(session, context, caller, event, now)
    return _take(
        session, context, caller, head=head, row=None, submission=submission, event=event, now=now
    )


def add_event(
    session: Session,
    context: Context,
    caller: Caller,
    referral: str,
    submission: Submission,
    *,
    now: datetime,
) -> Outcome:
    """Take in a later step of a referral, and whatever the server owes after it.

    Raises UnknownReferralError, AlreadyAcceptedError, TimelineMovedError, StepRefusedError, …
    """
    event = _read_event(session, context, caller, submission, now)
    if event.referral != referral or event.kind is Kind.SUBMITTED:
        raise NotYourEventError("the event is not a later step of this referral; sign it anew")
    head = context.locked_head(session, caller.country)
    if (known := _known(session, head, submission)) is not None:
        return known
    row = visible_referral(session, caller, referral)
    return _take(
        session, context, caller, head=head, row=row, submission=submission, event=event, now=now
    )


def visible_referral(session: Session, caller: Caller, referral: str) -> ReferralRow:
    """The referral, for its sender's organisation, a provider it was offered to, or a coordinator
    of its country. Raises UnknownReferralError for everybody else, existing or not."""
    row = referrals.referral(session, referral)
    if row is None or row.country != caller.country:
        raise UnknownReferralError
    allowed = (
        caller.role == "coordinator"
        or caller.organisation == row.sender_organisation
        or referrals.was_offered(session, referral, caller.organisation)
    )
    if not allowed:
        raise UnknownReferralError
    return row


def _read_event(
    session: Session, context: Context, caller: Caller, submission: Submission, now: datetime
) -> Event:
    if (size := len(to_json(submission.event))) > LARGEST_EVENT:
        raise EventTooLargeError(f"an event of {size} bytes; at most {LARGEST_EVENT} are logged")
    certificate = context.trust_in(session, caller.country).device(caller.keyid, now)
    payload = verify(submission.event, certificate.key_map, payload_type=EVENT_TYPE)
    event = from_json(payload, Event)
    if event.actor != caller.keyid or event.country != caller.country:
        raise NotYourEventError("the event is not this device's, or of another country")
    if event.claimed > now + CLOCK_SLACK:
        raise ClaimedInFutureError("the event claims a time to come; set the device's clock")
    _check_envelopes(submission, event)
    return event


def _check_envelopes(submission: Submission, event: Event) -> None:
    named = [(each.recipient, each.sha256, each.size) for each in event.envelopes]
    sent = [
        (each.recipient, hashlib.sha256(each.data).hexdigest(), len(each.data))
        for each in submission.envelopes
    ]
    recipients = {recipient for recipient, _, _ in named}
    if sorted(named) != sorted(sent) or len(recipients) != len(named):
        raise EnvelopesMismatchError(
            "the envelopes are not those the event names, each recipient once; send them again"
        )
    if len(named) > MOST_ENVELOPES:
        raise EnvelopesMismatchError(f"more than {MOST_ENVELOPES} envelopes; shorten the list")


def _check_shortlist(
    session: Session, context: Context, caller: Caller, event: Event, now: datetime
) -> None:
    trust = context.trust_in(session, caller.country)
    for each in event.envelopes:
        try:
            trust.organisation(each.recipient, now)
        except UntrustedError as error:
            raise UnknownProviderError(each.recipient) from error


def _check_recipients(caller: Caller, row: ReferralRow, event: Event) -> None:
    """Messages go to the two sides only: the sender's device (its organisation's others, where that
    one is lost) or the provider that holds it."""
    allowed = {row.sender_device, row.sender_organisation, row.offered_to, row.accepted_by}
    if any(each.recipient not in allowed for each in event.envelopes):
        raise EnvelopesMismatchError(
            "an envelope for somebody outside this referral; seal it to the other side only"
        )


def _known(session: Session, head: CountryRow, submission: Submission) -> Outcome | None:
    leaf = log.leaf_by_digest(session, head.code, submission.event.digest)
    if leaf is None:
        return None
    leaves = log.leaves_caused_by(session, head.code, leaf.cause)
    events = tuple(logbook.prove(session, head, leaves))
    return Outcome(Receipt(events, head.checkpoint, duplicate=True))


def _take(
    session: Session,
    context: Context,
    caller: Caller,
    *,
    head: CountryRow,
    row: ReferralRow | None,
    submission: Submission,
    event: Event,
    now: datetime,
) -> Outcome:
    received = steps.received(head, now)
    if row is not None:
        _check_recipients(caller, row, event)
    moved = _apply(caller, row, event, received)
    own = logbook.Entry(submission.event, event)
    tip = steps.Tip(event.referral, event.country, event.sequence, submission.event.digest)
    owed, after = steps.server_steps(context, tip, moved, received)
    entries = [own, *owed]
    leaves = logbook.append(session, context, head, entries, received)
    steps.save(session, row, entries, leaves, after=after, caller=caller)
    referrals.add_envelopes(
        session,
        [
            {
                "referral": event.referral,
                "event": submission.event.digest,
                "recipient": ref.recipient,
                "sha256": ref.sha256,
                "size": ref.size,
                "data": part.data,
            }
            for ref, part in zip(
                sorted(event.envelopes, key=lambda each: each.recipient),
                sorted(submission.envelopes, key=lambda each: each.recipient),
                strict=True,
            )
        ],
    )
    events = tuple(logbook.prove(session, head, leaves))
    return Outcome(Receipt(events, head.checkpoint, duplicate=False))


def _apply(
    caller: Caller, row: ReferralRow | None, event: Event, received: datetime
) -> lifecycle.Referral:
    """The referral after the event. A lost race is named before anything else; a step refused
    because the device had not seen the newest event is told so."""
    follows = (event.sequence, event.previous) == (
        (0, None) if row is None else (row.sequence + 1, row.head)
    )
    first = event.kind is Kind.SUBMITTED
    step = lifecycle.Step(
        kind=str(event.kind),
        actor=caller.keyid,
        role=str(caller.role),
        at=received,
        organisation=caller.organisation,
        provider=event.provider,
        reason=event.reason,
        shortlist=tuple(each.recipient for each in event.envelopes) if first else (),
        respond_within=event.respond_within,
    )
    try:
        moved = lifecycle.apply(steps.projection(row), step)
    except lifecycle.AlreadyAcceptedError:
        raise
    except lifecycle.StepRefusedError:
        if row is not None and not follows:
            raise TimelineMovedError(row) from None
        raise
    if not follows:
        if row is not None:
            raise TimelineMovedError(row)
        raise NotYourEventError("a first event has sequence 0 and no previous; sign it anew")
    return moved
