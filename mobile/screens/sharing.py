"""Open cases sealed anew, for phones that a person chooses by name."""

from mobile.flows.sharing import SharingFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class SharingScreen(Screen):
    """What was shared is sent at once if there is a connection."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> SharingFlow:
        """About every open case of a provider, or the referral `record` of a sender."""
        return SharingFlow(navigator.phone, navigator.words, record, navigator.run)

    def share(self) -> None:
        """With the phones chosen."""
        if self.attempt(self.presenter.share):
            self.attempt(self.presenter.sync)
