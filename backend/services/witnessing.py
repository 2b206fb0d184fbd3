"""Witnesses' cosignatures on this server's own logs: taken in, kept, shown.

One a witness is kept, its newest. None is taken over a history that is not this log's, so that
what is shown is never what an honest server could be blamed for.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from attrs import frozen
from sqlalchemy.orm import Session

from backend.services import logbook
from backend.services.context import Context
from backend.store import cosignatures
from backend.store.tables import CosignatureRow, CountryRow
from protocols.errors import AmanaError
from protocols.messages import WitnessedHead
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from protocols.timeline.cosignature import (
    cosignature_line,
    cosigners,
    with_cosignatures,
    witness_name,
    witnessed,
)

CLOCK_SLACK = timedelta(minutes=5)
MOST_SHOWN = 32
"""Cosignatures shown of a country, the latest; readers take 100 signatures a note at most."""


class CosignatureUnusableError(AmanaError):
    """A cosignature that counts for nothing here."""

    code = "cosignature_unusable"


class AnotherHistoryError(AmanaError):
    """A cosigned checkpoint that is none of this log's: somebody was shown another one."""

    code = "not_this_history"


@frozen
class Newer:
    """A witness's cosignature that holds: its key id, over how many entries, when, and its line."""

    witness: str
    size: int
    at: datetime
    line: str


def take(session: Session, context: Context, country: str, note: str, now: datetime) -> int:
    """Keep the cosignatures in `note` that are newer than those kept; how many were. Raises as
    `judge`."""
    return keep(session, context, country, judge(session, context, country, note, now), now)


def judge(
    session: Session, context: Context, country: str, note: str, now: datetime
) -> tuple[Newer, ...]:
    """The cosignatures in `note` that hold and are newer than those kept. Writes nothing and locks
    nothing: anybody may ask for it.

    Raises UnknownCountryError, CheckpointError, FalseCosignatureError, AnotherHistoryError, and
    CosignatureUnusableError where no witness of the country made any, or its clock is ahead.
    """
    head = context.head(session, country)
    offered = read_checkpoint(note)
    trust = context.trust_in(session, country)
    known = (trust.witness(each, country, now) for each in cosigners(note))
    keys = {witness_name(each.subject): each.keys[0] for each in known if each is not None}
    found = witnessed(note, keys)
    if not found:
        raise CosignatureUnusableError(
            f"no certified witness of {country} cosigned this; ask the country's authority to"
            " certify it"
        )
    _demand_ours(session, context, head, offered)
    newer = []
    for each in found:
        keyid = each.name.rpartition("/")[2]
        _demand_in_time(trust, country, keyid, each.at, now)
        kept = cosignatures.of_witness(session, country, keyid)
        if kept is None or (kept.cosigned, kept.size) < (each.at, offered.size):
            line = cosignature_line(note, each.name)
            newer.append(Newer(keyid, offered.size, each.at, line))
    return tuple(newer)


def keep(
    session: Session, context: Context, country: str, newer: Iterable[Newer], now: datetime
) -> int:
    """Store what was judged, each unless a newer one came meanwhile; how many were stored."""
    context.locked_head(session, country)
    trust = context.trust_in(session, country)
    witnesses = [each.subject for each in trust.witnesses(country, now)]
    cosignatures.forget_others(session, country, witnesses)
    stored = 0
    for each in newer:
        known = cosignatures.of_witness(session, country, each.witness)
        if known is not None and (each.at, each.size) <= (known.cosigned, known.size):
            continue
        cosignatures.keep(session, country, each.witness, each.size, each.at, each.line)
        stored += 1
    return stored


def _demand_in_time(
    trust: TrustStore, country: str, keyid: str, at: datetime, now: datetime
) -> None:
    if at > now + CLOCK_SLACK:
        raise CosignatureUnusableError("cosigned in the future; set the witness's clock")
    if trust.witness(keyid, country, at) is None:
        raise CosignatureUnusableError(
            f"{keyid} cosigned before it was certified; set the witness's clock"
        )


def attached(session: Session, context: Context, head: CountryRow, now: datetime) -> str:
    """The newest checkpoint's note, with the cosignatures that there are on it."""
    rows = [each for each in _shown(session, context, head, now) if each.size == head.size]
    return with_cosignatures(head.checkpoint, (each.line for each in rows))


def heads(
    session: Session, context: Context, head: CountryRow, size: int, now: datetime
) -> tuple[WitnessedHead, ...]:
    """Every cosigned checkpoint of at most `size` leaves (0: all there are), with the proof that
    the log of `size` extends it. Raises LogRangeError for a size that the log never had."""
    size = size or head.size
    if size > head.size:
        raise logbook.LogRangeError(f"the log has {head.size} entries; ask about no more")
    return tuple(
        WitnessedHead(note, _proof(session, head, read_checkpoint(note).size, size))
        for note in notes(session, context, head, size, now)
    )


def _proof(session: Session, head: CountryRow, first: int, second: int) -> tuple[bytes, ...]:
    return logbook.consistency(session, head, first, second) if first else ()


def notes(
    session: Session, context: Context, head: CountryRow, size: int, now: datetime
) -> Iterator[str]:
    """The notes of every cosigned checkpoint of at most `size` leaves, the smallest first."""
    rows = sorted(_shown(session, context, head, now, size), key=lambda each: each.size)
    origin = context.server.origin(head.code)
    key = context.server.keys[head.code]
    for at, cosigned in groupby(rows, key=lambda each: each.size):
        checkpoint = Checkpoint(origin, at, logbook.root(session, head, at))
        note = sign_checkpoint(checkpoint, origin, key)
        yield with_cosignatures(note, (each.line for each in cosigned))


def _shown(
    session: Session, context: Context, head: CountryRow, now: datetime, size: int | None = None
) -> list[CosignatureRow]:
    """What is kept of whoever is a witness now, over at most `size` entries."""
    trust = context.trust_in(session, head.code)
    rows = cosignatures.newest(session, head.code, head.size if size is None else size, MOST_SHOWN)
    return [each for each in rows if trust.witness(each.witness, head.code, now) is not None]


def _demand_ours(session: Session, context: Context, head: CountryRow, offered: Checkpoint) -> None:
    origin = context.server.origin(head.code)
    if offered.origin != origin:
        raise CosignatureUnusableError(f"a checkpoint of another log than {origin}; send it there")
    if offered.size > head.size or offered.root != logbook.root(session, head, offered.size):
        raise AnotherHistoryError(
            f"no checkpoint of {offered.size} entries with this root was ever this log's; somebody"
            " shows two histories: keep both notes and tell the country's authority"
        )
