"""Cosignatures in the form of C2SP tlog-cosignature, held against published facts and against a
few lines that know nothing of ours."""

import base64
import hashlib
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_sign_open
from nacl.signing import SigningKey

from protocols.errors import AmanaError
from protocols.timeline.checkpoint import (
    Checkpoint,
    CheckpointError,
    open_checkpoint,
    sign_checkpoint,
    signatures,
)
from protocols.timeline.cosignature import (
    FalseCosignatureError,
    Witnessed,
    cosign,
    cosignature_line,
    cosigned_message,
    cosigner_hash,
    cosigners,
    with_cosignatures,
    without_cosignatures,
    witness_keyid,
    witness_name,
    witnessed,
)

LOG = SigningKey(b"\x07" * 32)
WITNESS = SigningKey(b"\x08" * 32)
ORIGIN = "amana/fictional/tn"
NAME = witness_name("a" * 32)
KEYS = {NAME: bytes(WITNESS.verify_key)}
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 42, bytes(range(32))), ORIGIN, LOG)
COSIGNED = NOTE + cosign(NOTE, NAME, WITNESS, AT)

# The example in C2SP's tlog-cosignature.
EXAMPLE_TEXT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
)
EXAMPLE = (
    f"{EXAMPLE_TEXT}\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOo"
    "RDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZM"
    "HwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
# A witness's public key as its operator publishes it (transparency-dev/formats, note tests).
PUBLISHED_NAME = "remora.n621.de"
PUBLISHED_KEY = base64.b64decode("BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2")


def test_a_published_key_has_its_published_id() -> None:
    assert PUBLISHED_KEY[:1] == b"\x04"
    assert cosigner_hash(PUBLISHED_NAME, PUBLISHED_KEY[1:]).hex() == "da77ade7"


def test_the_published_example_is_read_to_the_second() -> None:
    log, witness = signatures(EXAMPLE)
    assert (log.name, witness.name) == ("example.com/behind-the-sofa", "witness.example.com/w1")
    assert len(witness.signature) == 72
    seconds = int.from_bytes(witness.signature[:8])
    assert seconds == 1679315147
    assert cosigned_message(EXAMPLE_TEXT, seconds) == (
        b"cosignature/v1\ntime 1679315147\n" + EXAMPLE_TEXT.encode()
    )
    assert witnessed(EXAMPLE, KEYS) == ()
    assert cosigners(EXAMPLE) == ()


def others_verdict(note: str, name: str, public_key: bytes) -> int:
    """The time that `name` cosigned at, by the words of the standard and nothing of ours."""
    text, _, tail = note.rpartition("\n\n")
    body = text.encode() + b"\n"
    (line,) = [each for each in tail.splitlines() if each.split(" ")[1] == name]
    raw = base64.b64decode(line.split(" ")[2])
    wanted = hashlib.sha256(name.encode() + b"\n\x04" + public_key).digest()[:4]
    assert raw[:4] == wanted
    (seconds,) = struct.unpack(">Q", raw[4:12])
    message = b"cosignature/v1\ntime %d\n" % seconds + body
    assert crypto_sign_open(raw[12:] + message, public_key) == message
    return int(seconds)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10**17),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 4_000_000_000),
)
def test_what_we_cosign_another_reader_verifies(
    size: int, root: bytes, seed: bytes, seconds: int
) -> None:
    key = SigningKey(seed)
    public = bytes(key.verify_key)
    note = sign_checkpoint(Checkpoint(ORIGIN, size, root), ORIGIN, LOG)
    at = datetime.fromtimestamp(seconds, UTC)
    note += cosign(note, NAME, key, at)
    assert others_verdict(note, NAME, public) == seconds
    assert witnessed(note, {NAME: public}) == (Witnessed(NAME, at),)


def test_a_cosigned_note_still_opens_for_who_knows_the_log_alone() -> None:
    assert open_checkpoint(COSIGNED, {ORIGIN: bytes(LOG.verify_key)}).size == 42
    assert witnessed(COSIGNED, KEYS) == (Witnessed(NAME, AT),)
    assert cosigners(COSIGNED) == ("a" * 32,)


def test_extension_lines_are_cosigned_too() -> None:
    note = NOTE.replace("\n\n", "\nan extension\n\n")
    note += cosign(note, NAME, WITNESS, AT)
    assert others_verdict(note, NAME, KEYS[NAME])
    with pytest.raises(FalseCosignatureError):
        witnessed(note.replace("extension", "extensiom"), KEYS)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 75), st.integers(0, 7))
def test_one_wrong_bit_is_refused_or_another_s(position: int, bit: int) -> None:
    """In the key's id it is nobody's that we know; anywhere else it is a lie under a known name."""
    head, _, last = COSIGNED.removesuffix("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(last))
    raw[position] ^= 1 << bit
    note = f"{head} {base64.b64encode(raw).decode()}\n"
    if position < 4:
        assert witnessed(note, KEYS) == ()
        return
    with pytest.raises(FalseCosignatureError):
        witnessed(note, KEYS)


@pytest.mark.parametrize("size", [0, 8, 63, 64, 71, 73, 200])
def test_another_length_under_a_known_key_is_false(size: int) -> None:
    raw = cosigner_hash(NAME, KEYS[NAME]) + bytes(size)
    note = f"{NOTE}— {NAME} {base64.b64encode(raw).decode()}\n"
    with pytest.raises(AmanaError) as refusal:
        witnessed(note, KEYS)
    assert isinstance(refusal.value, FalseCosignatureError | CheckpointError)


def test_a_time_that_no_calendar_has_is_false() -> None:
    signed = WITNESS.sign(cosigned_message(NOTE.partition("\n\n")[0] + "\n", 2**63)).signature
    raw = cosigner_hash(NAME, KEYS[NAME]) + (2**63).to_bytes(8) + signed
    with pytest.raises(FalseCosignatureError):
        witnessed(f"{NOTE}— {NAME} {base64.b64encode(raw).decode()}\n", KEYS)


def test_what_the_log_signs_is_no_cosignature_and_the_other_way_round() -> None:
    plain = sign_checkpoint(Checkpoint(ORIGIN, 42, bytes(range(32))), NAME, WITNESS)
    assert witnessed(plain, KEYS) == ()
    with pytest.raises(AmanaError):
        open_checkpoint(COSIGNED, KEYS)


def test_lines_are_added_once_and_taken_off_again() -> None:
    line = cosign(NOTE, NAME, WITNESS, AT)
    assert with_cosignatures(NOTE, [line, line]) == COSIGNED
    assert with_cosignatures(COSIGNED, [line]) == COSIGNED
    assert without_cosignatures(COSIGNED) == NOTE
    assert cosignature_line(COSIGNED, NAME) == line
    with pytest.raises(FalseCosignatureError):
        cosignature_line(NOTE, NAME)


@pytest.mark.parametrize("name", ["", "amana/witness/", "amana/witness/A", ORIGIN, "w" * 46])
def test_other_names_are_no_witness_of_ours(name: str) -> None:
    assert witness_keyid(name) is None
    assert witness_keyid(NAME) == "a" * 32


def test_only_checkpoints_are_cosigned() -> None:
    with pytest.raises(CheckpointError):
        cosign("not a note\n", NAME, WITNESS, AT)
