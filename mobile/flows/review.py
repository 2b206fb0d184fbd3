"""Exactly what each provider will see, then sealing and sending."""

from attrs import frozen

from mobile.flows.case import build_case
from mobile.flows.case_flow import CaseFlow
from mobile.flows.case_words import case_sections
from mobile.flows.consenting import part_for, recorded_consent
from mobile.flows.errors import explain
from mobile.flows.labels import BASES, HOW, STRENGTHS, WITNESSES, label
from mobile.flows.parts import Goto, Section
from mobile.flows.refusals import NotConsentedError
from protocols.errors import AmanaError
from protocols.referral.consent import Consent
from protocols.referral.services import Urgency, services_for


@frozen
class PartView:
    """What one provider will be able to read, and nothing else. `sealing`: how strongly it will be
    sealed; empty where nobody there could open it."""

    id: str
    name: str
    place: str
    sealing: str
    sections: tuple[Section, ...]


@frozen
class ReviewView:
    """`can_send` is False once sent, and while the consent does not hold, which `problem` then
    says."""

    title: str
    explanation: str
    parts: tuple[PartView, ...]
    consent_title: str
    consent: tuple[str, ...]
    send_button: str
    can_send: bool
    busy: bool
    problem: str | None
    leads_to: Goto | None


class ReviewFlow(CaseFlow):
    """The last look before sealing."""

    @property
    def view(self) -> ReviewView:
        """What the screen shows now. Raises NotConsentedError before consent was recorded."""
        words = self.words
        sent = self._goto is not None
        parts, refused = ((), None) if sent else self._parts_or_why_not()
        return ReviewView(
            title=words("Check and send"),
            explanation=words(
                "Each provider sees only its own part. It is sealed on this phone: nobody on the"
                " way can read it, not even the server."
            ),
            parts=parts,
            consent_title=words("The consent"),
            consent=() if sent else self._consent_lines(),
            send_button=words("Seal and send"),
            can_send=not (sent or self.busy or refused),
            busy=self.busy,
            problem=self.problem or refused,
            leads_to=self._goto,
        )

    def send(self) -> None:
        """Seal for each provider and queue; it leaves at the next sync. Raises NotConsentedError;
        what sealing meets shows as `problem`."""
        consent, draft = recorded_consent(self.record, self.draft, self.child), self.draft
        case = build_case(self.record, self.assessment, draft)

        def work() -> str:
            return self.phone.referrals.send(
                self.record,
                case,
                draft.shortlist,
                consent,
                services_for(draft.services),
                Urgency(draft.urgency),
            )

        self._slowly(work, self._sent)

    def _sent(self, referral: str) -> None:
        self._goto = Goto("sent", referral)

    def _parts_or_why_not(self) -> tuple[tuple[PartView, ...], str | None]:
        """Consent that ended meanwhile, or a clock that was set, is said in words."""
        try:
            return self._parts(), None
        except NotConsentedError:
            raise
        except AmanaError as refusal:
            return (), explain(self.words, refusal)

    def _parts(self) -> tuple[PartView, ...]:
        consent = recorded_consent(self.record, self.draft, self.child)
        case = build_case(self.record, self.assessment, self.draft)
        strengths = self.phone.referrals.strengths(self.draft.shortlist)
        return tuple(
            PartView(
                id=each,
                name=self.name(each),
                place=self.words("First choice")
                if place == 0
                else self.words("Fallback {n}", n=place),
                sealing=label(self.words, STRENGTHS, strengths[each]) if each in strengths else "",
                sections=case_sections(
                    self.words,
                    part_for(case, consent, each, self.phone.now),
                    self.phone.editions.find,
                ),
            )
            for place, each in enumerate(self.draft.shortlist)
        )

    def _consent_lines(self) -> tuple[str, ...]:
        consent = recorded_consent(self.record, self.draft, self.child)
        lines = (*self._given(consent), self._until(consent), self._ground(consent))
        return tuple(each for each in lines if each)

    def _given(self, consent: Consent) -> tuple[str, ...]:
        words = self.words
        return (
            label(words, BASES, consent.basis),
            words("Given on {moment}", moment=words.moment(consent.given)),
            words("{name}: {value}", name=words("How"), value=label(words, HOW, consent.how)),
            words(
                "{name}: {value}",
                name=words("Present"),
                value=label(words, WITNESSES, consent.witness_role),
            ),
            words("{name}: {value}", name=words("Language"), value=words.tongue(consent.language)),
        )

    def _until(self, consent: Consent) -> str:
        ends = max(each.until for each in consent.grants)
        return self.words("Holds until {moment}", moment=self.words.moment(ends))

    def _ground(self, consent: Consent) -> str:
        if consent.legal_ground is None:
            return ""
        words = self.words
        return words("{name}: {value}", name=words("Legal ground"), value=consent.legal_ground)
