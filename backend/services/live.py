"""What devices say of themselves between two snapshots: sealing keys and free places."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.services.callers import Caller
from backend.services.context import Context
from backend.store import directory
from backend.store.tables import LiveRow
from protocols.errors import AmanaError, MalformedError
from protocols.messages import CAPACITY_TYPE, FreePlaces
from protocols.plain import from_json, to_json
from protocols.sealing.age_hybrid import read_public
from protocols.sealing.age_x25519 import X25519Recipient
from protocols.sealing.certificate import SEALING_KEY_TYPE, SealingKey
from protocols.sealing.statement import Statement, keyid, verify

CLOCK_SLACK = timedelta(minutes=5)
LONGEST_SEALING_KEY = timedelta(days=31)
FURTHEST_AHEAD = timedelta(days=31)
MOST_AHEAD = 8
LARGEST_STATEMENT = 4 * 1024
"""Bytes of a live statement as JSON: every phone of the country downloads each of them."""


class NotYourStatementError(AmanaError):
    """A device that speaks for another device or provider."""

    code = "not_your_statement"


class LiveUnusableError(AmanaError):
    """A sealing key or capacity whose times, size or form cannot be right."""

    code = "live_unusable"


def check_sealing_key(statement: Statement, device_key: bytes, now: datetime) -> SealingKey:
    """The sealing key that the holder of `device_key` signed for itself, usable at `now` or soon.

    Raises the errors of `statement.verify`, NotYourStatementError, LiveUnusableError.
    """
    _check_form(statement)
    device = keyid(device_key)
    payload = verify(statement, {device: device_key}, payload_type=SEALING_KEY_TYPE)
    key = from_json(payload, SealingKey)
    if key.device != device:
        raise NotYourStatementError("a sealing key of another device; publish your own")
    if key.not_after <= now or key.not_after - key.not_before > LONGEST_SEALING_KEY:
        raise LiveUnusableError("a sealing key that is over, or valid over a month; make a new one")
    try:
        X25519Recipient.from_text(key.recipient)
        if key.hybrid is not None:
            read_public(key.hybrid)
    except MalformedError as error:
        raise LiveUnusableError(
            f"a sealing key that nobody could seal to ({error}); make a new one"
        ) from error
    if key.not_before > now + FURTHEST_AHEAD:
        raise LiveUnusableError("a sealing key that starts over a month ahead; publish it later")
    return key


def _check_form(statement: Statement) -> None:
    """One signature: a phone that holds a statement against the first name on it must find the
    true one there, and refuses a whole directory over a signature that does not fit."""
    if len(statement.signatures) != 1:
        raise LiveUnusableError("a statement without exactly one signature; sign it anew, alone")
    if (size := len(to_json(statement))) > LARGEST_STATEMENT:
        raise LiveUnusableError(
            f"a statement of {size} bytes; at most {LARGEST_STATEMENT} are published"
        )


def publish_sealing_key(
    session: Session, context: Context, caller: Caller, statement: Statement, now: datetime
) -> bool:
    """Store the caller's sealing key; False if it was known. Raises as `check_sealing_key`."""
    certificate = context.trust_in(session, caller.country).device(caller.keyid, now)
    key = check_sealing_key(statement, certificate.keys[0], now)
    context.locked_head(session, caller.country)
    return store_sealing_key(session, caller.country, key, statement, now)


def store_sealing_key(
    session: Session, country: str, key: SealingKey, statement: Statement, now: datetime
) -> bool:
    """Keep a checked sealing key among the country's live statements."""
    row = LiveRow(
        digest=statement.digest,
        country=country,
        device=key.device,
        kind="sealing-key",
        starts=key.not_before,
        ends=key.not_after,
        body=to_json(statement),
    )
    ahead = [
        each
        for each in directory.live(session, country, now)
        if each.device == key.device and each.kind == row.kind and each.starts > now
    ]
    if len(ahead) >= MOST_AHEAD and key.not_before > now:
        raise LiveUnusableError(f"{MOST_AHEAD} sealing keys ahead are enough; publish more later")
    return directory.put_live(session, row, now)


def publish_capacity(
    session: Session, context: Context, caller: Caller, statement: Statement, now: datetime
) -> bool:
    """Store how many places the caller's provider has; False if it was known.

    Raises the errors of `statement.verify`, NotYourStatementError, LiveUnusableError.
    """
    _check_form(statement)
    certificate = context.trust_in(session, caller.country).device(caller.keyid, now)
    payload = verify(statement, certificate.key_map, payload_type=CAPACITY_TYPE)
    capacity = from_json(payload, FreePlaces)
    if capacity.provider != caller.organisation:
        raise NotYourStatementError("the capacity of another provider; state your own")
    if capacity.stated > now + CLOCK_SLACK:
        raise LiveUnusableError("a capacity stated in the future; set the device's clock")
    context.locked_head(session, caller.country)
    row = LiveRow(
        digest=statement.digest,
        country=caller.country,
        device=caller.keyid,
        kind="capacity",
        starts=capacity.stated,
        ends=None,
        body=to_json(statement),
    )
    return directory.put_live(session, row, now)
