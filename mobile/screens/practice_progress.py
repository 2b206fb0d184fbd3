"""Practice over time."""

from kivy.properties import BooleanProperty

from mobile.flows.practice_progress import PracticeProgressFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.attempts import AttemptList
from mobile.widgets.hold_action import HoldAction

load_rule(__file__)

FURTHER = (AttemptList, HoldAction)


class PracticeProgressScreen(Screen):
    """`forgetting`: what is deleted is explained, and done only by holding its button."""

    forgetting = BooleanProperty(False)

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> PracticeProgressFlow:
        """About this phone's own practice."""
        return PracticeProgressFlow(navigator.phone, navigator.words, navigator.run)

    def begin_to_forget(self) -> None:
        """Explain it first: one touch deletes nothing."""
        self.forgetting = True
        self.ids.scroll.to_top()

    def forget(self) -> None:
        """Held long enough."""
        self.forgetting = False
        self.attempt(self.presenter.forget)

    def go_back(self) -> bool:
        """From the explanation back to the progress."""
        if self.forgetting:
            self.forgetting = False
            return True
        return super().go_back()
