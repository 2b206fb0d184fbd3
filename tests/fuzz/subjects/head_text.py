"""What people hand each other of a log, scanned, pasted or kept as evidence: read as written, and
two notes are compared only where the log's server signed both."""

from collections.abc import Iterator

from protocols.audit.compare import NotComparableError, compare, views_of_evidence
from protocols.errors import MalformedError
from protocols.plain import dump_json, format_time, to_plain
from protocols.timeline.checkpoint import Checkpoint, CheckpointError, origin_for, sign_checkpoint
from protocols.timeline.headline import HeadTextError, head_from_text, head_to_text
from tests.fuzz.fictional import NOW, ROOT, SERVER, statements
from tests.fuzz.target import DifferentError, Target, same, text_of

ORIGIN = origin_for(ROOT.programme, "TN")
SIGNED = tuple(Checkpoint(ORIGIN, size, bytes([kind]) * 32) for size in (5, 6) for kind in (1, 2))


def read(data: bytes) -> object:
    if data.lstrip().startswith(b"{"):
        views = views_of_evidence(data)
        found = compare(*views, ROOT)
        if any(each.checkpoint not in SIGNED for each in views):
            raise DifferentError(f"compared, and nobody signed it: {found!r}")
        return found
    note = head_from_text(text_of(data))
    same(head_from_text(head_to_text(note)), note)
    return note


def _evidence(*checkpoints: Checkpoint) -> bytes:
    notes = [sign_checkpoint(each, ORIGIN, SERVER) for each in checkpoints]
    known = [to_plain(each) for each in statements()]
    return dump_json(
        {
            "format": "amana-fork/1",
            "country": "TN",
            "seen": format_time(NOW),
            "notes": notes,
            "statements": known,
        }
    )


def seeds() -> Iterator[bytes]:
    for each in SIGNED:
        note = sign_checkpoint(each, ORIGIN, SERVER)
        yield note.encode()
        yield head_to_text(note).encode()
    yield _evidence(SIGNED[0], SIGNED[1])
    yield _evidence(SIGNED[0], SIGNED[2])


REFUSALS = (HeadTextError, MalformedError, CheckpointError, NotComparableError)
TARGET = Target(read, REFUSALS, seeds, json=False, longest=16_384)
