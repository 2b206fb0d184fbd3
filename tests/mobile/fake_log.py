"""FakeLog: one country's log in memory, with its proofs and signed checkpoints.

`fork` is a second log with another history, signed by the same key: what a liar would show.
"""

from protocols.messages import LoggedEvent
from protocols.plain import from_json, to_json, to_plain
from protocols.timeline import merkle
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.event import Leaf


class FakeLog:
    def __init__(self, origin, key, leaves=()):
        self.origin = origin
        self.key = key
        self.leaves = []
        self._nodes = {}
        for each in leaves:
            self.append_bytes(each)

    def __len__(self):
        return len(self.leaves)

    def append(self, statement, received):
        self.append_bytes(to_json(Leaf(to_plain(statement), received)))

    def append_bytes(self, data):
        added = merkle.append(len(self.leaves), merkle.leaf_hash(data), self._node)
        self._nodes.update({(level, index): value for level, index, value in added})
        self.leaves.append(data)

    def _node(self, level, index):
        return self._nodes[level, index]

    def received(self, index):
        return from_json(self.leaves[index], Leaf).received

    def checkpoint(self, size=None):
        """The signed checkpoint of the first `size` leaves (None: of all)."""
        size = len(self.leaves) if size is None else size
        root = merkle.root_at(size, self._node)
        return sign_checkpoint(Checkpoint(self.origin, size, root), self.origin, self.key)

    def logged(self, index, size=None):
        """The leaf with its proof in the first `size` leaves."""
        size = len(self.leaves) if size is None else size
        proof = merkle.inclusion_proof(index, size, self._node)
        return LoggedEvent(index, self.leaves[index], tuple(proof))

    def consistency(self, first, second=None):
        second = len(self.leaves) if second is None else second
        if not 0 < first <= second:
            return ()
        return tuple(merkle.consistency_proof(first, second, self._node))

    def fork(self, change):
        """Another log of the same key: `change` is given the leaves and returns other ones."""
        return FakeLog(self.origin, self.key, change(list(self.leaves)))
