"""Envelopes: what opens for whom, about which referral, sent by whom."""

from typing import Any

from protocols.errors import AmanaError
from protocols.plain import encode_base64, from_json
from protocols.sealing.age import decrypt
from protocols.sealing.envelope import open_envelope, seal
from protocols.sealing.padding import unpad
from protocols.sealing.sharing import Shared, as_shared, check_shared, read_shared, share
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore
from protocols.timeline.event import new_referral_id
from tools.vectors.cast import NORTH, SOUTH, START, id_of, identity, key, root, stream
from tools.vectors.trust import chain

REFERRAL = new_referral_id(stream("referral"))
OTHER = new_referral_id(stream("other referral"))
CONSENT = "c0" * 32
CONTENT = {"needs": {"services": ["shelter"], "urgency": "urgent"}}


def _sealed(by: str, name: str, **changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "referral": REFERRAL,
        "recipients": [NORTH],
        "purpose": "referral",
        "consent": CONSENT,
        **changes,
    }
    return seal(
        fields.pop("content", CONTENT),
        sender_key=key(by),
        age_recipients=[identity("north").recipient],
        now=START,
        entropy=stream(name),
        devices=[id_of("north")],
        **fields,
    )


def _shared(name: str, by: str, case: bytes, envelope: str) -> bytes:
    inside = from_json(unpad(decrypt(case, [identity("north")])), Statement)
    return share(
        as_shared(envelope, inside),
        referral=REFERRAL,
        provider=NORTH,
        consent=CONSENT,
        key=key(by),
        devices=[id_of("north")],
        age_recipients=[identity("north").recipient],
        now=START,
        entropy=stream(name),
    )


def make() -> dict[str, Any]:
    """`docs/vectors/envelopes.json`."""
    good = _sealed("inspector", "good")
    shared = _shared("shared", "north", good, "ab" * 32)
    question = _sealed(
        "north",
        "question",
        recipients=[id_of("inspector")],
        purpose="question",
        consent=None,
        content={"text": "?"},
    )
    cases = [
        ("a case", good, NORTH, REFERRAL),
        ("for another provider", good, SOUTH, REFERRAL),
        ("about another referral", good, NORTH, OTHER),
        ("sent by a coordinator", _sealed("coordinator", "coordinator"), NORTH, REFERRAL),
        ("sent by a stranger", _sealed("stranger", "stranger"), NORTH, REFERRAL),
        ("a question to a device", question, id_of("inspector"), REFERRAL),
        ("a case sealed on by a colleague", shared, NORTH, REFERRAL),
        (
            "a case sealed on by its sender",
            _shared("not staff", "inspector", good, "ab" * 32),
            NORTH,
            REFERRAL,
        ),
    ]
    return {
        "about": "Each `file` was sealed to `identity`. `error` null: whoever is `me` takes it,"
        " under the certificates of trust.json's first store, as of `now`, as `content` by"
        " `sender`; for a case sealed on, the content and sender of the case inside.",
        "identity": identity("north").text,
        "now": "2026-03-01T08:00:00Z",
        "envelopes": [_judged(*each) for each in cases],
    }


def _judged(name: str, data: bytes, me: str, referral: str) -> dict[str, Any]:
    try:
        sender, content = _taken(data, me, referral)
        error = None
    except AmanaError as refused:
        sender, content, error = None, None, refused.code
    return {
        "name": name,
        "file": encode_base64(data),
        "me": me,
        "referral": referral,
        "error": error,
        "sender": sender,
        "content": content,
    }


def _taken(data: bytes, me: str, referral: str) -> tuple[str, dict[str, Any]]:
    trust = TrustStore.build(root(), chain())
    opened = open_envelope(
        data, [identity("north")], trust=trust, referral=referral, me=me, now=START
    )
    if opened.payload.purpose == "share":
        found: Shared = read_shared(opened, me)
        opened = check_shared(opened, found, trust=trust, me=me, now=START)
    return opened.sender.subject, opened.payload.content
