"""Ciphertext is let go of once a referral has been over for long enough; its timeline stays.

A referral is over when its lifecycle says so, and has been for as long as its last event is old.
The log, its proofs and the hashes of what was sealed are not touched, so an audit says the same
before and after. Each call is one transaction of its own: stopped half way, nothing is half done,
and whoever runs next goes on.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.services.context import Context
from backend.store import log, referrals
from protocols.plain import from_json
from protocols.referral.arrows import FINAL
from protocols.timeline.event import Leaf

MOST_AT_ONCE = 50
"""Referrals in one transaction, which holds the head of the country's log."""


def purge(session: Session, context: Context, country: str, now: datetime, kept: timedelta) -> int:
    """Remove the envelopes of at most MOST_AT_ONCE referrals of `country` that were over, and
    heard nothing more, for `kept` at `now`; of how many. Raises UnknownCountryError."""
    head = context.locked_head(session, country)
    before = first_received_after(session, country, head.size, now - kept)
    done = referrals.ended_with_envelopes(session, country, FINAL, before, MOST_AT_ONCE)
    if done:
        referrals.forget_envelopes(session, done)
    return len(done)


def first_received_after(session: Session, country: str, size: int, moment: datetime) -> int:
    """The log index of the first of `size` leaves received later than `moment`, or `size`: a log's
    times never run backwards."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if from_json(log.leaf_at(session, country, middle), Leaf).received > moment:
            high = middle
        else:
            low = middle + 1
    return low
