"""A provider's side of one referral: open it, read the case, answer, care, tell, close."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.views import InboxItem, OpenedCase, ReferralView, SyncReport
from mobile.flows.case_words import case_sections
from mobile.flows.custody_words import CustodyView, own_custody
from mobile.flows.errors import explain_problem
from mobile.flows.flow import Run, at_once
from mobile.flows.labels import DECLINE_REASONS, OUTCOMES, STATES, label, options
from mobile.flows.parts import Option, Section
from mobile.flows.refusals import NothingChosenError
from mobile.flows.rows import short
from mobile.flows.sent import names_of
from mobile.flows.syncing import SyncingFlow
from mobile.flows.timeline import (
    MessageView,
    StepView,
    is_proven,
    message_views,
    proof_text,
    step_views,
    waits_text,
)
from mobile.locale import Words, mark
from protocols.referral.arrows import TAKEN, UNANSWERED, State

ACTIONS = {
    "open": mark("Open the case"),
    "accept": mark("Accept"),
    "decline": mark("Decline"),
    "cannot_open": mark("Nobody here can open it"),
    "ask": mark("Ask a question"),
    "start_service": mark("The person is in our care"),
    "hand_over": mark("Handed over to others"),
    "feedback": mark("Report what became of it"),
    "close": mark("Close"),
}
NOTES = {
    "accept": mark("You take over helping the person. The sender is told."),
    "decline": mark("The case is erased from this phone at once, and the next provider is asked."),
    "cannot_open": mark(
        "Ask your colleagues first: it may open on another phone. While it is only offered, the"
        " next provider is asked. Later, its sender is asked to send it again."
    ),
    "ask": mark("Sealed: only the sender can read it."),
    "hand_over": mark(
        "The person is in others' care now. You can still report what became of it, and close."
    ),
    "feedback": mark("Sealed: only the sender can read it."),
    "close": mark("This ends the referral for everybody. A report can still follow."),
}
"""What an action does, said before it is done."""
_OPEN_STATES = (State.OPENED, State.ASKED)


@frozen
class CaseReferralView:
    """`case`: what the person allowed you to know, once opened. `actions`: what may be done now,
    by method name, the first one first, each with what it does. `waits`: steps that have not left
    this phone. `custody`: who of the provider's phones could open it."""

    title: str
    sender: str
    state: str
    deadline: str
    late: bool
    waits: str
    problem: str | None
    case_title: str
    case: tuple[Section, ...]
    case_note: str
    custody: CustodyView
    share_button: str
    actions: tuple[Option, ...]
    more_button: str
    decline_title: str
    decline_reasons: tuple[Option, ...]
    outcome_title: str
    outcomes: tuple[Option, ...]
    question_label: str
    feedback_label: str
    messages_title: str
    messages: tuple[MessageView, ...]
    timeline_title: str
    timeline: tuple[StepView, ...]
    proof: str
    verified: bool
    sync_button: str
    synced: str
    busy: bool


class ReferralFlow(SyncingFlow):
    """One referral in the inbox. Each step is signed here and leaves at the next sync; each raises
    NotAllowedNowError where it may not be taken now. Raises UnknownRecordError."""

    def __init__(self, phone: Phone, words: Words, referral: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._id = referral
        self._case: OpenedCase | None = None
        item = self._item(phone.inbox.get(referral))
        if item is not None and item.opened and item.ours:
            self._case = phone.inbox.open(referral)

    @property
    def view(self) -> CaseReferralView:
        """What the screen shows now."""
        words, found = self.words, self.phone.inbox.get(self._id)
        item, names = self._item(found), names_of(self.phone, words)
        trouble = explain_problem(words, found.problem) if found.problem else None
        deadline = item.deadline if item else None
        custody = self.phone.resealing.custody(self._id) if self._case is not None else None
        shares = custody is not None and bool(custody.others)
        return CaseReferralView(
            title=words("Referral {id}", id=short(found.id)),
            sender=words("From {name}", name=item.from_name) if item else "",
            state=self._state(found, item),
            deadline=words("Answer by {moment}", moment=words.moment(deadline)) if deadline else "",
            late=item.late if item else False,
            waits=waits_text(words, found),
            problem=self.problem or trouble,
            case_title=words("What the person allowed you to know"),
            case=case_sections(words, self._case.content, self.phone.editions.find)
            if self._case
            else (),
            case_note=self._note(item),
            custody=own_custody(words, custody),
            share_button=words("Share with a colleague's phone") if shares else "",
            actions=tuple(self._action(each) for each in self._allowed(found, item)),
            more_button=words("Other steps"),
            decline_title=words("Why do you decline?"),
            decline_reasons=options(words, DECLINE_REASONS),
            outcome_title=words("What became of it?"),
            outcomes=options(words, OUTCOMES),
            question_label=words("Your question"),
            feedback_label=words("In your own words (only the sender can read it)"),
            messages_title=words("Messages"),
            messages=message_views(words, found.messages, names),
            timeline_title=words("What happened"),
            timeline=step_views(words, found, names),
            proof=proof_text(words, found),
            verified=is_proven(found),
            sync_button=words("Sync now"),
            synced=self.synced,
            busy=self.busy,
        )

    def open(self) -> None:
        """Open the sealed case; that it was opened is recorded. Raises UnreadableError (the sender
        is told)."""
        self._case = self.phone.inbox.open(self._id)

    def cannot_open(self) -> None:
        """Say that no phone here opens the case."""
        self.phone.resealing.say_unreadable(self._id)

    def accept(self) -> None:
        """Take the person."""
        self.phone.inbox.accept(self._id)

    def decline(self, reason: str) -> None:
        """Say no with a reason's code; the case is gone from this phone at once."""
        self.phone.inbox.decline(self._id, _chosen(reason))
        self._case = None

    def ask(self, question: str) -> None:
        """Ask the sender, sealed."""
        self.phone.inbox.ask(self._id, _written(question))

    def start_service(self) -> None:
        """The person has arrived."""
        self.phone.inbox.start_service(self._id)

    def hand_over(self) -> None:
        """The person is in others' care now."""
        self.phone.inbox.hand_over(self._id)

    def feedback(self, text: str, outcome: str) -> None:
        """Tell the sender what became of it, sealed."""
        self.phone.inbox.feedback(self._id, text.strip(), _chosen(outcome))

    def close(self, outcome: str) -> None:
        """End it with an outcome's code."""
        self.phone.inbox.close(self._id, _chosen(outcome))

    def _synced(self, report: SyncReport) -> None:
        """A case that is no longer ours is no longer shown."""
        super()._synced(report)
        item = self._item(self.phone.inbox.get(self._id))
        if item is None or not item.ours or not item.opened:
            self._case = None

    def _action(self, name: str) -> Option:
        note = self.words(NOTES[name]) if name in NOTES else ""
        return Option(name, self.words(ACTIONS[name]), detail=note)

    def _item(self, found: ReferralView) -> InboxItem | None:
        listed = self.phone.inbox.list()
        return next((each for each in listed if each.referral == found.id), None)

    def _state(self, found: ReferralView, item: InboxItem | None) -> str:
        if item is None or not item.ours:
            return self.words("No longer with you.")
        return label(self.words, STATES, found.state)

    def _note(self, item: InboxItem | None) -> str:
        words = self.words
        if self._case is not None:
            return words("Keep it to those who need it to help. It is gone here when you decline.")
        if item is None or not item.ours:
            return ""
        if (trouble := self._trouble(item)) is not None:
            return trouble
        if not item.readable:
            return words("The sealed case is not on this phone yet. Sync.")
        return words("Sealed. Opening it is recorded for the sender to see.")

    def _trouble(self, item: InboxItem) -> str | None:
        """Why the case does not open here, and who is waited for."""
        words = self.words
        if item.withheld:
            return words(
                "It was shared or sent again, but has not arrived. Sync. If it stays away, tell the"
                " coordinator: the server may be holding it back."
            )
        if item.asked or "unreadable" in item.waiting:
            return words("The sender is told that it cannot be opened here, and can send it again.")
        if not item.stuck:
            return None
        phones = self.phone.resealing.colleagues(item.referral)
        if phones:
            return words(
                "This phone cannot open it. {phones} may: ask a colleague to open it there, and to"
                " share it.",
                phones=words.list(phones),
            )
        return words("No phone here can open it, as far as is known. Say so below.")

    def _allowed(self, found: ReferralView, item: InboxItem | None) -> tuple[str, ...]:
        """What the lifecycle would take from this provider now, by method name."""
        state = State(found.state)
        if item is None or not item.ours:
            return ()
        if state is State.CLOSED:
            return ("feedback",)
        says = item.stuck and not item.asked and "unreadable" not in item.waiting
        stuck = ("cannot_open",) if says else ()
        if state in UNANSWERED and self._case is None:
            return ("open", "decline") if item.readable else (*stuck, "decline")
        if state in _OPEN_STATES:
            return ("accept", "ask", "decline")
        if state in TAKEN:
            open_ = () if self._case else stuck or ("open",)
            start = ("start_service",) if state is State.ACCEPTED else ()
            over = ("hand_over",) if state in (State.ACCEPTED, State.IN_SERVICE) else ()
            return (*open_, *start, "ask", "feedback", *over, "close")
        return ()


def _chosen(code: str) -> str:
    if not code:
        raise NothingChosenError("choose one of the reasons first")
    return code


def _written(text: str) -> str:
    if not text.strip():
        raise NothingChosenError("write something first")
    return text.strip()
