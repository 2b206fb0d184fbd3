"""Statements: RFC 8032's vectors, DSSE against another implementation, and every bit flip."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import from_json, to_json
from protocols.sealing.statement import (
    BadSignatureError,
    Signature,
    Statement,
    TooFewSignaturesError,
    UnknownKeyError,
    WrongTypeError,
    holds,
    keyid,
    pae,
    payload_type,
    sign,
    verify,
)

KIND = payload_type("event")
KEYS = [SigningKey(bytes([n]) * 32) for n in range(1, 4)]
PUBLIC = {keyid(bytes(key.verify_key)): bytes(key.verify_key) for key in KEYS}

# RFC 8032 section 7.1, tests 1, 2 and 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_rfc_8032(secret: str, public: str, message: str, signature: str) -> None:
    key = SigningKey(bytes.fromhex(secret))
    assert bytes(key.verify_key).hex() == public
    assert key.sign(bytes.fromhex(message)).signature.hex() == signature
    assert holds(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))
    assert not holds(bytes.fromhex(public), b"another", bytes.fromhex(signature))


def test_a_signature_with_an_unreduced_scalar_is_refused() -> None:
    _, public, message, signature = RFC_8032[1]
    order = 2**252 + 27742317777372353535851937790883648493
    point, scalar = bytes.fromhex(signature)[:32], bytes.fromhex(signature)[32:]
    greater = (int.from_bytes(scalar, "little") + order).to_bytes(32, "little")
    assert not holds(bytes.fromhex(public), bytes.fromhex(message), point + greater)


def test_pae_is_dsse_s_own_example() -> None:
    # DSSE protocol.md, "Test Vectors".
    encoded = pae("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("é", b"") == "DSSEv1 2 é 0 ".encode()


def test_keyid_is_short_lower_case_base32() -> None:
    name = keyid(bytes.fromhex(RFC_8032[0][1]))
    assert len(name) == 32
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert name == "eh7ddx5bksrgcytl7bkai36se4nxx3kl"
    with pytest.raises(MalformedError):
        keyid(b"short")


def test_securesystemslib_accepts_what_we_sign() -> None:
    statement = sign(KIND, {"hello": "wörld"}, *KEYS[:2])
    envelope = Envelope.from_dict(json.loads(to_json(statement)))
    theirs = [
        SSlibKey(name, "ed25519", "ed25519", {"public": public.hex()})
        for name, public in PUBLIC.items()
    ]
    assert set(envelope.verify(theirs, 2)) == {each.keyid for each in statement.signatures}
    assert envelope.pae() == pae(statement.payloadType, statement.payload)


def test_we_accept_what_securesystemslib_signs() -> None:
    signer = CryptoSigner.generate_ed25519()
    public = bytes.fromhex(signer.public_key.keyval["public"])
    envelope = Envelope(b'{"a":1}', KIND, {})
    envelope.sign(signer)
    statement = from_json(json.dumps(envelope.to_dict()).encode(), Statement)
    assert verify(statement, {signer.public_key.keyid: public}, payload_type=KIND) == b'{"a":1}'


def test_a_statement_is_read_back_as_it_was_written() -> None:
    statement = sign(KIND, b"any bytes \x00\xff", *KEYS)
    again = from_json(to_json(statement), Statement)
    assert again == statement
    assert verify(again, PUBLIC, 3, payload_type=KIND) == b"any bytes \x00\xff"


def test_the_digest_is_of_what_is_signed_not_of_who_signed() -> None:
    assert sign(KIND, b"x", KEYS[0]).digest == sign(KIND, b"x", *KEYS).digest
    assert sign(KIND, b"x", KEYS[0]).digest != sign(KIND, b"y", KEYS[0]).digest
    assert sign(KIND, b"x").digest != sign(payload_type("other"), b"x").digest


def test_the_same_key_twice_is_one_signature_of_a_threshold() -> None:
    statement = sign(KIND, b"x", KEYS[0], KEYS[0])
    assert verify(statement, PUBLIC, 1, payload_type=KIND) == b"x"
    with pytest.raises(TooFewSignaturesError):
        verify(statement, PUBLIC, 2, payload_type=KIND)


def test_one_key_under_two_names_is_one_key() -> None:
    key = KEYS[0]
    signature = sign(KIND, b"x", key).signatures[0]
    twice = Statement(KIND, b"x", (signature, Signature("another", signature.sig)))
    names = {signature.keyid: bytes(key.verify_key), "another": bytes(key.verify_key)}
    with pytest.raises(TooFewSignaturesError):
        verify(twice, names, 2, payload_type=KIND)


def test_strangers_signatures_do_not_count_and_do_not_harm() -> None:
    known = {keyid(bytes(KEYS[0].verify_key)): bytes(KEYS[0].verify_key)}
    assert verify(sign(KIND, b"x", *KEYS), known, payload_type=KIND) == b"x"
    with pytest.raises(TooFewSignaturesError):
        verify(sign(KIND, b"x", *KEYS), known, 2, payload_type=KIND)


def test_refusals_have_names() -> None:
    statement = sign(KIND, b"x", KEYS[0])
    with pytest.raises(WrongTypeError):
        verify(statement, PUBLIC, payload_type=payload_type("certificate"))
    with pytest.raises(UnknownKeyError):
        verify(statement, {}, payload_type=KIND)
    with pytest.raises(UnknownKeyError):
        verify(sign(KIND, b"x"), PUBLIC, payload_type=KIND)
    forged = Statement(KIND, b"y", statement.signatures)
    with pytest.raises(BadSignatureError):
        verify(forged, PUBLIC, payload_type=KIND)
    retyped = Statement(payload_type("other"), b"x", statement.signatures)
    with pytest.raises(BadSignatureError):
        verify(retyped, PUBLIC, payload_type=payload_type("other"))
    with pytest.raises(ValueError, match="threshold"):
        verify(statement, PUBLIC, 0, payload_type=KIND)


def test_a_good_signature_does_not_excuse_a_bad_one() -> None:
    first, second = sign(KIND, b"x", *KEYS[:2]).signatures
    mixed = Statement(KIND, b"x", (first, Signature(second.keyid, bytes(64))))
    with pytest.raises(BadSignatureError):
        verify(mixed, PUBLIC, payload_type=KIND)


WHOLE = to_json(sign(KIND, b'{"referral":"x"}', KEYS[0]))


def accepted(data: bytes) -> bytes:
    return verify(from_json(data, Statement), PUBLIC, payload_type=KIND)


def test_every_bit_flip_is_refused() -> None:
    assert accepted(WHOLE) == b'{"referral":"x"}'
    for position in range(len(WHOLE) * 8):
        damaged = bytearray(WHOLE)
        damaged[position // 8] ^= 1 << position % 8
        with pytest.raises(AmanaError):
            accepted(bytes(damaged))


def test_every_truncation_is_refused() -> None:
    for length in range(len(WHOLE)):
        with pytest.raises(AmanaError):
            accepted(WHOLE[:length])


@settings(max_examples=30)
@given(st.binary(), st.text(max_size=40))
def test_any_payload_and_type_round_trip(payload: bytes, name: str) -> None:
    statement = from_json(to_json(sign(name, payload, KEYS[1])), Statement)
    assert verify(statement, PUBLIC, payload_type=name) == payload
