"""Choosing providers for a person who consents, and sending the sealed case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mobile.casework.views import Message, ReferralView, ScreeningRecord

if TYPE_CHECKING:
    from protocols.referral.consent import Consent
    from protocols.referral.routing import Person, Ranking, Urgency
    from protocols.referral.services import Service


class Referrals:
    """`Phone.referrals`, for the referrals that this phone sends."""

    def route(
        self,
        record: ScreeningRecord,
        services: Sequence[Service],
        urgency: Urgency,
        division: str,
        person: Person,
        *,
        excluded: Sequence[str] = (),
    ) -> Ranking:
        """Rank the cached directory's providers for this person; offline, the person unnamed.

        `excluded` are provider ids with a conflict of interest. Raises NoDirectoryError.
        """
        raise NotImplementedError

    def send(
        self,
        record: ScreeningRecord,
        case: dict[str, Any],
        shortlist: Sequence[str],
        consent: Consent,
        services: Sequence[Service],
        urgency: Urgency,
    ) -> str:
        """Seal the case for each provider of `shortlist` (first choice first), as much as each may
        know, and queue the signed submission; returns the referral id. Works offline.

        Raises PracticeError, AlreadySentError, ConsentMismatchError, NoConsentError,
        NobodyCanOpenError, DirectoryExpiredError.
        """
        raise NotImplementedError

    def answer(self, referral: str, text: str) -> None:
        """Answer the provider's last question, sealed to the device that asked."""
        raise NotImplementedError

    def withdraw(self, referral: str, reason: str = "consent_withdrawn") -> None:
        """Stop all offers; `reason` is a code."""
        raise NotImplementedError

    def list(self) -> tuple[ReferralView, ...]:
        """Newest first."""
        raise NotImplementedError

    def get(self, referral: str) -> ReferralView:
        """Raises UnknownRecordError."""
        raise NotImplementedError

    def case(self, referral: str) -> dict[str, Any]:
        """The case as it was sent, before each provider's consented part was cut from it."""
        raise NotImplementedError

    def messages(self, referral: str) -> tuple[Message, ...]:
        """Questions, answers and feedback, oldest first."""
        raise NotImplementedError
