"""What can be said of a line by itself, before its place among the others counts.

This is nearly all of the work (reading, hashing, signatures) and needs no other line, so that it
may be done by several processes; `protocols.audit.replay` then takes the results in order.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from attrs import frozen

from protocols.audit.export import LeafLine, Line, read_line
from protocols.audit.quick import quick_leaf
from protocols.audit.signers import Signers
from protocols.errors import MalformedError
from protocols.plain import from_json, from_plain
from protocols.sealing.certificate import Certificate, UntrustedError
from protocols.sealing.statement import Statement, StatementError, verify
from protocols.sealing.truststore import TrustStore
from protocols.timeline.event import EVENT_TYPE, Event, Leaf
from protocols.timeline.merkle import leaf_hash

Problem = tuple[str, str]
"""A rule's slug, and what does not hold."""


@frozen
class Judged:
    """An event with the digest of its statement, when the server received it, the certificate of
    its signer (None where none vouches for it), and what is wrong with its signature."""

    event: Event
    digest: str
    received: datetime
    signer: Certificate | None
    problems: tuple[Problem, ...]


@frozen
class JudgedLine:
    """Leaf `index` on line `number` with its hash in the tree; a text instead of an event says
    why its bytes are none."""

    number: int
    index: int
    hash: bytes
    found: Judged | str


Numbered = tuple[int, bytes]
Taken = Line | JudgedLine
Spread = Callable[["Judge", Iterable[Numbered]], Iterator[Taken]]
"""Has a judge take every numbered line, and gives what it said in the same order."""


class Judge:
    """Says of one line what it is, and of a leaf what holds; remembers nothing that matters."""

    def __init__(self, country: str, trust: TrustStore) -> None:
        self._country, self._devices = country, Signers(trust)

    def __call__(self, numbered: Numbered) -> Taken:
        line = read_line(*numbered)
        if not isinstance(line, LeafLine):
            return line
        found: Judged | str
        try:
            found = self._event(line.data)
        except MalformedError as error:
            found = str(error)
        return JudgedLine(line.number, line.index, leaf_hash(line.data), found)

    def _event(self, data: bytes) -> Judged:
        statement, event, received = read_leaf(data)
        signer, problems = self._signer(event, statement, received)
        return Judged(event, statement.digest, received, signer, problems)

    def _signer(
        self, event: Event, statement: Statement, received: datetime
    ) -> tuple[Certificate | None, tuple[Problem, ...]]:
        try:
            known = self._devices.device(event.actor, received)
        except UntrustedError as error:
            return None, ((error.code, str(error)),)
        signer = known.certificate
        try:
            verify(statement, known.keys, payload_type=EVENT_TYPE)
        except StatementError as error:
            return signer, ((error.code, str(error)),)
        if signer.country != self._country:
            return signer, (("foreign_signer", f"signed by a device of {signer.country}"),)
        return signer, ()


def judge_here(judge: Judge, lines: Iterable[Numbered]) -> Iterator[Taken]:
    """A Spread over nothing but this process."""
    return map(judge, lines)


def read_leaf(data: bytes) -> tuple[Statement, Event, datetime]:
    """The statement in a leaf, the event that it signs, and when the server received it.

    Raises MalformedError.
    """
    quick = quick_leaf(data)
    if quick is not None:
        return quick
    leaf = from_json(data, Leaf)
    statement = from_plain(leaf.event, Statement)
    return statement, from_json(statement.payload, Event), leaf.received
