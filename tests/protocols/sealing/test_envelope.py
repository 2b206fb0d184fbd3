"""Envelopes, and what a dishonest server, recipient or colleague might try with them."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import AmanaError, MalformedError
from protocols.plain import from_json, to_json
from protocols.sealing.age import Identity, MixedRecipientsError, NoMatchError, decrypt, encrypt
from protocols.sealing.age_header import AgeFormatError
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import ExpiredError, RevokedError, Role, UnknownDeviceError
from protocols.sealing.envelope import (
    CASE_TYPE,
    MESSAGE_TYPE,
    NotForMeError,
    Sealed,
    SenderRoleError,
    WrongReferralError,
    WrongSenderError,
    open_envelope,
    seal,
)
from protocols.sealing.padding import PaddingError, pad, padded_size, unpad
from protocols.sealing.statement import (
    BadSignatureError,
    Statement,
    WrongTypeError,
    sign,
    verify,
)

SHELTER = X25519Identity(b"shelter mail key (fictional)....")
CLINIC = X25519Identity(b"clinic mail key (fictional).....")
REFERRAL = "a" * 26
CONTENT = {"identity": {"name": "Demo Person (fictional)"}, "notes": {"said": "سلام"}}


@pytest.fixture(scope="module")
def bench(world, make):
    """Seals and opens with one field bent at a time."""

    class Bench:
        def seal(self, **changes: Any) -> bytes:
            fields: dict[str, Any] = {
                "content": CONTENT,
                "referral": REFERRAL,
                "sender_key": world.worker,
                "recipients": ("demo-shelter",),
                "purpose": "referral",
                "consent": "c" * 64,
                "age_recipients": [SHELTER.recipient],
                "now": make.NOW,
                "entropy": make.entropy(),
            }
            fields.update(changes)
            return seal(fields.pop("content"), **fields)

        def open(self, data: bytes, identity: Identity = SHELTER, **changes: Any):
            fields: dict[str, Any] = {
                "trust": world.store(),
                "referral": REFERRAL,
                "me": "demo-shelter",
                "now": make.NOW,
            }
            return open_envelope(data, [identity], **{**fields, **changes})

        def statement(self, data: bytes) -> Statement:
            return from_json(unpad(decrypt(data, [SHELTER])), Statement)

        def reseal(self, statement: Statement, to: X25519Identity = SHELTER) -> bytes:
            return encrypt(pad(to_json(statement)), [to.recipient], make.entropy())

        def resign(self, signer, kind: str = CASE_TYPE, **changes: Any) -> bytes:
            payload = from_json(self.statement(self.seal()).payload, Sealed)
            return self.reseal(sign(kind, evolve(payload, **changes), signer))

    return Bench()


def test_an_envelope_arrives_whole(bench, world, make) -> None:
    opened = bench.open(bench.seal())
    assert opened.sender == world.certificates["worker"]
    assert opened.payload == Sealed(
        REFERRAL,
        make.keyid(world.worker),
        ("demo-shelter",),
        "referral",
        make.NOW,
        "c" * 64,
        CONTENT,
    )
    assert verify(opened.statement, {**opened.sender.key_map}, payload_type=CASE_TYPE)


def test_whoever_opens_it_learns_which_devices_could(bench, make, world) -> None:
    devices = (make.keyid(world.shelter), make.keyid(world.colleague))
    assert bench.open(bench.seal(devices=devices)).payload.devices == devices
    payload = bench.statement(bench.seal()).payload
    old = sign(CASE_TYPE, payload.replace(b'"devices":[],', b""), world.worker)
    assert b"devices" not in old.payload
    assert bench.open(bench.reseal(old)).payload.devices == ()
    for wrong in (("demo-shelter",), (devices[0], devices[0])):
        with pytest.raises(MalformedError):
            bench.seal(devices=wrong)


@pytest.mark.parametrize("purpose", ["feedback", "question", "answer"])
def test_a_message_back_goes_to_one_device(bench, world, make, purpose: str) -> None:
    worker = make.keyid(world.worker)
    data = bench.seal(sender_key=world.shelter, recipients=(worker,), purpose=purpose, consent=None)
    assert bench.statement(data).payloadType == MESSAGE_TYPE
    opened = bench.open(data, me=worker)
    assert opened.sender.organisation == "demo-shelter"
    with pytest.raises(NotForMeError):
        bench.open(data, me=make.keyid(world.colleague))


def test_several_recipients_open_the_same_envelope(bench) -> None:
    both = [SHELTER.recipient, CLINIC.recipient]
    data = bench.seal(recipients=("demo-shelter", "demo-clinic"), age_recipients=both)
    assert bench.open(data).payload == bench.open(data, CLINIC, me="demo-clinic").payload


def test_an_envelope_takes_hybrid_keys_and_never_both_kinds(bench) -> None:
    keys = [HybridIdentity(b"shelter hybrid key (fictional)..")]
    keys.append(HybridIdentity(b"clinic hybrid key (fictional)..."))
    data = bench.seal(age_recipients=[each.recipient for each in keys])
    assert [bench.open(data, each).payload.content for each in keys] == [CONTENT, CONTENT]
    with pytest.raises(NoMatchError):
        bench.open(data)
    with pytest.raises(MixedRecipientsError):
        bench.seal(age_recipients=[SHELTER.recipient, keys[0].recipient])


@settings(max_examples=25)
@given(text=st.text(max_size=800))
def test_only_the_padme_size_of_the_whole_shows(bench, text: str) -> None:
    data = bench.seal(content={"notes": {"text": text}})
    assert bench.open(data).payload.content["notes"]["text"] == text
    inside = len(to_json(bench.statement(data)))
    header, nonce, tag = 168, 16, 16
    assert len(data) == header + nonce + tag + padded_size(inside)


def test_nobody_else_opens_it(bench) -> None:
    with pytest.raises(NoMatchError):
        bench.open(bench.seal(), CLINIC)
    with pytest.raises(MixedRecipientsError):
        bench.seal(age_recipients=[])


def test_another_certified_device_cannot_pose_as_the_sender(bench, world) -> None:
    with pytest.raises(WrongSenderError):
        bench.open(bench.resign(world.colleague))


def test_a_name_changed_after_signing_is_noticed(bench, world, make) -> None:
    statement = bench.statement(bench.seal())
    old, new = make.keyid(world.worker).encode(), make.keyid(world.colleague).encode()
    renamed = evolve(statement, payload=statement.payload.replace(old, new))
    with pytest.raises(BadSignatureError):
        bench.open(bench.reseal(renamed))
    (signature,) = renamed.signatures
    claimed = evolve(renamed, signatures=(evolve(signature, keyid=new.decode()),))
    with pytest.raises(BadSignatureError):
        bench.open(bench.reseal(claimed))


def test_a_recipient_cannot_pass_it_on_as_meant_for_another(bench) -> None:
    forwarded = bench.reseal(bench.statement(bench.seal()), to=CLINIC)
    with pytest.raises(NotForMeError):
        bench.open(forwarded, CLINIC, me="demo-clinic")


def test_swapped_recipients_are_noticed(bench) -> None:
    statement = bench.statement(bench.seal())
    swapped = evolve(statement, payload=statement.payload.replace(b"demo-shelter", b"demo-clinic"))
    with pytest.raises(BadSignatureError):
        bench.open(bench.reseal(swapped, to=CLINIC), CLINIC, me="demo-clinic")


def test_an_envelope_belongs_to_its_referral(bench) -> None:
    with pytest.raises(WrongReferralError):
        bench.open(bench.seal(), referral="b" * 26)


def test_a_sender_no_longer_trusted_is_refused(bench, world, make) -> None:
    data = bench.seal()
    for name in ("worker", "inspectors", "tn"):
        with pytest.raises(RevokedError):
            bench.open(data, trust=world.store(world.revoke(name)))
        before = world.store(world.revoke(name, make.NOW + make.DAY))
        assert bench.open(data, trust=before).payload.referral == REFERRAL
    with pytest.raises(ExpiredError):
        bench.open(data, now=make.NOW + 201 * make.DAY)
    with pytest.raises(UnknownDeviceError):
        bench.open(data, trust=world.store(without=("worker",)))
    with pytest.raises(UnknownDeviceError):
        bench.open(bench.seal(sender_key=make.key("stranger")))


def test_a_device_of_a_foreign_organisation_is_refused(bench, world, make) -> None:
    phone = make.key("border phone")
    foreign = make.device(phone, Role.PROVIDER_STAFF, "TN", "demo-clinic")
    with pytest.raises(AmanaError) as caught:
        bench.open(bench.seal(sender_key=phone), trust=world.store(world.issue(foreign)))
    assert caught.value.code == "wrong_issuer"


def test_servers_coordinators_and_authorities_send_none(bench, world) -> None:
    for key in (world.server, world.coordinator):
        with pytest.raises(SenderRoleError):
            bench.open(bench.seal(sender_key=key))
    with pytest.raises(UnknownDeviceError):
        bench.open(bench.seal(sender_key=world.tn))


def test_types_and_purposes_are_not_confused(bench, world) -> None:
    with pytest.raises(WrongTypeError):
        bench.open(bench.resign(world.worker, kind=MESSAGE_TYPE))
    with pytest.raises(WrongTypeError):
        bench.open(bench.resign(world.worker, kind="application/vnd.amana.event.v1+json"))
    with pytest.raises(WrongTypeError):
        bench.open(bench.reseal(world.statements["worker"]))
    with pytest.raises(WrongTypeError):
        bench.open(bench.resign(world.worker, purpose="feedback"))
    with pytest.raises(MalformedError):
        bench.open(bench.reseal(sign(CASE_TYPE, {"hello": 1}, world.worker)))


def test_one_envelope_has_one_signature(bench, world) -> None:
    statement = bench.statement(bench.seal())
    (own,) = statement.signatures
    payload = from_json(statement.payload, Sealed)
    (other,) = sign(CASE_TYPE, payload, world.colleague).signatures
    for signatures in ((own, other), (own, own), ()):
        with pytest.raises(BadSignatureError):
            bench.open(bench.reseal(evolve(statement, signatures=signatures)))


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "advertising"},
        {"recipients": ()},
        {"recipients": ("demo-shelter", "demo-shelter")},
        {"recipients": ("Not A Slug",)},
        {"referral": ""},
        {"consent": "yes"},
    ],
)
def test_nonsense_is_not_sealed(bench, changes: dict[str, Any]) -> None:
    with pytest.raises((MalformedError, KeyError)) as caught:
        bench.seal(**changes)
    assert isinstance(caught.value, MalformedError)


def test_unpadded_or_plain_content_is_refused(bench, make) -> None:
    inside = to_json(bench.statement(bench.seal()))
    to = [SHELTER.recipient]
    with pytest.raises(PaddingError):
        bench.open(encrypt(inside, to, make.entropy()))
    with pytest.raises(PaddingError):
        bench.open(encrypt(pad(inside)[:-1] + b"\1", to, make.entropy()))
    with pytest.raises(MalformedError):
        bench.open(encrypt(pad(b"not json"), to, make.entropy()))
    with pytest.raises(AgeFormatError):
        bench.open(pad(inside))


@settings(max_examples=150)
@given(position=st.integers(min_value=0), cut=st.booleans())
def test_any_bit_flip_or_truncation_is_refused(bench, position: int, cut: bool) -> None:
    data = bytearray(bench.seal())
    if cut:
        data = data[: position % len(data)]
    else:
        position %= len(data) * 8
        data[position // 8] ^= 1 << position % 8
    with pytest.raises(AmanaError):
        bench.open(bytes(data))
