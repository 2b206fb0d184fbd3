"""Reading and writing referrals, their offers and their envelopes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from backend.store.tables import EnvelopeRow, LeafRow, OfferRow, ReferralRow
from protocols.timeline.event import is_referral_id


def referral(session: Session, referral_id: str) -> ReferralRow | None:
    """The referral as it stands now."""
    if not is_referral_id(referral_id):
        return None
    query = select(ReferralRow).where(ReferralRow.id == referral_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def referrals(session: Session, ids: Iterable[str]) -> dict[str, ReferralRow]:
    """The referrals of these ids, by id."""
    rows = session.scalars(select(ReferralRow).where(ReferralRow.id.in_(sorted(set(ids)))))
    return {row.id: row for row in rows}


def save_referral(session: Session, row: ReferralRow) -> None:
    """Insert or update `row`."""
    session.add(row)
    session.flush()


def overdue(
    session: Session, countries: Iterable[str], now: datetime, limit: int
) -> list[tuple[str, str]]:
    """(country, referral) of the longest overdue offers of `countries` at `now`, by country."""
    due = (
        select(ReferralRow.country, ReferralRow.id, ReferralRow.deadline)
        .where(ReferralRow.deadline <= now, ReferralRow.country.in_(sorted(countries)))
        .order_by(ReferralRow.deadline)
        .limit(limit)
    )
    return sorted((code, referral_id) for code, referral_id, _ in session.execute(due))


def claim_overdue(session: Session, referral_id: str, now: datetime) -> ReferralRow | None:
    """The referral, locked, if it is still overdue and no other process is at it."""
    query = (
        select(ReferralRow)
        .where(ReferralRow.id == referral_id, ReferralRow.deadline <= now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one_or_none()


def add_offer(session: Session, referral_id: str, provider: str, position: int) -> None:
    """Remember that the referral was offered; a second offer to the same provider keeps the
    first's position, so that what it has seen stays seen."""
    if session.get(OfferRow, (referral_id, provider)) is None:
        session.add(OfferRow(referral=referral_id, provider=provider, position=position))
        session.flush()


def was_offered(session: Session, referral_id: str, provider: str) -> bool:
    """Whether the referral was ever offered to the provider."""
    return session.get(OfferRow, (referral_id, provider)) is not None


def add_envelopes(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store ciphertexts: referral, event, recipient, sha256, size, data."""
    if rows:
        session.execute(insert(EnvelopeRow), list(rows))


def envelopes_of(
    session: Session, events: Iterable[str], recipients: Iterable[str]
) -> dict[tuple[str, str], EnvelopeRow]:
    """Envelopes of these event digests for these recipients, by (event, recipient)."""
    rows = session.scalars(
        select(EnvelopeRow).where(
            EnvelopeRow.event.in_(sorted(set(events))),
            EnvelopeRow.recipient.in_(sorted(set(recipients))),
        )
    )
    return {(row.event, row.recipient): row for row in rows}


def envelope_sizes(
    session: Session, events: Iterable[str], recipients: Iterable[str]
) -> dict[tuple[str, str], int]:
    """Sizes in bytes of these envelopes, by (event, recipient), without reading them."""
    rows = session.execute(
        select(EnvelopeRow.event, EnvelopeRow.recipient, EnvelopeRow.size).where(
            EnvelopeRow.event.in_(sorted(set(events))),
            EnvelopeRow.recipient.in_(sorted(set(recipients))),
        )
    )
    return {(event, recipient): size for event, recipient, size in rows}


def offer_positions(session: Session, provider: str, ids: Iterable[str]) -> dict[str, int]:
    """Log index at which each of these referrals was offered to the provider."""
    rows = session.execute(
        select(OfferRow.referral, OfferRow.position).where(
            OfferRow.provider == provider, OfferRow.referral.in_(sorted(set(ids)))
        )
    )
    return {row.referral: row.position for row in rows}


def ended_with_envelopes(
    session: Session, country: str, states: Iterable[str], before: int, limit: int
) -> list[str]:
    """Referrals of the country in one of `states` whose newest event stands before log index
    `before`, and of which envelopes are still here."""
    newest = (LeafRow.country == ReferralRow.country) & (LeafRow.digest == ReferralRow.head)
    ended = (
        select(EnvelopeRow.referral)
        .distinct()
        .join(ReferralRow, ReferralRow.id == EnvelopeRow.referral)
        .join(LeafRow, newest)
        .where(ReferralRow.country == country, ReferralRow.state.in_(sorted(states)))
        .where(LeafRow.position < before)
        .order_by(EnvelopeRow.referral)
        .limit(limit)
    )
    return list(session.scalars(ended))


def forget_envelopes(session: Session, ids: Iterable[str]) -> None:
    """Remove every envelope of these referrals."""
    session.execute(delete(EnvelopeRow).where(EnvelopeRow.referral.in_(sorted(set(ids)))))
