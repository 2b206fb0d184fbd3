"""What waits to leave: in order within a referral, not across; growing waits; nothing forgotten."""

from datetime import UTC, datetime, timedelta

import nacl.utils
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from mobile.sync.outbox import BODIES, ITEMS, ItemState, Outbox, Trouble
from mobile.vault.errors import VaultDamagedError
from mobile.vault.records import OpenVault
from protocols.messages import SealedPart, Submission
from protocols.sealing.statement import sign

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEY = SigningKey(bytes(32))
TROUBLE = Trouble("offline", "no network")


@pytest.fixture
def vault(tmp_path):
    opened = OpenVault(tmp_path / "vault.db", bytes(32), nacl.utils.random)
    yield opened
    opened.close()


@pytest.fixture
def outbox(vault):
    return Outbox(vault, lambda: 0.5)


def submission(text):
    return Submission(sign("x", {"text": text}, KEY), (SealedPart("a", text.encode()),))


def add(outbox, referral, what="submitted"):
    return outbox.add(referral, what, submission(f"{referral} {what}"), NOW)


def due(outbox, now=NOW, hurry=False):
    return [(each.referral, each.what) for each in outbox.due(now, hurry)]


def drain(outbox, now=NOW):
    """Send everything due, as the log would take it."""
    sent = []
    for item in outbox.due(now, False):
        outbox.acknowledge(item)
        sent.append((item.referral, item.what))
    return sent


def test_what_was_added_waits_whole(outbox):
    item = add(outbox, "r1")
    assert outbox.items() == (item,)
    assert outbox.body(item) == submission("r1 submitted")
    assert (item.state, item.attempts, item.next_try) == (ItemState.WAITING, 0, NOW)


def test_items_leave_in_the_order_they_were_added(outbox):
    for referral, what in (("r1", "a"), ("r2", "b"), ("r1", "c"), ("r2", "d")):
        add(outbox, referral, what)
    assert drain(outbox) == [("r1", "a"), ("r2", "b"), ("r1", "c"), ("r2", "d")]


def test_order_holds_beyond_ten_and_a_thousand(outbox, vault):
    add(outbox, "r")
    last = evolve(outbox.items()[0], id=f"{999:012d}")
    outbox.replace(last, submission("last"))
    assert add(outbox, "r").id == f"{1000:012d}"
    assert [each.id for each in outbox.items()] == sorted(each.id for each in outbox.items())


def test_a_failed_item_holds_back_its_own_referral_only(outbox):
    first, _, _ = add(outbox, "r1", "a"), add(outbox, "r1", "b"), add(outbox, "r2", "c")
    outbox.fail(first, TROUBLE, NOW)
    assert due(outbox) == [("r2", "c")]


def test_a_hurry_tries_before_the_wait_is_over_but_never_out_of_order(outbox):
    first, _ = add(outbox, "r1", "a"), add(outbox, "r1", "b")
    outbox.fail(first, TROUBLE, NOW)
    assert due(outbox, hurry=True) == [("r1", "a")]


def test_waits_grow_and_end(outbox):
    item, waits = add(outbox, "r1"), []
    for _ in range(12):
        outbox.fail(outbox.items()[0], TROUBLE, NOW)
        waits.append((outbox.items()[0].next_try - NOW).total_seconds())
    assert waits == sorted(waits)
    assert waits[-1] <= 3600
    assert outbox.items()[0].attempts == 12
    assert due(outbox, NOW + timedelta(hours=1)) == [(item.referral, item.what)]


def test_the_servers_wish_is_waited_for(outbox):
    outbox.fail(add(outbox, "r1"), TROUBLE, NOW, at_least=7200)
    assert due(outbox, NOW + timedelta(seconds=7199)) == []
    assert due(outbox, NOW + timedelta(seconds=7200)) == [("r1", "submitted")]


def test_a_clock_set_back_does_not_hold_items_for_longer_than_a_hurry(outbox):
    outbox.fail(add(outbox, "r1"), TROUBLE, NOW + timedelta(days=900))
    assert due(outbox, NOW, hurry=True) == [("r1", "submitted")]


def test_a_clock_set_back_does_not_hold_items_for_ever(outbox):
    """The wait began by a clock that ran years ahead; the longest wait is a day."""
    outbox.fail(add(outbox, "r1"), TROUBLE, NOW + timedelta(days=900))
    assert due(outbox, NOW) == [("r1", "submitted")]


def test_an_item_overtaken_waits_to_be_signed_anew(outbox):
    item = add(outbox, "r1")
    outbox.move(item, Trouble("timeline_moved", "moved"))
    assert due(outbox, hurry=True) == []
    anew = evolve(outbox.items()[0], moved=False, digest="d" * 64)
    outbox.replace(anew, submission("anew"))
    assert due(outbox) == [("r1", "submitted")]
    assert outbox.body(anew) == submission("anew")


@pytest.mark.parametrize("refused", [False, True])
def test_an_item_that_ended_stays_listed_without_its_envelopes(outbox, vault, refused):
    item = add(outbox, "r1")
    outbox.refuse(item, TROUBLE) if refused else outbox.acknowledge(item)
    (ended,) = outbox.items()
    assert ended.state is (ItemState.REFUSED if refused else ItemState.ACKNOWLEDGED)
    assert vault.list(BODIES) == ()
    assert outbox.waiting() == ()
    assert due(outbox, hurry=True) == []
    with pytest.raises(VaultDamagedError):
        outbox.body(item)


def test_ids_are_never_used_again(outbox):
    first = add(outbox, "r1")
    outbox.acknowledge(first)
    assert add(outbox, "r1").id > first.id


def test_adding_is_undone_with_the_transaction_it_belongs_to(outbox, vault):
    with pytest.raises(RuntimeError), vault.transaction():
        add(outbox, "r1")
        raise RuntimeError
    assert (vault.list(ITEMS), vault.list(BODIES)) == ((), ())


steps = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["add", "fail", "send"])))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_whatever_happens_each_item_leaves_once_and_in_its_referrals_order(tmp_path_factory, done):
    vault = OpenVault(tmp_path_factory.mktemp("v") / "vault.db", bytes(32), nacl.utils.random)
    outbox, added, sent, now = Outbox(vault, lambda: 0.5), [], [], NOW
    for referral, what in done:
        now += timedelta(minutes=7)
        if what == "add":
            added.append((referral, str(len(added))))
            add(outbox, *added[-1])
        for item in outbox.due(now, False):
            if what == "fail" and item.referral == referral:
                outbox.fail(item, TROUBLE, now)
            elif what == "send":
                outbox.acknowledge(item)
                sent.append((item.referral, item.what))
    sent += drain(outbox, now + timedelta(hours=2))
    vault.close()
    assert sorted(sent) == sorted(added)
    for referral in "abc":
        assert [e for e in sent if e[0] == referral] == [e for e in added if e[0] == referral]
