"""Beginning a screening."""

from mobile.flows.new_screening import NewScreeningFlow
from mobile.flows.parts import Option
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class NewScreeningScreen(Screen):
    """Which checklist, in which language, where, and whether it is practice."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> NewScreeningFlow:
        """About nothing but the phone."""
        return NewScreeningFlow(navigator.phone, navigator.words, navigator.run)

    def practice_option(self) -> list[Option]:
        """Practice as a choice of its own."""
        view = self.view
        return [Option("practice", view.practice_label, view.practice, view.practice_explanation)]

    def turn_practice(self) -> None:
        """On or off."""
        self.attempt(self.presenter.set_practice, not self.view.practice)
