"""Padding: round trips, the paper's sizes, and nothing hidden in the filler."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.sealing.padding import PaddingError, pad, padded_size, padme, unpad


def by_the_paper(length: int) -> int:
    """Algorithm 1 of the PURBs paper, written with its logarithms."""
    exponent = math.floor(math.log2(length))
    bits = math.floor(math.log2(exponent)) + 1
    last = exponent - bits
    mask = 2**last - 1 if last > 0 else 0
    return (length + mask) // (mask + 1) * (mask + 1)


def test_sizes_are_the_paper_s() -> None:
    assert [padme(length) for length in range(2, 5000)] == [
        by_the_paper(length) for length in range(2, 5000)
    ]
    assert (padme(0), padme(1), padme(9), padme(1000), padme(1025)) == (0, 1, 10, 1024, 1088)


def test_at_most_an_eighth_is_wasted_and_few_sizes_occur() -> None:
    sizes = {padme(length) for length in range(8, 1 << 16)}
    assert all(padme(length) * 100 <= length * 112 for length in range(8, 1 << 16))
    assert all(padme(size) == size for size in sizes)
    assert len(sizes) < 200


@settings(max_examples=60)
@given(st.binary(max_size=3000))
def test_padding_round_trips(data: bytes) -> None:
    padded = pad(data)
    assert unpad(padded) == data
    assert len(padded) == padded_size(len(data)) == padme(len(data) + 8)


@settings(max_examples=60)
@given(st.binary(max_size=600), st.binary(max_size=600))
def test_only_the_padme_size_leaks(first: bytes, second: bytes) -> None:
    same = padme(len(first) + 8) == padme(len(second) + 8)
    assert (len(pad(first)) == len(pad(second))) is same


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=500), st.data())
def test_filler_hides_nothing_and_sizes_are_exact(content: bytes, data) -> None:
    padded = pad(content)
    used = 8 + len(content)
    if used < len(padded):
        damaged = bytearray(padded)
        damaged[data.draw(st.integers(used, len(padded) - 1))] = data.draw(st.integers(1, 255))
        with pytest.raises(PaddingError):
            unpad(bytes(damaged))
    with pytest.raises(PaddingError):
        unpad(padded + b"\0")
    with pytest.raises(PaddingError):
        unpad(padded[: data.draw(st.integers(0, len(padded) - 1))])


def test_a_length_beyond_the_data_is_refused() -> None:
    for length in (1, 9, 1 << 63, (1 << 64) - 1):
        with pytest.raises(PaddingError):
            unpad(length.to_bytes(8))
    with pytest.raises(PaddingError):
        unpad((20).to_bytes(8) + b"x" * 8)
