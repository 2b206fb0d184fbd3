"""What a device sealed for a provider, rightly signed whatever it says: opened, or refused by name.

An input is JSON: [signer's number, type's number, payload]; the harness signs, pads and seals it.
"""

from collections.abc import Iterator

from protocols.errors import MalformedError
from protocols.plain import dump_json, from_json, load_json, to_json, to_plain
from protocols.sealing.age import encrypt
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import UntrustedError
from protocols.sealing.envelope import (
    CASE_TYPE,
    MESSAGE_TYPE,
    NotForMeError,
    Sealed,
    WrongReferralError,
    open_envelope,
)
from protocols.sealing.padding import pad
from protocols.sealing.statement import StatementError, payload_type, sign
from protocols.sealing.truststore import TrustStore
from tests.fuzz.fictional import (
    DEVICE,
    KEYS,
    NOW,
    ORGANISATION,
    ROOT,
    entropy,
    key_id,
    statements,
)
from tests.fuzz.target import Target, same

TRUST = TrustStore.build(ROOT, statements())
IDENTITY = X25519Identity(bytes([7]) * 32)
TYPES = (CASE_TYPE, MESSAGE_TYPE, payload_type("event"))
REFERRAL = "a" * 26


def read(data: bytes) -> object:
    match load_json(data):
        case [int(signer), int(kind), payload]:
            body, key = dump_json(payload), KEYS[signer % len(KEYS)]
            inside = to_json(sign(TYPES[kind % len(TYPES)], body, key))
        case other:
            inside = dump_json(other)
    sealed = encrypt(pad(inside), [IDENTITY.recipient], entropy())
    opened = open_envelope(
        sealed, [IDENTITY], trust=TRUST, referral=REFERRAL, me=ORGANISATION, now=NOW
    )
    same(opened.sender.subject, key_id(DEVICE))
    same(from_json(to_json(opened.payload), Sealed), opened.payload)
    return opened


def seeds() -> Iterator[bytes]:
    for signer, kind, purpose in ((3, 0, "referral"), (3, 1, "question"), (2, 0, "referral")):
        payload = Sealed(
            referral=REFERRAL,
            sender=key_id(KEYS[signer]),
            recipients=(ORGANISATION,),
            purpose=purpose,
            created=NOW,
            consent="0" * 64,
            content={"fictional": ["needs", 1, None]},
        )
        yield dump_json([signer, kind, to_plain(payload)])
    yield dump_json(to_plain(sign(CASE_TYPE, payload, DEVICE, KEYS[2])))


TARGET = Target(
    read,
    (MalformedError, UntrustedError, StatementError, WrongReferralError, NotForMeError),
    seeds,
)
