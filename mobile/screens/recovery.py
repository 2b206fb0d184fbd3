"""Recovery sheets: what stands, what it means, making new ones and removing them."""

from mobile.flows.recovery import RecoveryFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.hold_action import HoldAction

load_rule(__file__)

FURTHER = (HoldAction,)


class RecoveryScreen(Screen):
    """Reached from the settings."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> RecoveryFlow:
        """About nothing but the phone."""
        return RecoveryFlow(navigator.phone, navigator.words, navigator.run)
