"""Verifies a whole export with nothing but the programme's root, in one pass.

Certificates chain to the root; each event is signed by a device trusted when it was received; each
referral's chain and lifecycle are replayed; the leaves rebuild the tree that the checkpoint signs.
Every fault is named, not only the first. Memory grows with referrals, not with events.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain

from protocols.audit.export import (
    DIRECTORY_LINE,
    CertificateLine,
    CheckpointLine,
    CosignedLine,
    DamagedLine,
    DirectoryLine,
    Header,
    Line,
    read_header,
    read_line,
)
from protocols.audit.judge import Judge, JudgedLine, Numbered, Spread, Taken, judge_here
from protocols.audit.replay import Replay
from protocols.audit.report import Fault, Report, Seen
from protocols.audit.trust import build_trust, disordered, missing, read_snapshot
from protocols.audit.watching import Watching
from protocols.errors import AmanaError
from protocols.plain import format_time
from protocols.sealing.certificate import Root
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import (
    Checkpoint,
    UnsignedCheckpointError,
    open_checkpoint,
    origin_for,
)
from protocols.timeline.merkle import RunningRoot

Watch = Callable[[Seen], None]
Tell = Callable[[Fault], None]


def verify_export(
    lines: Iterable[bytes],
    root: Root,
    now: datetime | None = None,
    watch: Watch | None = None,
    *,
    tell: Tell | None = None,
    spread: Spread = judge_here,
) -> Report:
    """The verdict on an export's lines; `now` (default: when it was exported) decides what is
    overdue, `watch` is shown each event in turn, `tell` each fault as soon as it is found.
    `spread` may divide the work among processes: the verdict is the same.

    Raises NotAnExportError when the first line is no header; all else comes as faults.
    """
    rest = iter(lines)
    header = read_header(next(rest, b""))
    head, body = _split(enumerate(rest, 2))
    certificates = [each for each in head if isinstance(each, CertificateLine)]
    trust, faults = build_trust(root, certificates)
    faults += disordered(certificates)
    audit = _Audit(header, trust, faults, watch, tell)
    for each in head:
        audit.begin(each, certificates)
    audit.tell_new()
    for line in spread(Judge(header.country, trust), body):
        audit.take(line)
        audit.tell_new()
    return audit.report(now or header.exported)


def _split(lines: Iterator[Numbered]) -> tuple[list[Line], Iterator[Numbered]]:
    """Directory, certificates and cosigned notes at the head of the file, and all from the first
    other line on."""
    head: list[Line] = []
    for number, raw in lines:
        line = read_line(number, raw)
        if not isinstance(line, CertificateLine | DirectoryLine | CosignedLine):
            return head, chain([(number, raw)], lines)
        head.append(line)
    return head, iter(())


class _Audit:
    """One pass over the lines after the certificates."""

    def __init__(
        self,
        header: Header,
        trust: TrustStore,
        faults: list[Fault],
        watch: Watch | None,
        tell: Tell | None,
    ) -> None:
        self.header, self.trust = header, trust
        self.faults, self.watch, self.tell = faults, watch, tell
        self.tree = RunningRoot()
        self.next_index = 0
        self.replay = Replay(header.country)
        origin = origin_for(trust.root.programme, header.country)
        self.watching = Watching(header.country, origin, trust)
        self.told = {"lines": 0, "events": 0}
        self.checkpoint: Checkpoint | None = None
        self.note: CheckpointLine | None = None
        self.cosigned = False
        self.number: int | None = None
        self.expires: datetime | None = None

    def begin(self, line: Line, certificates: list[CertificateLine]) -> None:
        """Take a line of the head of the file: certificates stand before cosigned notes."""
        if isinstance(line, CosignedLine):
            self.cosigned = True
            self.watching.take(line)
        elif self.cosigned:
            message = "a certificate or directory after a cosigned checkpoint; they come before"
            self.faults.append(Fault("out_of_order", f"line {line.number}", message))
        if isinstance(line, DirectoryLine):
            self.directory(line, certificates)

    def directory(self, line: DirectoryLine, certificates: list[CertificateLine]) -> None:
        """Take the authority's snapshot, and demand every statement that it lists."""
        where = f"line {line.number}"
        if self.number is not None:
            self.faults.append(Fault("out_of_order", where, "a second directory"))
            return
        if line.number != DIRECTORY_LINE:
            message = f"the directory, which belongs on line {DIRECTORY_LINE}"
            self.faults.append(Fault("out_of_order", where, message))
        try:
            snapshot = read_snapshot(line.statement, self.trust, self.header.country)
        except AmanaError as error:
            self.faults.append(Fault(error.code, where, f"the directory does not hold: {error}"))
            return
        self.number, self.expires = snapshot.number, snapshot.expires
        self.faults += missing(snapshot, certificates, where)

    def tell_new(self) -> None:
        """Tell whoever wants to know of the faults found since it was last told."""
        if self.tell is None:
            return
        for name, faults in (("lines", self.faults), ("events", self.replay.faults)):
            for at in range(self.told[name], len(faults)):
                self.tell(faults[at])
            self.told[name] = len(faults)

    def take(self, line: Taken) -> None:
        """Take the next line after the certificates."""
        where = f"line {line.number}"
        if self.note is not None:
            self.faults.append(Fault("after_the_end", where, "something follows the checkpoint"))
        match line:
            case DamagedLine():
                self.faults.append(Fault("bad_line", where, line.problem))
            case CertificateLine() | DirectoryLine():
                message = "a certificate after the first leaf; certificates come first"
                self.faults.append(Fault("out_of_order", where, message))
            case CosignedLine():
                message = "a cosigned checkpoint after the first leaf; they come before"
                self.faults.append(Fault("out_of_order", where, message))
            case CheckpointLine():
                self.note = self.note or line
            case JudgedLine():
                self._leaf(line)

    def _leaf(self, line: JudgedLine) -> None:
        """One place out of order is one fault: what follows is held against its neighbour."""
        if line.index != self.next_index:
            message = f"leaf {line.index} stands where leaf {self.next_index} belongs"
            self.faults.append(Fault("out_of_order", f"line {line.number}", message))
        self.next_index = line.index + 1
        at = self.tree.size
        broken = self.replay.take(at, line.found)
        self.tree.add(line.hash)
        if self.tree.size == self.watching.next:
            self.watching.see(self.tree.size, self.tree.root())
        if self.watch is not None and not isinstance(line.found, str):
            self.watch(self.replay.seen(at, line.found, broken))

    def report(self, now: datetime) -> Report:
        """The verdict, once every line was taken."""
        self._check_directory()
        self._check_checkpoint()
        self._check_header()
        self._check_witnesses()
        faults = (*self.faults, *self.watching.faults, *self.replay.faults)
        return Report(
            ok=not faults,
            country=self.header.country,
            origin=self.header.origin,
            programme=self.trust.root.programme,
            fingerprint=self.trust.root.fingerprint,
            size=self.tree.size,
            root=self.tree.root().hex(),
            directory=self.number,
            checkpoint_size=self.checkpoint.size if self.checkpoint else None,
            referrals=self.replay.referrals(),
            signers=len(self.replay.signers),
            states=self.replay.states(),
            faults=faults,
            overdue=self.replay.overdue(now),
            watched=self.watching.watched(),
        )

    def _check_directory(self) -> None:
        if self.expires is None:
            if self.tree.size:
                message = "no directory vouches that all certificates and revocations are here"
                self.faults.append(Fault("no_directory", "head of file", message))
            return
        end = max(self.header.exported, self.replay.last_received or self.header.exported)
        if self.expires <= end:
            message = (
                f"the directory was over on {format_time(self.expires)}: a later one may revoke"
                " more; have the authority publish, then export again"
            )
            self.faults.append(Fault("stale_directory", "head of file", message))

    def _check_checkpoint(self) -> None:
        if self.note is None:
            message = "the file ends without a checkpoint; it was cut, export it again"
            self.faults.append(Fault("no_checkpoint", "end of file", message))
            return
        where = f"line {self.note.number}"
        origin = origin_for(self.trust.root.programme, self.header.country)
        at = self.replay.last_received or self.header.exported
        servers = self.trust.servers(self.header.country, at)
        try:
            self.checkpoint = self._opened(
                origin, self.note.note, [each.keys[0] for each in servers]
            )
        except AmanaError as error:
            self.faults.append(Fault(error.code, where, str(error)))
            return
        if self.checkpoint.size != self.tree.size:
            message = f"signed for {self.checkpoint.size} leaves; the file has {self.tree.size}"
            self.faults.append(Fault("wrong_size", where, message))
        elif self.checkpoint.root != self.tree.root():
            message = "the leaves do not hash to the signed root: something in them was altered"
            self.faults.append(Fault("wrong_root", where, message))
        if self.checkpoint.origin != origin:
            message = f"a checkpoint of {self.checkpoint.origin[:80]}, not of {origin}"
            self.faults.append(Fault("wrong_origin", where, message))

    def _opened(self, origin: str, note: str, keys: list[bytes]) -> Checkpoint:
        """The checkpoint under whichever certified server key signed it."""
        problem = UnsignedCheckpointError("no server certified for this country signed it")
        for key in keys:
            try:
                return open_checkpoint(note, {origin: key})
            except UnsignedCheckpointError as error:
                problem = error
        raise problem

    def _check_witnesses(self) -> None:
        exported = self.header.exported
        self.watching.conclude(self.tree.size, self.replay.last_received or exported, exported)
        if self.note is not None and self.checkpoint is not None:
            self.watching.last(self.note, self.checkpoint, exported)

    def _check_header(self) -> None:
        expected = origin_for(self.trust.root.programme, self.header.country)
        if self.header.origin != expected:
            message = f"the header names {self.header.origin[:80]}, not {expected}"
            self.faults.append(Fault("wrong_origin", "line 1", message))
        last = self.replay.last_received
        if last is not None and self.header.exported < last:
            message = "the header says it was exported before its last event was received"
            self.faults.append(Fault("time_reversed", "line 1", message))
