"""Letting a colleague's device in, from a coordinator's phone."""

from typing import Any

from mobile.flows.add_device import AddDeviceFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold
from mobile.widgets.picker import Picker
from mobile.widgets.qr import Qr

load_rule(__file__)

FURTHER = (Fold, Picker, Qr)


class AddDeviceScreen(Screen):
    """Where the device will belong, then one invitation as it goes on."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> AddDeviceFlow:
        """About the invitation `record`, or (None) a new one."""
        return AddDeviceFlow(navigator.phone, navigator.words, record, navigator.run)

    def open(self, item: Any) -> None:
        """An invitation was pressed."""
        self.navigator.go(item.goto.screen, item.goto.record)

    def same(self) -> None:
        """The digits are the same."""
        self.attempt(lambda: self.presenter.compared(same=True))

    def different(self) -> None:
        """The digits differ."""
        self.attempt(lambda: self.presenter.compared(same=False))
