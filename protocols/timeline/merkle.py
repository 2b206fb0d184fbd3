"""The log's Merkle tree, inclusion and consistency proofs (RFC 9162, section 2.1; SHA-256).

A tree of any size is made of complete subtrees, whose hashes never change once known. Only those
are stored: node `(level, index)` covers leaves `index << level` up to `(index + 1) << level`.
An append stores at most log2(n) of them, a proof reads at most log2(n) squared, and which it reads
depends on positions alone, never on hashes.
"""

import hashlib
from collections.abc import Callable, Sequence

from protocols.errors import AmanaError

NodeReader = Callable[[int, int], bytes]
"""Gives the stored hash of complete subtree (level, index); level 0 holds the leaf hashes."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class ProofError(AmanaError):
    """A proof that does not prove what it came with: the log may have been rewritten."""

    code = "bad_proof"


def leaf_hash(data: bytes) -> bytes:
    """RFC 9162 2.1.1: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(size: int, new_leaf: bytes, read: NodeReader) -> list[tuple[int, int, bytes]]:
    """The nodes (level, index, hash) to store when the leaf hash `new_leaf` joins `size` leaves."""
    level, index, value = 0, size, new_leaf
    nodes = [(level, index, value)]
    while index & 1:
        value = node_hash(read(level, index - 1), value)
        level, index = level + 1, index >> 1
        nodes.append((level, index, value))
    return nodes


def root(leaves: Sequence[bytes]) -> bytes:
    """Root hash over leaf data given whole, in memory that grows with log2(n)."""
    roots = RunningRoot()
    for data in leaves:
        roots.add(leaf_hash(data))
    return roots.root()


class RunningRoot:
    """The root of a log read once from its start: holds one hash a level, not the leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []

    def add(self, new_leaf: bytes) -> None:
        """Take the next leaf hash."""
        index, value = self.size, new_leaf
        while index & 1:
            value = node_hash(self._complete.pop(), value)
            index >>= 1
        self._complete.append(value)
        self.size += 1

    def root(self) -> bytes:
        """Root hash over all leaves taken so far."""
        if not self._complete:
            return EMPTY_ROOT
        value = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            value = node_hash(left, value)
        return value


def root_at(size: int, read: NodeReader) -> bytes:
    """Root hash of the first `size` leaves."""
    return _subtree(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: NodeReader) -> list[bytes]:
    """RFC 9162 2.1.3.1: the path that ties leaf `index` to the root of `size` leaves.

    Raises ProofError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not among the first {size}; ask for a smaller index")
    return _path(index, 0, size, read)


def consistency_proof(first: int, second: int, read: NodeReader) -> list[bytes]:
    """RFC 9162 2.1.4.1: that the tree of `second` leaves extends the tree of `first`.

    Empty for equal sizes and for `first` 0. Raises ProofError unless 0 <= first <= second.
    """
    if not 0 <= first <= second:
        raise ProofError(f"no log of {second} leaves extends one of {first}; swap the sizes")
    if first in (0, second):
        return []
    return _subproof(first, 0, second, True, read)


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """RFC 9162 2.1.3.2. Raises ProofError unless leaf hash `leaf` stands at `index`."""
    _check_shape(proof)
    if not 0 <= index < size:
        raise ProofError(f"a proof for leaf {index} of {size}; refuse it")
    node, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("an inclusion proof that is too long; refuse it")
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or value != expected_root:
        raise ProofError(f"leaf {index} is not proven to be in the log; keep what you have")


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """RFC 9162 2.1.4.2. Raises ProofError unless the second tree extends the first."""
    _check_shape(proof)
    if not 0 <= first <= second:
        raise ProofError(f"a log that shrank from {first} to {second} leaves; keep what you have")
    if first in (0, second):
        same = first == 0 or first_root == second_root
        if proof or not same or (first == 0 and first_root != EMPTY_ROOT):
            raise ProofError("two different logs of one size; keep what you have")
        return
    old, new = _walk_consistency(first, second, proof, first_root)
    if old != first_root or new != second_root:
        raise ProofError("the newer log does not extend the older; keep what you have")


def _walk_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes
) -> tuple[bytes, bytes]:
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        raise ProofError("an empty consistency proof; ask again")
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("a consistency proof that is too long; refuse it")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofError("a consistency proof that is too short; ask again")
    return old, new


def _check_shape(proof: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in proof):
        raise ProofError("a proof with hashes of another size; refuse it")


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 9162 2.1.1), for size > 1."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(start: int, size: int, read: NodeReader) -> bytes:
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    left = _split(size)
    return node_hash(_subtree(start, left, read), _subtree(start + left, size - left, read))


def _path(index: int, start: int, size: int, read: NodeReader) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, read), _subtree(start + left, size - left, read)]
    rest = _path(index - left, start + left, size - left, read)
    return [*rest, _subtree(start, left, read)]


def _subproof(first: int, start: int, size: int, whole: bool, read: NodeReader) -> list[bytes]:
    if first == size:
        return [] if whole else [_subtree(start, size, read)]
    left = _split(size)
    if first <= left:
        rest = _subproof(first, start, left, whole, read)
        return [*rest, _subtree(start + left, size - left, read)]
    rest = _subproof(first - left, start + left, size - left, False, read)
    return [*rest, _subtree(start, left, read)]
