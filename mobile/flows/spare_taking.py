"""Taking a spare copy in on a new phone: which file, whose sheets, and what came of it."""

from pathlib import Path

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.spare import TakenIn
from mobile.casework.spare_places import copies_in, places
from mobile.flows.errors import latin
from mobile.flows.flow import Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.refusals import NothingChosenError
from mobile.flows.sheet_entry import EnteringFlow, EntryView, SheetEntry
from mobile.flows.spare import Places, content_text, path_option
from mobile.locale import Words
from mobile.vault.errors import SheetUnfitError, SpareOfOtherSheetsError
from protocols.errors import AmanaError


@frozen
class TakingView:
    """`stage`: file, sheets or done."""

    stage: str
    title: str
    explanation: tuple[str, ...]
    files: tuple[Option, ...]
    file_label: str
    file_hint: str
    entry: EntryView
    button: str
    busy: bool
    problem: str | None
    leads_to: Goto | None


class SpareTakingFlow(EnteringFlow):
    """`places` lists where copies are looked for."""

    def __init__(
        self, phone: Phone, words: Words, run: Run = at_once, places: Places = places
    ) -> None:
        super().__init__(phone, words, run)
        self._files = copies_in(places())
        self._chosen = self._files[0] if self._files else None
        self._file: Path | None = None
        self._taken: TakenIn | None = None
        self._left = False

    @property
    def view(self) -> TakingView:
        """What the screen shows now."""
        words, stage = self.words, self._stage
        return TakingView(
            stage=stage,
            title=words("Take in a spare copy"),
            explanation=self._explanation(),
            files=tuple(path_option(each, each == self._chosen) for each in self._files),
            file_label=words("Or another file"),
            file_hint=words("With its folder."),
            entry=self._form(None),
            button=self._button(),
            busy=self.busy,
            problem=self.problem,
            leads_to=Goto("home") if self._left else None,
        )

    def pick(self, file: str) -> None:
        """One of the files found."""
        self._chosen = Path(file)

    def go_on(self, typed: str = "") -> None:
        """From the file to its sheets, from the sheets to the copy, or home. Raises
        NothingChosenError; what else is refused shows as `problem`."""
        if self._stage == "done":
            self._left = True
        elif self._stage == "file":
            chosen = Path(typed.strip()).expanduser() if typed.strip() else self._chosen
            if chosen is None:
                raise NothingChosenError("choose the file of the copy")
            self._file, self.problem = chosen, None
        elif not self._entering:
            self._take()

    def write(self, text: str) -> str:
        """As `EnteringFlow.write`; once the sheets are enough, the copy is taken in."""
        left = super().write(text)
        if self._stage == "sheets" and not self._entering:
            self._take()
        return left

    def _take(self) -> None:
        file, sheets = self._file, self._entry.gathered
        if file is not None:
            self._slowly(lambda: self.phone.spare.take_in(file, sheets), self._done)

    def _done(self, taken: TakenIn) -> None:
        self._taken = taken

    def _failed(self, error: AmanaError) -> None:
        """Sheets that open nothing are asked for again; after any other refusal, the file."""
        if isinstance(error, SheetUnfitError | SpareOfOtherSheetsError):
            self._entry = SheetEntry(None)
        else:
            self._file = None
        super()._failed(error)

    @property
    def _stage(self) -> str:
        if self._taken is not None:
            return "done"
        return "file" if self._file is None else "sheets"

    @property
    def _entering(self) -> bool:
        return self._stage == "sheets" and not self._entry.gathered.enough

    def _explanation(self) -> tuple[str, ...]:
        words, taken = self.words, self._taken
        if taken is not None:
            lines = [
                words(
                    "From the phone {name}, as of {date}: {content}.",
                    name=latin(words, taken.label),
                    date=words.date(taken.made),
                    content=content_text(words, taken.screenings, taken.cases),
                )
            ]
            if taken.known:
                lines.append(words("What was on this phone already stayed as it is."))
            lines.append(
                words(
                    "Sync now: then you see where each referral stands. Make recovery sheets for"
                    " this phone, and destroy the old copy and the old sheets."
                )
            )
            return tuple(lines)
        if self._stage == "file":
            return (
                words("Put in the stick or card with the copy, then choose the file."),
                words("The phone that is lost must be reported to the coordinator first."),
            )
        return (
            words("Ask the colleagues who keep the lost phone's sheets to enter them here."),
            words("Let each of them enter their own sheet, unseen by the others."),
        )

    def _button(self) -> str:
        words, stage = self.words, self._stage
        if stage == "file":
            return words("Go on")
        if stage == "done":
            return words("Done")
        return "" if self._entering else words("Take it in")
