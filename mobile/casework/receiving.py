"""Taking in what the log holds for this phone: pages of proven events, with their envelopes.

A page is kept whole or not at all: events, envelopes, the cursor behind them and the checkpoint
that proves them go into the vault together.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

from attrs import field, frozen

from mobile.casework.desk import Desk
from mobile.casework.records import CURSOR, ENVELOPES, KeptCursor
from mobile.casework.sending import prover
from mobile.sync.errors import HostileAnswerError
from mobile.sync.events import HeldEvent, events_of, keep_event, read_proven
from mobile.sync.ledger import Head
from mobile.sync.server import Server
from protocols.messages import LoggedEvent, SealedPart, SyncAnswer
from protocols.plain import from_json, to_json

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


def take_in(desk: Desk, server: Server) -> tuple[int, tuple[str, ...]]:
    """Every page there is; how many events were new, and the referrals they concern.

    Raises HostileAnswerError, LogForkError, OfflineError, ServerTroubleError; pages taken in
    before stay.
    """
    new, touched = 0, dict[str, None]()
    for _ in range(MOST_PAGES):
        page = _next_page(desk, server)
        new += _keep(desk, page)
        touched.update(dict.fromkeys(page.referrals))
        if not page.more:
            break
    return new, tuple(touched)


def _next_page(desk: Desk, server: Server) -> Page:
    after = _cursor(desk)
    kept = desk.ledger.head
    answer = server.sync(desk.me.country, after, kept.size if kept else 0)
    proof = answer.consistency if kept else None
    head = desk.ledger.check(answer.checkpoint, proof, prover(desk, server), desk.clock())
    _check_order(answer, after, head)
    events = [(entry.event, read_proven(entry.event, head)) for entry in answer.entries]
    events += _missing(desk, server, [held for _, held in events])
    envelopes = tuple(part for entry in answer.entries for part in entry.envelopes)
    _check_envelopes(desk, events, envelopes)
    return Page(head, answer.cursor, answer.more, tuple(events), envelopes)


def _cursor(desk: Desk) -> int:
    data = desk.vault.get(CURSOR, desk.me.country)
    return from_json(data, KeptCursor).after if data else 0


def _check_order(answer: SyncAnswer, after: int, head: Head) -> None:
    """Entries lie between the cursors in the log's order, and a cursor moves on or stays."""
    places = [entry.event.index for entry in answer.entries]
    inside = all(after <= place < answer.cursor for place in places)
    ordered = all(one < other for one, other in pairwise(places))
    moves = answer.cursor > after if answer.more else answer.cursor >= min(after, head.size)
    if not (inside and ordered and moves and answer.cursor <= max(head.size, after)):
        raise HostileAnswerError("a page of events out of order or beyond the log; refused")


def _missing(
    desk: Desk, server: Server, held: Sequence[HeldEvent]
) -> list[tuple[LoggedEvent, HeldEvent]]:
    """The earlier events of referrals that begin here in the middle: a provider's sync starts at
    the offer, yet only the whole timeline can be judged."""
    found: list[tuple[LoggedEvent, HeldEvent]] = []
    for referral in dict.fromkeys(each.event.referral for each in held):
        known = {each.event.sequence for each in events_of(desk.vault, referral)}
        known |= {each.event.sequence for each in held if each.event.referral == referral}
        if known != set(range(max(known) + 1)):
            found += _whole_timeline(desk, server, referral)
    return found


def _whole_timeline(
    desk: Desk, server: Server, referral: str
) -> list[tuple[LoggedEvent, HeldEvent]]:
    answer = server.timeline(referral)
    head = desk.ledger.check(answer.checkpoint, None, prover(desk, server), desk.clock())
    events = [(logged, read_proven(logged, head)) for logged in answer.events]
    if any(held.event.referral != referral for _, held in events):
        raise HostileAnswerError("a timeline with another referral's event in it; refused")
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
            raise HostileAnswerError("an envelope that no event names for this phone; refused")


def _keep(desk: Desk, page: Page) -> int:
    with desk.vault.transaction():
        new = sum(keep_event(desk.vault, logged, held) for logged, held in page.events)
        for part in page.envelopes:
            desk.vault.put(ENVELOPES, sha256(part.data).hexdigest(), part.data)
        desk.vault.put(CURSOR, desk.me.country, to_json(KeptCursor(page.cursor)))
        desk.ledger.keep(page.head)
    return new
