"""The server's tables. None holds personal data: signed statements, hashes and ciphertext only.

The same tables live in SQLite and PostgreSQL; `migrations/` makes them, and a test holds that
both say the same.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime as whole seconds since 1970: equal and ordered in each database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Table(DeclarativeBase):
    """Base of every table; constraints are named so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class CountryRow(Table):
    """One country: the head of its log and the versions of what its authority has published.

    Whoever appends to the log holds this row's lock, so a country's log grows one writer at a
    time. `checkpoint` is the signed note over `size` leaves.
    """

    __tablename__ = "countries"
    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    origin: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    checkpoint: Mapped[str] = mapped_column(Text)
    received: Mapped[datetime | None] = mapped_column(Moment)
    trust_version: Mapped[int] = mapped_column(Integer, default=0)
    live_version: Mapped[int] = mapped_column(Integer, default=0)
    snapshot_number: Mapped[int] = mapped_column(Integer, default=0)


class LeafRow(Table):
    """One log entry, verbatim. `digest` is its event's; `cause` the entry that brought it about:
    its own position, or that of the submission which the server answered with it."""

    __tablename__ = "log_leaves"
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    referral: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    cause: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("country", "digest"),
        Index(None, "referral", "position"),
        Index(None, "country", "cause"),
    )


class NodeRow(Table):
    """One complete subtree's hash (RFC 9162); level 0 holds the leaf hashes."""

    __tablename__ = "log_nodes"
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class ReferralRow(Table):
    """Where one referral stands: the lifecycle's value, computed from its events.

    `projection` is that value as JSON; the other columns repeat what queries ask for.
    `deadline` is when the open offer lapses.
    """

    __tablename__ = "referrals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"))
    state: Mapped[str] = mapped_column(String(20))
    sequence: Mapped[int] = mapped_column(Integer)
    head: Mapped[str] = mapped_column(String(64))
    submitted: Mapped[str] = mapped_column(String(64))
    sender_device: Mapped[str] = mapped_column(String(32))
    sender_organisation: Mapped[str] = mapped_column(Text)
    offered_to: Mapped[str | None] = mapped_column(Text)
    accepted_by: Mapped[str | None] = mapped_column(Text)
    deadline: Mapped[datetime | None] = mapped_column(Moment)
    projection: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "sender_device"), Index(None, "deadline"))


class OfferRow(Table):
    """That a referral was offered to a provider, first at this log position."""

    __tablename__ = "offers"
    referral: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    provider: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index(None, "provider"),)


class EnvelopeRow(Table):
    """Ciphertext for one recipient, named by the event with this digest."""

    __tablename__ = "envelopes"
    referral: Mapped[str] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    event: Mapped[str] = mapped_column(String(64), primary_key=True)
    recipient: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class EnrolmentRow(Table):
    """A device's request to be certified. `bound` repeats the invitation once approved, so that
    one invitation is never approved for two keys. `contribution`, `opening` and `endorsement` are
    the steps of its comparison, gone once it is decided; `reason` is why it was refused."""

    __tablename__ = "enrolments"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    invitation: Mapped[str] = mapped_column(Text)
    bound: Mapped[str | None] = mapped_column(Text, unique=True)
    country: Mapped[str | None] = mapped_column(String(2))
    keyid: Mapped[str] = mapped_column(String(32))
    device_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[str] = mapped_column(String(10))
    received: Mapped[datetime] = mapped_column(Moment)
    request: Mapped[bytes] = mapped_column(LargeBinary)
    contribution: Mapped[bytes | None] = mapped_column(LargeBinary)
    opening: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    endorsement: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (Index(None, "state", "received"), Index(None, "invitation"))


class StatementRow(Table):
    """A certificate or revocation that the server has verified; `kind` says which."""

    __tablename__ = "statements"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"))
    kind: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "subject"), Index(None, "country"))


class SnapshotRow(Table):
    """A directory snapshot as its authority signed it."""

    __tablename__ = "snapshots"
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class LiveRow(Table):
    """A device's own signed statement of its sealing key or its provider's capacity."""

    __tablename__ = "live_statements"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"))
    device: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    starts: Mapped[datetime] = mapped_column(Moment)
    ends: Mapped[datetime | None] = mapped_column(Moment)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "country", "device", "kind"),)


class ChecklistFileRow(Table):
    """The file of a checklist's edition, stored by a country's authority under the SHA-256 of its
    bytes, before a snapshot names it."""

    __tablename__ = "checklist_files"
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "sha256"),)


class NonceRow(Table):
    """A request's nonce, kept until its signature is stale anyway: the same request twice is
    refused, also after a restart."""

    __tablename__ = "nonces"
    keyid: Mapped[str] = mapped_column(String(32), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (Index(None, "expires"),)


class CosignatureRow(Table):
    """A witness's newest cosignature on the country's log: over which size, at what time by the
    witness, and the signature line as it stands in a note."""

    __tablename__ = "cosignatures"
    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(32), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    cosigned: Mapped[datetime] = mapped_column(Moment)
    line: Mapped[str] = mapped_column(Text)
