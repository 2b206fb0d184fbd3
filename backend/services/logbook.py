"""One country's log: appending signed events, proving what it holds.

The tree's arithmetic is `protocols.timeline.merkle`'s; here it reads its nodes from the store, all
that one computation needs in one query, and the checkpoint is signed with the country's key.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from attrs import frozen
from sqlalchemy.orm import Session

from backend.services.context import Context
from backend.store import log
from backend.store.tables import CountryRow, LeafRow
from protocols.errors import AmanaError
from protocols.messages import LoggedEvent
from protocols.plain import to_json, to_plain
from protocols.sealing.statement import Statement
from protocols.timeline import merkle
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.event import Event, Leaf

T = TypeVar("T")


class LogRangeError(AmanaError):
    """Sizes that the log never had."""

    code = "log_range"


@frozen
class Entry:
    """A signed event about to be appended, as parsed from its statement."""

    statement: Statement
    event: Event


def append(
    session: Session,
    context: Context,
    head: CountryRow,
    entries: Sequence[Entry],
    received: datetime,
) -> list[LeafRow]:
    """Append `entries`, the first of which brought about the rest, and sign the new checkpoint.

    The caller holds the head's lock (`Context.locked_head`); `received` is never earlier than the
    log's last.
    """
    cause = head.size
    nodes = _edge(session, head)
    new_nodes: list[log.Node] = []
    leaves = []
    for entry in entries:
        data = to_json(Leaf(event=to_plain(entry.statement), received=received))
        added = merkle.append(head.size, merkle.leaf_hash(data), _reader(nodes))
        nodes.update({(level, index): value for level, index, value in added})
        new_nodes.extend(added)
        leaves.append(
            {
                "position": head.size,
                "leaf": data,
                "referral": entry.event.referral,
                "kind": str(entry.event.kind),
                "digest": entry.statement.digest,
                "cause": cause,
            }
        )
        head.size += 1
    root = merkle.root_at(head.size, _reader(nodes))
    origin = context.server.origin(head.code)
    checkpoint = Checkpoint(origin=origin, size=head.size, root=root)
    head.checkpoint = sign_checkpoint(checkpoint, origin, context.server.keys[head.code])
    head.received = received
    log.append_rows(session, head, leaves, new_nodes)
    return [LeafRow(country=head.code, **leaf) for leaf in leaves]


def prove(session: Session, head: CountryRow, leaves: Sequence[LeafRow]) -> list[LoggedEvent]:
    """`leaves` with proofs that the tree of `head.size` leaves includes them."""

    def proofs(read: merkle.NodeReader) -> list[tuple[bytes, ...]]:
        return [tuple(merkle.inclusion_proof(leaf.position, head.size, read)) for leaf in leaves]

    computed = _computed(session, head.code, proofs)
    return [
        LoggedEvent(leaf.position, leaf.leaf, proof)
        for leaf, proof in zip(leaves, computed, strict=True)
    ]


def consistency(session: Session, head: CountryRow, first: int, second: int) -> tuple[bytes, ...]:
    """Proof that the log of `second` leaves extends that of `first`. Raises LogRangeError."""
    if not 0 < first <= second <= head.size:
        raise LogRangeError(
            f"the log has {head.size} entries; ask for 0 < first <= second <= {head.size}"
        )
    return _computed(
        session,
        head.code,
        lambda read: tuple(merkle.consistency_proof(first, second, read)),
    )


def root(session: Session, head: CountryRow, size: int) -> bytes:
    """Root hash of the log's first `size` leaves. Raises LogRangeError."""
    if not 0 <= size <= head.size:
        raise LogRangeError(f"the log has {head.size} entries; ask about no more")
    return _computed(session, head.code, lambda read: merkle.root_at(size, read))


def _edge(session: Session, head: CountryRow) -> dict[tuple[int, int], bytes]:
    """The complete subtrees that make up the present tree: all that appending needs."""
    if head.size == 0:
        return {}
    wanted: set[tuple[int, int]] = set()
    merkle.root_at(head.size, _noting(wanted))
    return log.read_nodes(session, head.code, sorted(wanted))


def _computed(session: Session, country: str, compute: Callable[[merkle.NodeReader], T]) -> T:
    """`compute` over stored nodes: run once to learn which it reads, then with their hashes.

    Which nodes a proof is made of depends on sizes and positions alone, never on hashes.
    """
    wanted: set[tuple[int, int]] = set()
    compute(_noting(wanted))
    return compute(_reader(log.read_nodes(session, country, sorted(wanted))))


def _noting(wanted: set[tuple[int, int]]) -> merkle.NodeReader:
    def read(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(32)

    return read


def _reader(nodes: dict[tuple[int, int], bytes]) -> merkle.NodeReader:
    return lambda level, index: nodes[level, index]
