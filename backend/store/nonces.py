"""Nonces of requests already served."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.tables import NonceRow


def spend(session: Session, keyid: str, nonce: str, expires: datetime) -> bool:
    """Store the nonce; False if this key used it before."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    statement = (
        insert(NonceRow)
        .values(keyid=keyid, nonce=nonce, expires=expires)
        .on_conflict_do_nothing()
        .returning(NonceRow.nonce)
    )
    return session.execute(statement).first() is not None


def prune(session: Session, now: datetime) -> None:
    """Forget nonces whose requests are stale by now."""
    session.execute(delete(NonceRow).where(NonceRow.expires < now))
