"""The PIN: choosing it, and entering it afterwards."""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty

from mobile.flows.parts import Option
from mobile.flows.unlock import UnlockFlow
from mobile.locale.words import LANGUAGES, NAMES
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class UnlockScreen(Screen):
    """`resting`: no PIN is taken until the wait is over."""

    needs_pin = False

    resting = BooleanProperty(False)
    languages = ListProperty([])

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> UnlockFlow:
        """About nothing but the phone."""
        return UnlockFlow(navigator.phone, navigator.words, navigator.run)

    def __init__(self, navigator: Navigator, presenter: UnlockFlow) -> None:
        super().__init__(navigator, presenter)
        spoken = navigator.words.language
        self.languages = [Option(each, NAMES[each], each == spoken) for each in LANGUAGES]

    def enter(self, *, knowing: bool = False) -> None:
        """The button was pressed; or the other one, by who was warned."""
        if self.view.first:
            given, again = self.ids.first.text, self.ids.again.text
            self.attempt(lambda: self.presenter.create(given, again, knowing=knowing))
        else:
            given, self.ids.pin.text = self.ids.pin.text, ""
            self.attempt(self.presenter.unlock, given)

    def add(self, digit: str) -> None:
        """A digit of the pad."""
        self.ids.pin.text += digit

    def erase(self) -> None:
        """Take the last character back."""
        self.ids.pin.text = self.ids.pin.text[:-1]

    def on_view(self, _: Any, view: Any) -> None:
        """After a wrong PIN the button rests."""
        self.resting = view.wait_seconds > 0
        if self.resting:
            Clock.schedule_once(self._rested, view.wait_seconds)

    def _rested(self, _: float) -> None:
        self.resting = False
