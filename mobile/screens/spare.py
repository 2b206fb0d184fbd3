"""The spare copy: its age, and writing a new one."""

from mobile.flows.spare import SpareFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class SpareScreen(Screen):
    """Reached from the recovery sheets."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> SpareFlow:
        """About nothing but the phone."""
        return SpareFlow(navigator.phone, navigator.words, navigator.run)
