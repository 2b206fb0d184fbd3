"""What `amana witness` does over the network: every answer is a stranger's until it is proven."""

import time
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import httpx
from attrs import frozen

from backend.api.answers import CheckpointAnswer, ConsistencyAnswer, ProgrammeAnswer
from backend.commands.offices.uplink import ServerRefusedError, ServerUnreachableError
from backend.services import logbook
from backend.services.witness_folder import WitnessFolder
from protocols.errors import AmanaError, MalformedError
from protocols.messages import JSON_TYPE, Cosigned, Problem
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import Checkpoint, UnsignedCheckpointError
from protocols.timeline.merkle import ProofError
from protocols.timeline.witness import SizeConflictError, WitnessRequest, open_by_any

T = TypeVar("T")
TIMEOUT = httpx.Timeout(30.0)
MOST_BYTES = 8 * 1024 * 1024
MOST_SECONDS = 120
REFUSED = 400
LOG_RANGE = logbook.LogRangeError.code


class WrongProgrammeError(AmanaError):
    """A server that shows another root than the one named."""

    code = "wrong_programme"


class Seeing(StrEnum):
    """What a look at the log found."""

    CONTINUES = "continues"
    EMPTY = "empty"
    APART = "apart"


@frozen
class Looked:
    """Sizes now and before; `why`: what is wrong with the log, or why its server did not take the
    cosignature; `evidence`: the file with both checkpoints."""

    seeing: Seeing
    size: int
    before: int
    why: str = ""
    evidence: Path | None = None


def programme_of(server: str, fingerprint: str) -> tuple[Root, tuple[Statement, ...]]:
    """The programme's root, held against its fingerprint, and the certificates of its authorities
    and servers. Raises WrongProgrammeError, ServerUnreachableError, ServerRefusedError."""
    found = _get(server, "/v1/programme", ProgrammeAnswer)
    if found.root.fingerprint != fingerprint:
        raise WrongProgrammeError(
            f"{server} shows a root with the fingerprint {found.root.fingerprint[:16]}…, not the"
            " one named; ask the programme's people which is right"
        )
    statements = (*found.authorities, *found.servers)
    TrustStore.build(found.root, statements)
    return found.root, statements


def look(witness: WitnessFolder, server: str, now: datetime) -> Looked:
    """One pass: fetch the newest checkpoint, demand that it continues what was seen, keep it,
    cosign it, give that to the server.

    Raises ServerUnreachableError, ServerRefusedError, UnsignedCheckpointError, WitnessFolderError.
    """
    path = f"/v1/log/{witness.about.country}"
    note = _get(server, f"{path}/checkpoint", CheckpointAnswer).checkpoint
    offered = _opened(witness, server, note, now)
    kept = witness.seen()
    before = kept.size if kept else 0
    try:
        proof = _proof(server, path, kept, offered)
        line = witness.cosign(WitnessRequest(before, proof, note), now)
    except (ProofError, SizeConflictError) as error:
        # another run of this witness may have gone on meanwhile: only what is on disk now counts
        if witness.seen() != kept:
            return look(witness, server, now)
        return Looked(Seeing.APART, offered.size, before, str(error), witness.keep_evidence(note))
    if offered.size == 0:
        return Looked(Seeing.EMPTY, 0, before)
    return Looked(Seeing.CONTINUES, offered.size, before, _give(server, path, note + line))


def _opened(witness: WitnessFolder, server: str, note: str, now: datetime) -> Checkpoint:
    """The checkpoint, if a certified server of the country signed it: one whose certificate is not
    known yet is asked for once."""
    try:
        found = open_by_any(note, witness.logs(now)[witness.origin])
    except UnsignedCheckpointError:
        witness.trust(programme_of(server, witness.about.root.fingerprint)[1])
        found = open_by_any(note, witness.logs(now)[witness.origin])
    if found.origin != witness.origin:
        raise UnsignedCheckpointError(
            f"a checkpoint of {found.origin[:80]}, not of {witness.origin}; check the address"
        )
    return found


def _proof(
    server: str, path: str, kept: Checkpoint | None, offered: Checkpoint
) -> tuple[bytes, ...]:
    """Raises ProofError for a log that shrank, or of which its server denies what it signed."""
    if kept is None or kept.size in (0, offered.size):
        return ()
    if offered.size < kept.size:
        raise ProofError(f"{kept.size} entries were seen, and now there are {offered.size}")
    query = f"{path}/consistency?first={kept.size}&second={offered.size}"
    try:
        return _get(server, query, ConsistencyAnswer).proof
    except ServerRefusedError as error:
        if error.problem_code != LOG_RANGE:
            raise
        raise ProofError(f"the server does not prove that its log continues: {error}") from error


def _give(server: str, path: str, note: str) -> str:
    """Hand the cosignature in; why it was not taken, empty where it was."""
    try:
        _send("POST", server, f"{path}/cosignatures", to_json(Cosigned(note)))
    except (ServerRefusedError, ServerUnreachableError) as error:
        return str(error)
    return ""


def _get(server: str, path: str, kind: type[T]) -> T:
    data = _send("GET", server, path, None)
    try:
        return from_json(data, kind)
    except MalformedError as error:
        raise ServerUnreachableError(
            f"{server} does not answer as an Amana server ({error}); check the address"
        ) from error


def _send(method: str, server: str, path: str, body: bytes | None) -> bytes:
    headers = {"Content-Type": JSON_TYPE} if body else {}
    url = server.rstrip("/") + path
    try:
        with httpx.stream(method, url, content=body, headers=headers, timeout=TIMEOUT) as answer:
            data = _bounded(server, answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerUnreachableError(
            f"{server} did not answer ({type(error).__name__}); check the address and the network"
        ) from error
    if answer.is_success:
        return data
    try:
        refused = from_json(data, Problem)
    except MalformedError as error:
        raise ServerUnreachableError(
            f"{server} answered HTTP {answer.status_code}; check the address, or try later"
        ) from error
    if not REFUSED <= answer.status_code < 500:
        raise ServerUnreachableError(f"{server} cannot answer now ({refused.code}); try later")
    raise ServerRefusedError(refused)


def _bounded(server: str, answer: httpx.Response) -> bytes:
    data, began = b"", time.monotonic()
    for part in answer.iter_bytes():
        data += part
        if len(data) > MOST_BYTES or time.monotonic() - began > MOST_SECONDS:
            raise ServerUnreachableError(f"{server} answers without end; report it")
    return data
