"""Joining an organisation with an invitation."""

from mobile.flows.enrol import EnrolFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)


class EnrolScreen(Screen):
    """First the invitation is asked for, then the code is read aloud."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> EnrolFlow:
        """About nothing but the phone."""
        return EnrolFlow(navigator.phone, navigator.words, navigator.run)

    def begin(self) -> None:
        """Ask to join."""
        self.attempt(self.presenter.begin, self.ids.invitation.text, self.ids.name.text)

    def poll(self) -> None:
        """Ask whether it is decided."""
        self.attempt(self.presenter.poll)
