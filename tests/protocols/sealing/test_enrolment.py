"""Enrolment: proofs bind what they should, and invitations survive their QR code."""

import hashlib
import hmac

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import MalformedError
from protocols.sealing.enrolment import (
    FIELDS,
    Claim,
    EnrolmentProofError,
    InvitationError,
    address_fault,
    check_proof,
    commit,
    file_code,
    invitation_from_uri,
    invitation_to_uri,
    opens,
    proof,
    short_code,
)

SECRET = bytes(range(32))
KEY = b"k" * 32
DIGEST = "d" * 64
LABEL = "Fictional phone"
NAMED = ("invitation-1", KEY, DIGEST, LABEL)
OPENED, DRAWN = bytes(range(32, 64)), bytes(range(64, 96))
PLAIN = {
    "id": "invitation-1",
    "secret": "AAEC+/8=",
    "server": "https://server.example:8443/",
    "root": "f" * 64,
    "organisation": "demo-shelter",
    "role": "provider_staff",
    "country": "TN",
    "expires": "2026-06-02T12:00:00Z",
}
CLAIM = Claim(*NAMED, commit(*NAMED, OPENED))
CHANGED = [
    (SECRET[::-1], CLAIM),
    (SECRET, evolve(CLAIM, invitation="invitation-2")),
    (SECRET, evolve(CLAIM, device_key=b"K" * 32)),
    (SECRET, evolve(CLAIM, sealing_digest="e" * 64)),
    (SECRET, evolve(CLAIM, label="Another phone")),
    (SECRET, evolve(CLAIM, commitment=bytes(32))),
]


def joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def mac(label: bytes, message: bytes) -> bytes:
    return hmac.new(SECRET, label + b"\0" + message, hashlib.sha256).digest()


def test_every_byte_is_as_the_protocol_page_says() -> None:
    named = [b"invitation-1", KEY, DIGEST.encode(), LABEL.encode()]
    commitment = hashlib.sha256(joined(b"amana enrolment v2 commitment", *named, OPENED)).digest()
    assert CLAIM.commitment == commitment
    transcript = joined(b"amana enrolment v2", *named, commitment)
    assert CLAIM.transcript == transcript
    assert proof(SECRET, CLAIM) == mac(b"proof", transcript)
    code = mac(b"short code", joined(transcript, OPENED, DRAWN))
    assert short_code(SECRET, CLAIM, OPENED, DRAWN) == str(int.from_bytes(code[:16], "big"))[-8:]
    by_file = mac(b"file code", transcript)
    assert file_code(SECRET, CLAIM) == str(int.from_bytes(by_file[:16], "big"))[-24:]


def test_a_proof_holds_for_exactly_its_values() -> None:
    check_proof(proof(SECRET, CLAIM), SECRET, CLAIM)
    for secret, claim in CHANGED:
        with pytest.raises(EnrolmentProofError):
            check_proof(proof(secret, claim), SECRET, CLAIM)
    for damaged in (b"", proof(SECRET, CLAIM)[:-1], bytes(32)):
        with pytest.raises(EnrolmentProofError):
            check_proof(damaged, SECRET, CLAIM)


def test_a_commitment_opens_to_its_number_alone_and_for_its_claim_alone() -> None:
    assert opens(CLAIM, OPENED)
    for wrong in (DRAWN, OPENED[:-1], OPENED + b"\0", b""):
        assert not opens(CLAIM, wrong)
    assert not any(opens(claim, OPENED) for _, claim in CHANGED[1:])


def test_the_codes_change_with_every_part() -> None:
    numbers = [(OPENED, DRAWN), (DRAWN, DRAWN), (OPENED, OPENED)]
    codes = [short_code(SECRET, CLAIM, *each) for each in numbers]
    codes += [short_code(secret, claim, OPENED, DRAWN) for secret, claim in CHANGED]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 8 and code.isdecimal() for code in codes)
    by_file = [file_code(SECRET, CLAIM), *(file_code(*each) for each in CHANGED)]
    assert len(set(by_file)) == len(by_file)
    assert all(len(code) == 24 and code.isdecimal() for code in by_file)


@settings(max_examples=40)
@given(st.binary(min_size=16, max_size=40), st.text(max_size=20))
def test_codes_keep_their_leading_zeros(secret: bytes, name: str) -> None:
    claim = evolve(CLAIM, invitation=name)
    assert len(short_code(secret, claim, OPENED, DRAWN)) == 8
    assert len(short_code(secret, claim, OPENED, DRAWN, digits=2)) == 2
    assert len(file_code(secret, claim)) == 24


def test_parts_do_not_run_into_each_other() -> None:
    one = Claim("a", KEY, "bc", "d", bytes(32))
    assert one.transcript != Claim("ab", KEY, "c", "d", bytes(32)).transcript
    assert one.transcript != Claim("a", KEY, "b", "cd", bytes(32)).transcript


def test_weak_secrets_and_odd_lengths_are_refused() -> None:
    with pytest.raises(InvitationError):
        proof(b"short", CLAIM)
    for wrong in ({"device_key": b"short"}, {"commitment": b"short"}):
        with pytest.raises(MalformedError):
            evolve(CLAIM, **wrong)
    with pytest.raises(MalformedError):
        commit(*NAMED, b"short")
    with pytest.raises(MalformedError):
        short_code(SECRET, CLAIM, OPENED, b"short")


def test_an_invitation_survives_its_qr_code() -> None:
    uri = invitation_to_uri(PLAIN)
    assert uri.startswith("amana:enrol?v=2&id=invitation-1&")
    assert uri.isascii()
    assert invitation_from_uri(uri) == PLAIN


@settings(max_examples=40)
@given(st.fixed_dictionaries({name: st.text(max_size=15) for name in FIELDS}))
def test_any_invitation_survives(plain: dict[str, str]) -> None:
    assert invitation_from_uri(invitation_to_uri(plain)) == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amana:", "https:"),
        ("v=2", "v=1"),
        ("v=2&", ""),
        ("&country=TN", ""),
        ("&country=TN", "&country=TN&country=MA"),
        ("&country=TN", "&country=TN&extra=1"),
        ("&country=TN", "&country"),
        ("country=TN", "country=%ff"),
    ],
)
def test_a_damaged_invitation_is_refused(old: str, new: str) -> None:
    uri = invitation_to_uri(PLAIN)
    assert old in uri
    with pytest.raises(InvitationError):
        invitation_from_uri(uri.replace(old, new, 1))


def test_an_incomplete_invitation_is_not_written() -> None:
    with pytest.raises(InvitationError):
        invitation_to_uri({name: PLAIN[name] for name in FIELDS[1:]})
    with pytest.raises(InvitationError):
        invitation_to_uri({**PLAIN, "extra": "x"})
    with pytest.raises(InvitationError):
        invitation_to_uri({**PLAIN, "role": None})
    with pytest.raises(InvitationError):
        invitation_to_uri({**PLAIN, "server": "https://" + "x" * 2000})
    with pytest.raises(InvitationError):
        invitation_from_uri("amana:enrol?" + "x" * 3000)


@pytest.mark.parametrize(
    ("server", "fault"),
    [
        ("https://amana.example.org", None),
        ("https://amana.example.org:8443/tn", None),
        ("https://[2001:db8::1]:65535", None),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
        ("http://amana.example.org", "unencrypted"),
        ("http://127.0.0.1.example.org", "unencrypted"),
        ("https://amana.example.org:65536", "unreachable"),
        ("https://user@amana.example.org", "unreachable"),
        ("https://amana.example.org/?q", "unreachable"),
        ("amana.example.org", "unreachable"),
        ("", "unreachable"),
    ],
)
def test_programme_and_phone_take_the_same_addresses(server: str, fault: str | None) -> None:
    assert address_fault(server) == fault
