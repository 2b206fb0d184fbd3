"""Enrolment: proofs bind what they should, and invitations survive their QR code."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import MalformedError
from protocols.sealing.enrolment import (
    FIELDS,
    EnrolmentProofError,
    InvitationError,
    address_fault,
    check_proof,
    invitation_from_uri,
    invitation_to_uri,
    proof,
    short_code,
    transcript,
)

SECRET = bytes(range(32))
KEY = b"k" * 32
DIGEST = "d" * 64
WHOLE = ("invitation-1", KEY, DIGEST)
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
CHANGED = [
    (SECRET[::-1], *WHOLE),
    (SECRET, "invitation-2", KEY, DIGEST),
    (SECRET, "invitation-1", b"K" * 32, DIGEST),
    (SECRET, "invitation-1", KEY, "e" * 64),
]


def test_a_proof_is_hmac_sha_256_over_the_transcript() -> None:
    parts = [b"amana enrolment v1", b"invitation-1", KEY, DIGEST.encode()]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert transcript(*WHOLE) == message
    mac = hmac.new(SECRET, b"proof\0" + message, hashlib.sha256)
    assert proof(SECRET, *WHOLE) == mac.digest()
    code = hmac.new(SECRET, b"short code\0" + message, hashlib.sha256).digest()
    assert short_code(SECRET, *WHOLE) == str(int.from_bytes(code[:16], "big"))[-8:]


def test_a_proof_holds_for_exactly_its_values() -> None:
    check_proof(proof(SECRET, *WHOLE), SECRET, *WHOLE)
    for values in CHANGED:
        with pytest.raises(EnrolmentProofError):
            check_proof(proof(*values), SECRET, *WHOLE)
    for damaged in (b"", proof(SECRET, *WHOLE)[:-1], bytes(32)):
        with pytest.raises(EnrolmentProofError):
            check_proof(damaged, SECRET, *WHOLE)


def test_the_short_code_changes_with_every_part() -> None:
    codes = [short_code(SECRET, *WHOLE), *(short_code(*values) for values in CHANGED)]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 8 and code.isdecimal() for code in codes)


@settings(max_examples=40)
@given(st.binary(min_size=16, max_size=40), st.text(max_size=20))
def test_codes_keep_their_leading_zeros(secret: bytes, name: str) -> None:
    assert len(short_code(secret, name, KEY, DIGEST)) == 8


def test_parts_do_not_run_into_each_other() -> None:
    assert transcript("a", KEY, "bc") != transcript("ab", KEY, "c")


def test_weak_secrets_and_odd_keys_are_refused() -> None:
    with pytest.raises(InvitationError):
        proof(b"short", *WHOLE)
    with pytest.raises(MalformedError):
        transcript("invitation-1", b"short", DIGEST)


def test_an_invitation_survives_its_qr_code() -> None:
    uri = invitation_to_uri(PLAIN)
    assert uri.startswith("amana:enrol?v=1&id=invitation-1&")
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
        ("v=1", "v=2"),
        ("v=1&", ""),
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
