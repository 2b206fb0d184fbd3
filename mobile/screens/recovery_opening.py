"""A forgotten PIN: colleagues' sheets, then a new one."""

from mobile.flows.recovery_opening import RecoveryOpeningFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.sheet_form import SheetForm

load_rule(__file__)

FURTHER = (SheetForm,)
PINS = ("pin", "again")


class RecoveryOpeningScreen(Screen):
    """Shown on a locked phone; what is entered goes when nobody touches it for a while."""

    needs_pin = False
    goes_when_idle = True

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> RecoveryOpeningFlow:
        """About nothing but the phone."""
        return RecoveryOpeningFlow(navigator.phone, navigator.words, navigator.run)

    def write(self, text: str) -> str:
        """What stands in the field; returns what is left in it."""
        left: str = self.presenter.write(text)
        self.refresh()
        return left

    def edit(self, number: int) -> None:
        """A word was touched: the next that is written takes its place."""
        self.attempt(self.presenter.edit, number)
        self.ids.scroll.to_top()

    def open(self) -> None:
        """With what is written, which stays on the screen no longer than this."""
        written = [self.ids[each].text for each in PINS]
        for each in PINS:
            self.ids[each].text = ""
        self.attempt(self.presenter.open, *written)

    def gone(self) -> None:
        """Nothing that was written stays."""
        self.ids.form.forget()
        for each in PINS:
            self.ids[each].text = ""
        super().gone()
