"""Who watches the record, and a comparison with another phone."""

from mobile.flows.watch import WatchFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold
from mobile.widgets.qr_code import QrCode

load_rule(__file__)

FURTHER = (Fold, QrCode)


class WatchScreen(Screen):
    """It shows no case and no name of a person."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> WatchFlow:
        """About the phone's country."""
        return WatchFlow(navigator.phone, navigator.words, navigator.run)
