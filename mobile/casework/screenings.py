"""Screenings kept in the vault, saved at each answer and resumed exactly."""

from __future__ import annotations

from mobile.casework.views import ScreeningRecord


class Screenings:
    """`Phone.screenings`."""

    def start(
        self,
        checklist_id: str,
        language: str,
        *,
        practice: bool = False,
        division: str | None = None,
    ) -> ScreeningRecord:
        """Begin and save a screening at the checklist's first question."""
        raise NotImplementedError

    def save(self, record: ScreeningRecord) -> None:
        """Durable when it returns: call it after each answer."""
        raise NotImplementedError

    def get(self, screening: str) -> ScreeningRecord:
        """Raises UnknownRecordError."""
        raise NotImplementedError

    def list(self) -> tuple[ScreeningRecord, ...]:
        """Newest first."""
        raise NotImplementedError

    def delete(self, screening: str) -> None:
        """Forget a screening, answers and all. A referral already sent from it stays."""
        raise NotImplementedError
