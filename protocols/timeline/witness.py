"""What a witness of a log does, as a pure state machine, and how it is asked: C2SP tlog-witness.

A witness remembers one checkpoint a log, the newest that it cosigned. It takes a next one only with
the log's own signature and a proof that it extends the one remembered. Whoever keeps its state must
write the new checkpoint durably, in one step with the comparison, before a cosignature leaves:
`advance` gives what to keep, `cosignature.cosign` signs it afterwards.
"""

import re
from collections.abc import Mapping, Sequence

from attrs import frozen

from protocols.errors import AmanaError, MalformedError
from protocols.plain import decode_base64, encode_base64
from protocols.timeline.checkpoint import (
    LARGEST_NOTE,
    Checkpoint,
    UnsignedCheckpointError,
    open_checkpoint,
    read_checkpoint,
)
from protocols.timeline.merkle import EMPTY_ROOT, ProofError, verify_consistency

MOST_HASHES = 63
"""tlog-witness: a proof in a tree of 2^63 leaves needs no more."""
LARGEST_REQUEST = LARGEST_NOTE + 8 * 1024
SIZE_TYPE = "text/x.tlog.size"
"""The media type in which a witness says how far it is."""

_OLD = re.compile(r"old (0|[1-9][0-9]{0,17})")

Logs = Mapping[str, Sequence[bytes]]
"""Origin -> the public keys (32 bytes) that may sign this log's checkpoints."""


class WitnessRequestError(MalformedError):
    """Bytes that ask a witness for nothing: another form, or an old size above the new."""

    code = "bad_witness_request"


class UnknownLogError(AmanaError):
    """A log that this witness does not watch."""

    code = "unknown_log"


class SizeConflictError(AmanaError):
    """Another size than that of the newest checkpoint that the witness cosigned, or another root
    of the same size. `known`: the witness's size in leaves."""

    code = "size_conflict"

    def __init__(self, known: int, *, forked: bool = False) -> None:
        wrong = "another log of this size was cosigned before; refuse it, tell a coordinator"
        behind = f"the newest checkpoint cosigned has {known} leaves; prove from there"
        super().__init__(wrong if forked else behind)
        self.known = known


@frozen
class WitnessRequest:
    """What `add-checkpoint` carries: the size that the proof begins at, the RFC 9162 consistency
    proof from there, and the new checkpoint's signed note."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def read_request(body: bytes) -> WitnessRequest:
    """Raises WitnessRequestError for any other form than tlog-witness's."""
    if len(body) > LARGEST_REQUEST:
        raise WitnessRequestError("a request too large for a checkpoint; refuse it")
    try:
        head, gap, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise WitnessRequestError("a request that is not UTF-8; refuse it") from error
    first, *hashes = head.split("\n")
    old = _OLD.fullmatch(first)
    if not gap or old is None:
        raise WitnessRequestError("a request begins with `old SIZE` and has an empty line")
    if len(hashes) > MOST_HASHES:
        raise WitnessRequestError(f"a proof has at most {MOST_HASHES} hashes; refuse it")
    try:
        proof = tuple(decode_base64(each) for each in hashes)
    except MalformedError as error:
        raise WitnessRequestError(f"a proof's line that is not base64: {error}") from error
    return WitnessRequest(int(old[1]), proof, note)


def write_request(request: WitnessRequest) -> bytes:
    """The body of `POST <prefix>/add-checkpoint`."""
    lines = [f"old {request.old}", *(encode_base64(each) for each in request.proof), ""]
    return ("".join(f"{line}\n" for line in lines) + request.note).encode()


def advance(request: WitnessRequest, kept: Checkpoint | None, logs: Logs) -> Checkpoint:
    """The checkpoint to remember instead of `kept` (None: none of this log yet) and then to
    cosign. Judged in tlog-witness's order.

    Raises CheckpointError for a note that is none, UnknownLogError (404), UnsignedCheckpointError
    (403), WitnessRequestError (400: the old size is above the new), SizeConflictError (409),
    ProofError (422: it does not extend what was cosigned).
    """
    keys = logs.get(read_checkpoint(request.note).origin)
    if not keys:
        raise UnknownLogError("this witness does not watch that log; ask who runs it")
    offered = open_by_any(request.note, keys)
    known = kept.size if kept else 0
    if request.old > offered.size:
        raise WitnessRequestError("the old size is above the checkpoint's; ask with a lower one")
    if request.old != known:
        raise SizeConflictError(known)
    if kept is not None and offered.size == known and offered.root != kept.root:
        raise SizeConflictError(known, forked=True)
    if offered.size == 0 and offered.root != EMPTY_ROOT:
        raise ProofError("an empty log with another root than the empty one; refuse it")
    before = kept.root if kept else EMPTY_ROOT
    verify_consistency(known, offered.size, request.proof, before, offered.root)
    return offered


def open_by_any(note: str, keys: Sequence[bytes]) -> Checkpoint:
    """The checkpoint in `note`, signed under its own origin by one of the log's `keys`.

    Raises CheckpointError, UnsignedCheckpointError.
    """
    origin = read_checkpoint(note).origin
    problem = UnsignedCheckpointError("no key of this log is known; refuse its checkpoints")
    for key in keys:
        try:
            return open_checkpoint(note, {origin: key})
        except UnsignedCheckpointError as error:
            problem = error
    raise problem
