"""Taking in what the log holds for this phone: pages of proven events, with their envelopes.

A page is kept whole or not at all: events, envelopes, the cursor behind them and the checkpoint
that proves them go into the vault together.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from itertools import pairwise

from attrs import field, frozen

from mobile.casework.desk import Desk
from mobile.casework.heads import checked_head
from mobile.casework.records import CURSOR, ENVELOPES, TOUCHED, KeptCursor
from mobile.sync.errors import (
    DisorderedPageError,
    LeftOutError,
    OtherReferralError,
    StrangeEnvelopeError,
)
from mobile.sync.events import HeldEvent, events_of, keep_event, read_proven
from mobile.sync.ledger import Head
from mobile.sync.server import Server
from protocols.messages import LoggedEvent, SealedPart, SyncAnswer
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Role

MOST_PAGES = 10_000


@frozen
class Page:
    """A verified page: proven events, the further ones that complete their timelines, and the
    envelopes that came along."""

    head: Head
    cursor: int
    more: bool
    events: tuple[tuple[LoggedEvent, HeldEvent], ...] = field(repr=False)
    envelopes: tuple[SealedPart, ...] = field(repr=False)

    @property
    def referrals(self) -> tuple[str, ...]:
        """The referrals concerned, each once."""
        return tuple(dict.fromkeys(held.event.referral for _, held in self.events))


def take_in(desk: Desk, server: Server) -> int:
    """Every page there is; how many events were new. The referrals they concern are marked in
    the vault (`TOUCHED`), for what follows to be done even if the phone dies before.

    Raises HostileAnswerError, LogForkError, OfflineError, ServerTroubleError; pages taken in
    before stay.
    """
    new = 0
    for _ in range(MOST_PAGES):
        page = next_page(desk, server, cursor_of(desk))
        new += keep_page(desk, page)
        if not page.more:
            break
    return new


def next_page(desk: Desk, server: Server, after: int) -> Page:
    """The page from log index `after` on, verified. Raises as `take_in`."""
    kept = desk.ledger.head
    answer = server.sync(desk.me.country, after, kept.size if kept else 0)
    proof = answer.consistency if kept else None
    head = checked_head(desk, server, answer.checkpoint, proof)
    _check_order(answer, after, head)
    if desk.me.role == Role.COORDINATOR:
        _check_whole(answer, after)
    events = [(entry.event, read_proven(entry.event, head)) for entry in answer.entries]
    events += _missing(desk, server, head, [held for _, held in events])
    envelopes = tuple(part for entry in answer.entries for part in entry.envelopes)
    _check_envelopes(desk, events, envelopes)
    return Page(head, answer.cursor, answer.more, tuple(events), envelopes)


def cursor_of(desk: Desk) -> int:
    """The log index up to which everything was taken in. When another device of a field service is
    lost, the start: its referrals' earlier steps never came to this phone."""
    data = desk.vault.get(CURSOR, desk.me.country)
    kept = from_json(data, KeptCursor) if data else KeptCursor(0)
    return kept.after if set(_former(desk)) <= set(kept.former) else 0


def _former(desk: Desk) -> tuple[str, ...]:
    """The devices that a field worker's organisation has lost."""
    me = desk.me
    if me.role != Role.FIELD_WORKER:
        return ()
    return desk.trust.store.former_devices_of(me.organisation, desk.clock())


def _check_order(answer: SyncAnswer, after: int, head: Head) -> None:
    """Entries lie between the cursors in the log's order, and a cursor moves on or stays."""
    places = [entry.event.index for entry in answer.entries]
    inside = all(after <= place < answer.cursor for place in places)
    ordered = all(one < other for one, other in pairwise(places))
    moves = answer.cursor > after if answer.more else answer.cursor >= min(after, head.size)
    if not (inside and ordered and moves and answer.cursor <= max(head.size, after)):
        raise DisorderedPageError("a page of events out of order or beyond the log; refused")


def _check_whole(answer: SyncAnswer, after: int) -> None:
    """A coordinator sees every entry, so that none can be left out unseen."""
    places = [entry.event.index for entry in answer.entries]
    if places != list(range(after, after + len(places))) or answer.cursor > after + len(places):
        raise LeftOutError(
            "the server left entries of the log out; nothing was kept, show this to your authority"
        )


def _missing(
    desk: Desk, server: Server, head: Head, held: Sequence[HeldEvent]
) -> list[tuple[LoggedEvent, HeldEvent]]:
    """The earlier events of referrals that begin here in the middle: a provider's sync starts at
    the offer, yet only the whole timeline can be judged."""
    found: list[tuple[LoggedEvent, HeldEvent]] = []
    for referral in dict.fromkeys(each.event.referral for each in held):
        known = {each.event.sequence for each in events_of(desk.vault, referral)}
        known |= {each.event.sequence for each in held if each.event.referral == referral}
        if not _is_whole(known):
            found += _whole_timeline(desk, server, head, referral, known)
    return found


def _is_whole(sequences: Collection[int]) -> bool:
    """Whether different numbers from 0 up have no gap, however large the largest claims to be."""
    return len(sequences) == max(sequences) + 1


def _whole_timeline(
    desk: Desk, server: Server, since: Head, referral: str, known: set[int]
) -> list[tuple[LoggedEvent, HeldEvent]]:
    """The referral's timeline from a log that continues the page's own. Raises HostileAnswerError
    when it leaves out events that come before one already proven."""
    answer = server.timeline(referral)
    head = checked_head(desk, server, answer.checkpoint, None, since=since)
    events = [(logged, read_proven(logged, head)) for logged in answer.events]
    if any(held.event.referral != referral for _, held in events):
        raise OtherReferralError("a timeline with another referral's event in it; refused")
    if not _is_whole(known | {held.event.sequence for _, held in events}):
        raise LeftOutError(
            "a timeline from which events were left out; nothing was kept, tell a coordinator"
        )
    return events


def _check_envelopes(
    desk: Desk,
    events: Sequence[tuple[LoggedEvent, HeldEvent]],
    envelopes: Sequence[SealedPart],
) -> None:
    """Each envelope is one that a proven event names for this device or its organisation."""
    me = desk.me
    named = {
        (ref.recipient, ref.sha256, ref.size)
        for referral in {held.event.referral for _, held in events}
        for each in (*events_of(desk.vault, referral), *(held for _, held in events))
        for ref in each.event.envelopes
        if ref.recipient in (me.organisation, me.keyid)
    }
    for part in envelopes:
        if (part.recipient, sha256(part.data).hexdigest(), len(part.data)) not in named:
            raise StrangeEnvelopeError("an envelope that no event names for this phone; refused")


def keep_page(desk: Desk, page: Page) -> int:
    """Keep a verified page, whole; how many of its events were new."""
    with desk.vault.transaction():
        new = sum(keep_event(desk.vault, logged, held) for logged, held in page.events)
        for part in page.envelopes:
            desk.vault.put(ENVELOPES, sha256(part.data).hexdigest(), part.data)
        if desk.me.role != Role.COORDINATOR:
            for referral in page.referrals:
                desk.vault.put(TOUCHED, referral, b"")
        kept = KeptCursor(page.cursor, _former(desk))
        desk.vault.put(CURSOR, desk.me.country, to_json(kept))
        desk.ledger.keep(page.head)
    return new
