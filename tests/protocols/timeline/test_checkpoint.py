"""Checkpoints in the form of C2SP tlog-checkpoint, held against Go's published note example."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey, VerifyKey

from protocols.errors import AmanaError
from protocols.timeline.checkpoint import (
    Checkpoint,
    CheckpointError,
    UnsignedCheckpointError,
    key_hash,
    open_checkpoint,
    origin_for,
    read_checkpoint,
    sign_checkpoint,
    signatures,
)

NAME = "amana/test-programme-fictional/tn"
KEY = SigningKey(b"\x07" * 32)
KEYS = {NAME: bytes(KEY.verify_key)}
CHECKPOINT = Checkpoint(NAME, 42, bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, NAME, KEY)

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
GO_KEY = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)


def test_the_published_note() -> None:
    assert key_hash("PeterNeumann", GO_KEY[1:]).hex() == "c74f20a3"
    (line,) = signatures(f"{GO_TEXT}\n— PeterNeumann {GO_SIGNATURE}\n")
    assert (line.name, line.key_hash.hex()) == ("PeterNeumann", "c74f20a3")
    VerifyKey(GO_KEY[1:]).verify(GO_TEXT.encode(), line.signature)


def test_a_signed_checkpoint_opens_again() -> None:
    assert open_checkpoint(NOTE, KEYS) == CHECKPOINT
    assert NOTE.splitlines()[:4] == [NAME, "42", base64.b64encode(bytes(range(32))).decode(), ""]


def test_a_witness_beside_the_log_is_kept_and_ignored() -> None:
    witness = sign_checkpoint(CHECKPOINT, "witness", SigningKey(b"\x08" * 32))
    cosigned = NOTE + witness.split("\n\n")[1]
    assert open_checkpoint(cosigned, KEYS) == CHECKPOINT
    assert [each.name for each in signatures(cosigned)] == [NAME, "witness"]


def test_extension_lines_are_signed_and_kept_out_of_the_way() -> None:
    text = CHECKPOINT.text + "an extension\n"
    raw = key_hash(NAME, KEYS[NAME]) + KEY.sign(text.encode()).signature
    note = f"{text}\n— {NAME} {base64.b64encode(raw).decode()}\n"
    assert open_checkpoint(note, KEYS) == CHECKPOINT


def test_a_foreign_key_is_not_enough() -> None:
    foreign = {NAME: bytes(SigningKey(b"\x09" * 32).verify_key)}
    for keys in ({}, foreign, {"other": KEYS[NAME]}):
        with pytest.raises(UnsignedCheckpointError):
            open_checkpoint(NOTE, keys)


@given(st.integers(min_value=0), st.integers(0, 7))
def test_one_wrong_bit_is_refused(position: int, bit: int) -> None:
    spoilt = bytearray(NOTE.encode())
    spoilt[position % len(spoilt)] ^= 1 << bit
    with pytest.raises((AmanaError, UnicodeDecodeError)):
        open_checkpoint(spoilt.decode(), KEYS)


@given(st.integers(0, len(NOTE) - 1))
def test_a_truncated_note_is_refused(length: int) -> None:
    with pytest.raises(AmanaError):
        open_checkpoint(NOTE[:length], KEYS)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        NOTE.replace("42", "042"),
        NOTE.replace("42", "-1"),
        NOTE.replace("42", "4 2"),
        NOTE.replace("\n", "\r\n"),
        NOTE + "\n",
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("— ", "- "),
        f"{NAME}\n42\nAAAA\n\n— {NAME} AAAAAAAA\n",
        f"{NAME}\n42\n\n— {NAME} AAAAAAAA\n",
        "x" * 70_000 + "\n",
    ],
)
def test_another_form_is_refused_by_name(note: str) -> None:
    with pytest.raises(CheckpointError):
        read_checkpoint(note)
        signatures(note)


def test_the_origin_is_a_key_name_whatever_the_programme_is_called() -> None:
    assert origin_for("Test Programme (fictional)", "TN") == NAME
    arabic = origin_for("أمانة", "EG")
    assert arabic.startswith("amana/")
    assert arabic.endswith("/eg")
    assert arabic != origin_for("إحالة", "EG")
    Checkpoint(arabic, 0, bytes(32))
    with pytest.raises(CheckpointError):
        Checkpoint("a name with spaces", 0, bytes(32))
