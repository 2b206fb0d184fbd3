"""Recovery sheets: a random secret split among colleagues, each part as words on paper.

The split is SLIP-0039 (Trezor, 2019: Shamir's sharing over GF(256), a list of 1024 words that
differ in their first four letters, a checksum over each sheet) as PyPI's `shamir-mnemonic` does
it: one group, no passphrase, and a secret of 32 bytes, so 33 words a sheet. Any `needed` of the
sheets give the secret, fewer say nothing about it. The library draws the parts' randomness from
`secrets` and takes no other source; the secret itself comes from the caller's entropy.
"""

from collections.abc import Iterable, Sequence

from attrs import field, frozen
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.constants import CHECKSUM_LENGTH_WORDS, CUSTOMIZATION_STRING_EXTENDABLE
from shamir_mnemonic.rs1024 import create_checksum
from shamir_mnemonic.wordlist import WORD_INDEX_MAP, WORDLIST

from mobile.vault.errors import (
    SheetOfAnotherSetError,
    SheetTwiceError,
    SheetUnfinishedError,
    SheetUnfitError,
    SheetWordUnknownError,
    SheetWordWrongError,
    TooFewSheetsError,
)

SECRET_BYTES = 32
WORDS_A_SHEET = 33
NAME_WORDS = 2
CHOICES = ((2, 3), (3, 5), (2, 2))
"""(needed, sheets); the first is advised."""
OFFERED = 7
"""Completions at once: no more words than that share their first three letters."""
_BITS = range(10)


@frozen
class Sheet:
    """One colleague's part. `number` counts from 1; the first two words are the same on every
    sheet of a set and name it."""

    number: int
    needed: int
    words: tuple[str, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The name of its set: "duckling enlarge"."""
        return " ".join(self.words[:NAME_WORDS])


def split(secret: bytes, needed: int, sheets: int) -> tuple[Sheet, ...]:
    """`secret` (32 bytes) as `sheets` sheets, any `needed` of which give it back."""
    if len(secret) != SECRET_BYTES or (needed, sheets) not in CHOICES:
        raise ValueError(f"{needed} of {sheets} sheets over {len(secret)} bytes is not offered")
    (made,) = generate_mnemonics(1, [(needed, sheets)], secret, iteration_exponent=0)
    return tuple(
        Sheet(number, needed, tuple(each.split())) for number, each in enumerate(made, start=1)
    )


def completions(prefix: str, most: int = OFFERED) -> tuple[str, ...]:
    """The words that begin so, alphabetically; none for an empty prefix."""
    begun = prefix.strip().lower()
    found = (each for each in WORDLIST if begun and each.startswith(begun))
    return tuple(each for each, _ in zip(found, range(most), strict=False))


def read_word(typed: str, position: int) -> str:
    """The word meant by `typed`, which may be its first letters if no other word begins so.

    Raises SheetWordUnknownError, which names `position` (from 1) and what was written.
    """
    found = completions(typed, 2)
    if typed.strip().lower() in WORD_INDEX_MAP:
        return typed.strip().lower()
    if len(found) != 1:
        raise SheetWordUnknownError(position, typed)
    return found[0]


def read_sheet(words: Sequence[str]) -> Sheet:
    """The sheet that these words are.

    Raises SheetUnfinishedError (how many are missing), SheetWordUnknownError, SheetWordWrongError
    (with the position, where one word alone explains it), SheetUnfitError for a sheet that some
    other tool made.
    """
    read = tuple(read_word(each, place) for place, each in enumerate(words, start=1))
    if len(read) != WORDS_A_SHEET:
        raise SheetUnfinishedError(len(read), WORDS_A_SHEET)
    indices = [WORD_INDEX_MAP[each] for each in read]
    if any(_difference(indices)):
        raise SheetWordWrongError(suspect(read), read)
    return _ours(read)


def _ours(read: tuple[str, ...]) -> Sheet:
    try:
        share = Share.from_mnemonic(" ".join(read))
    except MnemonicError as error:
        raise SheetUnfitError("these words are no recovery sheet; look at the sheet") from error
    ours = share.group_count == 1 and len(share.value) == SECRET_BYTES
    most = max((each for needed, each in CHOICES if needed == share.member_threshold), default=0)
    if not ours or share.index >= most:
        raise SheetUnfitError("another tool made this sheet; take one that this app made")
    return Sheet(share.index + 1, share.member_threshold, read)


def suspect(words: Sequence[str]) -> int | None:
    """The position (from 1) of the one word whose change would make the checksum right, or None
    where it takes more than one. RS1024 finds any single wrong word; which word belongs there is
    not said, as SLIP-0039 demands: the sheet is to be read again."""
    wanted = _difference([WORD_INDEX_MAP[each] for each in words])
    places = WORDS_A_SHEET - CHECKSUM_LENGTH_WORDS
    for place in range(places):
        effects = [_effect(place, bit, places) for bit in _BITS]
        reached: set[tuple[int, ...]] = {(0, 0, 0)}
        for effect in effects:
            reached |= {_xor(each, effect) for each in reached}
        if wanted in reached:
            return place + 1
    wrong = [place for place, each in enumerate(wanted) if each]
    return places + wrong[0] + 1 if len(wrong) == 1 else None


def _difference(indices: Sequence[int]) -> tuple[int, ...]:
    """Zeros where the checksum is right."""
    data, checksum = indices[:-CHECKSUM_LENGTH_WORDS], indices[-CHECKSUM_LENGTH_WORDS:]
    return _xor(create_checksum(data, CUSTOMIZATION_STRING_EXTENDABLE), checksum)


def _effect(place: int, bit: int, places: int) -> tuple[int, ...]:
    """What turning one bit of one word turns in the checksum: it is linear, whatever the rest."""
    changed = [0] * places
    plain = create_checksum(changed, CUSTOMIZATION_STRING_EXTENDABLE)
    changed[place] = 1 << bit
    return _xor(create_checksum(changed, CUSTOMIZATION_STRING_EXTENDABLE), plain)


def _xor(first: Iterable[int], second: Iterable[int]) -> tuple[int, ...]:
    return tuple(one ^ other for one, other in zip(first, second, strict=True))


@frozen
class Gathered:
    """Sheets of one set, as they come in. `of` is the name of the only set that is taken, where it
    is known."""

    of: str | None = None
    sheets: tuple[Sheet, ...] = ()

    @property
    def needed(self) -> int | None:
        """How many it takes; None before the first sheet says so."""
        return self.sheets[0].needed if self.sheets else None

    @property
    def enough(self) -> bool:
        """Whether the secret can be had."""
        return self.needed is not None and len(self.sheets) >= self.needed

    def with_(self, sheet: Sheet) -> "Gathered":
        """One sheet more. Raises SheetOfAnotherSetError, SheetTwiceError."""
        expected = self.of or (self.sheets[0].name if self.sheets else sheet.name)
        other = any(each.needed != sheet.needed for each in self.sheets)
        if sheet.name != expected or other:
            raise SheetOfAnotherSetError(sheet.name, expected)
        if any(each.number == sheet.number for each in self.sheets):
            raise SheetTwiceError(sheet.number)
        return Gathered(self.of, (*self.sheets, sheet))

    def secret(self) -> bytes:
        """The secret. Raises TooFewSheetsError; SheetUnfitError where sheets of different sets
        bear one name."""
        if not self.enough:
            raise TooFewSheetsError(len(self.sheets), self.needed)
        try:
            secret: bytes = combine_mnemonics(
                " ".join(each.words) for each in self.sheets[: self.needed]
            )
        except MnemonicError as error:
            raise SheetUnfitError(
                "these sheets do not belong together; look for those of one date"
            ) from error
        return secret
