"""Asking the person who may know what."""

from mobile.flows.consent import ConsentFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.field_list import FieldList
from mobile.widgets.fold import Fold
from mobile.widgets.recipients import Recipients

load_rule(__file__)

FURTHER = (FieldList, Fold, Recipients)


class ConsentScreen(Screen):
    """Every tick is in the vault before it is shown."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> ConsentFlow:
        """About the screening `record`."""
        assert record is not None
        return ConsentFlow(navigator.phone, navigator.words, record, navigator.run)

    def write_ground(self, _: str, text: str) -> bool:
        """Keep the legal ground as written."""
        return self.attempt(self.presenter.write_ground, text)

    def record_consent(self) -> None:
        """As given now."""
        if self.ids.ground.flush():
            self.attempt(self.presenter.record_consent)

    def gone(self) -> None:
        """What was written a moment ago is kept before the phone locks."""
        super().gone()
        if self.navigator.phone.unlocked:
            self.ids.ground.flush()
