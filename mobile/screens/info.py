"""Who to call, and what is known of the country's law and bodies."""

from mobile.flows.info import InfoFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fact_folds import FactFolds

load_rule(__file__)

FURTHER = (FactFolds,)


class InfoScreen(Screen):
    """Everything on it says whether anybody verified it."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> InfoFlow:
        """About the phone's country."""
        return InfoFlow(navigator.phone, navigator.words, navigator.run)
