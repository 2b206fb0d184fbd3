"""Section "Log": RFC 9162's tree by its definition, proofs checked by rebuilding both roots."""

import hashlib
from base64 import b64decode
from datetime import UTC, datetime

from .plain import RefusedError
from .statements import fits


def leaf_hash(data: bytes) -> bytes:
    """A leaf's hash."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _left_of(size: int) -> int:
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def root(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = _left_of(len(hashes))
    return _node(root(hashes[:half]), root(hashes[half:]))


def proven_root(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to, taken from the leaf's end."""
    if size == 1:
        if proof:
            raise RefusedError("bad_proof")
        return leaf
    if not proof:
        raise RefusedError("bad_proof")
    half, last = _left_of(size), proof[-1]
    if index < half:
        return _node(proven_root(leaf, index, half, proof[:-1]), last)
    return _node(last, proven_root(leaf, index - half, size - half, proof[:-1]))


def proven_roots(
    first: int, second: int, proof: list[bytes], known: bytes | None
) -> tuple[bytes, bytes]:
    """Both roots that a consistency proof leads to; `known` is the first root where the older
    tree is a whole subtree of the newer one's left edge."""
    if first == second:
        whole = [*proof] if known is None else [known, *proof]
        if len(whole) != 1:
            raise RefusedError("bad_proof")
        return whole[0], whole[0]
    if not proof:
        raise RefusedError("bad_proof")
    half, last = _left_of(second), proof[-1]
    if first <= half:
        old, new = proven_roots(first, half, proof[:-1], known)
        return old, _node(new, last)
    old, new = proven_roots(first - half, second - half, proof[:-1], None)
    return _node(last, old), _node(last, new)


def check_consistency(first: int, second: int, proof: list[bytes], old: bytes, new: bytes) -> None:
    """Raises RefusedError unless the tree of `second` leaves goes on from that of `first`."""
    if first == second:
        if proof or old != new:
            raise RefusedError("bad_proof")
        return
    if proven_roots(first, second, proof, old) != (old, new):
        raise RefusedError("bad_proof")


def checkpoint(note: str, origin: str, public: bytes) -> tuple[int, bytes]:
    """Size and root of a note that the key signed under the origin's name."""
    text, _, signatures = note.rpartition("\n\n")
    lines = (text + "\n").split("\n")
    name_hash = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    for line in signatures.split("\n"):
        if not line.startswith(f"— {origin} "):
            continue
        raw = b64decode(line.rpartition(" ")[2])
        if raw[:4] == name_hash and fits(public, (text + "\n").encode(), raw[4:]):
            if lines[0] != origin:
                raise RefusedError("bad_checkpoint")
            return int(lines[1]), b64decode(lines[2])
    raise RefusedError("unsigned_checkpoint")


def cosigned_at(note: str, witness: str, public: bytes) -> datetime:
    """When the witness cosigned the checkpoint in a note."""
    text, _, signatures = note.rpartition("\n\n")
    name_hash = hashlib.sha256(witness.encode() + b"\n\x04" + public).digest()[:4]
    for line in signatures.split("\n"):
        if not line.startswith(f"— {witness} "):
            continue
        raw = b64decode(line.rpartition(" ")[2])
        seconds = int.from_bytes(raw[4:12], "big")
        message = f"cosignature/v1\ntime {seconds}\n{text}\n".encode()
        if raw[:4] == name_hash and fits(public, message, raw[12:]):
            return datetime.fromtimestamp(seconds, UTC)
    raise RefusedError("false_cosignature")
