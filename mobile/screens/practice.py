"""Choosing a fictional person to practise with."""

from typing import Any

from mobile.flows.practice import PracticeFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold

load_rule(__file__)

FURTHER = (Fold,)


class PracticeScreen(Screen):
    """The cases of this installation."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> PracticeFlow:
        """About nothing but the phone."""
        return PracticeFlow(navigator.phone, navigator.words, navigator.run)

    def open(self, item: Any) -> None:
        """A case was pressed."""
        self.navigator.go(item.goto.screen, item.goto.record)

    def show_progress(self) -> None:
        """How it went so far."""
        self.navigator.go("practice_progress")

    def filter_by(self, checklist: str) -> None:
        """One checklist's cases, or all; the choice folds away again."""
        self.ids.filter.opened = False
        self.attempt(self.presenter.filter_by, checklist)
