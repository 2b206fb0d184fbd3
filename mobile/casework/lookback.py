"""Reading again what the record said of late.

A phone asks for what came since the last time. A server that leaves an entry out and moves on would
so have hidden it for good, also once it is honest again: therefore each day the phone reads the
last weeks once more, and at once where it knows that a case is owed to it.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from attrs import evolve, frozen

from mobile.casework.desk import Desk
from mobile.casework.errors import EnvelopeWithheldError
from mobile.casework.messages import PURPOSES
from mobile.casework.receiving import MOST_PAGES, Page, cursor_of, keep_page, next_page
from mobile.casework.records import ENVELOPES, OPENED, TOUCHED, messages_of
from mobile.casework.replay import Standing
from mobile.casework.showing import known_referrals
from mobile.casework.views import Problem
from mobile.sync.events import events_of, is_held
from mobile.sync.server import Server
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Role
from protocols.timeline.event import Event, Kind

MARKS = "cursor-mark"
EVERY = timedelta(hours=20)
WINDOW = timedelta(days=21)
BEFORE_THE_FIRST = 500
"""Entries read again by a phone that has just joined."""


@frozen
class Mark:
    """That at that time the phone had taken in everything up to that log index."""

    after: int
    at: datetime


def look_back(desk: Desk, server: Server) -> int:
    """Read again what is due, if anything; how many events had been left out before.

    Raises as `receiving.take_in`; the next sync does it again then.
    """
    if desk.me.role == Role.COORDINATOR:
        return 0  # who sees every entry notices at once when one is left out
    now, marks = desk.clock(), _marks(desk)
    due = not marks or not timedelta(0) <= now - marks[-1].at < EVERY
    owed = tuple(_owed(desk).values())
    if not due and not owed:
        return 0
    start = marks[0].after if marks else max(0, cursor_of(desk) - BEFORE_THE_FIRST)
    new = _read_again(desk, server, start if due else min(owed))
    if due:
        _mark(desk, marks, now)
    return new


def withheld(desk: Desk) -> tuple[Problem, ...]:
    """What stands of every sync: sealed things that the record names for this phone, and that the
    server does not give."""
    referrals = {referral for referral, _ in _owed(desk)}
    detail = "the record names an envelope for us that the server does not give"
    return tuple(Problem(EnvelopeWithheldError.code, detail, each) for each in sorted(referrals))


def _marks(desk: Desk) -> list[Mark]:
    found = (from_json(body, Mark) for _, body in desk.vault.items(MARKS))
    return sorted(found, key=lambda each: each.at)


def _mark(desk: Desk, marks: list[Mark], now: datetime) -> None:
    """Mark where this phone stands; of what lies before the window only the newest stays. A mark
    from a clock that was ahead counts as of now."""
    made = [evolve(each, at=min(each.at, now)) for each in marks]
    old = sorted((each for each in made if each.at < now - WINDOW), key=lambda each: each.at)
    fresh = [each for each in made if each.at >= now - WINDOW]
    with desk.vault.transaction():
        for row in desk.vault.list(MARKS):
            desk.vault.delete(MARKS, row)
        for each in (*old[-1:], *fresh, Mark(cursor_of(desk), now)):
            desk.vault.put(MARKS, f"{each.at:%Y%m%dT%H%M%S}-{each.after}", to_json(each))


def _read_again(desk: Desk, server: Server, after: int) -> int:
    new, upto = 0, cursor_of(desk)
    for _ in range(MOST_PAGES):
        page = next_page(desk, server, after)
        new += _keep_again(desk, page)
        if not page.more or page.cursor >= upto:
            break
        after = page.cursor
    return new


def _keep_again(desk: Desk, page: Page) -> int:
    """Keep what is missing of a page, and nothing that was dealt with: it was read perhaps, and
    forgotten. What was taken in before stays taken in."""
    missing = tuple(
        (logged, held) for logged, held in page.events if not is_held(desk.vault, logged, held)
    )
    kept_to = max(page.cursor, cursor_of(desk))
    with desk.vault.transaction():
        new = keep_page(desk, evolve(page, events=missing, envelopes=(), cursor=kept_to))
        owed = {name: referral for referral, name in _owed(desk)}
        for part in page.envelopes:
            name = sha256(part.data).hexdigest()
            if name in owed:
                desk.vault.put(ENVELOPES, name, part.data)
                desk.vault.put(TOUCHED, owed[name], b"")
    return new


def _owed(desk: Desk) -> dict[tuple[str, str], int]:
    """(referral, hash) of each envelope for this phone that is neither here nor was opened, with
    the log index at which the server should give it."""
    if desk.me.role == Role.COORDINATOR:
        return {}
    found: dict[tuple[str, str], int] = {}
    for referral in known_referrals(desk):
        lacking = _owed_of(desk, referral)
        if lacking and _is_ours(desk, desk.proven(referral)):
            found |= lacking
    return found


def _is_ours(desk: Desk, standing: Standing) -> bool:
    """Whether the server gives out this referral's envelopes to us at all."""
    now, me = standing.referral, desk.me
    if now is None or now.ended or standing.fault is not None:
        return False
    return me.role == Role.FIELD_WORKER or now.offered_to == me.organisation


def _owed_of(desk: Desk, referral: str) -> dict[tuple[str, str], int]:
    me, held = desk.me, events_of(desk.vault, referral)
    read = {each.event for each in messages_of(desk.vault, referral)}
    offers = [each.index for each in held if _offers(each.event, me.organisation)]
    owed: dict[tuple[str, str], int] = {}
    cases: list[tuple[str, bool]] = []
    anew: list[tuple[str, int, bool]] = []
    for each in held:
        to_us = [
            one for one in each.event.envelopes if one.recipient in (me.organisation, me.keyid)
        ]
        for ref in to_us:
            here = desk.vault.get(ENVELOPES, ref.sha256) is not None
            if each.event.kind is Kind.RESEALED:
                anew.append((ref.sha256, each.index, here))
            elif each.event.kind not in PURPOSES:
                cases.append((ref.sha256, here))
            elif not here and each.digest not in read:
                owed[referral, ref.sha256] = each.index
    opened = desk.vault.get(OPENED, referral) is not None
    if cases and offers and not opened and not any(here for _, here in cases):
        owed[referral, cases[-1][0]] = offers[-1]
    if anew and not opened and not anew[-1][2]:
        owed[referral, anew[-1][0]] = anew[-1][1]
    return owed


def _offers(event: Event, organisation: str) -> bool:
    return event.kind is Kind.OFFERED and event.provider == organisation
