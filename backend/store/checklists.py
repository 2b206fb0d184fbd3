"""Reading and writing the files of checklists' editions: bytes by their hash, never looked into."""

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.tables import ChecklistFileRow


def put(session: Session, country: str, sha256: str, data: bytes) -> bool:
    """Store the file; False if the country had stored it before."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    statement = (
        insert(ChecklistFileRow)
        .values(country=country, sha256=sha256, data=data)
        .on_conflict_do_nothing()
        .returning(ChecklistFileRow.sha256)
    )
    return session.execute(statement).first() is not None


def get(session: Session, sha256: str) -> bytes | None:
    """The file of that hash, whichever country stored it."""
    return session.scalars(
        select(ChecklistFileRow.data).where(ChecklistFileRow.sha256 == sha256).limit(1)
    ).first()


def stored(session: Session, country: str) -> frozenset[str]:
    """The hashes of every file that the country has stored."""
    found = select(ChecklistFileRow.sha256).where(ChecklistFileRow.country == country)
    return frozenset(session.scalars(found))


def count(session: Session, country: str) -> int:
    """How many files the country has stored."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ChecklistFileRow)
            .where(ChecklistFileRow.country == country)
        )
        or 0
    )


def keep_only(session: Session, country: str, named: Collection[str]) -> None:
    """Remove the country's files but those of these hashes."""
    session.execute(
        delete(ChecklistFileRow).where(
            ChecklistFileRow.country == country, ChecklistFileRow.sha256.not_in(sorted(named))
        )
    )
