"""Deadlines that have passed: the offer expires and goes to the next provider, once.

Nothing is lost while every server is down: what is overdue is a question to the tables, asked at
start, every few seconds, and before a referral is served.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.services import logbook, steps
from backend.services.context import Context
from backend.services.enrolling import KEPT
from backend.store import enrolments, nonces, referrals
from backend.store.tables import CountryRow, ReferralRow

MOST_AT_ONCE = 100


def overdue_countries(session: Session, context: Context, now: datetime) -> list[str]:
    """Countries of this server where a deadline has passed at `now`."""
    due = referrals.overdue(session, context.server.keys, now, MOST_AT_ONCE)
    return sorted({country for country, _ in due})


def fire_overdue(
    session: Session, context: Context, now: datetime, *, country: str | None = None
) -> int:
    """Append what is owed to each referral whose deadline has passed at `now`; how many.

    At most MOST_AT_ONCE are done in one transaction, country by country in one order, so that two
    servers never wait for each other in a ring; a row that another server holds is left to it.
    """
    fired = 0
    head: CountryRow | None = None
    wanted = [each for each in context.server.keys if country in (None, each)]
    for where, referral in referrals.overdue(session, wanted, now, MOST_AT_ONCE):
        if head is None or head.code != where:
            head = context.locked_head(session, where)
        row = referrals.claim_overdue(session, referral, steps.received(head, now))
        fired += row is not None and _settle(session, context, head, row, now)
    return fired


def settle_referral(
    session: Session, context: Context, country: str, referral: str, now: datetime
) -> bool:
    """The same for one referral of `country`; whether anything was owed."""
    row = referrals.referral(session, referral)
    if row is None or row.country != country or row.deadline is None or row.deadline > now:
        return False
    head = context.locked_head(session, row.country)
    claimed = referrals.claim_overdue(session, referral, steps.received(head, now))
    return claimed is not None and _settle(session, context, head, claimed, now)


def _settle(
    session: Session, context: Context, head: CountryRow, row: ReferralRow, now: datetime
) -> bool:
    referral = steps.projection(row)
    if referral is None:
        return False
    at = steps.received(head, now)
    entries, after = steps.server_steps(context, steps.tip_of(row), referral, at)
    if not entries:
        return False
    leaves = logbook.append(session, context, head, entries, at)
    steps.save(session, row, entries, leaves, after=after, caller=None)
    return True


def tidy(session: Session, now: datetime) -> None:
    """Forget spent nonces that are stale anyway, and enrolments nobody approved for a month."""
    nonces.prune(session, now)
    enrolments.forget_old(session, now - KEPT)
