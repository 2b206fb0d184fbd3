"""Bech32 against BIP 173's own vectors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.sealing.bech32 import ALPHABET, LONGEST, Bech32Error, decode, encode

VALID = [
    "A12UEL5L",
    "a12uel5l",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "?1ezyfcl",
]
INVALID = [
    "\x201nwldj5",
    "\x7f1axkwrx",
    "\x801eym55h",
    "pzry9x0s0muk",
    "1pzry9x0s0muk",
    "x1b4n0q5v",
    "li1dgmt3",
    "de1lg7wt\xff",
    "A1G7SGD8",
    "10a06t8",
    "1qzzfhee",
    "A12uEL5L",
    "",
    "1",
]


@pytest.mark.parametrize("text", VALID)
def test_bip_173_accepts(text: str) -> None:
    prefix, data = decode(text)
    assert encode(prefix.lower(), data) == text.lower()


@pytest.mark.parametrize("text", INVALID)
def test_bip_173_refuses(text: str) -> None:
    with pytest.raises(Bech32Error):
        decode(text)


@settings(max_examples=60)
@given(st.binary(max_size=100) | st.binary(min_size=1216, max_size=1216))
def test_any_bytes_round_trip(data: bytes) -> None:
    text = encode("age", data)
    assert decode(text) == ("age", data)
    assert decode(text.upper()) == ("AGE", data)


@settings(max_examples=100)
@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_mistyped_character_is_noticed(data: bytes, draw) -> None:
    text = encode("age", data)
    at = draw.draw(st.integers(4, len(text) - 1))
    other = draw.draw(st.sampled_from([each for each in ALPHABET if each != text[at]]))
    with pytest.raises(Bech32Error):
        decode(text[:at] + other + text[at + 1 :])


@settings(max_examples=200)
@given(st.binary(min_size=1216, max_size=1216), st.data())
def test_a_mistyped_character_of_a_hybrid_key_is_noticed(data: bytes, draw) -> None:
    text = encode("age1pq", data)
    at = draw.draw(st.integers(7, len(text) - 1))
    other = draw.draw(st.sampled_from([each for each in ALPHABET if each != text[at]]))
    with pytest.raises(Bech32Error):
        decode(text[:at] + other + text[at + 1 :])


def test_a_text_that_would_take_long_is_refused_unread() -> None:
    with pytest.raises(Bech32Error, match="more than"):
        decode("age1" + "q" * 10_000_000)
    longest = encode("age1pq", bytes(1216))
    assert decode(longest) == ("age1pq", bytes(1216))
    assert len(longest) <= LONGEST
