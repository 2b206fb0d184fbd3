"""A provider's side of one referral."""

from attrs import evolve
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty

from mobile.flows.parts import Goto, Option, Row
from mobile.flows.referral import CaseReferralView, ReferralFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.messages import Messages
from mobile.widgets.sections import Sections
from mobile.widgets.thumb_bar import ThumbBar

load_rule(__file__)

FURTHER = (ThumbBar, Messages, Sections)
PAGE, STEPS = "", "steps"
AT_ONCE = ("open", "start_service")
"""Actions that need nothing said and bind nobody: one touch does them."""
REASONED = ("decline", "feedback", "close")
WRITTEN = ("ask", "feedback")


class ReferralScreen(Screen):
    """`doing`: what is shown, the referral itself (""), its further steps ("steps"), or what one
    action does and needs said before it is done. `picked`: the reason touched. What was done is
    sent at once if there is a connection."""

    doing = StringProperty(PAGE)
    action = ObjectProperty(Option("", ""), rebind=True)
    further = ListProperty([])
    reasons = ListProperty([])
    picked = StringProperty("")
    writes = BooleanProperty(False)

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> ReferralFlow:
        """About the referral `record`."""
        assert record is not None
        return ReferralFlow(navigator.phone, navigator.words, record, navigator.run)

    def act(self, key: str) -> None:
        """An action was pressed: done at once, or asked about first."""
        if key in AT_ONCE:
            self._turn(PAGE)
            if self.attempt(getattr(self.presenter, key)):
                self.attempt(self.presenter.sync)
            return
        self.action = next(each for each in self.view.actions if each.key == key)
        self.writes = key in WRITTEN
        self.ids.said.text = ""
        self.pick("")
        self._turn(key)

    def show_steps(self) -> None:
        """The further steps were asked for."""
        here = Goto("referral")
        self.further = [
            Row(each.key, each.label, each.detail, goto=here) for each in self.view.actions[1:]
        ]
        self._turn(STEPS)

    def pick(self, reason: str) -> None:
        """A reason was touched."""
        view = self.view
        offered = view.decline_reasons if self.action.key == "decline" else view.outcomes
        offered = offered if self.action.key in REASONED else ()
        self.picked = reason
        self.reasons = [evolve(each, chosen=each.key == reason) for each in offered]

    def do(self) -> None:
        """The action with what was picked and written."""
        key = self.doing
        given = [self.ids.said.text] if key in WRITTEN else []
        given += [self.picked] if key in REASONED else []
        if self.attempt(getattr(self.presenter, key), *given):
            self._turn(PAGE)
            self.attempt(self.presenter.sync)

    def title(self, doing: str, view: CaseReferralView) -> str:
        """The head of what is shown."""
        if doing == PAGE:
            return view.title
        return view.more_button if doing == STEPS else self.action.label

    def reasons_title(self, reasons: list[Option]) -> str:
        """What the reasons answer; empty where none are asked for."""
        if not reasons:
            return ""
        declines = self.action.key == "decline"
        return str(self.view.decline_title if declines else self.view.outcome_title)

    def written_label(self, doing: str) -> str:
        """What is to be written."""
        return str(self.view.question_label if doing == "ask" else self.view.feedback_label)

    def go_back(self) -> bool:
        """From what an action needs back to the referral."""
        if self.doing != PAGE:
            self._turn(PAGE)
            return True
        return super().go_back()

    def _turn(self, doing: str) -> None:
        self._said = ""
        self.doing = doing
        self.ids.scroll.to_top()
        self._settle()
