"""Exports of a log: the audit ends in a report that names every fault, or says it is no export."""

from collections.abc import Iterator

from protocols.audit.export import NotAnExportError, write_export
from protocols.audit.verify import verify_export
from protocols.sealing.statement import keyid
from protocols.timeline.checkpoint import Checkpoint, origin_for, sign_checkpoint
from protocols.timeline.cosignature import cosign, witness_name
from protocols.timeline.merkle import EMPTY_ROOT
from tests.fuzz.fictional import DEVICE, NOW, ROOT, SERVER, statements
from tests.fuzz.target import Target

ORIGIN = origin_for(ROOT.programme, "TN")


def read(data: bytes) -> object:
    return verify_export(data.splitlines(keepends=True), ROOT)


def _cosigned(size: int) -> str:
    note = sign_checkpoint(Checkpoint(ORIGIN, size, EMPTY_ROOT), ORIGIN, SERVER)
    return note + cosign(note, witness_name(keyid(bytes(DEVICE.verify_key))), DEVICE, NOW)


def _export(leaves: tuple[bytes, ...] = (), cosigned: tuple[str, ...] = ()) -> bytes:
    note = sign_checkpoint(Checkpoint(ORIGIN, len(leaves), EMPTY_ROOT), ORIGIN, SERVER)
    return b"".join(
        write_export(
            country="TN",
            origin=ORIGIN,
            exported=NOW,
            directory=None,
            certificates=statements(),
            leaves=leaves,
            cosigned=cosigned,
            checkpoint=note,
        )
    )


def seeds() -> Iterator[bytes]:
    yield _export()
    yield _export((b"{}", b'{"event":{},"received":"2026-11-24T12:00:00Z"}'))
    yield _export(cosigned=(_cosigned(0), _cosigned(3)))
    yield _export().splitlines(keepends=True)[0]


TARGET = Target(read, (NotAnExportError,), seeds, json=False, longest=8192)
