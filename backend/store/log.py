"""Reading and writing one country's log: its head, its leaves, its tree's nodes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, tuple_, update
from sqlalchemy.orm import Session

from backend.store.tables import CountryRow, LeafRow, NodeRow, OfferRow, ReferralRow

Node = tuple[int, int, bytes]
"""Level, index within the level, 32-byte hash."""

PAGE = 200
"""Leaves or nodes fetched by one statement: small memory, few round trips."""


def add_country(session: Session, code: str, origin: str, checkpoint: str) -> None:
    """Begin a country's log with the checkpoint of its empty tree."""
    session.add(CountryRow(code=code, origin=origin, checkpoint=checkpoint))
    session.flush()


def country(session: Session, code: str) -> CountryRow | None:
    """The country's head as this session's moment sees it."""
    return session.get(CountryRow, code)


def countries(session: Session) -> list[CountryRow]:
    """Every country's head, by code."""
    return list(session.scalars(select(CountryRow).order_by(CountryRow.code)))


def lock_country(session: Session, code: str) -> CountryRow | None:
    """The country's newest head, held until the transaction ends: one appender at a time."""
    query = select(CountryRow).where(CountryRow.code == code).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def read_nodes(
    session: Session, code: str, keys: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    """The stored hashes at `keys` (level, index), each key present in the answer."""
    found: dict[tuple[int, int], bytes] = {}
    pending = iter(keys)
    while batch := list(islice(pending, PAGE)):
        rows = session.execute(
            select(NodeRow.level, NodeRow.position, NodeRow.hash)
            .where(NodeRow.country == code)
            .where(tuple_(NodeRow.level, NodeRow.position).in_(batch))
        )
        found.update({(level, position): value for level, position, value in rows})
    return found


def append_rows(
    session: Session,
    head: CountryRow,
    leaves: Sequence[dict[str, Any]],
    nodes: Sequence[Node],
) -> None:
    """Store new leaves and nodes and the head's new values. The caller holds the head's lock."""
    session.execute(insert(LeafRow), [{"country": head.code, **leaf} for leaf in leaves])
    session.execute(
        insert(NodeRow),
        [
            {"country": head.code, "level": level, "position": index, "hash": value}
            for level, index, value in nodes
        ],
    )
    session.execute(
        update(CountryRow)
        .where(CountryRow.code == head.code)
        .values(size=head.size, checkpoint=head.checkpoint, received=head.received)
    )


def leaf_by_digest(session: Session, code: str, digest: str) -> LeafRow | None:
    """The leaf that holds the event with this digest."""
    return session.scalars(
        select(LeafRow).where(LeafRow.country == code, LeafRow.digest == digest)
    ).one_or_none()


def leaf_at(session: Session, code: str, position: int) -> bytes:
    """The bytes of the leaf at this log index, which the log must hold."""
    return session.scalars(
        select(LeafRow.leaf).where(LeafRow.country == code, LeafRow.position == position)
    ).one()


def leaves_caused_by(session: Session, code: str, cause: int) -> list[LeafRow]:
    """A submission's leaf and those the server answered it with, in order."""
    return list(
        session.scalars(
            select(LeafRow)
            .where(LeafRow.country == code, LeafRow.cause == cause)
            .order_by(LeafRow.position)
        )
    )


def leaves_of_referral(session: Session, referral: str) -> list[LeafRow]:
    """Every leaf of one referral, in order."""
    return list(
        session.scalars(
            select(LeafRow).where(LeafRow.referral == referral).order_by(LeafRow.position)
        )
    )


def all_leaves(session: Session, code: str, size: int) -> Iterator[Row[tuple[int, bytes]]]:
    """(index, leaf bytes) of the first `size` leaves in order, a page at a time."""
    start = 0
    while start < size:
        stop = min(start + PAGE, size)
        yield from session.execute(
            select(LeafRow.position, LeafRow.leaf)
            .where(LeafRow.country == code, LeafRow.position >= start, LeafRow.position < stop)
            .order_by(LeafRow.position)
        )
        start = stop


def leaves_for_senders(
    session: Session, code: str, devices: Iterable[str], after: int, limit: int
) -> list[LeafRow]:
    """Leaves from index `after` on, of referrals that one of these devices sent."""
    sent = select(ReferralRow.id).where(ReferralRow.sender_device.in_(sorted(set(devices))))
    return _leaves_after(session, code, after, limit, LeafRow.referral.in_(sent))


def leaves_for_provider(
    session: Session, code: str, provider: str, after: int, limit: int
) -> list[LeafRow]:
    """Leaves from index `after` on, of referrals offered to the provider, since the offer."""
    offered = (
        select(OfferRow.referral)
        .where(OfferRow.provider == provider)
        .where(OfferRow.referral == LeafRow.referral, OfferRow.position <= LeafRow.position)
    )
    return _leaves_after(session, code, after, limit, offered.exists())


def leaves_for_coordinator(session: Session, code: str, after: int, limit: int) -> list[LeafRow]:
    """Every leaf of the country from index `after` on."""
    return _leaves_after(session, code, after, limit)


def _leaves_after(
    session: Session, code: str, after: int, limit: int, *also: ColumnElement[bool]
) -> list[LeafRow]:
    query = select(LeafRow).where(LeafRow.country == code, LeafRow.position >= after, *also)
    return list(session.scalars(query.order_by(LeafRow.position).limit(limit)))
