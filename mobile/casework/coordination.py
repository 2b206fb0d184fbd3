"""A coordinator's side: everything of the country, late steps first, and the proof of it."""

from __future__ import annotations

from pathlib import Path

from mobile.casework.views import OverdueItem, ReferralView


class Coordination:
    """`Phone.coordination`; events and proofs only, never an envelope."""

    def list(self) -> tuple[ReferralView, ...]:
        """Every referral of the country, newest first."""
        raise NotImplementedError

    def get(self, referral: str) -> ReferralView:
        """Raises UnknownRecordError."""
        raise NotImplementedError

    def overdue(self) -> tuple[OverdueItem, ...]:
        """Offers unanswered past their deadline, and returned referrals; longest wait first."""
        raise NotImplementedError

    def export(self, path: Path) -> int:
        """Download the country's signed export (JSON Lines) to `path`; returns its bytes. The
        file appears only when whole. Check it with `amana audit verify`."""
        raise NotImplementedError
