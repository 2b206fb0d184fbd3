"""The export file: one country's log with its certificates, as JSON Lines.

A header, the newest directory snapshot, each certificate or revocation, earlier checkpoints that
witnesses cosigned, each leaf in order, the newest checkpoint. The header is not signed: what it
says is held against the checkpoint, which is. The certificates' lines are not either: the snapshot,
signed by the authority, says which must be here.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import frozen

from protocols.audit.quick import quick_line
from protocols.errors import AmanaError, MalformedError
from protocols.plain import (
    decode_base64,
    dump_json,
    encode_base64,
    from_plain,
    load_json,
    to_json,
    to_plain,
)
from protocols.sealing.statement import Statement

FORMAT = "amana-export/1"
LONGEST_LINE = 64 * 1024 * 1024
DIRECTORY_LINE = 2


class NotAnExportError(AmanaError):
    """A file that does not begin as an export; there is nothing to verify in it."""

    code = "not_an_export"


@frozen
class Header:
    """What the file says of itself: country (ISO 3166-1), the log's origin, when it was made."""

    type: str
    format: str
    country: str
    origin: str
    exported: datetime


@frozen
class CertificateLine:
    """A certificate or revocation statement on line `number` (1 is the header)."""

    number: int
    statement: Statement


@frozen
class DirectoryLine:
    """The authority's newest snapshot, which lists the certificates and revocations there are."""

    number: int
    statement: Statement


@frozen
class LeafLine:
    """Leaf `index` with its bytes, verbatim."""

    number: int
    index: int
    data: bytes


@frozen
class CheckpointLine:
    """The signed note under which the leaves stand."""

    number: int
    note: str


@frozen
class CosignedLine:
    """An earlier checkpoint's note, as it was signed and then cosigned by witnesses."""

    number: int
    note: str


@frozen
class DamagedLine:
    """A line that is none of the above; `problem` says why."""

    number: int
    problem: str


Line = DirectoryLine | CertificateLine | CosignedLine | LeafLine | CheckpointLine | DamagedLine


def write_export(
    *,
    country: str,
    origin: str,
    exported: datetime,
    directory: Statement | None,
    certificates: Iterable[Statement],
    leaves: Iterable[bytes],
    checkpoint: str,
    cosigned: Iterable[str] = (),
) -> Iterator[bytes]:
    """The export's lines, each ending in a newline, one at a time; certificates in the order of
    their JSON bytes. `cosigned`: notes of earlier checkpoints, from the smallest up."""
    yield _line(to_plain(Header("header", FORMAT, country, origin, exported)))
    if directory is not None:
        yield _line({"type": "directory", "statement": to_plain(directory)})
    for statement in sorted(certificates, key=to_json):
        yield _line({"type": "certificate", "statement": to_plain(statement)})
    for note in cosigned:
        yield _line({"type": "cosigned", "note": note})
    for index, data in enumerate(leaves):
        yield _line({"type": "leaf", "index": index, "data": encode_base64(data)})
    yield _line({"type": "checkpoint", "note": checkpoint})


def read_export(lines: Iterable[bytes]) -> tuple[Header, Iterator[Line]]:
    """The header and, as they are read, the other lines.

    Raises NotAnExportError when the first line is no export's header. Later damage comes as
    DamagedLine, so that everything wrong with a file can be named.
    """
    rest = iter(lines)
    header = read_header(next(rest, b""))
    return header, (read_line(number, line) for number, line in enumerate(rest, 2))


def read_header(line: bytes) -> Header:
    """What the first line says. Raises NotAnExportError."""
    try:
        header = from_plain(load_json(line, LONGEST_LINE), Header)
    except MalformedError as error:
        raise NotAnExportError(
            f"not an export: its first line is no header ({error}); export the log again"
        ) from error
    if header.type != "header" or header.format != FORMAT:
        raise NotAnExportError(f"this reads {FORMAT}, not {header.format[:40]!r}; update Amana")
    return header


def read_line(number: int, line: bytes) -> Line:
    """What line `number` (2 and on) is; a DamagedLine where it is nothing that belongs here."""
    leaf = quick_line(line)
    if leaf is not None:
        return LeafLine(number, *leaf)
    if not line.endswith(b"\n"):
        return DamagedLine(number, "a line without its end; the file was cut, export it again")
    try:
        return _read_fields(number, load_json(line, LONGEST_LINE))
    except MalformedError as error:
        return DamagedLine(number, str(error))


def _line(value: dict[str, Any]) -> bytes:
    return dump_json(value) + b"\n"


def _read_fields(number: int, value: Any) -> Line:
    match value:
        case {"type": "directory", "statement": statement, **rest} if not rest:
            return DirectoryLine(number, from_plain(statement, Statement))
        case {"type": "certificate", "statement": statement, **rest} if not rest:
            return CertificateLine(number, from_plain(statement, Statement))
        case {"type": "leaf", "index": int(index), "data": str(data), **rest} if (
            not rest and not isinstance(index, bool)
        ):
            return LeafLine(number, index, decode_base64(data))
        case {"type": "checkpoint", "note": str(note), **rest} if not rest:
            return CheckpointLine(number, note)
        case {"type": "cosigned", "note": str(note), **rest} if not rest:
            return CosignedLine(number, note)
    return DamagedLine(number, "no certificate, leaf or checkpoint")
