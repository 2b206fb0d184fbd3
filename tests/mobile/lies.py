"""Lies that a server may tell a phone, and what must come of them: nothing."""

import httpx
import pytest

from mobile.sync.errors import HostileAnswerError
from protocols.plain import from_json, from_plain, to_json
from protocols.sealing.statement import Statement, sign
from protocols.timeline.event import EVENT_TYPE, Event, Kind, Leaf
from tests.mobile.cases import NAME
from tests.mobile.fake_server import COUNTRY
from tests.mobile.town import desk_of

SYNC, REFERRALS = f"/v1/sync/{COUNTRY}", "/v1/referrals"
KEPT = ("log-head", "cursor", "envelope", "opened", "trust", "directory", "timeline", "edition")


def kept(phone):
    """All that came from the server, in a phone's vault."""
    vault = desk_of(phone).vault
    rooms = [f"{room}/{each}" for each in vault.list("timeline") for room in ("events", "messages")]
    return {name: vault.items(name) for name in (*KEPT, *rooms)}


def refused(phone, error=HostileAnswerError):
    """The phone's sync notices the lie by `error`, and keeps nothing of it."""
    before = kept(phone)
    with pytest.raises(error) as told:
        phone.sync(hurry=True)
    assert kept(phone) == before
    assert NAME not in str(told.value)
    return told.value


def lie(server, path, change):
    """What the server answers at addresses that end in `path` becomes `change(body)`."""

    def answer(request, honest):
        if request.url.path.endswith(path):
            return httpx.Response(200, content=change(honest.content))
        return honest

    server.break_next = answer


def reading(kind, change):
    """`change` of a typed answer, as a change of its bytes."""
    return lambda body: to_json(change(from_json(body, kind)))


def event_in(leaf):
    """The event inside a leaf's bytes."""
    statement = from_plain(from_json(leaf, Leaf).event, Statement)
    return from_json(statement.payload, Event)


def append(server, key, actor, referral, **fields):
    """The server logs an event that it should have refused, and shows it to everybody."""
    _, tip, sequence = server.standing(referral)
    values = {
        "referral": referral,
        "kind": Kind.ASKED,
        "sequence": sequence + 1,
        "previous": tip,
        "actor": actor,
        "provider": None,
        "claimed": server.clock(),
        "reason": None,
        "envelopes": (),
        "respond_within": None,
        "country": COUNTRY,
    }
    event = Event(**(values | fields))
    statement = sign(EVENT_TYPE, event, key)
    server.log.append(statement, server.clock())
    server.events.append((statement.digest, event))
    server._concerns = lambda index, device: True
    server._parts = lambda index, device: ()
