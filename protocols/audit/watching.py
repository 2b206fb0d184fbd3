"""What an export says of its witnesses, held against the tree that its leaves make.

Each cosigned note must be signed by the log, cosigned by witnesses of the country certified at that
time, over a beginning of this very tree. A witness that saw more entries than there are, or others,
proves that the log was cut or rewritten.
"""

from datetime import datetime, timedelta

from attrs import frozen

from protocols.audit.export import CheckpointLine, CosignedLine
from protocols.audit.report import Fault, Watched
from protocols.errors import AmanaError
from protocols.sealing.certificate import WITNESSING, Certificate
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import (
    Checkpoint,
    NoteSignature,
    read_checkpoint,
    signatures,
)
from protocols.timeline.cosignature import claimed_time, verify_line, witness_keyid
from protocols.timeline.merkle import EMPTY_ROOT
from protocols.timeline.witness import open_by_any

MOST_NOTES = 1_000
CLOCK_SLACK = timedelta(minutes=5)
NOTHING_MORE = -1


@frozen
class _Noted:
    number: int
    note: str
    checkpoint: Checkpoint


class Watching:
    """Takes the cosigned notes first, then the tree's roots at their sizes while it grows."""

    def __init__(self, country: str, origin: str, trust: TrustStore) -> None:
        self.faults: list[Fault] = []
        self.next = NOTHING_MORE
        """The size at which `see` wants the tree's root."""
        self._country, self._origin, self._trust = country, origin, trust
        self._noted: list[_Noted] = []
        self._roots = {0: EMPTY_ROOT}
        self._found: dict[str, Watched] = {}

    def take(self, line: CosignedLine) -> None:
        """Take a cosigned note from the head of the file."""
        where = f"line {line.number}"
        if len(self._noted) >= MOST_NOTES:
            self._fault("bad_line", where, f"more than {MOST_NOTES} cosigned notes")
            return
        try:
            checkpoint = read_checkpoint(line.note)
            signatures(line.note)
        except AmanaError as error:
            self._fault(error.code, where, str(error))
            return
        before = self._noted[-1].checkpoint.size if self._noted else NOTHING_MORE
        if checkpoint.size <= before:
            rule = "doubled" if checkpoint.size == before else "out_of_order"
            message = f"a checkpoint of {checkpoint.size} entries after one of {before}"
            self._fault(rule, where, message)
        self._noted.append(_Noted(line.number, line.note, checkpoint))
        self._ask(0)

    def see(self, size: int, root: bytes) -> None:
        """The root of the first `size` leaves, where `next` asked for it."""
        self._roots[size] = root
        self._ask(size)

    def conclude(self, size: int, at: datetime, exported: datetime) -> None:
        """Judge every note, once the tree is whole with `size` leaves; `at` is when its last was
        received."""
        for each in self._noted:
            self._judge(each, size, at, exported)

    def last(self, line: CheckpointLine, checkpoint: Checkpoint, exported: datetime) -> None:
        """Judge the cosignatures on the export's own checkpoint, itself judged already."""
        self._cosignatures(_Noted(line.number, line.note, checkpoint), exported)

    def watched(self) -> tuple[Watched, ...]:
        """Each witness's newest cosignature that holds, the latest first."""
        order = sorted(self._found.values(), key=lambda each: each.witness)
        return tuple(sorted(order, key=lambda each: each.at, reverse=True))

    def _ask(self, beyond: int) -> None:
        further = [each.checkpoint.size for each in self._noted if each.checkpoint.size > beyond]
        self.next = min(further, default=NOTHING_MORE)

    def _fault(self, rule: str, where: str, message: str) -> None:
        self.faults.append(Fault(rule, where, message))

    def _judge(self, noted: _Noted, size: int, at: datetime, exported: datetime) -> None:
        where, checkpoint = f"line {noted.number}", noted.checkpoint
        if checkpoint.origin != self._origin:
            message = f"a checkpoint of {checkpoint.origin[:80]}, not of {self._origin}"
            self._fault("wrong_origin", where, message)
            return
        try:
            open_by_any(noted.note, self._servers(noted.note, at))
        except AmanaError as error:
            self._fault(error.code, where, str(error))
            return
        by = self._cosignatures(noted, exported)
        if not by:
            self._fault("not_cosigned", where, "no witness cosigned it; export the log again")
            return
        who = ", ".join(by)
        if checkpoint.size > size:
            message = f"{who} saw {checkpoint.size} entries; the file ends after {size}"
            self._fault("cut_off", where, message)
        elif self._roots.get(checkpoint.size) != checkpoint.root:
            message = f"the first {checkpoint.size} entries are not those that {who} saw"
            self._fault("another_history", where, message)

    def _servers(self, note: str, at: datetime) -> list[bytes]:
        times = [claimed_time(each) for each in signatures(note)]
        moments = {at, *(each for each in times if each is not None)}
        return [
            server.keys[0]
            for moment in sorted(moments)
            for server in self._trust.servers(self._country, moment)
        ]

    def _cosignatures(self, noted: _Noted, exported: datetime) -> list[str]:
        """The names of those whose cosignature holds; a fault for each that does not, and for a
        signature that is neither the log's nor a witness's: exports hold no others."""
        lines = [(witness_keyid(each.name), each) for each in signatures(noted.note)]
        where = f"line {noted.number}"
        if sum(keyid is None for keyid, _ in lines) != 1:
            self._fault("stray_signature", where, "a signature of somebody unknown on a checkpoint")
        witnesses = [(keyid, line) for keyid, line in lines if keyid is not None]
        if len({keyid for keyid, _ in witnesses}) < len(witnesses):
            self._fault("doubled", where, "a witness's cosignature stands there twice")
        names = []
        for keyid, line in witnesses:
            try:
                witness = self._verified(noted, line, keyid, exported)
            except AmanaError as error:
                self._fault(error.code, where, str(error))
                continue
            if witness is not None:
                names.append(f"{witness.name} ({keyid})")
        return names

    def _verified(
        self, noted: _Noted, line: NoteSignature, keyid: str, exported: datetime
    ) -> Certificate | None:
        where = f"line {noted.number}"
        at = claimed_time(line) or exported
        witness = self._trust.device(keyid, at)
        if witness.role not in WITNESSING or witness.country != self._country:
            self._fault("not_a_witness", where, f"cosigned by a {witness.role}, {keyid}")
            return None
        verify_line(noted.note, line, witness.keys[0])
        if at > exported + CLOCK_SLACK:
            self._fault("claimed_in_future", where, f"cosigned by {keyid} after it was exported")
            return None
        seen = Watched(keyid, witness.name, str(witness.role), noted.checkpoint.size, at)
        known = self._found.get(keyid)
        if known is None or (known.at, known.size) < (seen.at, seen.size):
            self._found[keyid] = seen
        return witness
