"""A witness by C2SP tlog-witness: what it takes, what it refuses, and that it never goes back."""

import base64
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from protocols.errors import AmanaError
from protocols.timeline.checkpoint import (
    Checkpoint,
    CheckpointError,
    UnsignedCheckpointError,
    sign_checkpoint,
)
from protocols.timeline.merkle import (
    EMPTY_ROOT,
    ProofError,
    append,
    consistency_proof,
    leaf_hash,
    root_at,
)
from protocols.timeline.witness import (
    MOST_HASHES,
    SizeConflictError,
    UnknownLogError,
    WitnessRequest,
    WitnessRequestError,
    advance,
    read_request,
    write_request,
)

LOG = SigningKey(b"\x07" * 32)
ORIGIN = "amana/fictional/tn"
LOGS = {ORIGIN: [bytes(LOG.verify_key)]}

# The request in litewitness' own test (FiloSottile/torchwood, multi-cosigs-ed25519), with the
# log's key named there.
SIGSUM = "sigsum.org/v1/tree/985ea163f5af026723561354f51f2ebcdcf2af809ce254ccfb64aa9aadd80f90"
SIGSUM_KEY = bytes.fromhex("52c05edad1bf5feffa81354faae59a655d9a9a1a793ed2f62c39c26c0be2aecd")
SIGSUM_REQUEST = (
    f"old 0\n\n{SIGSUM}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— {SIGSUM} "
    "7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/lwo=\n"
).encode()
# The example request of C2SP's tlog-witness.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501  verbatim


class FictionalTree:
    """A log's tree over leaves that bear their number and its name."""

    def __init__(self, size: int, name: str = "") -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for number in range(size):
            new = leaf_hash(f"{name}{number}".encode())
            for level, index, value in append(number, new, self.read):
                self.nodes[level, index] = value

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def at(self, size: int) -> Checkpoint:
        return Checkpoint(ORIGIN, size, root_at(size, self.read))

    def ask(self, old: int, new: int, key: SigningKey = LOG) -> WitnessRequest:
        proof = consistency_proof(old, new, self.read) if old <= new else []
        return WitnessRequest(old, tuple(proof), sign_checkpoint(self.at(new), ORIGIN, key))


TREE, OTHER = FictionalTree(40), FictionalTree(40, "x")


def test_a_published_request_is_taken() -> None:
    request = read_request(SIGSUM_REQUEST)
    found = advance(request, None, {SIGSUM: [SIGSUM_KEY]})
    assert (found.origin, found.size, found.root) == (SIGSUM, 1, b"\x2a" + bytes(31))
    assert write_request(request) == SIGSUM_REQUEST


def test_the_published_example_is_read() -> None:
    request = read_request(EXAMPLE.encode())
    assert (request.old, len(request.proof)) == (20852014, 4)
    assert write_request(request) == EXAMPLE.encode()
    with pytest.raises(UnknownLogError):
        advance(request, None, LOGS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_it_follows_growth_and_never_goes_back(sizes: Sequence[int]) -> None:
    kept: Checkpoint | None = None
    for size in sizes:
        known = kept.size if kept else 0
        if size < known:
            with pytest.raises(WitnessRequestError):
                advance(TREE.ask(known, size), kept, LOGS)
            with pytest.raises(SizeConflictError):
                advance(TREE.ask(size, size), kept, LOGS)
            continue
        kept = advance(TREE.ask(known, size), kept, LOGS)
        assert kept == TREE.at(size)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 39), st.integers(1, 40))
def test_a_second_history_is_never_taken(first: int, second: int) -> None:
    kept = TREE.at(first)
    old = min(first, second)
    for proof in (OTHER.ask(old, second).proof, TREE.ask(old, second).proof, ()):
        note = sign_checkpoint(OTHER.at(second), ORIGIN, LOG)
        with pytest.raises(AmanaError) as refusal:
            advance(WitnessRequest(first, proof, note), kept, LOGS)
        assert isinstance(refusal.value, ProofError | SizeConflictError | WitnessRequestError)


def test_the_same_again_is_cosigned_again() -> None:
    assert advance(TREE.ask(7, 7), TREE.at(7), LOGS) == TREE.at(7)


def test_one_size_with_another_root_is_a_conflict() -> None:
    with pytest.raises(SizeConflictError) as refusal:
        advance(OTHER.ask(7, 7), TREE.at(7), LOGS)
    assert refusal.value.known == 7
    assert "another log" in str(refusal.value)


def test_it_says_how_far_it_is() -> None:
    for old in (0, 3, 9):
        with pytest.raises(SizeConflictError) as refusal:
            advance(TREE.ask(old, 12), TREE.at(7), LOGS)
        assert refusal.value.known == 7


def test_who_is_asked_first_needs_no_proof_and_takes_none() -> None:
    assert advance(TREE.ask(0, 12), None, LOGS) == TREE.at(12)
    with pytest.raises(ProofError):
        advance(WitnessRequest(0, (bytes(32),), TREE.ask(0, 12).note), None, LOGS)


def test_an_empty_log_has_one_root() -> None:
    assert advance(TREE.ask(0, 0), None, LOGS).root == EMPTY_ROOT
    false = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), ORIGIN, LOG)
    with pytest.raises(ProofError):
        advance(WitnessRequest(0, (), false), None, LOGS)


def test_a_log_that_did_not_sign_is_refused_whatever_key_did() -> None:
    stranger = SigningKey(b"\x09" * 32)
    with pytest.raises(UnsignedCheckpointError):
        advance(TREE.ask(0, 5, stranger), None, LOGS)
    renewed = {ORIGIN: [bytes(stranger.verify_key), bytes(LOG.verify_key)]}
    assert advance(TREE.ask(0, 5), None, renewed) == TREE.at(5)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1",
        b"old 1\n",
        b"old 01\n\nx",
        b"old -1\n\nx",
        b"new 1\n\nx",
        b"old 1 \n\nx",
        b"old 1\nnot base64\n\nx",
        b"old 1\r\n\r\nx",
        b"old 1\n\xff\n\nx",
        b"old " + b"9" * 30 + b"\n\nx",
        b"old 1\n" + (base64.b64encode(bytes(32)) + b"\n") * (MOST_HASHES + 1) + b"\nx",
        b"old 1\n\n" + b"x" * 80_000,
    ],
)
def test_another_form_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(WitnessRequestError):
        read_request(body)


def test_a_note_that_is_no_checkpoint_is_refused_by_name() -> None:
    with pytest.raises(CheckpointError):
        advance(read_request(b"old 0\n\nhello\n"), None, LOGS)
