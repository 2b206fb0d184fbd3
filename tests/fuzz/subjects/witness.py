"""Requests to a witness: read as written, and a history that it did not see extended is never
taken. A request is judged by one who has seen 5 leaves."""

from collections.abc import Iterator

from protocols.timeline.checkpoint import (
    Checkpoint,
    CheckpointError,
    UnsignedCheckpointError,
    origin_for,
    sign_checkpoint,
)
from protocols.timeline.cosignature import FalseCosignatureError, cosign, witness_name, witnessed
from protocols.timeline.merkle import ProofError, consistency_proof, root_at
from protocols.timeline.witness import (
    SizeConflictError,
    UnknownLogError,
    WitnessRequest,
    WitnessRequestError,
    advance,
    read_request,
    write_request,
)
from tests.fuzz.fictional import DEVICE, NOW, SERVER
from tests.fuzz.subjects.merkle import stored
from tests.fuzz.target import DifferentError, Target, same

ORIGIN = origin_for("fictional-fuzz", "TN")
LOGS = {ORIGIN: [bytes(SERVER.verify_key)]}
NAME = witness_name("a" * 32)
WITNESSES = {NAME: bytes(DEVICE.verify_key)}


def at(size: int) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root_at(size, stored))


SIGNED = {size: at(size) for size in (5, 6, 9, 64)}


def read(data: bytes) -> object:
    request = read_request(data)
    same(read_request(write_request(request)), request)
    taken = advance(request, at(5), LOGS)
    if SIGNED.get(taken.size) != taken:
        raise DifferentError(f"taken, and nobody signed it: {taken!r}")
    by = witnessed(request.note, WITNESSES)
    if any(each.at != NOW for each in by):
        raise DifferentError(f"cosigned when nobody did: {by!r}")
    return taken


def seeds() -> Iterator[bytes]:
    for size, checkpoint in SIGNED.items():
        note = sign_checkpoint(checkpoint, ORIGIN, SERVER)
        proof = tuple(consistency_proof(5, size, stored))
        yield write_request(WitnessRequest(5, proof, note))
        cosigned = note + cosign(note, NAME, DEVICE, NOW)
        yield write_request(WitnessRequest(5, proof, cosigned))
        yield write_request(WitnessRequest(4, (), note))


REFUSALS = (
    WitnessRequestError,
    CheckpointError,
    UnknownLogError,
    UnsignedCheckpointError,
    SizeConflictError,
    ProofError,
    FalseCosignatureError,
)
TARGET = Target(read, REFUSALS, seeds, json=False)
