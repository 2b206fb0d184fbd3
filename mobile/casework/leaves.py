"""The country's tree from the entries on this phone: a coordinator's has them all, and proves by
itself what others must ask the server for."""

from collections.abc import Sequence

from mobile.casework.desk import Desk
from mobile.sync.events import TIMELINES, Kept, collection_of
from protocols.plain import from_json
from protocols.timeline import merkle


class LocalTree:
    """Read once, when first needed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._nodes: dict[tuple[int, int], bytes] | None = None
        self._size = 0

    def consistency(self, first: int, second: int) -> Sequence[bytes] | None:
        """The proof that `second` entries extend the `first` of them; None where this phone lacks
        one of them."""
        if self._nodes is None:
            self._build()
        if not 0 < first <= second <= self._size:
            return None
        return merkle.consistency_proof(first, second, self._node)

    def _node(self, level: int, index: int) -> bytes:
        assert self._nodes is not None
        return self._nodes[level, index]

    def _build(self) -> None:
        vault = self._desk.vault
        self._nodes = {}
        leaves = {
            kept.index: merkle.leaf_hash(kept.leaf)
            for referral in vault.list(TIMELINES)
            for _, body in vault.items(collection_of(referral))
            for kept in (from_json(body, Kept),)
        }
        while self._size in leaves:
            added = merkle.append(self._size, leaves[self._size], self._node)
            self._nodes.update({(level, index): value for level, index, value in added})
            self._size += 1
