"""age's hybrid recipients beyond the vectors: what we write and refuse to write, and every flip."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.utils import random

from protocols.errors import AmanaError, MalformedError
from protocols.sealing import bech32
from protocols.sealing.age import MixedRecipientsError, NoMatchError, decrypt, encrypt_stream
from protocols.sealing.age import encrypt as seal
from protocols.sealing.age_header import (
    AgeFormatError,
    AgeHeaderMacError,
    Stanza,
    decode_unpadded,
    encode_unpadded,
)
from protocols.sealing.age_hybrid import (
    ENCAPSULATED_BYTES,
    KIND,
    PUBLIC_BYTES,
    HybridIdentity,
    HybridRecipient,
)
from protocols.sealing.age_keys import identity_from_text, read_identities, recipient_from_text
from protocols.sealing.age_scrypt import ScryptPassphrase
from protocols.sealing.age_stream import CHUNK
from protocols.sealing.age_x25519 import X25519Identity, X25519Recipient
from protocols.sealing.bech32 import Bech32Error

KEY = HybridIdentity(bytes(range(32)))
OTHER = HybridIdentity(bytes(range(1, 33)))
CLASSIC = X25519Identity(bytes(range(32)))
# C2SP's example in age.md: an identity, and how its recipient begins and ends (a checksum).
TEXT = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
BEGINS = "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5z"
ENDS = "9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k"


@settings(max_examples=15)
@given(st.binary(max_size=2000), st.integers(1, 4))
def test_every_recipient_opens_and_nobody_else(plain: bytes, count: int) -> None:
    keys = [HybridIdentity.generate() for _ in range(count)]
    sealed = seal(plain, [each.recipient for each in keys], random)
    assert [decrypt(sealed, [OTHER, each]) for each in keys] == [plain] * count
    with pytest.raises(NoMatchError):
        decrypt(sealed, [KEY, OTHER, CLASSIC])


@pytest.mark.parametrize("size", [0, CHUNK, CHUNK + 1])
def test_sizes_are_as_reckoned(size: int) -> None:
    sealed = seal(bytes(size), [KEY.recipient, OTHER.recipient], random)
    assert decrypt(sealed, [OTHER]) == bytes(size)
    stanza = len(f"-> {KIND} ") + 1494 + 1 + 43 + 1
    header = len(b"age-encryption.org/v1\n--- \n") + 2 * stanza + 43
    assert len(sealed) == header + 16 + size + 16 * max(1, -(-size // CHUNK))


def test_sealing_twice_shares_nothing_even_with_the_same_entropy(make) -> None:
    entropy, same = make.entropy(), make.entropy()
    first, second = (seal(b"x", [KEY.recipient], each) for each in (entropy, same))
    assert first.split(b"\n")[1] != second.split(b"\n")[1]


SEALED = seal(b"a short letter", [OTHER.recipient, KEY.recipient], random)


@settings(max_examples=300)
@given(st.integers(0, len(SEALED) * 8 - 1))
def test_one_flipped_bit_anywhere_is_refused(position: int) -> None:
    damaged = bytearray(SEALED)
    damaged[position // 8] ^= 1 << position % 8
    with pytest.raises(AmanaError):
        decrypt(bytes(damaged), [KEY])


@settings(max_examples=60)
@given(st.integers(0, len(SEALED) - 1))
def test_every_truncation_is_refused(length: int) -> None:
    with pytest.raises(AmanaError):
        decrypt(SEALED[:length], [KEY])


def test_what_a_quantum_computer_opens_shares_no_file_with_what_it_does_not() -> None:
    hybrid, classic = KEY.recipient, CLASSIC.recipient
    written = BytesIO()
    for mixed in ([hybrid, classic], [classic, hybrid], [hybrid, OTHER.recipient, classic]):
        with pytest.raises(MixedRecipientsError, match="X25519, mlkem768x25519"):
            encrypt_stream(BytesIO(b"x"), written, mixed, random)
    with pytest.raises(MixedRecipientsError):
        encrypt_stream(BytesIO(b"x"), written, [hybrid, ScryptPassphrase("x", 2)], random)
    assert written.getvalue() == b""


def test_a_stanza_cannot_be_taken_out_doubled_or_added() -> None:
    version, first, body, second, body2, rest = SEALED.split(b"\n", 5)
    for stanzas in (
        (second, body2),
        (first, body, second, body2, second, body2),
        (second, body2, first, body),
        (first, body, second, body2, b"-> grease", b""),
    ):
        with pytest.raises(AgeHeaderMacError):
            decrypt(b"\n".join((version, *stanzas, rest)), [KEY])
    twice = seal(b"x", [KEY.recipient, KEY.recipient], random)
    assert decrypt(twice, [KEY]) == b"x"


def test_keys_as_text() -> None:
    identity = identity_from_text(TEXT)
    assert isinstance(identity, HybridIdentity)
    assert identity.text == TEXT
    text = identity.recipient.text
    assert len(text) == 1959
    assert text.startswith(BEGINS)
    assert text.endswith(ENDS)
    assert recipient_from_text(text) == identity.recipient
    assert repr(identity) == "HybridIdentity()"


@settings(max_examples=30)
@given(st.binary(min_size=32, max_size=32))
def test_any_identity_is_read_back(seed: bytes) -> None:
    identity = HybridIdentity(seed)
    assert identity_from_text(identity.text) == identity
    assert recipient_from_text(identity.recipient.text) == identity.recipient


def as_text(prefix: str, data: bytes) -> str:
    return bech32.encode(prefix, data)


def test_a_key_of_another_kind_length_or_case_is_refused() -> None:
    public = KEY.recipient.public
    for wrong in (
        as_text("age1pq", public[:-1]),
        as_text("age1pq", public + b"\0"),
        as_text("age1pq", bytes(32)),
        as_text("age", public),
        as_text("age1tagpq", public),
        KEY.recipient.text.upper(),
        KEY.recipient.text[:-1],
        KEY.text,
        "age1pq1",
        as_text("age1pq", public * 2),
    ):
        with pytest.raises(MalformedError):
            recipient_from_text(wrong)
    for wrong in (
        as_text("age-secret-key-pq-", KEY.seed[:-1]).upper(),
        as_text("age-secret-key-pq-", KEY.seed * 2).upper(),
        KEY.text.lower(),
        KEY.recipient.text,
        "AGE-SECRET-KEY-PQ-1",
    ):
        with pytest.raises(MalformedError):
            identity_from_text(wrong)
    for read in (X25519Recipient.from_text, HybridRecipient.from_text):
        other = KEY.recipient.text if read == X25519Recipient.from_text else CLASSIC.recipient.text
        with pytest.raises(AgeFormatError):
            read(other)
    with pytest.raises(Bech32Error, match="more than"):
        recipient_from_text("age1pq1" + "q" * 100_000)


def test_an_identity_file_holds_both_kinds() -> None:
    text = f"# both kinds\n{KEY.text}\n{CLASSIC.text}\n"
    assert read_identities(text) == (KEY, CLASSIC)


def test_nothing_is_sealed_to_a_key_that_nobody_holds() -> None:
    public = KEY.recipient.public
    for wrong, why in (
        (public[:-32] + bytes(32), "low order"),  # X25519's point
        (public[:-32] + bytes([1, *[0] * 31]), "low order"),
        (b"\xff" * 3 + public[3:], "nobody could seal to"),  # FIPS 203: coefficients under q
    ):
        with pytest.raises(AgeFormatError, match=why):
            HybridRecipient.from_text(as_text("age1pq", wrong))
        with pytest.raises(AgeFormatError):
            seal(b"x", [HybridRecipient(wrong)], random)


STANZA = KEY.recipient.wrap(bytes(16), random)
SHARE = decode_unpadded(STANZA.arguments[0])


def test_a_stanza_that_breaks_its_rules_is_refused_before_it_is_tried() -> None:
    assert KEY.unwrap(STANZA) == bytes(16)
    assert OTHER.unwrap(STANZA) is None
    assert CLASSIC.unwrap(STANZA) is None
    assert KEY.unwrap(Stanza(KIND.upper(), STANZA.arguments, STANZA.body)) is None
    for arguments, body in (
        ((), STANZA.body),
        ((*STANZA.arguments, "more"), STANZA.body),
        ((encode_unpadded(SHARE[:-1]),), STANZA.body),
        ((encode_unpadded(SHARE + b"\0"),), STANZA.body),
        ((encode_unpadded(SHARE[:32]),), STANZA.body),
        ((encode_unpadded(SHARE[:-32] + bytes(32)),), STANZA.body),
        ((STANZA.arguments[0] + "==",), STANZA.body),
        ((STANZA.arguments[0][:-1] + chr(ord(STANZA.arguments[0][-1]) + 1),), STANZA.body),
        (STANZA.arguments, STANZA.body + b"\0"),
        (STANZA.arguments, b""),
    ):
        with pytest.raises(AgeFormatError):
            KEY.unwrap(Stanza(KIND, arguments, body))


def test_lengths_are_the_specifications() -> None:
    assert (len(KEY.recipient.public), len(SHARE), len(STANZA.body)) == (1216, 1120, 32)
    assert (PUBLIC_BYTES, ENCAPSULATED_BYTES) == (1216, 1120)
