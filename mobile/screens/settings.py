"""Language, what protects this phone, a new PIN, locking, and erasing everything."""

from kivy.properties import BooleanProperty

from mobile.flows.settings import SettingsFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold
from mobile.widgets.hold_action import HoldAction

load_rule(__file__)

FURTHER = (Fold, HoldAction)
PINS = ("old", "new", "repeated")


class SettingsScreen(Screen):
    """`wiping`: the wipe is explained, and done only by holding its button."""

    wiping = BooleanProperty(False)

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> SettingsFlow:
        """About the phone."""
        return SettingsFlow(navigator.phone, navigator.words, navigator.run, navigator.speak)

    def speak(self, language: str) -> None:
        """A language was touched."""
        if language != self.navigator.words.language:
            self.attempt(self.presenter.choose_language, language)

    def change_pin(self) -> None:
        """With what is written, which stays on the screen no longer than this."""
        written = [self.ids[each].text for each in PINS]
        for each in PINS:
            self.ids[each].text = ""
        self.attempt(self.presenter.change_pin, *written)

    def begin_wipe(self) -> None:
        """Explain it first: one touch erases nothing."""
        self.wiping = True
        self.ids.scroll.to_top()

    def go_back(self) -> bool:
        """From the explanation of the wipe back to the settings."""
        if self.wiping:
            self.wiping = False
            return True
        return super().go_back()
