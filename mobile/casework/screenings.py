"""Screenings kept in the vault, saved at each answer and resumed exactly."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from mobile.casework.desk import Desk
from mobile.casework.drafts import forget_draft
from mobile.casework.errors import UnknownRecordError
from mobile.casework.views import ScreeningRecord
from protocols.plain import from_json, to_json
from protocols.screening.checklist import load
from protocols.screening.errors import ChecklistChangedError
from protocols.screening.interview import Interview
from protocols.timeline.event import new_referral_id

SCREENINGS = "screening"


@frozen
class KeptScreening:
    """A ScreeningRecord as the vault holds it."""

    id: str
    referral: str
    checklist: str
    interview: dict[str, Any] = field(repr=False)
    language: str
    started: datetime
    practice: bool
    division: str | None
    sent: bool
    saved: datetime


class Screenings:
    """`Phone.screenings`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def start(
        self,
        checklist_id: str,
        language: str,
        *,
        practice: bool = False,
        division: str | None = None,
    ) -> ScreeningRecord:
        """Begin and save a screening at the checklist's first question."""
        desk = self._desk()
        record = ScreeningRecord(
            id=new_referral_id(desk.entropy),
            referral=new_referral_id(desk.entropy),
            checklist=checklist_id,
            interview=Interview.start(load(checklist_id)),
            language=language,
            started=desk.clock(),
            practice=practice,
            division=division,
        )
        self.save(record)
        return record

    def again(self, screening: str) -> ScreeningRecord:
        """The same answers under a referral of their own, for providers that were not asked: a
        referral is sent once, and one that came back cannot be sent anew. Raises
        UnknownRecordError."""
        desk, before = self._desk(), self.get(screening)
        record = evolve(
            before,
            id=new_referral_id(desk.entropy),
            referral=new_referral_id(desk.entropy),
            started=desk.clock(),
            sent=False,
        )
        with desk.vault.transaction():
            _put(desk, record)
        return record

    def save(self, record: ScreeningRecord) -> None:
        """Durable when it returns: call it after each answer. Whether it is practice or was sent,
        and the id of its referral, are not the caller's to change."""
        desk = self._desk()
        with desk.vault.transaction():
            known = kept_screening(desk, record.id)
            _put(desk, evolve(record, sent=False) if known is None else _as_kept(record, known))

    def get(self, screening: str) -> ScreeningRecord:
        """Raises UnknownRecordError."""
        kept = kept_screening(self._desk(), screening)
        if kept is None:
            raise UnknownRecordError("no such screening is on this phone; look in the list")
        return _record(kept)

    def list(self) -> tuple[ScreeningRecord, ...]:
        """Newest first."""
        kept = (from_json(body, KeptScreening) for _, body in self._desk().vault.items(SCREENINGS))
        ordered = sorted(kept, key=lambda each: (each.started, each.id), reverse=True)
        return tuple(_record(each) for each in ordered)

    def delete(self, screening: str) -> None:
        """Forget a screening, answers and all. A referral already sent from it stays."""
        desk = self._desk()
        with desk.vault.transaction():
            desk.vault.delete(SCREENINGS, screening)
            forget_draft(desk, screening)


def kept_screening(desk: Desk, screening: str) -> KeptScreening | None:
    """The screening as the vault holds it, or None."""
    data = desk.vault.get(SCREENINGS, screening)
    return None if data is None else from_json(data, KeptScreening)


def _as_kept(record: ScreeningRecord, known: KeptScreening) -> ScreeningRecord:
    return evolve(record, sent=known.sent, practice=known.practice, referral=known.referral)


def mark_sent(desk: Desk, record: ScreeningRecord) -> None:
    """Call in the transaction that queues its referral."""
    _put(desk, evolve(record, sent=True))


def mark_unsent(desk: Desk, screening: str) -> None:
    """Its referral will never leave: it can be sent anew. Call in the transaction that refuses
    the submission; a screening deleted meanwhile stays deleted."""
    known = kept_screening(desk, screening)
    if known is not None:
        desk.vault.put(SCREENINGS, screening, to_json(evolve(known, sent=False)))


def _put(desk: Desk, record: ScreeningRecord) -> None:
    kept = KeptScreening(
        id=record.id,
        referral=record.referral,
        checklist=record.checklist,
        interview=record.interview.to_plain(),
        language=record.language,
        started=record.started,
        practice=record.practice,
        division=record.division,
        sent=record.sent,
        saved=desk.clock(),
    )
    desk.vault.put(SCREENINGS, record.id, to_json(kept))


def _record(kept: KeptScreening) -> ScreeningRecord:
    return ScreeningRecord(
        id=kept.id,
        referral=kept.referral,
        checklist=kept.checklist,
        interview=_interview(kept),
        language=kept.language,
        started=kept.started,
        practice=kept.practice,
        division=kept.division,
        sent=kept.sent,
        saved=kept.saved,
    )


def _interview(kept: KeptScreening) -> Interview:
    """As it was left; under a newer version of its checklist, with every answer that still fits."""
    try:
        return Interview.from_plain(kept.interview)
    except ChecklistChangedError:
        return Interview.carry_over(kept.interview, load(kept.checklist))[0]
