"""Which help is needed, and who is asked for it, in which order."""

from kivy.properties import BooleanProperty

from mobile.flows.providers import ProvidersFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold
from mobile.widgets.providers import ProviderCards

load_rule(__file__)

FURTHER = (Fold, ProviderCards)


class ProvidersScreen(Screen):
    """`unclear`: no kind of help was chosen when the screen was opened, so choosing one is."""

    passing = False

    unclear = BooleanProperty(False)

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> ProvidersFlow:
        """About the screening `record`."""
        assert record is not None
        return ProvidersFlow(navigator.phone, navigator.words, record, navigator.run)

    def __init__(self, navigator: Navigator, presenter: ProvidersFlow) -> None:
        super().__init__(navigator, presenter)
        self.unclear = not self.view.needed
