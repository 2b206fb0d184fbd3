"""Handing out recovery sheets, colleague after colleague."""

from mobile.flows.recovery_making import RecoveryMakingFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.numbered_words import NumberedWords
from mobile.widgets.sheet_form import unlearned

load_rule(__file__)

FURTHER = (NumberedWords,)
ASKED = ("first", "second", "third")


class RecoveryMakingScreen(Screen):
    """Leaving it at any moment leaves the sheets of before in force."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> RecoveryMakingFlow:
        """About the choice `record`, such as "2-3"."""
        return RecoveryMakingFlow(navigator.phone, navigator.words, record or "", navigator.run)

    def __init__(self, navigator: Navigator, presenter: RecoveryMakingFlow) -> None:
        super().__init__(navigator, presenter)
        for each in ASKED:
            unlearned(self.ids[each].ids.entry)

    def go_on(self) -> None:
        """The one button."""
        if self.view.stage != "check":
            self.attempt(self.presenter.go_on)
            self.ids.scroll.to_top()
            return
        if self.attempt(self.presenter.check, *(self.ids[each].text for each in ASKED)):
            self._forget()

    def look_again(self) -> None:
        """The words of this sheet once more."""
        self._forget()
        self.attempt(self.presenter.look_again)

    def gone(self) -> None:
        """Nothing that was written stays."""
        self._forget()
        super().gone()

    def _forget(self) -> None:
        for each in ASKED:
            self.ids[each].text = ""
        self.ids.scroll.to_top()
