"""Where a sent referral stands, and what can be done about it."""

from attrs import evolve
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.flows.sent import SentFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.field_list import FieldList
from mobile.widgets.messages import Messages

load_rule(__file__)

FURTHER = (FieldList, Messages)


class SentScreen(Screen):
    """`withdrawing`: the reasons to withdraw are shown. `picked`: the one touched."""

    passing = False

    withdrawing = BooleanProperty(False)
    picked = StringProperty("")
    reasons = ListProperty([])

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> SentFlow:
        """About the referral `record`."""
        assert record is not None
        return SentFlow(navigator.phone, navigator.words, record, navigator.run)

    def answer(self) -> None:
        """Answer the provider's question with what is written."""
        if self.ids.answer.flush():
            self.attempt(self.presenter.answer, self.ids.answer.written("answer"))

    def write_answer(self, _: str, text: str) -> bool:
        """Keep the answer as far as it is written."""
        return self.attempt(self.presenter.write_answer, text)

    def gone(self) -> None:
        """What was written a moment ago is kept before the phone locks."""
        super().gone()
        if self.navigator.phone.unlocked:
            self.ids.answer.flush()

    def begin_withdrawal(self) -> None:
        """Ask why first: nothing is withdrawn by one touch."""
        self.withdrawing = True
        self.pick("")
        self.ids.scroll.scroll_y = 1

    def pick(self, reason: str) -> None:
        """A reason was touched."""
        self.picked = reason
        self.reasons = [
            evolve(each, chosen=each.key == reason) for each in self.view.withdraw_reasons
        ]

    def withdraw(self) -> None:
        """For the reason picked."""
        if self.attempt(self.presenter.withdraw, self.picked):
            self.withdrawing = False
            self.ids.scroll.scroll_y = 1

    def go_back(self) -> bool:
        """From the reasons back to the referral."""
        if self.withdrawing:
            self.withdrawing = False
            return True
        return super().go_back()
