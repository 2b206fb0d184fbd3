"""A provider's side: referrals offered to its organisation, opened, answered, cared for, closed."""

from __future__ import annotations

from datetime import datetime

from mobile.casework.views import InboxItem, OpenedCase, ReferralView


class Inbox:
    """`Phone.inbox`. Every step is signed here, queued, and sent by the next `Phone.sync()`; a step
    that another device's step overtook is signed anew if still allowed, else shown as refused."""

    def list(self) -> tuple[InboxItem, ...]:
        """Nearest deadline first, then the newest."""
        raise NotImplementedError

    def get(self, referral: str) -> ReferralView:
        """The timeline of one referral in the inbox. Raises UnknownRecordError."""
        raise NotImplementedError

    def open(self, referral: str) -> OpenedCase:
        """Open the envelope, check who signed it and for whom, and record `opened` (once).

        Raises UnreadableError when no key of this device opens it; the sender is then told by an
        `unreadable` event. A forged or misdirected envelope raises its own named error and is
        reported the same way.
        """
        raise NotImplementedError

    def accept(self, referral: str) -> None:
        """Raises NotAllowedNowError; a lost race shows after the next sync as `already_accepted`
        in the outbox item's problem, naming the provider."""
        raise NotImplementedError

    def decline(self, referral: str, reason: str) -> None:
        """`reason` is a code: no_capacity, not_eligible, out_of_area, conflict_of_interest, ..."""
        raise NotImplementedError

    def ask(self, referral: str, question: str) -> None:
        """A question sealed to the sender's device."""
        raise NotImplementedError

    def start_service(self, referral: str) -> None:
        """The person is in care."""
        raise NotImplementedError

    def feedback(self, referral: str, text: str, outcome: str) -> None:
        """What became of it, sealed to the sender's device; `outcome` is a code."""
        raise NotImplementedError

    def close(self, referral: str, outcome: str) -> None:
        """`outcome` is a reason code, such as service_completed or person_left."""
        raise NotImplementedError

    def state_capacity(self, free_places: int | None) -> datetime:
        """Tell the directory how many places are free now (None: not known); online, at once.
        Returns the time stated."""
        raise NotImplementedError
