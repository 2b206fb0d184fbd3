"""A coordinator's side: late steps first, every referral of the country, and one's timeline."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.views import ReferralView
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.labels import STATES, label
from mobile.flows.parts import Goto, Row
from mobile.flows.rows import overdue_row, short
from mobile.flows.sent import names_of
from mobile.flows.timeline import StepView, is_proven, proof_text, step_views
from mobile.locale import Words


@frozen
class TimelineView:
    """One referral's steps and their proof; never what is sealed. `fault`: what does not hold, in
    English, to be passed on."""

    title: str
    state: str
    timeline: tuple[StepView, ...]
    proof: str
    verified: bool
    fault: str


@frozen
class CoordinationView:
    """`chosen`: the referral looked at, None for the list."""

    title: str
    overdue_title: str
    overdue: tuple[Row, ...]
    none_overdue: str
    all_title: str
    all: tuple[Row, ...]
    chosen: TimelineView | None
    sync_button: str
    busy: bool
    problem: str | None


class CoordinationFlow(Flow):
    """The country's referrals, as events and proofs. `referral`: look at this one."""

    def __init__(
        self, phone: Phone, words: Words, referral: str | None = None, run: Run = at_once
    ) -> None:
        super().__init__(phone, words, run)
        self._chosen = referral

    @property
    def view(self) -> CoordinationView:
        """What the screen shows now. Raises UnknownRecordError for an unknown chosen one."""
        words = self.words
        late = self.phone.coordination.overdue()
        return CoordinationView(
            title=words("Overdue and all referrals"),
            overdue_title=words("Overdue"),
            overdue=tuple(overdue_row(words, each) for each in late),
            none_overdue="" if late else words("Nothing is overdue."),
            all_title=words("All referrals"),
            all=tuple(self._row(each) for each in self.phone.coordination.list()),
            chosen=self._timeline() if self._chosen else None,
            sync_button=words("Sync now"),
            busy=self.busy,
            problem=self.problem,
        )

    def choose(self, referral: str | None) -> None:
        """Look at one referral, or (None) at the list again."""
        self._chosen = referral

    def sync(self) -> None:
        """Fetch what is new."""
        self._slowly(lambda: self.phone.sync(hurry=True), lambda _: None)

    def _row(self, view: ReferralView) -> Row:
        words = self.words
        return Row(
            view.id,
            words("Referral {id}", id=short(view.id)),
            label(words, STATES, view.state),
            "" if view.verified else words("not proven"),
            urgent=not view.verified,
            goto=Goto("coordination", view.id),
        )

    def _timeline(self) -> TimelineView:
        words = self.words
        found = self.phone.coordination.get(self._chosen or "")
        return TimelineView(
            title=words("Referral {id}", id=short(found.id)),
            state=label(words, STATES, found.state),
            timeline=step_views(words, found, names_of(self.phone, words)),
            proof=proof_text(words, found),
            verified=is_proven(found),
            fault=found.fault or "",
        )
