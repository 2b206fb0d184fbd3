"""A practice case before it is begun."""

from mobile.flows.practice_case import PracticeCaseFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class PracticeCaseScreen(Screen):
    """Who the fictional person is, and where."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> PracticeCaseFlow:
        """About the case `record`."""
        assert record is not None
        return PracticeCaseFlow(navigator.phone, navigator.words, record, navigator.run)
