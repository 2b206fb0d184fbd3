"""Beginning a screening."""

from mobile.flows.new_screening import NewScreeningFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class NewScreeningScreen(Screen):
    """Which checklist, in which language, and where."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> NewScreeningFlow:
        """About nothing but the phone."""
        return NewScreeningFlow(navigator.phone, navigator.words, navigator.run)
