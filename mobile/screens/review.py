"""The last look before sealing."""

from mobile.flows.review import ReviewFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.part_cards import PartCards

load_rule(__file__)

FURTHER = (PartCards,)


class ReviewScreen(Screen):
    """Once sent, back leads home: there is nothing left to enter."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> ReviewFlow:
        """About the screening `record`."""
        assert record is not None
        return ReviewFlow(navigator.phone, navigator.words, record, navigator.run)

    def refresh(self) -> None:
        """A new way begins where it leads on."""
        leads_to = self.presenter.view.leads_to
        if self.presenter.changed == self.refresh and leads_to is not None:
            self.navigator.go("home")
            self.navigator.go(leads_to.screen, leads_to.record)
        else:
            super().refresh()
