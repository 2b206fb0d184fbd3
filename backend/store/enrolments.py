"""Reading and writing devices' requests to be certified."""

import re
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from backend.store.tables import EnrolmentRow

_ID = re.compile(r"[a-z2-7]{26}")
PENDING, APPROVED, REFUSED = "pending", "approved", "refused"
FORGOTTEN = b""
"""In the place of a request that was approved: its label and proof have served."""


def enrolment(session: Session, enrolment_id: str) -> EnrolmentRow | None:
    """The request of this id."""
    if not _ID.fullmatch(enrolment_id):
        return None
    return session.get(EnrolmentRow, enrolment_id)


def add(session: Session, row: EnrolmentRow) -> None:
    """Store a new request."""
    session.add(row)
    session.flush()


def pending(session: Session, country: str, invitation: str | None = None) -> list[EnrolmentRow]:
    """Requests that wait for this country's authority, or name no country; oldest first. With an
    `invitation`, those made with it alone."""
    found = (
        select(EnrolmentRow)
        .where(EnrolmentRow.state == PENDING)
        .where(or_(EnrolmentRow.country == country, EnrolmentRow.country.is_(None)))
        .order_by(EnrolmentRow.received, EnrolmentRow.id)
    )
    if invitation is not None:
        found = found.where(EnrolmentRow.invitation == invitation)
    return list(session.scalars(found))


def count_pending(session: Session) -> int:
    """How many requests wait, in all countries."""
    return (
        session.scalar(
            select(func.count()).select_from(EnrolmentRow).where(EnrolmentRow.state == PENDING)
        )
        or 0
    )


def count_at(session: Session, invitation: str) -> int:
    """How many requests were made with this invitation, whatever became of them."""
    return (
        session.scalar(
            select(func.count())
            .select_from(EnrolmentRow)
            .where(EnrolmentRow.invitation == invitation)
        )
        or 0
    )


def forget(row: EnrolmentRow) -> None:
    """What was asked and compared has served: it goes."""
    row.request = FORGOTTEN
    forget_comparison(row)


def forget_comparison(row: EnrolmentRow) -> None:
    """The steps of a comparison that is over go."""
    row.contribution = row.opening = row.endorsement = None


def bound_to(session: Session, invitation: str) -> EnrolmentRow | None:
    """The request that this invitation was approved for."""
    return session.scalars(
        select(EnrolmentRow).where(EnrolmentRow.bound == invitation)
    ).one_or_none()


def forget_old(session: Session, before: datetime) -> None:
    """Drop requests received before `before` that were never approved, and what approved ones
    said, where a former version kept it."""
    session.execute(
        delete(EnrolmentRow).where(EnrolmentRow.state != APPROVED, EnrolmentRow.received < before)
    )
    session.execute(
        update(EnrolmentRow)
        .where(EnrolmentRow.state == APPROVED, EnrolmentRow.request != FORGOTTEN)
        .values(request=FORGOTTEN, contribution=None, opening=None, endorsement=None)
    )
