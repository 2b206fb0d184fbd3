"""age beyond the vectors: what we write, what we refuse to write, and every bit flip."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.utils import random

from protocols.errors import AmanaError, MalformedError
from protocols.sealing.age import (
    MixedRecipientsError,
    NoMatchError,
    decrypt,
    decrypt_stream,
    encrypt,
    encrypt_stream,
)
from protocols.sealing.age_armor import AgeArmorError, ArmorWriter, armor, dearmor, looks_armored
from protocols.sealing.age_header import (
    LONGEST_HEADER,
    VERSION_LINE,
    AgeFormatError,
    AgeHeaderMacError,
    Stanza,
)
from protocols.sealing.age_keys import identity_from_text, read_identities, recipient_from_text
from protocols.sealing.age_scrypt import MAX_WORK_FACTOR, ScryptPassphrase
from protocols.sealing.age_stream import CHUNK, AgePayloadError
from protocols.sealing.age_x25519 import X25519Identity, X25519Recipient
from protocols.sealing.bech32 import Bech32Error

KEY = X25519Identity(bytes(range(32)))
OTHER = X25519Identity(bytes(range(1, 33)))
PASSPHRASE = ScryptPassphrase("correct horse (fictional)", 2)
# The share, the body and the MAC are 43 characters of base64 each.
HEADER_SIZE = len(b"age-encryption.org/v1\n-> X25519 \n\n--- \n") + 3 * 43
# C2SP CCTV's test identity for the x25519 vectors.
TEXT = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"


class Trickle:
    """A reader that gives at most a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, step: int) -> None:
        self._inner, self._step = BytesIO(data), step

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(self._step if size < 0 else min(size, self._step))

    def readline(self, size: int = -1) -> bytes:
        return self._inner.readline(size)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_sizes_around_chunks_round_trip(size: int) -> None:
    plain = random(size)
    sealed = encrypt(plain, [KEY.recipient], random)
    assert decrypt(sealed, [OTHER, KEY]) == plain
    chunks = max(1, -(-size // CHUNK))
    assert len(sealed) == HEADER_SIZE + 16 + size + 16 * chunks
    again, trickled = BytesIO(), Trickle(sealed, 1000)
    decrypt_stream(trickled, again, [KEY])  # type: ignore[arg-type]
    assert again.getvalue() == plain


@settings(max_examples=30)
@given(st.binary(max_size=2000), st.integers(1, 5))
def test_every_recipient_opens(plain: bytes, count: int) -> None:
    keys = [X25519Identity.generate() for _ in range(count)]
    sealed = encrypt(plain, [each.recipient for each in keys], random)
    assert [decrypt(sealed, [each]) for each in keys] == [plain] * count
    with pytest.raises(NoMatchError):
        decrypt(sealed, [KEY])


def test_sealing_twice_shares_nothing(make) -> None:
    first, second = (encrypt(b"same", [KEY.recipient], random) for _ in range(2))
    assert first.split(b"\n")[1:] != second.split(b"\n")[1:]
    entropy, same = make.entropy(), make.entropy()
    assert encrypt(b"x", [KEY.recipient], entropy) == encrypt(b"x", [KEY.recipient], same)


def test_a_passphrase_round_trips() -> None:
    sealed = encrypt(b"root key", [PASSPHRASE], random)
    assert decrypt(sealed, [KEY, ScryptPassphrase("correct horse (fictional)")]) == b"root key"
    with pytest.raises(NoMatchError):
        decrypt(sealed, [ScryptPassphrase("wrong horse")])


def test_what_age_forbids_to_mix_is_not_mixed() -> None:
    with pytest.raises(MixedRecipientsError):
        encrypt(b"x", [KEY.recipient, PASSPHRASE], random)
    with pytest.raises(MixedRecipientsError):
        encrypt(b"x", [PASSPHRASE, PASSPHRASE], random)
    with pytest.raises(MixedRecipientsError):
        encrypt(b"x", [], random)

    class FictionalStronger:
        kind, mixes_with, alone = "fictional", "fictional-stronger", False

        def wrap(self, file_key: bytes, entropy) -> Stanza:
            raise AssertionError("must be refused before anything is wrapped")

    with pytest.raises(MixedRecipientsError):
        encrypt(b"x", [KEY.recipient, FictionalStronger()], random)


def test_nothing_is_written_when_recipients_are_refused() -> None:
    written = BytesIO()
    with pytest.raises(MixedRecipientsError):
        encrypt_stream(BytesIO(b"x"), written, [], random)
    assert written.getvalue() == b""


def test_keys_as_text() -> None:
    identity = identity_from_text(TEXT)
    assert isinstance(identity, X25519Identity)
    assert identity.text == TEXT
    assert identity.recipient.text.startswith("age1")
    assert recipient_from_text(identity.recipient.text) == identity.recipient
    assert TEXT not in repr(identity)
    assert "secret" not in repr(identity)
    assert "correct" not in repr(PASSPHRASE)
    for wrong in (TEXT.lower(), TEXT[:-1], identity.recipient.text, "AGE-PLUGIN-1QQQQ", ""):
        with pytest.raises(MalformedError):
            identity_from_text(wrong)
    for wrong in (identity.recipient.text.upper(), TEXT, "age1", "ssh-ed25519 AAAA"):
        with pytest.raises(MalformedError):
            recipient_from_text(wrong)
    with pytest.raises(Bech32Error):
        recipient_from_text("age1qqqqqqqq")


def test_identity_files_may_have_comments() -> None:
    text = f"# created: 2026-01-01\n\n{TEXT}\r\n  {KEY.text}  \n"
    assert read_identities(text) == (identity_from_text(TEXT), KEY)
    with pytest.raises(AgeFormatError, match="line 2"):
        read_identities("# comment\nnonsense\n")
    with pytest.raises(AgeFormatError, match="without an identity"):
        read_identities("# only\n")


# RFC 7748's small-order points as libsodium refuses them.
LOW_ORDER = [
    "00" * 32,
    "01" + "00" * 31,
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
]


@pytest.mark.parametrize("point", LOW_ORDER)
def test_nothing_is_sealed_to_a_low_order_point(point: str) -> None:
    with pytest.raises(AgeFormatError, match="low order"):
        encrypt(b"x", [X25519Recipient(bytes.fromhex(point))], random)


def test_rfc_7748_public_key() -> None:
    # Section 5.2, the first step of the iterated test: the scalar 9 times the base point 9.
    nine = X25519Identity(bytes([9]) + bytes(31))
    once = "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    assert nine.recipient.public.hex() == once


def test_a_costly_passphrase_file_is_refused_unopened() -> None:
    with pytest.raises(MalformedError):
        ScryptPassphrase("x", MAX_WORK_FACTOR + 1)
    with pytest.raises(MalformedError):
        ScryptPassphrase("", 10)
    costly = Stanza("scrypt", ("AAAAAAAAAAAAAAAAAAAAAA", str(MAX_WORK_FACTOR + 1)), bytes(32))
    with pytest.raises(AgeFormatError, match="work factor"):
        PASSPHRASE.unwrap(costly)


def test_an_endless_header_is_refused() -> None:
    line = b"-> grease " + b"x" * 1000 + b"\n\n"
    endless = VERSION_LINE + line * (LONGEST_HEADER // len(line) + 2)
    with pytest.raises(AgeFormatError, match="more than"):
        decrypt(endless, [KEY])
    with pytest.raises(AgeFormatError):
        decrypt(VERSION_LINE + b"-> " + b"x" * 100_000, [KEY])


SEALED = encrypt(b"a short letter", [KEY.recipient, OTHER.recipient], random)


def test_every_bit_flip_of_a_file_is_refused() -> None:
    for position in range(len(SEALED) * 8):
        damaged = bytearray(SEALED)
        damaged[position // 8] ^= 1 << position % 8
        with pytest.raises(AmanaError):
            decrypt(bytes(damaged), [KEY])


def test_every_truncation_of_a_file_is_refused() -> None:
    for length in range(len(SEALED)):
        with pytest.raises(AmanaError):
            decrypt(SEALED[:length], [KEY])
    with pytest.raises(AgePayloadError):
        decrypt(SEALED + b"\0", [KEY])


def test_recipients_cannot_be_taken_out_or_added() -> None:
    lines = SEALED.split(b"\n")
    without = b"\n".join(lines[:3] + lines[5:])
    with pytest.raises(AgeHeaderMacError):
        decrypt(without, [KEY])
    with pytest.raises(AgeHeaderMacError):
        decrypt(b"\n".join(lines[:3] + lines[1:3] + lines[3:]), [KEY])


def test_chunks_cannot_be_reordered_or_dropped() -> None:
    plain = bytes(3 * CHUNK)
    sealed = encrypt(plain, [KEY.recipient], random)
    start, size = len(sealed) - 3 * (CHUNK + 16), CHUNK + 16
    head = sealed[:start]
    first, second, third = (sealed[start + n * size :][:size] for n in range(3))
    assert decrypt(head + first + second + third, [KEY]) == plain
    for wrong in (second + first + third, first + third, third, first + second):
        opened = BytesIO()
        with pytest.raises(AgePayloadError):
            decrypt_stream(BytesIO(head + wrong), opened, [KEY])
        assert plain.startswith(opened.getvalue())


@settings(max_examples=40)
@given(st.binary(max_size=400), st.integers(1, 100))
def test_armor_round_trips_however_it_is_written(data: bytes, step: int) -> None:
    text = armor(data)
    assert dearmor(text) == data
    assert looks_armored(text)
    assert max(map(len, text.splitlines())) <= 64
    pieces = BytesIO()
    with ArmorWriter(pieces) as writer:
        for at in range(0, len(data), step):
            writer.write(data[at : at + step])
    assert pieces.getvalue() == text
    assert not pieces.closed


def test_every_bit_flip_of_armor_is_refused_or_changes_the_file() -> None:
    text = armor(SEALED)
    for position in range(len(text) * 8):
        damaged = bytearray(text)
        damaged[position // 8] ^= 1 << position % 8
        with pytest.raises(AmanaError):
            decrypt(dearmor(bytes(damaged)), [KEY])


def test_every_truncation_of_armor_is_refused() -> None:
    text = armor(SEALED)
    assert dearmor(text[:-1]) == SEALED
    for length in range(len(text) - 1):
        with pytest.raises(AgeArmorError):
            dearmor(text[:length])
