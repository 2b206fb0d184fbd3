"""A referral as the screens see it, from what the log proved and what still waits here."""

from datetime import datetime

from mobile.casework.desk import Desk
from mobile.casework.errors import UnknownRecordError
from mobile.casework.messages import show_messages
from mobile.casework.records import REFERRALS, KeptReferral, kept_referral
from mobile.casework.replay import Standing, rows
from mobile.casework.signing import WITHDRAWN_UNSENT
from mobile.casework.views import Problem, ReferralView
from mobile.sync.events import TIMELINES
from mobile.sync.outbox import Item
from mobile.sync.outbox import ItemState as Queue
from protocols.referral.lifecycle import State
from protocols.timeline.event import Kind


def sent_referrals(desk: Desk) -> tuple[str, ...]:
    """The referrals that this phone made."""
    return desk.vault.list(REFERRALS)


def followed_referrals(desk: Desk) -> tuple[str, ...]:
    """The referrals that this phone made, and those of devices that its organisation has lost."""
    others = (each for each in known_referrals(desk) if is_our_side(desk, each))
    return tuple(dict.fromkeys((*sent_referrals(desk), *others)))


def is_our_side(desk: Desk, referral: str) -> bool:
    """Whether this phone's organisation sent the referral, as the log shows."""
    standing = desk.standing(referral)
    return standing.referral is not None and standing.referral.sender == desk.me.organisation


def known_referrals(desk: Desk) -> tuple[str, ...]:
    """The referrals of which this phone holds events."""
    return desk.vault.list(TIMELINES)


def show_referral(desk: Desk, referral: str) -> ReferralView:
    """Raises UnknownRecordError for one that is neither made here nor known from the log."""
    kept, standing = kept_referral(desk.vault, referral), desk.standing(referral)
    if kept is None and not standing.events:
        raise UnknownRecordError("no such referral is on this phone; sync, then look again")
    items = _current([each for each in desk.outbox.items() if each.referral == referral])
    waiting = tuple(each.what for each in items if each.state is Queue.WAITING)
    now = standing.referral
    return ReferralView(
        id=referral,
        state=str(_state(standing, items)),
        created=_created(kept, standing),
        offered_to=now.offered_to if now else None,
        accepted_by=now.accepted_by if now else None,
        deadline=now.deadline if now else None,
        shortlist=_shortlist(kept, standing),
        timeline=rows(standing, desk.names()),
        messages=show_messages(desk, referral),
        verified=standing.whole,
        waiting=waiting,
        problem=_problem(items),
        screening=kept.screening if kept else None,
        fault=standing.fault,
        strengths=kept.strengths if kept else {},
        holds_case=kept is not None,
        unreadable_to=now.unreadable_to if now else (),
    )


def _current(items: list[Item]) -> list[Item]:
    """Those since it was sent last: a submission that was refused may have been sent anew."""
    starts = [place for place, each in enumerate(items) if each.what == Kind.SUBMITTED]
    return items[starts[-1] :] if starts else items


def _state(standing: Standing, items: list[Item]) -> State:
    """Sealed while not even the submission is proven to have arrived, unless it never shall."""
    now = standing.referral
    if now is not None and (standing.received is not None or now.state is State.WITHDRAWN):
        return now.state
    unsent = now is None and any(each.trouble == WITHDRAWN_UNSENT for each in items)
    return State.WITHDRAWN if unsent else State.SEALED


def _created(kept: KeptReferral | None, standing: Standing) -> datetime:
    return kept.created if kept else standing.events[0].claimed


def _shortlist(kept: KeptReferral | None, standing: Standing) -> tuple[str, ...]:
    first = standing.first
    if first is not None:
        return tuple(each.recipient for each in first.envelopes)
    return kept.shortlist if kept else ()


def _problem(items: list[Item]) -> Problem | None:
    """The newest thing that went wrong with what this phone sends about it."""
    troubled = [each for each in items if each.trouble not in (None, WITHDRAWN_UNSENT)]
    if not troubled:
        return None
    last = troubled[-1]
    trouble = last.trouble
    return Problem(trouble.code, trouble.detail, last.id) if trouble else None
