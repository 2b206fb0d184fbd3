"""A sent referral: where it stands in words, its timeline, its messages, what can be done."""

from attrs import frozen

from mobile.casework.custody import Custody
from mobile.casework.errors import NoDirectoryError
from mobile.casework.phone import Phone
from mobile.casework.views import ReferralView
from mobile.flows.custody_words import CustodyView, sent_custody
from mobile.flows.draft import carry_draft, forget_consent, keep_answer, written_answer
from mobile.flows.errors import explain_problem
from mobile.flows.flow import Run, at_once
from mobile.flows.labels import KINDS, STATES, STRENGTHS, WITHDRAWAL_REASONS, label, options
from mobile.flows.parts import Field, Goto, Option, Row
from mobile.flows.refusals import NothingChosenError
from mobile.flows.rows import short
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
from mobile.locale import Words
from protocols.referral.arrows import FINAL, TAKEN, UNANSWERED, State

PASSED_ON = ("declined", "expired", "unreadable")
"""Steps after which the next provider is asked."""


@frozen
class SentView:
    """`state`: one sentence; `waits`: what of it has not left this phone, empty for nothing;
    `shortlist`: the providers in order, each marked with how it stands, and how strongly the case
    was sealed for it; `custody`: who could open the case; `again`: to send it again, where asked;
    `answer`: empty while no question is open; `others_button`: empty unless it came back."""

    title: str
    state: str
    deadline: str
    waits: str
    problem: str | None
    advice: str
    others_button: str
    shortlist_title: str
    shortlist: tuple[Row, ...]
    timeline_title: str
    timeline: tuple[StepView, ...]
    proof: str
    verified: bool
    messages_title: str
    messages: tuple[MessageView, ...]
    can_answer: bool
    answer: tuple[Field, ...]
    answer_button: str
    can_withdraw: bool
    withdraw_button: str
    withdraw_explanation: str
    withdraw_title: str
    withdraw_reasons: tuple[Option, ...]
    keep_button: str
    custody: CustodyView
    again: Goto | None
    again_button: str
    sync_button: str
    busy: bool
    leads_to: Goto | None


class SentFlow(SyncingFlow):
    """One sent referral. Raises UnknownRecordError."""

    def __init__(self, phone: Phone, words: Words, referral: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._id = referral
        self._others: Goto | None = None
        phone.referrals.get(referral)

    @property
    def view(self) -> SentView:
        """What the screen shows now."""
        words, found = self.words, self.phone.referrals.get(self._id)
        names, state = names_of(self.phone, words), State(found.state)
        trouble = explain_problem(words, found.problem) if found.problem else None
        custody = self.phone.resealing.custody(self._id)
        return SentView(
            title=words("Referral {id}", id=short(found.id)),
            state=self._state(found, names),
            deadline=self._deadline(found),
            waits=waits_text(words, found),
            problem=self.problem or trouble,
            advice=self._advice(state, found, custody, names),
            others_button=words("Ask other providers") if _came_back(found) else "",
            shortlist_title=words("Providers, in this order"),
            shortlist=self._shortlist(found, names),
            timeline_title=words("What happened"),
            timeline=step_views(words, found, names),
            proof=proof_text(words, found),
            verified=is_proven(found),
            messages_title=words("Messages"),
            messages=message_views(words, found.messages, names),
            can_answer=_may_answer(found),
            answer=self._answer(found),
            answer_button=words("Send the answer"),
            can_withdraw=state not in FINAL and "withdrawn" not in found.waiting,
            withdraw_button=words("Withdraw"),
            withdraw_explanation=words(
                "All offers stop. Whoever has opened it is asked to delete it. This cannot be"
                " undone."
            ),
            withdraw_title=words("Why is it withdrawn?"),
            withdraw_reasons=options(words, WITHDRAWAL_REASONS),
            keep_button=words("Keep the referral"),
            custody=sent_custody(words, found, custody, _name(custody, names)),
            again=Goto("sharing", self._id) if _may_send_again(found) else None,
            again_button=words("Send it again") if _may_send_again(found) else "",
            sync_button=words("Sync now"),
            busy=self.busy,
            leads_to=self._others,
        )

    def ask_others(self) -> None:
        """Nobody on the list could help: go on with the same answers to other providers, under a
        referral of its own. Raises UnknownRecordError once the screening was deleted."""
        screening = self.phone.referrals.get(self._id).screening or ""
        record = self.phone.screenings.again(screening)
        carry_draft(self.phone, screening, record)
        self._others = Goto("providers", record.id)

    def answer(self, text: str) -> None:
        """Answer the provider's question; it leaves at the next sync. Raises NothingChosenError,
        and what `Referrals.answer` raises."""
        if not text.strip():
            raise NothingChosenError("write an answer first")
        self.phone.referrals.answer(self._id, text.strip())
        self.write_answer("")

    def write_answer(self, text: str) -> None:
        """Keep what is written so far, through a locked phone or a kill."""
        keep_answer(self.phone, self.phone.referrals.get(self._id).screening, text)

    def withdraw(self, reason: str = "consent_withdrawn") -> None:
        """Stop every offer, and forget the consent: should nothing of it have left, it cannot be
        sent anew without asking again. Raises NotAllowedNowError."""
        screening = self.phone.referrals.get(self._id).screening
        if screening is not None:
            forget_consent(self.phone, screening)
        self.phone.referrals.withdraw(self._id, reason)

    def _state(self, found: ReferralView, names: dict[str, str]) -> str:
        state = label(self.words, STATES, found.state)
        by = found.accepted_by or found.offered_to
        if by is None:
            return state
        return self.words("{state}: {name}", state=state, name=names.get(by, by))

    def _deadline(self, found: ReferralView) -> str:
        if found.deadline is None:
            return ""
        return self.words("Answer due by {moment}", moment=self.words.moment(found.deadline))

    def _advice(
        self, state: State, found: ReferralView, custody: Custody | None, names: dict[str, str]
    ) -> str:
        words, name = self.words, _name(custody, names)
        if found.unreadable_to and not found.holds_case:
            return words(
                "{name} cannot open the case any more, and it is not on this phone. If the phone"
                " that sent it is lost, meet the person again.",
                name=name,
            )
        if found.unreadable_to:
            return words("{name} cannot open the case any more. Send it again.", name=name)
        if _sent_again(found):
            return words("Sent again. It waits for {name} to open it.", name=name)
        if state is State.RETURNED:
            return words(
                "Nobody on the list could help. Call the focal point, or start again with other"
                " providers."
            )
        if state is State.ASKED:
            return words("Answer the question below, so that the provider can decide.")
        return ""

    def _answer(self, found: ReferralView) -> tuple[Field, ...]:
        if not _may_answer(found):
            return ()
        written = written_answer(self.phone, found.screening)
        return (Field("answer", self.words("Your answer"), written, multiline=True),)

    def _shortlist(self, found: ReferralView, names: dict[str, str]) -> tuple[Row, ...]:
        words = self.words
        marks = {
            each.provider: label(words, KINDS, each.kind)
            for each in found.timeline
            if each.provider and each.kind in PASSED_ON
        }
        if found.offered_to:
            marks[found.offered_to] = words("now")
        if found.accepted_by:
            marks[found.accepted_by] = words("accepted")
        sealed = {
            each: label(words, STRENGTHS, strength) for each, strength in found.strengths.items()
        }
        return tuple(
            Row(each, names.get(each, each), sealed.get(each, ""), marks.get(each, ""))
            for each in found.shortlist
        )


def _name(custody: Custody | None, names: dict[str, str]) -> str:
    return names.get(custody.provider, custody.provider) if custody else ""


def _may_send_again(found: ReferralView) -> bool:
    """The provider asked, the case is here, and nothing of it waits to leave."""
    return bool(found.unreadable_to) and found.holds_case and "resealed" not in found.waiting


def _sent_again(found: ReferralView) -> bool:
    """The sender's side sealed it anew, and no phone of the provider has opened it since."""
    last = [each for each in found.timeline if each.kind in ("opened", "resealed")]
    return bool(last) and last[-1].kind == "resealed" and last[-1].role == "field_worker"


def _came_back(found: ReferralView) -> bool:
    return State(found.state) is State.RETURNED and found.screening is not None


def _may_answer(found: ReferralView) -> bool:
    """A question is open: asked, and no answer waits."""
    if "answered" in found.waiting:
        return False
    last = [each.kind for each in found.timeline if each.kind in ("asked", "answered")]
    state = State(found.state)
    return bool(last) and last[-1] == "asked" and state in UNANSWERED | TAKEN


def names_of(phone: Phone, words: Words) -> dict[str, str]:
    """Organisations' names in the reader's language, by id."""
    try:
        directory = phone.directory
    except NoDirectoryError:
        return {}
    known = {*directory.organisations, *(each.id for each in directory.providers)}
    return {each: directory.name(each, words.language) for each in known}
