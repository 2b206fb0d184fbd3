"""A forgotten PIN: enough colleagues' sheets, a new PIN, and everything is there.

Works on a locked phone. What is entered stays in memory only, and goes with the screen.
"""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.recovery import SheetsView
from mobile.flows.errors import latin
from mobile.flows.flow import Run, at_once
from mobile.flows.parts import Goto
from mobile.flows.refusals import PinsDifferError
from mobile.flows.sheet_entry import EnteringFlow, EntryView, SheetEntry
from mobile.locale import Words
from mobile.vault.errors import RecoveryDamagedError, WeakPinError
from protocols.errors import AmanaError


@frozen
class OpeningView:
    """`stage`: none (no sheets can open this phone), sheets, or pin."""

    stage: str
    title: str
    explanation: tuple[str, ...]
    entry: EntryView
    pin_label: str
    repeat_label: str
    button: str
    busy: bool
    busy_text: str
    problem: str | None
    leads_to: Goto | None


class RecoveryOpeningFlow(EnteringFlow):
    """From sheets to a new PIN."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._unusable: str | None = None
        self._on_file = self._look()
        self._entry = SheetEntry(self._on_file.name if self._on_file else None)

    @property
    def view(self) -> OpeningView:
        """What the screen shows now."""
        words, stage = self.words, self._stage
        return OpeningView(
            stage=stage,
            title=words("Choose a new PIN") if stage == "pin" else words("Forgot the PIN?"),
            explanation=self._explanation(),
            entry=self._form(self._on_file.needed if self._on_file else None),
            pin_label=words("New PIN or passphrase"),
            repeat_label=words("The same again"),
            button=words("Open with the new PIN"),
            busy=self.busy,
            busy_text=words("One moment: the key is being made from your PIN."),
            problem=self.problem,
            leads_to=self._leads_to(),
        )

    def open(self, pin: str, repeated: str) -> None:
        """Open everything under the new PIN. Raises PinsDifferError; what else is refused shows as
        `problem`."""
        if pin != repeated:
            raise PinsDifferError("the two new PINs differ; enter both again")
        sheets = self._entry.gathered
        self._slowly(lambda: self.phone.open_with_sheets(sheets, pin), lambda _: None)

    def _failed(self, error: AmanaError) -> None:
        """Sheets that open nothing are asked for again; for a weak PIN they stay."""
        if not isinstance(error, WeakPinError):
            self._on_file = self._look()
            self._entry = SheetEntry(self._on_file.name if self._on_file else None)
        super()._failed(error)

    def _look(self) -> SheetsView | None:
        self._unusable = None
        try:
            return self.phone.recovery.on_file if self.phone.exists else None
        except RecoveryDamagedError:
            self._unusable = self.words(
                "The record on this phone to which the sheets belong is damaged. Open it with the"
                " PIN, and make new sheets."
            )
            return None

    @property
    def _entering(self) -> bool:
        return self._stage == "sheets"

    @property
    def _stage(self) -> str:
        if self._on_file is None:
            return "none"
        return "pin" if self._entry.gathered.enough else "sheets"

    def _explanation(self) -> tuple[str, ...]:
        words, file = self.words, self._on_file
        if file is None:
            return self._without()
        if self._stage == "pin":
            return (
                words("The sheets fit. Choose a new PIN, and everything on this phone is there."),
            )
        return (
            words(
                "Ask {needed} of your colleagues for their sheets. They were made on {date}, and"
                " each begins with {name}.",
                needed=words.number(file.needed),
                date=words.date(file.made),
                name=latin(words, file.name),
            ),
            words("Let each of them enter their own sheet, unseen by the others."),
        )

    def _without(self) -> tuple[str, ...]:
        words = self.words
        if self._unusable is not None:
            return (self._unusable,)
        if not self.phone.exists:
            return (words("Nothing is on this phone that sheets could open: it was erased."),)
        return (
            words("No recovery sheets were made for this phone. Nobody can open it without a PIN."),
            words(
                "Think before you try: after 10 wrong PINs everything is erased. Referrals that"
                " were sent are safe with your organisation; tell your coordinator about the rest."
            ),
        )

    def _leads_to(self) -> Goto | None:
        if not self.phone.unlocked:
            return None
        return Goto("home" if self.phone.identity is not None else "enrol")
