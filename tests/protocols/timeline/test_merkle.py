"""RFC 9162's tree, against the published Certificate Transparency vectors and a naive tree."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.timeline import merkle

# The leaves and roots that Certificate Transparency's implementations test with (RFC 6962 trees,
# unchanged by RFC 9162).
CT_LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH straight from RFC 9162 2.1.1, independent of the code under test."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = naive_root(leaves[:split]), naive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


class Log:
    """A log in memory that counts what it stores and reads."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.reads = 0
        for size, data in enumerate(leaves):
            for level, index, value in merkle.append(size, merkle.leaf_hash(data), self.read):
                assert (level, index) not in self.nodes, "a stored hash never changes"
                self.nodes[level, index] = value

    def read(self, level: int, index: int) -> bytes:
        self.reads += 1
        return self.nodes[level, index]


def test_published_roots() -> None:
    log = Log(CT_LEAVES)
    assert merkle.root([]) == merkle.root_at(0, log.read) == merkle.EMPTY_ROOT
    for size, expected in enumerate(CT_ROOTS, 1):
        assert merkle.root(CT_LEAVES[:size]).hex() == expected
        assert merkle.root_at(size, log.read).hex() == expected


sizes = st.integers(min_value=1, max_value=130)


def leaves_of(size: int) -> list[bytes]:
    return [number.to_bytes(2, "big") for number in range(size)]


@settings(max_examples=60)
@given(sizes, st.data())
def test_proofs_hold_for_every_size(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    log = Log(leaves)
    index = data.draw(st.integers(0, size - 1))
    first = data.draw(st.integers(0, size))
    root = naive_root(leaves)
    assert merkle.root_at(size, log.read) == merkle.root(leaves) == root
    proof = merkle.inclusion_proof(index, size, log.read)
    merkle.verify_inclusion(index, size, merkle.leaf_hash(leaves[index]), proof, root)
    bridge = merkle.consistency_proof(first, size, log.read)
    merkle.verify_consistency(first, size, bridge, naive_root(leaves[:first]), root)


def flipped(value: bytes, bit: int) -> bytes:
    spoilt = bytearray(value)
    spoilt[bit // 8 % len(spoilt)] ^= 1 << bit % 8
    return bytes(spoilt)


@settings(max_examples=60)
@given(st.integers(2, 130), st.integers(0, 255), st.data())
def test_one_wrong_bit_breaks_an_inclusion_proof(size: int, bit: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    log, root = Log(leaves), naive_root(leaves)
    index = data.draw(st.integers(0, size - 1))
    leaf = merkle.leaf_hash(leaves[index])
    proof = merkle.inclusion_proof(index, size, log.read)
    spot = data.draw(st.integers(0, len(proof) - 1))
    spoilt = [flipped(each, bit) if at == spot else each for at, each in enumerate(proof)]
    wrong: list[tuple[int, int, bytes, list[bytes], bytes]] = [
        (index, size, leaf, spoilt, root),
        (index, size, leaf, proof[:-1], root),
        (index, size, leaf, [*proof, proof[0]], root),
        (index, size, flipped(leaf, bit), proof, root),
        (index, size, leaf, proof, flipped(root, bit)),
        (size, size, leaf, proof, root),
        (-1, size, leaf, proof, root),
        (index ^ 1, size, leaf, proof, root),
        (index, size, leaf, [each[:-1] for each in proof], root),
    ]
    for case in wrong:
        with pytest.raises(merkle.ProofError):
            merkle.verify_inclusion(*case)


@settings(max_examples=60)
@given(st.integers(2, 130), st.integers(0, 255), st.data())
def test_one_wrong_bit_breaks_a_consistency_proof(size: int, bit: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    log, root = Log(leaves), naive_root(leaves)
    first = data.draw(st.integers(1, size - 1))
    old = naive_root(leaves[:first])
    proof = merkle.consistency_proof(first, size, log.read)
    spot = data.draw(st.integers(0, len(proof) - 1))
    spoilt = [flipped(each, bit) if at == spot else each for at, each in enumerate(proof)]
    wrong: list[tuple[int, int, list[bytes], bytes, bytes]] = [
        (first, size, spoilt, old, root),
        (first, size, proof[:-1], old, root),
        (first, size, [*proof, proof[0]], old, root),
        (first, size, proof, flipped(old, bit), root),
        (first, size, proof, old, flipped(root, bit)),
        (size, first, proof, old, root),
        (first, size, [], old, root),
    ]
    for case in wrong:
        with pytest.raises(merkle.ProofError):
            merkle.verify_consistency(*case)


def test_two_logs_of_one_size_are_told_apart() -> None:
    merkle.verify_consistency(3, 3, [], b"a" * 32, b"a" * 32)
    with pytest.raises(merkle.ProofError):
        merkle.verify_consistency(3, 3, [], b"a" * 32, b"b" * 32)
    with pytest.raises(merkle.ProofError):
        merkle.verify_consistency(0, 3, [], b"a" * 32, b"b" * 32)


def test_appends_and_proofs_stay_small_in_a_large_log() -> None:
    size = 5000
    log = Log(leaves_of(size))
    assert len(log.nodes) < 2 * size
    log.reads = 0
    merkle.inclusion_proof(1234, size, log.read)
    assert log.reads <= 13 * 13


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(merkle.ProofError):
        merkle.inclusion_proof(index, size, Log(leaves_of(3)).read)
