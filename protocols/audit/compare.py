"""Two views of one country's log held against each other: does one extend the other?

A view is an export, whose leaves are all here, or a signed checkpoint alone. Two exports are
compared leaf by leaf; a checkpoint with the beginning of an export that is as long. What each says
by itself is `verify_export`'s to judge: here only that the log's server signed it, and that an
export's leaves are those which its own checkpoint signs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

from attrs import field, frozen

from protocols.audit.export import (
    CertificateLine,
    CheckpointLine,
    CosignedLine,
    DirectoryLine,
    LeafLine,
    Line,
    read_export,
)
from protocols.errors import AmanaError, MalformedError
from protocols.plain import from_plain, load_json, parse_time
from protocols.sealing.certificate import COUNTRIES, Root
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import Checkpoint, origin_for, read_checkpoint
from protocols.timeline.merkle import RunningRoot, leaf_hash
from protocols.timeline.witness import open_by_any

Lines = Callable[[], Iterable[bytes]]
"""Gives an export's lines from its first on, as often as asked."""
EVIDENCE = "amana-fork/1"


class NotComparableError(AmanaError):
    """Views that cannot be held against each other: of different logs, damaged, or checkpoints of
    different sizes without the entries between them."""

    code = "not_comparable"


class Verdict(StrEnum):
    """How the second view stands to the first."""

    SAME = "same"
    EXTENDS = "extends"
    BEGINS = "begins"
    """The second is a beginning of the first."""
    FORKED = "forked"
    SHORT = "short"
    """An export ends before a signed checkpoint does: it is older, or its end was cut off."""


@frozen
class Compared:
    """The verdict with both sizes. `agreed`: how many entries from the first on are the same in
    both, None where a checkpoint alone does not tell."""

    verdict: Verdict
    origin: str
    first: int
    second: int
    agreed: int | None


@frozen
class View:
    """One side: a checkpoint's `note`, the export's `lines` it came with (None: alone), the
    certificates that came along, and the moment at which a server's must hold."""

    note: str
    lines: Lines | None = None
    statements: tuple[Statement, ...] = field(default=(), repr=False)
    moment: datetime | None = None

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says. Raises CheckpointError."""
        return read_checkpoint(self.note)


def view_of_export(lines: Lines) -> View:
    """An export as a view. Raises NotAnExportError, NotComparableError."""
    header, rest = read_export(lines())
    statements, note = [], None
    for line in rest:
        if isinstance(line, CertificateLine):
            statements.append(line.statement)
        elif isinstance(line, CheckpointLine):
            note = line.note
    if note is None:
        raise NotComparableError("an export without a checkpoint; it was cut, export it again")
    return View(note, lines, tuple(statements), header.exported)


def views_of_evidence(data: bytes) -> tuple[View, View]:
    """The two sides of what a phone kept of a fork (`amana-fork/1`). Raises MalformedError."""
    match load_json(data):
        case {
            "format": str(name),
            "seen": str(seen),
            "notes": [str(one), str(other)],
            "statements": list(statements),
            **rest,
        } if name == EVIDENCE and rest.keys() <= {"country"}:
            known = tuple(from_plain(each, Statement) for each in statements)
            at = parse_time(seen)
            return View(one, None, known, at), View(other, None, known, at)
    raise MalformedError(f"this is no {EVIDENCE}; export the evidence again")


def compare(first: View, second: View, root: Root) -> Compared:
    """Whether one of two views extends the other, under the programme's `root`.

    Raises NotComparableError, CheckpointError.
    """
    _demand_signed(first, second, root)
    one, two = first.checkpoint, second.checkpoint
    if one.origin != two.origin:
        raise NotComparableError("two different logs; compare two views of one country's log")
    if first.lines is not None and second.lines is not None:
        return _exports(one, two, first.lines, second.lines)
    if first.lines is not None:
        return _with_note(one, two, first.lines, turned=False)
    if second.lines is not None:
        return _with_note(two, one, second.lines, turned=True)
    if one.size != two.size:
        raise NotComparableError(
            f"two checkpoints of {one.size} and {two.size} entries alone prove nothing about each"
            " other; compare each with an export of the log"
        )
    verdict = Verdict.SAME if one.root == two.root else Verdict.FORKED
    return Compared(verdict, one.origin, one.size, two.size, one.size if one == two else None)


def _exports(one: Checkpoint, two: Checkpoint, first: Lines, second: Lines) -> Compared:
    roots = RunningRoot(), RunningRoot()
    agreed, differs = 0, False
    for pair in zip_longest(_leaves(first), _leaves(second)):
        for tree, leaf in zip(roots, pair, strict=True):
            if leaf is not None:
                tree.add(leaf)
        differs = differs or (None not in pair and pair[0] != pair[1])
        agreed += not differs and None not in pair
    for tree, checkpoint in zip(roots, (one, two), strict=True):
        _demand_whole(tree, checkpoint)
    verdict = Verdict.FORKED if differs else _by_size(one.size, two.size)
    return Compared(verdict, one.origin, one.size, two.size, agreed)


def _with_note(whole: Checkpoint, note: Checkpoint, lines: Lines, *, turned: bool) -> Compared:
    """An export against a checkpoint alone; `turned`: the checkpoint is the first of the two."""
    tree = RunningRoot()
    then = tree.root() if note.size == 0 else None
    for leaf in _leaves(lines):
        tree.add(leaf)
        if tree.size == note.size:
            then = tree.root()
    _demand_whole(tree, whole)
    sizes = (note.size, whole.size) if turned else (whole.size, note.size)
    if then is None:
        return Compared(Verdict.SHORT, whole.origin, *sizes, None)
    verdict = _by_size(*sizes) if then == note.root else Verdict.FORKED
    agreed = note.size if then == note.root else None
    return Compared(verdict, whole.origin, *sizes, agreed)


def _by_size(first: int, second: int) -> Verdict:
    if first == second:
        return Verdict.SAME
    return Verdict.EXTENDS if second > first else Verdict.BEGINS


def _leaves(lines: Lines) -> Iterator[bytes]:
    _, rest = read_export(lines())
    for line in rest:
        if isinstance(line, LeafLine):
            yield leaf_hash(line.data)
        elif not _belongs(line):
            raise NotComparableError(
                f"line {line.number} is damaged; run `amana audit verify` on that export first"
            )


def _belongs(line: Line) -> bool:
    return isinstance(line, CertificateLine | DirectoryLine | CosignedLine | CheckpointLine)


def _demand_whole(tree: RunningRoot, checkpoint: Checkpoint) -> None:
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise NotComparableError(
            "an export whose entries are not those that its checkpoint signs; run `amana audit"
            " verify` on it first"
        )


def _demand_signed(first: View, second: View, root: Root) -> None:
    """Raises NotComparableError unless a certified server of its country signed each."""
    statements = (*first.statements, *second.statements)
    if not statements:
        raise NotComparableError(
            "two checkpoints alone do not show whose keys signed them; name an export as one of"
            " the two"
        )
    moments = [each.moment for each in (first, second) if each.moment is not None]
    try:
        trust = TrustStore.build(root, statements)
    except AmanaError as error:
        raise NotComparableError(
            f"certificates that do not hold ({error}); run `amana audit verify` first"
        ) from error
    for each in (first, second):
        keys = _servers(trust, each.checkpoint.origin, moments)
        try:
            open_by_any(each.note, keys)
        except AmanaError as error:
            raise NotComparableError(
                f"a checkpoint of {each.checkpoint.origin[:80]} that no certified server signed"
                f" ({error}); it proves nothing"
            ) from error


def _servers(trust: TrustStore, origin: str, moments: Sequence[datetime]) -> list[bytes]:
    countries = [each for each in COUNTRIES if origin_for(trust.root.programme, each) == origin]
    return [
        server.keys[0]
        for country in countries
        for moment in moments
        for server in trust.servers(country, moment)
    ]
