"""Reading and writing statements, snapshots and the live state of the directory."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.store.tables import CountryRow, LiveRow, SnapshotRow, StatementRow

PAGE = 500
"""Names asked for by one statement."""


def country_of(session: Session, subject: str) -> tuple[str, int] | None:
    """(country, trust version) of the one country that certified `subject`, a device's key id."""
    row = session.execute(
        select(StatementRow.country, CountryRow.trust_version)
        .join(CountryRow, CountryRow.code == StatementRow.country)
        .where(StatementRow.subject == subject, StatementRow.kind == "certificate")
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def certified_elsewhere(session: Session, country: str, subjects: Iterable[str]) -> str | None:
    """One of `subjects` that has a certificate in another country, if any has."""
    wanted = sorted(set(subjects))
    for start in range(0, len(wanted), PAGE):
        found = session.scalars(
            select(StatementRow.subject)
            .where(StatementRow.subject.in_(wanted[start : start + PAGE]))
            .where(StatementRow.kind == "certificate", StatementRow.country != country)
            .limit(1)
        ).first()
        if found is not None:
            return found
    return None


def statements(session: Session, country: str) -> list[bytes]:
    """Every certificate and revocation of the country, as JSON, in a steady order."""
    return list(
        session.scalars(
            select(StatementRow.body)
            .where(StatementRow.country == country)
            .order_by(StatementRow.digest)
        )
    )


def statements_of_role(session: Session, role: str) -> list[bytes]:
    """Certificates of one role in every country, as JSON."""
    return list(
        session.scalars(
            select(StatementRow.body)
            .where(StatementRow.role == role, StatementRow.kind == "certificate")
            .order_by(StatementRow.country, StatementRow.digest)
        )
    )


def add_statements(session: Session, country: str, rows: Iterable[dict[str, Any]]) -> int:
    """Store statements not yet known (digest, kind, role, subject, body); how many were new.

    New ones raise the country's trust version, which tells every process to read them again.
    """
    offered = {row["digest"]: row for row in rows}
    known = set(
        session.scalars(select(StatementRow.digest).where(StatementRow.digest.in_(sorted(offered))))
    )
    new = [{"country": country, **row} for key, row in offered.items() if key not in known]
    if new:
        session.execute(insert(StatementRow), new)
        session.execute(
            update(CountryRow)
            .where(CountryRow.code == country)
            .values(trust_version=CountryRow.trust_version + 1)
        )
    return len(new)


def newest_snapshot(session: Session, country: str) -> SnapshotRow | None:
    """The snapshot with the highest number."""
    return session.scalars(
        select(SnapshotRow)
        .where(SnapshotRow.country == country)
        .order_by(SnapshotRow.number.desc())
        .limit(1)
    ).one_or_none()


def add_snapshot(session: Session, country: str, number: int, digest: str, body: bytes) -> None:
    """Store a snapshot; only the newest is served, so older ones go."""
    session.add(SnapshotRow(country=country, number=number, digest=digest, body=body))
    session.flush()
    session.execute(
        delete(SnapshotRow).where(SnapshotRow.country == country, SnapshotRow.number < number)
    )
    session.execute(
        update(CountryRow).where(CountryRow.code == country).values(snapshot_number=number)
    )


def put_live(session: Session, row: LiveRow, now: datetime) -> bool:
    """Store a device's live statement; False if it was there. Keeps, of each device and kind,
    the one in force at `now` and those that start later."""
    if session.get(LiveRow, row.digest) is not None:
        return False
    session.add(row)
    session.flush()
    same = (LiveRow.country == row.country, LiveRow.device == row.device, LiveRow.kind == row.kind)
    current = session.scalars(
        select(LiveRow.digest)
        .where(*same, LiveRow.starts <= now)
        .order_by(LiveRow.starts.desc(), LiveRow.digest)
        .limit(1)
    ).one_or_none()
    session.execute(
        delete(LiveRow).where(*same, LiveRow.starts <= now, LiveRow.digest != (current or ""))
    )
    session.execute(
        update(CountryRow)
        .where(CountryRow.code == row.country)
        .values(live_version=CountryRow.live_version + 1)
    )
    return True


def live(session: Session, country: str, now: datetime) -> list[LiveRow]:
    """Live statements not yet ended at `now`, by device, kind and start."""
    return list(
        session.scalars(
            select(LiveRow)
            .where(LiveRow.country == country, or_(LiveRow.ends.is_(None), LiveRow.ends > now))
            .order_by(LiveRow.device, LiveRow.kind, LiveRow.starts, LiveRow.digest)
        )
    )
