"""Sheets entered word by word: what is taken, what is asked next, and what does not fit."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.errors import explain
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Option
from mobile.locale import Words
from mobile.vault.errors import RecoveryError, SheetOfAnotherSetError, SheetWordWrongError
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


@frozen
class EntryView:
    """What a sheet's form shows: the words entered of the present sheet, numbered, and the
    `completions` of what is being written."""

    progress: str
    word_label: str
    word_hint: str
    completions: tuple[Option, ...]
    words: tuple[tuple[int, str], ...]
    words_title: str
    erase_button: str


NO_ENTRY = EntryView("", "", "", (), (), "", "")


class EnteringFlow(Flow):
    """A presenter into which sheets are entered. `problem` names what does not fit."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._entry = SheetEntry(None)

    @property
    def _entering(self) -> bool:
        """Whether sheets are asked for now."""
        return not self._entry.gathered.enough

    def write(self, text: str) -> str:
        """What stands in the field now; returns what is left in it. A word is taken once it is
        whole, or at a space once only one begins so; a whole sheet may be pasted."""
        if not self._entering:
            return ""
        self.problem = None
        try:
            return self._entry.write(text)
        except RecoveryError as error:
            self.problem = explain(self.words, error)
            return ""

    def choose(self, word: str) -> None:
        """One of the completions."""
        self.write(f"{word} ")

    def edit(self, number: int) -> None:
        """The word of that number is entered anew."""
        self.problem = None
        self._entry.edit(number)

    def erase(self) -> None:
        """The last word was not meant."""
        self.problem = None
        self._entry.erase()

    def _form(self, needed: int | None) -> EntryView:
        """`needed`: how many sheets, where that is known before the first."""
        if not self._entering:
            return NO_ENTRY
        words, entry = self.words, self._entry
        return EntryView(
            progress=self._progress(entry.gathered.needed or needed),
            word_label=words(
                "Word {number} of {count}",
                number=words.number(entry.place),
                count=words.number(WORDS_A_SHEET),
            ),
            word_hint=words("Write its first letters, then touch the word."),
            completions=tuple(Option(each, each) for each in entry.completions),
            words=tuple(enumerate(entry.words, start=1)),
            words_title=words("Touch a word to change it") if entry.words else "",
            erase_button=words("Erase the last word") if entry.words else "",
        )

    def _progress(self, needed: int | None) -> str:
        words, number = self.words, len(self._entry.gathered.sheets) + 1
        if needed is None:
            return words("First sheet")
        return words(
            "Sheet {number} of {needed} needed",
            number=words.number(number),
            needed=words.number(needed),
        )
