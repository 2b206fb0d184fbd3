"""What is offered to this provider, by deadline, and how many places are free."""

from typing import Any

from mobile.flows.inbox import InboxFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold

load_rule(__file__)

FURTHER = (Fold,)


class InboxScreen(Screen):
    """Nearest deadline first."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> InboxFlow:
        """About nothing but the phone."""
        return InboxFlow(navigator.phone, navigator.words, navigator.run)

    def open(self, item: Any) -> None:
        """A line was pressed."""
        self.navigator.go(item.goto.screen, item.goto.record)

    def tell_places(self) -> None:
        """The directory is told what is written."""
        self.attempt(self.presenter.state_capacity, self.ids.places.text)
