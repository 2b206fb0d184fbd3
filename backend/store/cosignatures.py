"""Each witness's newest cosignature on a country's log."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.store.tables import CosignatureRow


def of_witness(session: Session, country: str, witness: str) -> CosignatureRow | None:
    """What is kept of one witness."""
    return session.get(CosignatureRow, (country, witness))


def keep(  # noqa: PLR0917 - a row, in its own order
    session: Session, country: str, witness: str, size: int, cosigned: datetime, line: str
) -> None:
    """Keep this one instead of what the witness gave before. The caller holds the head's lock."""
    row = of_witness(session, country, witness)
    if row is None:
        row = CosignatureRow(country=country, witness=witness)
        session.add(row)
    row.size, row.cosigned, row.line = size, cosigned, line
    session.flush()


def newest(session: Session, country: str, size: int, most: int) -> list[CosignatureRow]:
    """Those over at most `size` leaves, the latest first, `most` of them."""
    return list(
        session.scalars(
            select(CosignatureRow)
            .where(CosignatureRow.country == country, CosignatureRow.size <= size)
            .order_by(CosignatureRow.cosigned.desc(), CosignatureRow.witness)
            .limit(most)
        )
    )


def forget_others(session: Session, country: str, witnesses: Collection[str]) -> None:
    """Let go of what was kept of anybody who is no witness any more."""
    session.execute(
        delete(CosignatureRow).where(
            CosignatureRow.country == country, CosignatureRow.witness.not_in(sorted(witnesses))
        )
    )
