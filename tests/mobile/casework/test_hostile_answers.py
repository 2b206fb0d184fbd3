"""A server whose answers hold a lie: refused whole, nothing of it kept, and honesty heals."""

import pytest
from attrs import evolve
from nacl.signing import SigningKey

from protocols.messages import SealedPart, SyncAnswer
from tests.mobile.cases import NAME, send
from tests.mobile.fake_log import FakeLog
from tests.mobile.lies import SYNC, lie, reading, refused
from tests.mobile.town import FIRST, SECOND, desk_of, sync_all


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    made = town.worker()
    sync_all(shelter, second)
    return made


@pytest.fixture
def referral(worker):
    return send(worker)


def forged(entry):
    data = entry.event.leaf.replace(b"2026-11-24T09:00:00Z", b"2026-11-24T08:00:00Z")
    return evolve(entry, event=evolve(entry.event, leaf=data))


LIES = {
    "an event changed": lambda page: evolve(page, entries=tuple(map(forged, page.entries))),
    "an event without proof": lambda page: evolve(
        page, entries=tuple(evolve(e, event=evolve(e.event, proof=())) for e in page.entries)
    ),
    "events in another order": lambda page: evolve(page, entries=page.entries[::-1]),
    "an event twice": lambda page: evolve(page, entries=(*page.entries, page.entries[-1])),
    "an event at another place": lambda page: evolve(
        page,
        entries=tuple(
            evolve(e, event=evolve(e.event, index=e.event.index + 1)) for e in page.entries
        ),
    ),
    "a cursor beyond the log": lambda page: evolve(page, cursor=10**15),
    "a cursor before its entries": lambda page: evolve(page, cursor=0),
    "more without an end": lambda page: evolve(page, more=True, cursor=0, entries=()),
    "a negative place": lambda page: evolve(
        page, entries=tuple(evolve(e, event=evolve(e.event, index=-1)) for e in page.entries)
    ),
    "an envelope nobody named": lambda page: evolve(
        page,
        entries=tuple(
            evolve(e, envelopes=(SealedPart(FIRST, b"other words"),)) for e in page.entries
        ),
    ),
    "an envelope named for another": lambda page: evolve(
        page,
        entries=tuple(
            evolve(e, envelopes=tuple(evolve(p, recipient=SECOND) for p in e.envelopes))
            for e in page.entries
        ),
    ),
    "a bit flipped in an envelope": lambda page: evolve(
        page,
        entries=tuple(
            evolve(
                e,
                envelopes=tuple(
                    evolve(p, data=p.data[:-1] + bytes([p.data[-1] ^ 1])) for p in e.envelopes
                ),
            )
            for e in page.entries
        ),
    ),
    "a checkpoint of nobody": lambda page: evolve(
        page, checkpoint=FakeLog("amana/fictional/tn", SigningKey.generate()).checkpoint()
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_page_with_a_lie_in_it_is_refused_whole(worker, shelter, server, referral, name):
    send(worker)
    worker.sync()
    lie(server, SYNC, reading(SyncAnswer, LIES[name]))
    refused(shelter)
    server.break_next = None
    shelter.sync()
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME


def test_envelopes_swapped_between_two_referrals_are_refused(worker, shelter, server):
    referrals = [send(worker), send(worker)]
    worker.sync()

    def swap(page):
        one, two = (entry.envelopes for entry in page.entries)
        first, last = page.entries
        return evolve(page, entries=(evolve(first, envelopes=two), evolve(last, envelopes=one)))

    lie(server, SYNC, reading(SyncAnswer, swap))
    # Each part is named by some event of this page, so it may be kept, but under its hash alone:
    # what is opened for a referral is what that referral's own submission named.
    shelter.sync()
    for each in referrals:
        assert shelter.inbox.open(each).referral == each
        assert desk_of(shelter).vault.get("opened", each) is not None


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[" * 50_000, b"\xff", b'{"entries":[],"entries":[]}', b"null"]
)
def test_garbage_is_refused(worker, shelter, server, referral, content):
    worker.sync()
    lie(server, SYNC, lambda _: content)
    refused(shelter)


def test_an_oversize_page_is_refused(worker, shelter, server, referral, monkeypatch):
    worker.sync()
    monkeypatch.setattr("mobile.sync.client.MOST_BYTES", 100_000)
    lie(server, SYNC, lambda body: body + b" " * 200_000)
    refused(shelter)


def pages_without_progress(server):
    seen = []

    def change(page):
        seen.append(page)
        return evolve(page, entries=(), more=True)

    lie(server, SYNC, reading(SyncAnswer, change))
    return seen


def test_pages_that_lead_nowhere_end(worker, shelter, server, referral):
    worker.sync()
    shelter.sync()
    seen = pages_without_progress(server)
    refused(shelter)
    assert len(seen) == 1
