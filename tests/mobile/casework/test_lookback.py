"""What a server left out comes once it is honest, and costs little where it never lied."""

import pytest
from attrs import evolve

from mobile.casework.lookback import EVERY, MARKS, WINDOW
from protocols.messages import SyncAnswer
from tests.mobile.cases import NAME, send
from tests.mobile.lies import SYNC, lie, reading
from tests.mobile.town import SECOND, codes, desk_of

DAY = {"hours": EVERY.total_seconds() / 3600 + 1}


@pytest.fixture
def worker(town, shelter):
    town.shelter("shelter-b", SECOND)
    made = town.worker()
    shelter.sync()
    return made


def skipping(server, change):
    lie(server, SYNC, reading(SyncAnswer, change))


def asked(server):
    return [request for request, _ in server.requests if request.url.path == SYNC]


def test_an_offer_left_out_comes_with_the_next_day(worker, shelter, server, clock):
    referral = send(worker)
    worker.sync()
    skipping(server, lambda page: evolve(page, entries=()))
    shelter.sync()
    server.break_next = None
    shelter.sync()
    assert shelter.inbox.list() == ()
    clock.forward(**DAY)
    assert shelter.sync().received > 0
    assert [each.referral for each in shelter.inbox.list()] == [referral]


def test_a_case_that_was_kept_back_is_told_and_comes_with_the_next_sync(worker, shelter, server):
    referral = send(worker)
    worker.sync()
    skipping(
        server,
        lambda page: evolve(
            page, entries=tuple(evolve(each, envelopes=()) for each in page.entries)
        ),
    )
    for _ in range(2):
        assert codes(shelter.sync()) == ("envelope_withheld",)
    assert not shelter.inbox.list()[0].readable
    server.break_next = None
    assert codes(shelter.sync()) == ()
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME


def test_a_question_that_was_kept_back_is_told_and_comes(worker, shelter, server):
    referral = send(worker)
    worker.sync()
    shelter.sync()
    shelter.inbox.open(referral)
    shelter.inbox.ask(referral, "Fictional question?")
    shelter.sync()
    honest = server._parts
    server._parts = lambda index, device: ()
    assert codes(worker.sync()) == ("envelope_withheld",)
    assert worker.referrals.messages(referral) == ()
    server._parts = honest
    assert codes(worker.sync()) == ()
    (message,) = worker.referrals.messages(referral)
    assert message.content["text"] == "Fictional question?"


def test_nothing_is_read_twice_within_a_day(worker, shelter, server, clock):
    send(worker)
    worker.sync()
    shelter.sync()
    before = len(asked(server))
    for _ in range(3):
        assert shelter.sync().received == 0
    assert len(asked(server)) == before + 3
    clock.forward(**DAY)
    shelter.sync()
    assert len(asked(server)) == before + 5


def test_what_was_read_and_forgotten_does_not_come_back(worker, shelter, server, clock):
    referral = send(worker)
    worker.sync()
    shelter.sync()
    shelter.inbox.open(referral)
    shelter.inbox.decline(referral, "no_places")
    shelter.sync()
    clock.forward(**DAY)
    assert shelter.sync().received == 0
    vault = desk_of(shelter).vault
    assert not any(vault.list(each) for each in ("envelope", "opened"))


def test_marks_do_not_pile_up_and_survive_a_clock_that_was_ahead(worker, clock, town):
    marks = desk_of(worker).vault.list
    for _ in range(40):
        clock.forward(**DAY)
        worker.sync()
    assert 2 < len(marks(MARKS)) <= WINDOW / EVERY + 3
    town.off["worker"] = WINDOW * 3
    worker.sync()
    town.off["worker"] = WINDOW * 0
    worker.sync()
    assert 1 <= len(marks(MARKS)) <= 3


def test_a_coordinator_sees_every_entry_and_never_looks_back(worker, coordinator, server, clock):
    send(worker)
    worker.sync()
    coordinator.sync()
    before = len(asked(server))
    clock.forward(**DAY)
    coordinator.sync()
    assert len(asked(server)) == before + 1


def test_a_phone_whose_keys_nobody_is_given_says_so_and_tells_them_again(shelter, server):
    shelter.sync()
    mine = shelter.identity.keyid
    hidden = [each for each in server.live if each.signatures[0].keyid == mine]
    assert hidden
    server.live = [each for each in server.live if each not in hidden]
    server.number += 1
    assert codes(shelter.sync()) == ("sealing_key_withheld",)
    assert {each.digest for each in hidden} <= {each.digest for each in server.live}
    assert codes(shelter.sync()) == ()
