"""An export checked on a phone: against the programme's root, and against the log it has seen."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from attrs import evolve

from mobile.casework.desk import Desk
from mobile.sync.errors import OversizeAnswerError
from mobile.sync.ledger import Head
from protocols.audit.export import LeafLine, read_export
from protocols.audit.report import Fault, Report
from protocols.audit.verify import verify_export
from protocols.timeline.merkle import RunningRoot, leaf_hash

LARGEST_EXPORT = 8 * 1024**3


def bounded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of an export, which must have an end. Raises OversizeAnswerError."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_EXPORT:
            raise OversizeAnswerError(f"an export of more than {LARGEST_EXPORT} bytes; report it")
        yield chunk


def verify_seen(desk: Desk, file: BinaryIO) -> Report:
    """The verdict on an export. One rewritten for the auditor is whole in itself: its entries must
    also be those under the checkpoint that this phone keeps (`another_history`), and none of them
    missing at the end (`older_than_seen`). Raises NotAnExportError."""
    report = verify_export(file, desk.trust.root, desk.clock())
    head = desk.ledger.head
    if head is None or report.country != desk.me.country:
        return report
    file.seek(0)
    faults = _against(file, report, head)
    return evolve(report, ok=report.ok and not faults, faults=(*report.faults, *faults))


def _against(file: BinaryIO, report: Report, head: Head) -> tuple[Fault, ...]:
    where = f"leaf {head.size}"
    if report.size < head.size:
        message = f"this phone has seen {head.size} entries; the file ends after {report.size}"
        return (Fault("older_than_seen", where, message),)
    tree = RunningRoot()
    _, rest = read_export(file)
    leaves = (leaf_hash(line.data) for line in rest if isinstance(line, LeafLine))
    for each in islice(leaves, head.size):
        tree.add(each)
    if tree.root() == head.root:
        return ()
    message = f"the first {head.size} entries are not those that this phone has seen"
    return (Fault("another_history", where, message),)
