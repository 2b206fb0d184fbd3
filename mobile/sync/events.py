"""Events as the log proves them: read, held against the tree, and kept leaf by leaf.

Who signed is judged when a timeline is shown, with every certificate known by then: an event whose
signer this phone cannot judge yet is kept as evidence, but never counts as proven.
"""

from collections.abc import Iterable

from attrs import field, frozen

from mobile.sync.errors import AlteredEventError
from mobile.sync.ledger import Head
from mobile.vault.records import OpenVault
from protocols.errors import MalformedError
from protocols.messages import LoggedEvent
from protocols.plain import from_json, from_plain, to_json
from protocols.sealing.statement import Statement
from protocols.timeline.event import EVENT_TYPE, Event, Leaf
from protocols.timeline.merkle import ProofError, leaf_hash, verify_inclusion

INDEX_DIGITS = 12
TIMELINES = "timeline"
"""The vault collection that names every referral with events here."""


@frozen
class Kept:
    """One log entry as the vault keeps it: its index and its bytes, verbatim."""

    index: int
    leaf: bytes


@frozen
class HeldEvent:
    """One log entry, read. `digest` is its statement's."""

    index: int
    leaf: Leaf = field(repr=False)
    statement: Statement = field(repr=False)
    event: Event
    digest: str


def read_leaf(index: int, data: bytes) -> HeldEvent:
    """Raises MalformedError for bytes that are no leaf with an event inside."""
    leaf = from_json(data, Leaf)
    statement = from_plain(leaf.event, Statement)
    if statement.payloadType != EVENT_TYPE:
        raise MalformedError(f"a leaf that holds a {statement.payloadType[:80]!r}")
    return HeldEvent(index, leaf, statement, from_json(statement.payload, Event), statement.digest)


def read_proven(logged: LoggedEvent, head: Head) -> HeldEvent:
    """`logged`, once the tree of `head` is shown to hold it. Raises AlteredEventError."""
    try:
        held = read_leaf(logged.index, logged.leaf)
        verify_inclusion(
            logged.index, head.size, leaf_hash(logged.leaf), list(logged.proof), head.root
        )
    except (MalformedError, ProofError) as error:
        raise AlteredEventError(
            f"log entry {logged.index} is not what the log's root holds: {error}"
        ) from error
    return held


def collection_of(referral: str) -> str:
    """The vault collection of one referral's events."""
    return f"events/{referral}"


def keep_event(vault: OpenVault, logged: LoggedEvent, held: HeldEvent) -> bool:
    """Keep a proven entry; False when it was here already. Raises AlteredEventError when another
    entry was kept under its index."""
    if is_held(vault, logged, held):
        return False
    collection = collection_of(held.event.referral)
    row = f"{logged.index:0{INDEX_DIGITS}d}"
    with vault.transaction():
        vault.put(TIMELINES, held.event.referral, b"")
        vault.put(collection, row, to_json(Kept(logged.index, logged.leaf)))
    return True


def is_held(vault: OpenVault, logged: LoggedEvent, held: HeldEvent) -> bool:
    """Whether an entry is kept under that index. Raises AlteredEventError when it is another."""
    known = vault.get(collection_of(held.event.referral), f"{logged.index:0{INDEX_DIGITS}d}")
    if known is not None and from_json(known, Kept).leaf != logged.leaf:
        raise AlteredEventError(f"log entry {logged.index} is not the one kept before")
    return known is not None


def events_of(vault: OpenVault, referral: str) -> tuple[HeldEvent, ...]:
    """A referral's events in the log's order."""
    kept: Iterable[Kept] = (
        from_json(body, Kept) for _, body in vault.items(collection_of(referral))
    )
    return tuple(read_leaf(each.index, each.leaf) for each in kept)
