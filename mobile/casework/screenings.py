"""Screenings kept in the vault, saved at each answer and resumed exactly."""

from collections.abc import Callable

from attrs import evolve

from mobile.casework.desk import Desk
from mobile.casework.drafts import forget_draft
from mobile.casework.editions import forget_unused, under_which
from mobile.casework.errors import UnknownRecordError
from mobile.casework.records import SCREENINGS, KeptScreening
from mobile.casework.views import Problem, ScreeningRecord
from mobile.sync.editions import Usable
from protocols.plain import from_json, to_json
from protocols.screening.errors import UnknownChecklistError
from protocols.screening.interview import Interview
from protocols.timeline.event import new_referral_id


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
        edition: Usable | None = None,
    ) -> ScreeningRecord:
        """Begin and save a screening at the first question of the checklist's newest edition (or
        of `edition`), which is kept as long as the screening is. Raises UnknownChecklistError."""
        desk = self._desk()
        with desk.vault.transaction():
            edition = edition or desk.shelf.newest(checklist_id)
            record = ScreeningRecord(
                id=new_referral_id(desk.entropy),
                referral=new_referral_id(desk.entropy),
                checklist=checklist_id,
                interview=Interview.start(edition.checklist),
                language=language,
                started=desk.clock(),
                practice=practice,
                division=division,
                edition=edition.sha256,
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
        desk = self._desk()
        kept = kept_screening(desk, screening)
        if kept is None:
            raise UnknownRecordError("no such screening is on this phone; look in the list")
        return _record(desk, kept)

    def list(self) -> tuple[ScreeningRecord, ...]:
        """Newest first. One of a checklist of which this app can use no edition at all is left
        out, kept, and told by each sync (see `unreadable`)."""
        desk = self._desk()
        kept = (from_json(body, KeptScreening) for _, body in desk.vault.items(SCREENINGS))
        readable = (each for each in kept if _usable(desk, each) is not None)
        ordered = sorted(readable, key=lambda each: (each.started, each.id), reverse=True)
        return tuple(_record(desk, each) for each in ordered)

    def delete(self, screening: str) -> None:
        """Forget a screening, answers and all, and its edition of the checklist where nothing else
        needs that. A referral already sent from it stays."""
        desk = self._desk()
        with desk.vault.transaction():
            desk.vault.delete(SCREENINGS, screening)
            forget_draft(desk, screening)
            forget_unused(desk)


def kept_screening(desk: Desk, screening: str) -> KeptScreening | None:
    """The screening as the vault holds it, or None."""
    data = desk.vault.get(SCREENINGS, screening)
    return None if data is None else from_json(data, KeptScreening)


def unreadable(desk: Desk) -> tuple[Problem, ...]:
    """The screenings that wait in the vault for an app that can use their checklist."""
    kept = [from_json(body, KeptScreening) for _, body in desk.vault.items(SCREENINGS)]
    return tuple(
        Problem(
            UnknownChecklistError.code,
            f"no edition of {each.checklist} can be used by this app; update it to see the"
            " screening again",
            each.id,
        )
        for each in kept
        if _usable(desk, each) is None
    )


def _usable(desk: Desk, kept: KeptScreening) -> Usable | None:
    """Its very edition, else the newest one, else None."""
    return under_which(desk, kept) or next(iter(desk.shelf.usable(kept.checklist)), None)


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
    """Call in a transaction."""
    if record.edition is not None:
        desk.shelf.pin(record.edition, desk.clock())
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
        edition=record.edition,
        carried_from=record.carried_from,
    )
    desk.vault.put(SCREENINGS, record.id, to_json(kept))


def _record(desk: Desk, kept: KeptScreening) -> ScreeningRecord:
    """As it was left. Only where its very edition is gone, under the newest one, with every answer
    that still fits."""
    edition, carried_from = under_which(desk, kept), kept.carried_from
    if edition is not None:
        interview = Interview.from_plain(kept.interview, edition.checklist)
    else:
        edition = desk.shelf.newest(kept.checklist)
        interview, _ = Interview.carry_over(kept.interview, edition.checklist)
        carried_from = kept.interview["version"]
    return ScreeningRecord(
        id=kept.id,
        referral=kept.referral,
        checklist=kept.checklist,
        interview=interview,
        language=kept.language,
        started=kept.started,
        practice=kept.practice,
        division=kept.division,
        sent=kept.sent,
        saved=kept.saved,
        edition=edition.sha256,
        carried_from=carried_from,
    )
