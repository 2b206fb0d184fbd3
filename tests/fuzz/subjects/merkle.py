"""Merkle proofs: every proof of a true log holds, and nothing that differs from it does.

An input is which leaf, what size and what earlier size (a byte each), then the proof.
"""

from collections.abc import Iterator
from contextlib import suppress

from protocols.timeline.merkle import (
    HASH_BYTES,
    ProofError,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from tests.fuzz.target import DifferentError, Target

LEAVES = tuple(leaf_hash(bytes([each])) for each in range(70))
NODES: dict[tuple[int, int], bytes] = {}
for _size, _leaf in enumerate(LEAVES):
    for _level, _index, _hash in append(_size, _leaf, lambda *place: NODES[place]):
        NODES[_level, _index] = _hash
HEAD = 3


def stored(level: int, index: int) -> bytes:
    return NODES[level, index]


def read(data: bytes) -> object:
    index, size, first = (*data[:HEAD], 0, 0, 0)[:HEAD]
    rest = data[HEAD:]
    proof = [rest[at : at + HASH_BYTES] for at in range(0, len(rest), HASH_BYTES)]
    held = index < size <= len(LEAVES) and first <= size
    if not held:
        with suppress(ProofError):
            verify_inclusion(index, size, LEAVES[0], proof, LEAVES[1])
            raise DifferentError("a proof of nothing holds")
        verify_consistency(first, size, proof, LEAVES[0], LEAVES[1])
        raise DifferentError("a proof of nothing holds")
    root, leaf = root_at(size, stored), LEAVES[index]
    right = inclusion_proof(index, size, stored)
    verify_inclusion(index, size, leaf, right, root)
    extends = consistency_proof(first, size, stored)
    verify_consistency(first, size, extends, root_at(first, stored), root)
    with suppress(ProofError):
        verify_inclusion(index, size, leaf, proof, root)
        if proof != right:
            raise DifferentError("another proof of the same leaf holds")
    verify_consistency(first, size, proof, root_at(first, stored), root)
    if proof != extends:
        raise DifferentError("another proof of the same log holds")
    return root


def seeds() -> Iterator[bytes]:
    for index, size, first in ((0, 1, 0), (2, 7, 4), (5, 8, 3), (64, 65, 64), (69, 70, 33)):
        head = bytes([index, size, first])
        yield head + b"".join(inclusion_proof(index, size, stored))
        yield head + b"".join(consistency_proof(first, size, stored))


TARGET = Target(read, (ProofError,), seeds, json=False, longest=600)
