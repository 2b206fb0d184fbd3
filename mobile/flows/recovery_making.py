"""Handing out recovery sheets: each colleague copies the words of one sheet, seen by nobody else.

Nothing is kept before the last sheet is on paper and checked; until then the old set, if there is
one, still opens the phone.
"""

from random import SystemRandom

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.flows.errors import latin
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Field, Goto
from mobile.flows.recovery import choice_of
from mobile.flows.refusals import NotAsCopiedError
from mobile.locale import Words
from mobile.vault.errors import SheetWordUnknownError
from mobile.vault.sheets import WORDS_A_SHEET, Sheet, read_word

ROW = 4
"""Words shown at once. The first row says which sheet of which set it is; it is not asked for."""
ASKED = 3
LAST_ROW = (WORDS_A_SHEET - 1) // ROW


@frozen
class MakingView:
    """`stage`: hand, rows, check or done. `heading`: what to write at the top of the paper.
    `row`: numbered words to copy. `asked`: three of them, to be entered from the paper."""

    stage: str
    title: str
    explanation: tuple[str, ...]
    heading_title: str
    heading: tuple[str, ...]
    progress: str
    row: tuple[tuple[int, str], ...]
    asked: tuple[Field, ...]
    button: str
    back_button: str
    problem: str | None
    leads_to: Goto | None


class RecoveryMakingFlow(Flow):
    """`choice`: "2-3" for three sheets of which two are needed."""

    def __init__(self, phone: Phone, words: Words, choice: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        needed, sheets = choice_of(choice)
        self._drawn = phone.recovery.draw(needed, sheets)
        self._at = 0
        self._row = 0
        self._stage = "hand"
        self._asked: tuple[int, ...] = ()
        self._left = False

    @property
    def view(self) -> MakingView:
        """What the screen shows now."""
        words, stage = self.words, self._stage
        return MakingView(
            stage=stage,
            title=self._title(),
            explanation=self._explanation(),
            heading_title=words("Write at the top of the paper") if stage == "hand" else "",
            heading=self._heading() if stage == "hand" else (),
            progress=self._progress(),
            row=self._words_of_row() if stage == "rows" else (),
            asked=self._fields() if stage == "check" else (),
            button=self._button(),
            back_button=self._back_button(),
            problem=self.problem,
            leads_to=Goto("recovery") if self._left else None,
        )

    def go_on(self) -> None:
        """The next row of words, or what follows the last."""
        if self._stage == "done":
            self._left = True
        elif self._stage == "hand":
            self._stage, self._row = "rows", 0
        elif self._row < LAST_ROW:
            self._row += 1
        else:
            places = SystemRandom().sample(range(ROW + 1, WORDS_A_SHEET + 1), ASKED)
            self._stage, self._asked = "check", tuple(sorted(places))

    def look_again(self) -> None:
        """Back to the row before; from the check to the sheet's first row."""
        if self._stage == "check":
            self._stage, self._row = "rows", 0
        elif self._row:
            self._row -= 1
        else:
            self._stage = "hand"

    def check(self, *written: str) -> None:
        """The three words as they stand on the paper; then the next colleague, or all is done.
        Raises SheetWordUnknownError, NotAsCopiedError, VaultStorageError."""
        for position, typed in zip(self._asked, written, strict=True):
            try:
                word = read_word(typed, position)
            except SheetWordUnknownError:
                word = ""
            if word != self._sheet.words[position - 1]:
                raise NotAsCopiedError(position)
        if self._at + 1 < len(self._drawn.sheets):
            self._at, self._stage, self._asked = self._at + 1, "hand", ()
            return
        self.phone.recovery.keep(self._drawn)
        self._stage = "done"

    @property
    def _sheet(self) -> Sheet:
        return self._drawn.sheets[self._at]

    def _count(self) -> dict[str, str]:
        number = self.words.number
        return {"number": number(self._sheet.number), "sheets": number(len(self._drawn.sheets))}

    def _title(self) -> str:
        if self._stage == "done":
            return self.words("The sheets are ready")
        return self.words("Sheet {number} of {sheets}", **self._count())

    def _explanation(self) -> tuple[str, ...]:
        words = self.words
        if self._stage == "hand":
            again = words(
                "If you are interrupted, begin anew: what was copied before then opens nothing."
            )
            return (
                words(
                    "Hand this phone to colleague {number}, with paper and a pen, and stay near."
                    " Only this colleague may see the words that follow.",
                    **self._count(),
                ),
                words(
                    "Copy by hand, each word with its number. Keep the paper apart from the phone,"
                    " where nobody looks for it. Tell nobody that you have it, and give it only to"
                    " the owner of this phone, in person."
                ),
                *((again,) if self._at == 0 else ()),
            )
        if self._stage == "rows":
            return (words("Copy these words with their numbers, in Latin letters."),)
        if self._stage == "check":
            return (words("Enter these words from your paper; the first four letters are enough."),)
        return (
            words("From now on these sheets open this phone, and older ones open nothing."),
            words("Ask whoever has an older sheet to destroy it."),
        )

    def _heading(self) -> tuple[str, ...]:
        words, me = self.words, self.phone.identity
        lines = [
            words("Sheet {number} of {sheets}", **self._count()),
            words("Needed: {needed}", needed=words.number(self._drawn.needed)),
            words("Date: {date}", date=words.date(self.phone.now)),
            words("Set: {name}", name=latin(words, self._drawn.name)),
        ]
        if me is not None:
            lines.insert(0, words("Phone: {name}", name=me.label))
        return tuple(lines)

    def _progress(self) -> str:
        if self._stage != "rows":
            return ""
        number = self.words.number
        return self.words(
            "Row {row} of {rows}", row=number(self._row + 1), rows=number(LAST_ROW + 1)
        )

    def _words_of_row(self) -> tuple[tuple[int, str], ...]:
        first = self._row * ROW
        shown = self._sheet.words[first : first + ROW]
        return tuple((first + place, word) for place, word in enumerate(shown, start=1))

    def _fields(self) -> tuple[Field, ...]:
        return tuple(
            Field(str(each), self.words("Word {number}", number=self.words.number(each)), "")
            for each in self._asked
        )

    def _button(self) -> str:
        words = self.words
        if self._stage == "hand":
            return words("I am colleague {number}: show the words", **self._count())
        if self._stage == "rows":
            last = self._row == LAST_ROW
            return words("Everything is copied") if last else words("Copied: next row")
        return words("Compare") if self._stage == "check" else words("Done")

    def _back_button(self) -> str:
        if self._stage == "check":
            return self.words("Show the words again")
        return self.words("Back one row") if self._stage == "rows" else ""
