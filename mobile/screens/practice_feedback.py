"""What was noticed in a practised interview, what was missed and why."""

from typing import Any

from mobile.flows.practice_feedback import PracticeFeedbackFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.differences import DifferenceGroups
from mobile.widgets.fold import Fold
from mobile.widgets.practice_views import FoundList, PatternList

load_rule(__file__)

FURTHER = (DifferenceGroups, Fold, FoundList, PatternList)


class PracticeFeedbackScreen(Screen):
    """Counts, then what to learn from."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> PracticeFeedbackFlow:
        """About the practice run `record`."""
        assert record is not None
        return PracticeFeedbackFlow(navigator.phone, navigator.words, record, navigator.run)

    def act(self, place: int) -> None:
        """One of the actions was pressed; each is a method of the presenter."""
        action: Any = getattr(self.presenter, self.view.actions[place].key)
        self.attempt(action)
