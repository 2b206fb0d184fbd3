"""What is late, every referral of the country, and the proof of each step."""

from typing import Any

from kivy.clock import Clock

from mobile.flows.coordination import CoordinationFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold

load_rule(__file__)

FURTHER = (Fold,)
PAUSE = 0.4
"""Seconds without a letter after which a number is looked for."""


class CoordinationScreen(Screen):
    """The list, or one referral's timeline."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> CoordinationFlow:
        """About the referral `record`, or (None) about all."""
        return CoordinationFlow(navigator.phone, navigator.words, record, navigator.run)

    def __init__(self, navigator: Navigator, presenter: CoordinationFlow) -> None:
        self._paused = Clock.create_trigger(lambda _: self.find(), PAUSE)
        super().__init__(navigator, presenter)
        self.ids.number.ids.entry.bind(text=self._paused)

    def open(self, item: Any) -> None:
        """A line was pressed."""
        self.navigator.go(item.goto.screen, item.goto.record)

    def find(self) -> None:
        """Look for the number written."""
        self._paused.cancel()
        self.attempt(self.presenter.find, self.ids.number.text)

    def gone(self) -> None:
        """Nothing is looked for any more."""
        super().gone()
        self._paused.cancel()
