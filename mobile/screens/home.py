"""Home: what to begin, what is under way, and what has not left this phone."""

from typing import Any

from mobile.flows.home import HomeFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class HomeScreen(Screen):
    """The first of a role's actions is the one at the thumb."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> HomeFlow:
        """About nothing but the phone."""
        return HomeFlow(navigator.phone, navigator.words, navigator.run)

    def begin(self, place: int) -> None:
        """One of the actions was pressed."""
        self.navigator.go(self.view.actions[place].key)

    def open(self, item: Any) -> None:
        """A line was pressed."""
        self.navigator.go(item.goto.screen, item.goto.record)

    def sync(self) -> None:
        """Send and fetch now."""
        self.attempt(self.presenter.sync)
