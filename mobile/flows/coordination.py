"""A coordinator's side: late steps first, every referral of the country, and one's timeline."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.views import ReferralView
from mobile.flows.flow import Run, at_once
from mobile.flows.labels import STATES, label
from mobile.flows.parts import Goto, Row
from mobile.flows.rows import overdue_row, short
from mobile.flows.sent import names_of
from mobile.flows.syncing import SyncingFlow
from mobile.flows.timeline import StepView, is_proven, proof_text, step_views
from mobile.flows.watch import standing_kind, standing_text
from mobile.locale import Words
from protocols.audit.report import Report

PAGE = 20
"""Referrals shown at first, and with each "show more"."""


@frozen
class TimelineView:
    """One referral's steps and their proof; never what is sealed. `fault`: what does not hold, in
    English, to be passed on."""

    title: str
    state: str
    timeline_title: str
    timeline: tuple[StepView, ...]
    proof: str
    verified: bool
    fault_title: str
    fault: str


@frozen
class AuditView:
    """What a check of the whole log found. `faults`: rule, place and message, in English."""

    holds: bool
    verdict: str
    faults: tuple[str, ...]


@frozen
class CoordinationView:
    """`all`: the newest, or those that fit what is looked for; `more_button`: empty where all of
    them are shown. `chosen`: the referral looked at, None for the list. `audit`: None before a
    check."""

    title: str
    overdue_title: str
    overdue: tuple[Row, ...]
    none_overdue: str
    all_title: str
    all: tuple[Row, ...]
    find_label: str
    none_found: str
    more_button: str
    audit_title: str
    audit_explanation: str
    audit_button: str
    audit: AuditView | None
    watch_title: str
    watch: str
    watch_kind: str
    watch_button: str
    chosen: TimelineView | None
    sync_button: str
    synced: str
    busy: bool
    busy_text: str
    problem: str | None
    problems: tuple[str, ...]


class CoordinationFlow(SyncingFlow):
    """The country's referrals, as events and proofs. `referral`: look at this one."""

    _find = ""
    _shown = PAGE
    _audit: AuditView | None = None

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
        seen = self.phone.watching.view()
        fit = [each for each in self.phone.coordination.list() if each.id.startswith(self._find)]
        return CoordinationView(
            title=words("Overdue and all referrals"),
            overdue_title=words("Overdue"),
            overdue=tuple(overdue_row(words, each) for each in late),
            none_overdue="" if late else words("Nothing is overdue."),
            all_title=words("All referrals"),
            all=tuple(self._row(each) for each in fit[: self._shown]),
            find_label=words("Find a referral by its number"),
            none_found="" if fit else self._none_found(),
            more_button=words("Show more") if len(fit) > self._shown else "",
            audit_title=words("Check the whole log"),
            audit_explanation=words(
                "Fetches the country's signed log and checks every signature, step and proof on"
                " this phone. It holds no case."
            ),
            audit_button=words("Check now"),
            audit=self._audit,
            watch_title=words("Who watches the record"),
            watch=standing_text(words, seen, self.phone.now),
            watch_kind=standing_kind(seen),
            watch_button=words("See who, and compare"),
            chosen=self._timeline() if self._chosen else None,
            sync_button=words("Sync now"),
            synced=self.synced,
            busy=self.busy,
            busy_text=words("One moment…") if self.busy else "",
            problem=self.problem,
            problems=self.problems,
        )

    def choose(self, referral: str | None) -> None:
        """Look at one referral, or (None) at the list again."""
        self._chosen = referral

    def find(self, text: str) -> None:
        """Show only referrals whose number begins like this."""
        self._find, self._shown = text.strip().lower(), PAGE

    def more(self) -> None:
        """Show further referrals."""
        self._shown += PAGE

    def check(self) -> None:
        """Check the whole log here; needs a connection."""
        self._audit = None
        self._slowly(self.phone.coordination.check, self._checked)

    def _checked(self, report: Report) -> None:
        words = self.words
        if report.ok:
            verdict = words(
                "Everything holds. Signed entries: {entries}; referrals: {referrals}.",
                entries=words.number(report.size),
                referrals=words.number(report.referrals),
            )
        else:
            verdict = words.plural(
                "{n} fault found. Do not rely on this log; report it to the programme's authority.",
                "{n} faults found. Do not rely on this log; report them to the programme's"
                " authority.",
                len(report.faults),
            )
        faults = tuple(f"{each.rule}, {each.where}: {each.message}" for each in report.faults)
        self._audit = AuditView(report.ok, verdict, faults)

    def _none_found(self) -> str:
        if self._find:
            return self.words("No referral has a number that begins like this.")
        return self.words("Nothing here yet.")

    def _row(self, view: ReferralView) -> Row:
        words = self.words
        return Row(
            view.id,
            words("Referral {id}", id=short(view.id)),
            "\n".join((label(words, STATES, view.state), words.moment(view.created))),
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
            timeline_title=words("What happened"),
            timeline=step_views(words, found, names_of(self.phone, words)),
            proof=proof_text(words, found),
            verified=is_proven(found),
            fault_title=words("What does not hold, to pass on as it is"),
            fault=found.fault or "",
        )
