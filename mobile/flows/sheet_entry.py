"""Sheets entered word by word: what is taken, what is asked next, and what does not fit."""

from mobile.vault.errors import SheetOfAnotherSetError, SheetWordWrongError
from mobile.vault.sheets import (
    NAME_WORDS,
    WORDS_A_SHEET,
    Gathered,
    completions,
    read_sheet,
    read_word,
)

OFFER_FROM = 2


class SheetEntry:
    """`words`: of the sheet that is being entered; `gathered`: the sheets before it. `name`: of
    the only set that is taken, where it is known."""

    def __init__(self, name: str | None) -> None:
        self.gathered = Gathered(name)
        self.words: tuple[str, ...] = ()
        self.completions: tuple[str, ...] = ()
        self._changing: int | None = None

    @property
    def place(self) -> int:
        """The number (from 1) of the word that is asked for."""
        return self._changing or min(len(self.words) + 1, WORDS_A_SHEET)

    def write(self, text: str) -> str:
        """Take every word that is complete; what is left stays in the field. Raises the refusals
        of `read_word`, `read_sheet` and `Gathered.with_`; what was taken before stays taken."""
        *whole, rest = text.replace("\n", " ").split(" ")
        self.completions = ()
        for each in whole:
            if each:
                self._take(each)
        if self.gathered.enough:
            return ""
        found = completions(rest)
        if found == (rest.lower(),):
            self._take(rest)
            return ""
        if len(rest) >= OFFER_FROM:
            self.completions = found
            if not found:
                read_word(rest, self.place)
        return rest

    def edit(self, number: int) -> None:
        """The word of that number is asked for again."""
        if 0 < number <= len(self.words):
            self._changing = number
            self.completions = ()

    def erase(self) -> None:
        """Without the last word."""
        self.words, self._changing, self.completions = self.words[:-1], None, ()

    def _take(self, typed: str) -> None:
        if self.gathered.enough:
            return
        word, place = read_word(typed, self.place), self.place
        self.words = (*self.words[: place - 1], word, *self.words[place:])
        self._changing = None
        self._demand_name()
        if len(self.words) == WORDS_A_SHEET:
            self._take_sheet()

    def _demand_name(self) -> None:
        """A sheet of another set is told after its second word, not after its last."""
        wanted = self.gathered.of
        begins = " ".join(self.words[:NAME_WORDS])
        if wanted is not None and len(self.words) >= NAME_WORDS and begins != wanted:
            self.words = ()
            raise SheetOfAnotherSetError(begins, wanted)

    def _take_sheet(self) -> None:
        try:
            sheet = read_sheet(self.words)
        except SheetWordWrongError as error:
            self._changing = error.position
            raise
        self.words = ()
        self.gathered = self.gathered.with_(sheet)
