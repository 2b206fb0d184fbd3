"""Asking the person who may know what."""

from kivy.clock import Clock
from kivy.properties import BooleanProperty

from mobile.device.speech import speaker
from mobile.flows.consent import ConsentFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.field_list import FieldList
from mobile.widgets.fold import Fold
from mobile.widgets.recipients import Recipients

load_rule(__file__)

FURTHER = (FieldList, Fold, Recipients)
LISTEN = 0.5
"""Seconds after which it is looked whether the voice still reads."""


class ConsentScreen(Screen):
    """Every tick is in the vault before it is shown. `can_play`: the device has a voice for the
    language of the text. `speaking`: it reads now."""

    passing = False

    can_play = BooleanProperty(False)
    speaking = BooleanProperty(False)

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> ConsentFlow:
        """About the screening `record`."""
        assert record is not None
        return ConsentFlow(navigator.phone, navigator.words, record, navigator.run)

    def __init__(self, navigator: Navigator, presenter: ConsentFlow) -> None:
        super().__init__(navigator, presenter)
        self._speaker = speaker()
        self._listening = Clock.schedule_interval(self._listen, LISTEN)
        self._listen()

    def play(self) -> None:
        """Read the text aloud, or stop."""
        if self._speaker.speaking:
            self._speaker.hush()
        else:
            self._speaker.say(self.view.read_aloud, self.view.language)
        self._listen()

    def write_ground(self, _: str, text: str) -> bool:
        """Keep the legal ground as written."""
        return self.attempt(self.presenter.write_ground, text)

    def record_consent(self) -> None:
        """As given now."""
        if self.ids.ground.flush():
            self.attempt(self.presenter.record_consent)

    def gone(self) -> None:
        """The voice falls silent; what was written a moment ago is kept before the phone locks."""
        super().gone()
        self._listening.cancel()
        self._speaker.hush()
        if self.navigator.phone.unlocked:
            self.ids.ground.flush()

    def _listen(self, *_: object) -> None:
        self.can_play = self._speaker.can(self.view.language)
        self.speaking = self._speaker.speaking
