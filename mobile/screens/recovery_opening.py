"""A forgotten PIN: colleagues' sheets, then a new one."""

from typing import Any

from mobile.flows.recovery_opening import RecoveryOpeningFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.numbered_words import NumberedWords

load_rule(__file__)

FURTHER = (NumberedWords,)
PINS = ("pin", "again")


class RecoveryOpeningScreen(Screen):
    """Shown on a locked phone; what is entered goes when nobody touches it for a while."""

    needs_pin = False
    goes_when_idle = True

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> RecoveryOpeningFlow:
        """About nothing but the phone."""
        return RecoveryOpeningFlow(navigator.phone, navigator.words, navigator.run)

    def __init__(self, navigator: Navigator, presenter: RecoveryOpeningFlow) -> None:
        super().__init__(navigator, presenter)
        self.ids.word.ids.entry.bind(text=self._write)

    def take(self) -> None:
        """Enter was pressed in the field."""
        self.ids.word.text += " "

    def choose(self, word: str) -> None:
        """A completion was touched."""
        self.attempt(self.presenter.choose, word)
        self.ids.word.text = ""

    def edit(self, number: str) -> None:
        """A word was touched: the next that is written takes its place."""
        self.attempt(self.presenter.edit, int(number))
        self.ids.scroll.to_top()

    def open(self) -> None:
        """With what is written, which stays on the screen no longer than this."""
        written = [self.ids[each].text for each in PINS]
        for each in PINS:
            self.ids[each].text = ""
        self.attempt(self.presenter.open, *written)

    def gone(self) -> None:
        """Nothing that was written stays."""
        for each in (*PINS, "word"):
            self.ids[each].text = ""
        super().gone()

    def _write(self, entry: Any, text: str) -> None:
        if not text:
            return
        left = self.presenter.write(text)
        if left != text:
            entry.text = left
        self.refresh()
