"""Taking in the spare copy of a phone that is lost."""

from mobile.flows.spare_taking import SpareTakingFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.sheet_form import SheetForm

load_rule(__file__)

FURTHER = (SheetForm,)


class SpareTakingScreen(Screen):
    """A file, then sheets."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> SpareTakingFlow:
        """About nothing but the phone."""
        return SpareTakingFlow(navigator.phone, navigator.words, navigator.run)

    def write(self, text: str) -> str:
        """What stands in the field; returns what is left in it."""
        left: str = self.presenter.write(text)
        self.refresh()
        return left

    def edit(self, number: int) -> None:
        """A word was touched: the next that is written takes its place."""
        self.attempt(self.presenter.edit, number)
        self.ids.scroll.to_top()

    def gone(self) -> None:
        """Nothing that was written stays."""
        self.ids.form.forget()
        super().gone()
