"""A provider's side: referrals offered to its organisation, opened, answered, cared for, closed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mobile.casework.custody import staff_of
from mobile.casework.desk import Desk
from mobile.casework.errors import (
    ColleagueHasItError,
    NobodyHasItError,
    NotAllowedNowError,
    UnknownRecordError,
    UnreadableError,
)
from mobile.casework.messages import send_message, show_messages
from mobile.casework.opening import CaseEnvelope, envelopes_of_case, is_stuck, open_case
from mobile.casework.records import (
    ENVELOPES,
    OPENED,
    KeptOpened,
    forget_messages,
    holders_in,
    tried_in,
)
from mobile.casework.replay import Standing
from mobile.casework.showing import known_referrals, show_referral
from mobile.casework.signing import queue_step
from mobile.casework.views import InboxItem, OpenedCase, ReferralView
from mobile.sync.directory import CAPACITY_TYPE, FreePlaces, SealTo
from protocols.errors import AmanaError
from protocols.plain import from_json, to_json
from protocols.referral.arrows import State
from protocols.sealing.age import NoMatchError
from protocols.sealing.certificate import Certificate, UntrustedError
from protocols.sealing.statement import sign
from protocols.timeline.event import Kind

LAST = datetime.max.replace(tzinfo=UTC)


class Inbox:
    """`Phone.inbox`. Every step is signed here, queued, and sent by the next `Phone.sync()`; a step
    that another device's step overtook is signed anew if still allowed, else shown as refused.
    Each step raises UnknownRecordError and NotAllowedNowError (its `rule` says why)."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def list(self) -> tuple[InboxItem, ...]:
        """What is offered to this organisation or in its hands, and what was: nearest deadline
        first, then the newest."""
        desk = self._desk()
        found = (_item(desk, referral) for referral in known_referrals(desk))
        items = [each for each in found if each is not None]
        newest = sorted(items, key=lambda each: each.received, reverse=True)
        return tuple(sorted(newest, key=lambda each: each.deadline or LAST))

    def get(self, referral: str) -> ReferralView:
        """The timeline of one referral in the inbox. Raises UnknownRecordError."""
        return show_referral(self._desk(), referral)

    def open(self, referral: str) -> OpenedCase:
        """Open the envelope, check who signed it and for whom, and record `opened` (once).

        Raises UnreadableError when it cannot be opened or is not what its sender may send this
        organisation, with the cause chained to it; while it stands offered the sender is told by an
        `unreadable` event. Raises ColleagueHasItError, and tells nobody, where this phone alone
        lacks the key: a colleague's phone may open it, and share it.
        """
        desk = self._desk()
        kept = desk.vault.get(OPENED, referral)
        if kept is None:
            kept = _open(desk, referral)
        return _case(desk, from_json(kept, KeptOpened))

    def accept(self, referral: str) -> None:
        """A lost race shows after the next sync as `already_accepted` in the outbox item's
        problem, naming the provider."""
        self._step(referral, Kind.ACCEPTED)

    def decline(self, referral: str, reason: str) -> None:
        """`reason` is a code: no_places, not_eligible, out_of_area, conflict_of_interest, ...
        What was opened of the case is gone from this phone at once."""
        desk = self._desk()
        with desk.vault.transaction():
            self._step(referral, Kind.DECLINED, reason)
            forget_case(desk, referral)

    def ask(self, referral: str, question: str) -> None:
        """A question sealed to the sender's device, or to its organisation's once it is lost."""
        self._tell_sender(referral, Kind.ASKED, {"text": question})

    def start_service(self, referral: str) -> None:
        """The person is in care."""
        self._step(referral, Kind.IN_SERVICE)

    def hand_over(self, referral: str, reason: str | None = None) -> None:
        """The person is in another's care now; `reason` is a code."""
        self._step(referral, Kind.HANDED_OVER, reason)

    def feedback(self, referral: str, text: str, outcome: str) -> None:
        """What became of it, sealed to the sender's device; `outcome` is a code and is sealed
        too."""
        self._tell_sender(referral, Kind.FEEDBACK, {"text": text, "outcome": outcome})

    def close(self, referral: str, outcome: str) -> None:
        """`outcome` is a reason code, such as service_completed or person_left."""
        self._step(referral, Kind.CLOSED, outcome)

    def state_capacity(self, free_places: int | None) -> datetime:
        """Tell the directory how many places are free now (None: not known); online, at once.
        Returns the time stated."""
        desk = self._desk()
        stated = desk.clock()
        body = FreePlaces(desk.me.organisation, free_places, stated)
        with desk.online() as server:
            server.publish_capacity(sign(CAPACITY_TYPE, body, desk.keyring.signing))
        return stated

    def _step(self, referral: str, kind: Kind, reason: str | None = None) -> None:
        desk = self._desk()
        _known(desk, referral)
        with desk.vault.transaction():
            queue_step(desk, referral, kind, provider=desk.me.organisation, reason=reason)

    def _tell_sender(self, referral: str, kind: Kind, content: dict[str, Any]) -> None:
        desk = self._desk()
        recipient, to = _sender_side(desk, _known(desk, referral))
        send_message(desk, referral, kind, content, to=to, recipient=recipient)


def forget_case(desk: Desk, referral: str) -> None:
    """Remove what was opened of a case, its envelopes and the messages about it; call in the
    transaction that ends it."""
    me = desk.me
    desk.vault.delete(OPENED, referral)
    for collection in (holders_in(referral), tried_in(referral)):
        for row in desk.vault.list(collection):
            desk.vault.delete(collection, row)
    forget_messages(desk.vault, referral)
    for event in desk.proven(referral).events:
        for ref in event.envelopes:
            if ref.recipient == me.organisation:
                desk.vault.delete(ENVELOPES, ref.sha256)


def _sender_side(desk: Desk, standing: Standing) -> tuple[str, tuple[SealTo, ...]]:
    """Whom a message back is for: the device that sent the referral, or, once that one is lost, its
    organisation's other devices."""
    sender, now = standing.events[0].actor, desk.clock()
    try:
        return sender, desk.directory.seal_to_device(sender, now)
    except UntrustedError:
        signer = standing.signers[0]
        if signer is None or signer.organisation is None:
            raise
        return signer.organisation, desk.directory.seal_to_workers(signer.organisation, now)


def _known(desk: Desk, referral: str) -> Standing:
    standing = desk.proven(referral)
    if not standing.events:
        raise UnknownRecordError("no such referral is in this inbox; sync, then look again")
    return standing


def _open(desk: Desk, referral: str) -> bytes:
    """Open the case, keep its words in place of the envelope, and queue `opened`."""
    standing = _known(desk, referral)
    try:
        found = open_case(desk, referral, standing)
    except UnknownRecordError:
        raise
    except AmanaError as error:
        raise _unreadable(desk, referral, standing, error) from error
    opened = found.case
    organisation = opened.sender.organisation or opened.sender.subject
    body = to_json(
        KeptOpened(
            referral=referral,
            content=opened.payload.content,
            sender=opened.sender.subject,
            sender_name=desk.names().get(organisation, organisation),
            sender_organisation=organisation,
            created=opened.payload.created,
            consent=opened.payload.consent,
            envelope=found.origin,
            statement=opened.statement,
        )
    )
    with desk.vault.transaction():
        queue_step(desk, referral, Kind.OPENED, provider=desk.me.organisation)
        desk.vault.put(OPENED, referral, body)
    return body


def _unreadable(
    desk: Desk, referral: str, standing: Standing, error: AmanaError
) -> UnreadableError:
    """What to say of a case that does not open here. While it stands offered and no colleague's
    phone may hold it, the sender is told at once, so that the next provider is asked."""
    colleagues = colleagues_with_case(desk, standing)
    if isinstance(error, NoMatchError) and colleagues:
        return ColleagueHasItError([each.name for each in colleagues])
    offered = standing.referral is not None and standing.referral.state is State.OFFERED
    if isinstance(error, NoMatchError) and not offered:
        return NobodyHasItError(
            "this case was sealed before this phone was ready for it; say that nobody here can open"
            " it, and its sender can seal it anew"
        )
    told = offered and report_unreadable(desk, referral, error.code)
    return UnreadableError(
        f"this case cannot be opened here ({error}); "
        + ("its sender will be told at the next sync" if told else "call its sender")
    )


def colleagues_with_case(desk: Desk, standing: Standing) -> tuple[Certificate, ...]:
    """This organisation's other devices that have opened the case, or were certified before it was
    sent and have not said that they cannot open it."""
    sent, now = standing.times[0] or desk.clock(), standing.referral
    opened = now.opened_by if now else ()
    asking = now.unreadable_to if now else ()
    return tuple(
        each
        for each in staff_of(desk, desk.me.organisation)
        if each.subject != desk.me.keyid
        and (each.subject in opened or (each.not_before <= sent and each.subject not in asking))
    )


def report_unreadable(desk: Desk, referral: str, reason: str) -> bool:
    """Queue the step that says so, with an error's code as its reason; whether the lifecycle allows
    it (once only, until the case is sealed anew)."""
    me = desk.me.organisation
    try:
        with desk.vault.transaction():
            queue_step(desk, referral, Kind.UNREADABLE, provider=me, reason=reason)
    except NotAllowedNowError:
        return False
    return True


def _case(desk: Desk, kept: KeptOpened) -> OpenedCase:
    return OpenedCase(
        referral=kept.referral,
        content=kept.content,
        sender=kept.sender,
        sender_name=kept.sender_name,
        sender_organisation=kept.sender_organisation,
        created=kept.created,
        consent=kept.consent,
        messages=show_messages(desk, kept.referral),
    )


def _item(desk: Desk, referral: str) -> InboxItem | None:
    """The referral's line in the inbox; None when it was never offered to this organisation."""
    me, standing = desk.me, desk.standing(referral)
    offers = [
        moment
        for event, moment in zip(standing.events, standing.times, strict=True)
        if event.kind is Kind.OFFERED and event.provider == me.organisation and moment
    ]
    if not offers or standing.referral is None:
        return None
    now = standing.referral
    ours = now.offered_to == me.organisation
    sender = standing.signers[0]
    organisation = (sender.organisation if sender else None) or "unknown"
    opened = desk.vault.get(OPENED, referral) is not None
    carried = envelopes_of_case(desk, standing) if ours else ()
    stuck = not opened and is_stuck(desk, referral, carried)
    deadline = now.deadline if ours else None
    return InboxItem(
        referral=referral,
        state=str(now.state),
        deadline=deadline,
        received=offers[-1],
        from_organisation=organisation,
        from_name=desk.names().get(organisation, organisation),
        late=deadline is not None and deadline <= desk.clock(),
        readable=opened or (any(each.data is not None for each in carried) and not stuck),
        opened=opened,
        mine=now.accepted_by == me.organisation,
        waiting=tuple(each.what for each in desk.outbox.waiting(referral)),
        ours=ours,
        stuck=stuck,
        asked=ours and me.keyid in now.unreadable_to,
        withheld=not opened and any(_is_missing(each) for each in carried),
    )


def _is_missing(envelope: CaseEnvelope) -> bool:
    """Sealed anew, the log says, and yet not here: late, or held back by the server."""
    return envelope.event.kind is Kind.RESEALED and envelope.data is None
