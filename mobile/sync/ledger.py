"""The last checkpoint this phone saw of its country's log, and the demand that history only grows.

Two signed checkpoints that do not extend one another prove that the server rewrote, split or
rolled back its log. Both are kept, for a coordinator to see, until the vault is gone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from mobile.sync.errors import (
    FalseWitnessError,
    HostileAnswerError,
    LogForkError,
    OlderLogError,
    UnknownServerError,
)
from mobile.vault.records import OpenVault
from protocols.errors import AmanaError
from protocols.plain import from_json, to_json
from protocols.timeline.checkpoint import Checkpoint, open_checkpoint
from protocols.timeline.cosignature import (
    FalseCosignatureError,
    Witnessed,
    cosigners,
    witnessed,
)
from protocols.timeline.merkle import EMPTY_ROOT, ProofError, verify_consistency

HEADS = "log-head"
FORKS = "log-fork"
Fetch = Callable[[int, int], Sequence[bytes]]
"""Asks the server for the consistency proof between two sizes."""


@frozen
class Head:
    """A verified checkpoint: the signed `note`, its `size` in leaves and its `root` hash."""

    note: str
    size: int
    root: bytes


@frozen
class Fork:
    """Two notes signed by the same server that contradict each other, and when that was seen."""

    kept: str
    offered: str
    seen: datetime


class Ledger:
    """One country's log as this phone knows it. `servers` gives the public keys certified for
    the country's server now, `witnesses` of these key ids those of its witnesses, by name."""

    def __init__(
        self,
        vault: OpenVault,
        country: str,
        origin: str,
        servers: Callable[[], Iterable[bytes]],
        witnesses: Callable[[Iterable[str]], Mapping[str, bytes]] = lambda _: {},
    ) -> None:
        self._vault = vault
        self._country = country
        self._origin = origin
        self._servers = servers
        self._witnesses = witnesses

    @property
    def head(self) -> Head | None:
        """The newest checkpoint kept."""
        data = self._vault.get(HEADS, self._country)
        return None if data is None else from_json(data, Head)

    @property
    def fork(self) -> Fork | None:
        """The first contradiction ever seen."""
        data = self._vault.get(FORKS, self._country)
        return None if data is None else from_json(data, Fork)

    def check(
        self,
        note: str,
        proof: Sequence[bytes] | None,
        fetch: Fetch,
        now: datetime,
        *,
        since: Head | None = None,
    ) -> Head:
        """`note` as a head that extends the one kept (or `since`, which a page just proved); keeps
        nothing itself.

        `proof` is the consistency proof that came along, `fetch` asks for one otherwise.
        Raises HostileAnswerError for a note not signed by the country's server, under a false
        cosignature of a known witness, or older than the one kept (answers come in order, so the
        server hides what came after), LogForkError (with the evidence kept) for one that
        contradicts history.
        """
        offered = self._open(note)
        kept = since or self.head
        if kept is None or kept.size == 0:
            return offered
        try:
            _demand_one_history(kept, offered, proof, fetch)
        except ProofError as error:
            raise self._contradiction(kept, offered, now) from error
        if offered.size < kept.size:
            raise OlderLogError(
                f"the server shows an older log ({offered.size} entries) than the one of"
                f" {kept.size} seen before; nothing was kept, try again, then tell a coordinator"
            )
        return offered

    def hold_against(
        self, note: str, proof: Sequence[bytes] | None, fetch: Fetch, now: datetime
    ) -> tuple[Head, tuple[Witnessed, ...]]:
        """`note`, which somebody else was shown, as a head of one history with the one kept,
        whichever of them is longer, and who cosigned it; keeps nothing itself.

        `proof` shows that the longer extends the shorter; where it does not, `fetch` is asked.
        Raises UnknownServerError, FalseWitnessError, LogForkError (with the evidence kept).
        """
        theirs = self._open(note)
        kept = self.head
        if kept is not None:
            try:
                _demand_same(*sorted((kept, theirs), key=lambda each: each.size), proof, fetch)
            except ProofError as error:
                raise self._contradiction(kept, theirs, now) from error
        return theirs, self._witnessed(note)

    def _contradiction(self, kept: Head, offered: Head, now: datetime) -> LogForkError:
        if self.fork is None:
            self._vault.put(FORKS, self._country, to_json(Fork(kept.note, offered.note, now)))
        return LogForkError(
            f"the server's log of {offered.size} entries does not continue the one of"
            f" {kept.size} seen before; do not rely on it, tell a coordinator"
        )

    def size_of(self, note: str) -> int:
        """How many entries a note speaks of, if it is the country's server's. Raises
        UnknownServerError, FalseWitnessError."""
        return self._open(note).size

    def knows(self, note: str) -> bool:
        """Whether one of the country's servers known here signed `note`."""
        try:
            self._open(note)
        except HostileAnswerError:
            return False
        return True

    def keep(self, head: Head) -> None:
        """Remember `head` if it is the newest; call inside the transaction of what it proves."""
        kept = self.head
        if kept is None or head.size > kept.size:
            self._vault.put(HEADS, self._country, to_json(head))

    def _witnessed(self, note: str) -> tuple[Witnessed, ...]:
        """C2SP signed-note: a false signature under a known key spoils the whole note."""
        try:
            return witnessed(note, self._witnesses(cosigners(note)))
        except FalseCosignatureError as error:
            raise FalseWitnessError(
                f"a checkpoint on which a witness's cosignature is false ({error})"
            ) from error

    def _open(self, note: str) -> Head:
        problem: AmanaError | None = None
        for key in self._servers():
            try:
                found: Checkpoint = open_checkpoint(note, {self._origin: key})
            except AmanaError as error:
                problem = error
                continue
            if found.origin != self._origin:
                raise UnknownServerError(f"a checkpoint of another log, {found.origin[:80]!r}")
            self._witnessed(note)
            return Head(note, found.size, found.root)
        raise UnknownServerError(
            f"a checkpoint that no certified server of {self._country} signed; nothing was kept"
        ) from problem


def _demand_same(shorter: Head, longer: Head, proof: Sequence[bytes] | None, fetch: Fetch) -> None:
    """Raises ProofError unless `shorter` is a beginning of `longer`."""
    if shorter.size in (0, longer.size):
        expected = EMPTY_ROOT if shorter.size == 0 else longer.root
        if shorter.root != expected:
            raise ProofError("two checkpoints of one size with different roots")
        return
    if proof is not None:
        try:
            verify_consistency(shorter.size, longer.size, proof, shorter.root, longer.root)
        except ProofError:
            pass  # it may belong to other sizes: what `fetch` gives decides
        else:
            return
    proof = fetch(shorter.size, longer.size)
    verify_consistency(shorter.size, longer.size, proof, shorter.root, longer.root)


def _demand_one_history(
    kept: Head, offered: Head, proof: Sequence[bytes] | None, fetch: Fetch
) -> None:
    """Raises ProofError unless the smaller of the two is a beginning of the larger."""
    if offered.size == kept.size:
        if offered.root != kept.root:
            raise ProofError("two checkpoints of one size with different roots")
        return
    if offered.size < kept.size:
        if offered.size > 0:
            proof = fetch(offered.size, kept.size)
            verify_consistency(offered.size, kept.size, proof, offered.root, kept.root)
            return
        raise ProofError("an empty log where entries were seen before")
    if proof is None:
        proof = fetch(kept.size, offered.size)
    verify_consistency(kept.size, offered.size, proof, kept.root, offered.root)
