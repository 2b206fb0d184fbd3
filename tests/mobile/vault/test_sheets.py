"""Sheets of words: any that are enough give the secret, fewer nothing, and slips are named."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from mobile.vault.errors import (
    SheetOfAnotherSetError,
    SheetTwiceError,
    SheetUnfinishedError,
    SheetUnfitError,
    SheetWordUnknownError,
    SheetWordWrongError,
    TooFewSheetsError,
)
from mobile.vault.sheets import (
    CHOICES,
    WORDS_A_SHEET,
    Gathered,
    completions,
    read_sheet,
    read_word,
    split,
)
from tests.mobile.vault.slip39 import back


def exchanged(words, place):
    """Two different words in each other's place."""
    other = next(each for each in range(20, 33) if words[each] != words[place])
    found = list(words)
    found[place], found[other] = found[other], found[place]
    return found


FEW = settings(max_examples=6, deadline=None)
SECRETS = st.binary(min_size=32, max_size=32)
VECTORS = (
    (
        "bb54aac4b89dc868ba37d9cc21b2cece",
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece"
        " deal husband erode duke ajar critical decision keyboard",
    ),
    (
        "989baf9dcaad5b10ca33dfd8cc75e42477025dce88ae83e75a230086a0e00e92",
        "theory painting academic academic armed sweater year military elder discuss acne wildlife"
        " boring employer fused large satoshi bundle carbon diagnose anatomy hamster leaves tracks"
        " paces beyond phantom capital marvel lips brave detect luck",
    ),
    (
        "b43ceb7e57a0ea8766221624d01b0864",
        "shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist"
        " rescue view short owner flip making coding armed",
        "shadow pistol academic acid actress prayer class unknown daughter sweater depict flip"
        " twice unkind craft early superior advocate guest smoking",
    ),
)
"""From SLIP-0039's published vectors (https://github.com/trezor/python-shamir-mnemonic), whose
passphrase is TREZOR."""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector[1][:16])
def test_published_vectors_hold_for_the_library_and_for_the_second_opinion(vector):
    secret, *sheets = vector
    assert combine_mnemonics(sheets, b"TREZOR").hex() == secret
    assert back([each.split() for each in sheets], b"TREZOR").hex() == secret


@FEW
@given(SECRETS, st.sampled_from(CHOICES))
def test_any_that_are_enough_give_the_secret_and_fewer_do_not(secret, choice):
    needed, count = choice
    sheets = split(secret, needed, count)
    assert [each.number for each in sheets] == list(range(1, count + 1))
    assert {len(each.words) for each in sheets} == {WORDS_A_SHEET}
    assert len({each.name for each in sheets}) == 1
    for some in itertools.combinations(sheets, needed):
        gathered = Gathered()
        for each in some:
            assert not gathered.enough
            with pytest.raises(TooFewSheetsError):
                gathered.secret()
            gathered = gathered.with_(read_sheet(each.words))
        assert gathered.enough
        assert gathered.secret() == secret
        assert back([each.words for each in some]) == secret


@FEW
@given(SECRETS, SECRETS, st.sampled_from(CHOICES))
def test_fewer_with_one_of_another_set_under_the_same_name_give_nothing(secret, other, choice):
    needed, count = choice
    sheets = split(secret, needed, count)
    foreign = Share.from_mnemonic(" ".join(split(other, needed, count)[-1].words))
    forged = replace(foreign, identifier=Share.from_mnemonic(" ".join(sheets[0].words)).identifier)
    gathered = Gathered()
    for each in (*sheets[: needed - 1], read_sheet(forged.words())):
        gathered = gathered.with_(each)
    with pytest.raises(SheetUnfitError):
        gathered.secret()


@FEW
@given(SECRETS, st.integers(0, WORDS_A_SHEET - 1), st.integers(1, 1023))
def test_one_wrong_word_is_named_with_its_place(secret, place, by):
    words = list(split(secret, 2, 3)[0].words)
    words[place] = WORDLIST[(WORDLIST.index(words[place]) + by) % 1024]
    with pytest.raises(SheetWordWrongError) as wrong:
        read_sheet(words)
    assert wrong.value.position == place + 1
    assert wrong.value.word == words[place]
    assert words[place] not in str(wrong.value)


def test_two_wrong_words_are_noticed_without_a_guess():
    words = exchanged(split(bytes(range(32)), 2, 3)[0].words, 4)
    with pytest.raises(SheetWordWrongError) as wrong:
        read_sheet(words)
    assert wrong.value.position is None


def test_a_word_is_found_by_its_first_letters():
    assert completions("acad") == ("academic",)
    assert completions("AC", 3) == ("academic", "acid", "acne")
    assert completions("") == ()
    assert completions("zz") == ()
    assert read_word(" ACAD ", 1) == "academic"
    for word in WORDLIST:
        assert read_word(word[:4], 1) == word
        assert word in completions(word[:3])


@pytest.mark.parametrize("typed", ["", "a", "ac", "xylophone", "academicc", "أكاديمي"])
def test_a_word_that_is_none_is_named_with_its_place(typed):
    words = list(split(bytes(32), 2, 3)[0].words)
    words[16] = typed
    with pytest.raises(SheetWordUnknownError) as unknown:
        read_sheet(words)
    assert (unknown.value.position, unknown.value.typed) == (17, typed)


def test_sheets_cut_short_twice_or_of_another_set_are_told_apart():
    sheets = split(bytes(32), 2, 3)
    with pytest.raises(SheetUnfinishedError) as short:
        read_sheet(sheets[0].words[:-1])
    assert (short.value.given, short.value.needed) == (32, 33)
    gathered = Gathered().with_(sheets[0])
    with pytest.raises(SheetTwiceError) as twice:
        gathered.with_(read_sheet(sheets[0].words))
    assert twice.value.number == 1
    with pytest.raises(SheetOfAnotherSetError) as other:
        gathered.with_(split(bytes(32), 2, 3)[1])
    assert other.value.expected == sheets[0].name
    with pytest.raises(SheetOfAnotherSetError):
        Gathered("duckling enlarge").with_(sheets[0])


@pytest.mark.parametrize(
    ("groups", "secret"),
    [
        ([(2, 3)], bytes(range(16))),
        ([(2, 2), (2, 3)], bytes(range(32))),
        ([(4, 6)], bytes(range(32))),
        ([(2, 5)], bytes(range(32))),
    ],
)
def test_sheets_of_another_tool_are_refused_by_name(groups, secret):
    made = generate_mnemonics(1, groups, secret, iteration_exponent=0)
    with pytest.raises((SheetUnfitError, SheetUnfinishedError)):
        read_sheet(made[-1][-1].split())


def test_other_numbers_of_sheets_are_not_offered():
    with pytest.raises(ValueError, match="not offered"):
        split(bytes(32), 1, 3)
    with pytest.raises(ValueError, match="not offered"):
        split(bytes(16), 2, 3)


def test_no_secret_shows_in_what_is_logged():
    sheet = split(bytes(32), 2, 3)[0]
    assert not any(word in repr(sheet) for word in sheet.words[4:])
