"""Checkpoints as signed notes: read as written, and opened only where a known key signed."""

from collections.abc import Iterator

from protocols.timeline.checkpoint import (
    Checkpoint,
    CheckpointError,
    UnsignedCheckpointError,
    open_checkpoint,
    origin_for,
    read_checkpoint,
    sign_checkpoint,
    signatures,
)
from tests.fuzz.fictional import DEVICE, SERVER
from tests.fuzz.target import DifferentError, Target, same, text_of

ORIGIN = origin_for("fictional-fuzz", "TN")
NAME = ORIGIN
KEYS = {NAME: bytes(SERVER.verify_key)}
SIGNED = tuple(Checkpoint(ORIGIN, size, bytes([size % 256]) * 32) for size in (0, 1, 5, 10**6))


def read(data: bytes) -> object:
    note = text_of(data)
    found = read_checkpoint(note)
    again = sign_checkpoint(found, NAME, SERVER)
    same(open_checkpoint(again, KEYS), found)
    signatures(note)
    opened = open_checkpoint(note, KEYS)
    if opened not in SIGNED:
        raise DifferentError(f"verified, and nobody signed it: {opened!r}")
    return opened


def seeds() -> Iterator[bytes]:
    for each in SIGNED:
        note = sign_checkpoint(each, NAME, SERVER)
        yield note.encode()
        other = sign_checkpoint(each, "fictional-witness", DEVICE).splitlines()[-1]
        yield f"{note}{other}\n".encode()


TARGET = Target(read, (CheckpointError, UnsignedCheckpointError), seeds, json=False)
