"""Envelopes: what one device tells others about a referral, signed, padded, then sealed with age.

The signature inside names the sender, the recipients, the referral, the purpose and the consent,
so that no recipient can pass an envelope on as if it were meant for another, and nobody can sign
another's words anew.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import Entropy, from_json, to_json
from protocols.sealing.age import Identity, Recipient, decrypt, encrypt
from protocols.sealing.certificate import Certificate, Role, UntrustedError, is_keyid, is_slug
from protocols.sealing.padding import pad, unpad
from protocols.sealing.statement import (
    BadSignatureError,
    Statement,
    WrongTypeError,
    keyid,
    payload_type,
    sign,
    verify,
)
from protocols.sealing.truststore import TrustStore

CASE_TYPE = payload_type("sealed-case")
MESSAGE_TYPE = payload_type("sealed-message")
SHARED_TYPE = payload_type("sealed-share")
TYPES = {
    "referral": CASE_TYPE,
    "feedback": MESSAGE_TYPE,
    "question": MESSAGE_TYPE,
    "answer": MESSAGE_TYPE,
    "share": SHARED_TYPE,
}
"""Each purpose's payload type: a case for a provider, a message about one, or a case that a device
of the provider seals on to its colleagues (`protocols.sealing.sharing`)."""
SENDERS = (Role.FIELD_WORKER, Role.PROVIDER_STAFF)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class WrongReferralError(AmanaError):
    """An envelope about another referral than the one it came with."""

    code = "wrong_referral"


class NotForMeError(AmanaError):
    """An envelope whose sender did not mean it for this recipient."""

    code = "not_for_me"


class WrongSenderError(BadSignatureError):
    """An envelope signed by another device than the one it names as its sender."""

    code = "wrong_sender"


class SenderRoleError(UntrustedError):
    """An envelope from a device whose role sends none."""

    code = "sender_role"


def _need(holds: bool, wrong: str) -> None:
    if not holds:
        raise MalformedError(f"{wrong}; refuse the envelope")


@frozen
class Sealed:
    """What is signed. `sender` is a keyid; `recipients` organisation ids, or one device's keyid
    for a message back; `purpose` a key of `TYPES`; `consent` the consent record's digest;
    `content` plain JSON; `devices` the keyids whose sealing keys it was sealed to, so that whoever
    opens it knows who else could (empty: not said)."""

    referral: str
    sender: str
    recipients: tuple[str, ...]
    purpose: str
    created: datetime
    consent: str | None
    content: dict[str, Any] = field(repr=False)
    devices: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        _need(bool(self.referral), "an envelope about no referral")
        _need(self.purpose in TYPES, f"an envelope for the purpose {self.purpose[:40]!r}")
        _need(bool(self.recipients), "an envelope for nobody")
        _need(len(set(self.recipients)) == len(self.recipients), "a recipient named twice")
        _need(all(map(_is_addressee, self.recipients)), "a recipient that is no id")
        _need(_fits_digest(self.consent), "a consent that is no hex SHA-256")
        _need(all(map(is_keyid, self.devices)), "a device that is no key id")
        _need(len(set(self.devices)) == len(self.devices), "a device named twice")


def _is_addressee(text: str) -> bool:
    return is_slug(text) or is_keyid(text)


def _fits_digest(text: str | None) -> bool:
    return text is None or bool(_DIGEST.fullmatch(text))


@frozen
class Opened:
    """An envelope that was checked: who sent it, as certified, what it says, and the statement in
    which its sender signed that."""

    sender: Certificate
    payload: Sealed
    statement: Statement = field(repr=False)


def seal(
    content: dict[str, Any],
    *,
    referral: str,
    sender_key: SigningKey,
    recipients: Sequence[str],
    purpose: str,
    consent: str | None,
    age_recipients: Sequence[Recipient],
    now: datetime,
    entropy: Entropy,
    devices: Sequence[str] = (),
) -> bytes:
    """One envelope as a binary age file: `content` signed by `sender_key`, padded, and sealed to
    `age_recipients`, the current keys of every active device of the `recipients`; `devices` are
    these devices' keyids.

    Raises MalformedError or MixedRecipientsError.
    """
    payload = Sealed(
        referral=referral,
        sender=keyid(bytes(sender_key.verify_key)),
        recipients=tuple(recipients),
        purpose=purpose,
        created=now,
        consent=consent,
        content=content,
        devices=tuple(devices),
    )
    statement = sign(TYPES[purpose], payload, sender_key)
    return encrypt(pad(to_json(statement)), age_recipients, entropy)


def open_envelope(
    data: bytes,
    identities: Sequence[Identity],
    *,
    trust: TrustStore,
    referral: str,
    me: str,
    now: datetime,
) -> Opened:
    """Open and check an envelope that came with `referral` for `me` (an organisation's id, or the
    device's keyid for a message back).

    `now` is the moment at which the sender must be trusted: the time at which the server received
    it where the log proves one, otherwise the present. Raises age's errors (NoMatchError,
    AgeIntegrityError, AgeFormatError), PaddingError, MalformedError, WrongTypeError,
    BadSignatureError (WrongSenderError when signed by another than the sender it names),
    UntrustedError, WrongReferralError, NotForMeError.
    """
    statement = from_json(unpad(decrypt(data, identities)), Statement)
    return check_envelope(statement, trust=trust, referral=referral, me=me, now=now)


def check_envelope(
    statement: Statement, *, trust: TrustStore, referral: str, me: str, now: datetime
) -> Opened:
    """The checks of `open_envelope` on what was sealed inside. Raises as it does."""
    if statement.payloadType not in TYPES.values():
        raise WrongTypeError("a sealed statement that is no envelope; refuse it")
    if len(statement.signatures) != 1:
        raise BadSignatureError("an envelope has exactly one signature; refuse it")
    sender = trust.device(statement.signatures[0].keyid, now)
    if sender.role not in SENDERS:
        raise SenderRoleError(f"a {sender.role} sends no envelopes; refuse it")
    signed = verify(statement, sender.key_map, payload_type=statement.payloadType)
    payload = from_json(signed, Sealed)
    _check_payload(payload, statement, sender)
    if payload.referral != referral:
        raise WrongReferralError("this envelope is about another referral; refuse it")
    if me not in payload.recipients:
        raise NotForMeError("its sender did not mean this envelope for you; refuse it")
    return Opened(sender, payload, statement)


def _check_payload(payload: Sealed, statement: Statement, sender: Certificate) -> None:
    if TYPES[payload.purpose] != statement.payloadType:
        raise WrongTypeError(f"an envelope for {payload.purpose} of another type; refuse it")
    if payload.sender != sender.subject:
        raise WrongSenderError("another device signed this in its sender's name; refuse it")
