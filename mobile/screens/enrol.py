"""Joining an organisation with an invitation."""

from mobile.flows.enrol import EnrolFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold

load_rule(__file__)

FURTHER = (Fold,)


class EnrolScreen(Screen):
    """First the invitation is asked for, then the code is read aloud."""

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> EnrolFlow:
        """About nothing but the phone."""
        return EnrolFlow(navigator.phone, navigator.words, navigator.run)

    def __init__(self, navigator: Navigator, presenter: EnrolFlow) -> None:
        super().__init__(navigator, presenter)
        self.ids.place.text = presenter.view.place

    def begin(self) -> None:
        """Ask to join."""
        self.attempt(self.presenter.begin, self.ids.invitation.text, self.ids.name.text)

    def write_request(self) -> None:
        """Ask to join by file."""
        ids = self.ids
        invitation, name = ids.invitation.text, ids.name.text
        self.attempt(self.presenter.write_request, invitation, name, ids.place.text)

    def take_answer(self) -> None:
        """The office's answer was brought."""
        self.attempt(self.presenter.take_answer, self.ids.answer.text)

    def poll(self) -> None:
        """Ask whether it is decided."""
        self.attempt(self.presenter.poll)
