"""Section "Envelope": who takes what from whom."""

from datetime import datetime

from . import age, padding
from .plain import RefusedError, read, unbase64
from .statements import opened
from .trust import Store

CASE = "application/vnd.amana.sealed-case.v1+json"
MESSAGE = "application/vnd.amana.sealed-message.v1+json"
SHARE = "application/vnd.amana.sealed-share.v1+json"
TYPES = {"referral": CASE, "share": SHARE}


def take(
    file: bytes, identity: str, *, store: Store, me: str, referral: str, now: datetime
) -> dict:
    """The payload of a case or message, out of a colleague's hands where one sealed it on."""
    statement = read(padding.inside(age.open_file(file, identity)))
    payload, sender = _checked(statement, store, me, referral, now)
    if payload["purpose"] != "share":
        return payload
    if sender["role"] != "provider_staff" or sender["organisation"] != me:
        raise RefusedError("sender_role")
    case, _ = _checked(payload["content"]["case"], store, me, referral, now)
    if case["purpose"] != "referral":
        raise RefusedError("wrong_type")
    if case["consent"] != payload["consent"]:
        raise RefusedError("another_case")
    return case


def _checked(
    statement: dict, store: Store, me: str, referral: str, now: datetime
) -> tuple[dict, dict]:
    if len(statement["signatures"]) != 1:
        raise RefusedError("bad_signature")
    sender = store.device(statement["signatures"][0]["keyid"], now)
    if sender["role"] not in ("field_worker", "provider_staff"):
        raise RefusedError("sender_role")
    kind = statement["payloadType"]
    if kind not in (CASE, MESSAGE, SHARE):
        raise RefusedError("wrong_type")
    payload = read(opened(statement, [unbase64(each) for each in sender["keys"]], 1, kind))
    if TYPES.get(payload["purpose"], MESSAGE) != kind:
        raise RefusedError("wrong_type")
    if payload["sender"] != sender["subject"]:
        raise RefusedError("wrong_sender")
    if payload["referral"] != referral:
        raise RefusedError("wrong_referral")
    if me not in payload["recipients"]:
        raise RefusedError("not_for_me")
    return payload, sender
