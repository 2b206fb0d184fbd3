"""What was found, why, and what comes next."""

from typing import Any

from kivy.properties import StringProperty

from mobile.flows.findings import FindingsFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class FindingsScreen(Screen):
    """`opened`: the finding whose reasons are shown."""

    passing = False

    opened = StringProperty("")

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> FindingsFlow:
        """About the screening `record`."""
        assert record is not None
        return FindingsFlow(navigator.phone, navigator.words, record, navigator.run)

    def begin_instead(self) -> None:
        """Begin the checklist that applies instead."""
        self.attempt(self.presenter.begin_instead)

    def act(self, place: int) -> None:
        """One of the actions was pressed; each is a method of the presenter."""
        action: Any = getattr(self.presenter, self.view.actions[place].key)
        self.attempt(action)
