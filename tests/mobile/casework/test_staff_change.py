"""A new colleague's phone: who could open each open case, sharing by name, and no case sent away by
the phone that cannot open it."""

import pytest
from attrs import evolve

from mobile.casework.errors import CannotShareError, ColleagueHasItError
from mobile.casework.records import KeptOpened
from protocols.plain import from_json, to_json
from protocols.referral.routing import Urgency
from protocols.timeline.event import Kind
from tests.mobile.cases import CASE, HEALTH, KINDS, send
from tests.mobile.town import SECOND, desk_of, sync_all

SEEN = {kind: CASE[kind] for kind in KINDS}


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    return town.worker()


@pytest.fixture
def accepted(worker, shelter):
    """A case that the first shelter's phone opened and accepted."""
    referral = send(worker)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, worker)
    return referral


@pytest.fixture
def red(town, accepted, clock):
    """A colleague's phone at the first shelter, certified after the case was sent."""
    clock.forward(days=1)
    town.server.certified_from = clock()
    phone = town.shelter("red")
    town.server.certified_from = None
    return phone


def names(holders):
    return [each.name for each in holders]


def shared(shelter, red, worker=None):
    """The first phone shares everything with the new one, and both have synced."""
    sync_all(shelter)
    count = shelter.resealing.share([red.identity.keyid])
    sync_all(shelter, red, *([worker] if worker else []))
    return count


def test_each_side_sees_that_only_one_phone_can_open_it(accepted, shelter, worker):
    for phone in (shelter, worker):
        custody = phone.resealing.custody(accepted)
        assert custody.sure
        assert (custody.only.name, custody.others) == ("shelter-a", ())
    assert shelter.resealing.custody(accepted).only.here
    assert not worker.resealing.custody(accepted).only.here
    assert shelter.resealing.keeping().alone == (accepted,)


def test_a_case_not_opened_yet_counts_every_phone_it_was_sealed_to(town, worker, shelter):
    town.shelter("red")
    worker.sync()
    referral = send(worker)
    sync_all(worker, shelter)
    custody = worker.resealing.custody(referral)
    assert set(names(custody.holders)) == {"red", "shelter-a"}
    assert custody.only is None


def test_a_phone_that_never_opened_it_counts_as_long_as_it_keeps_its_key(worker, shelter, clock):
    referral = send(worker, urgency=Urgency.ROUTINE)
    sync_all(worker)
    assert worker.resealing.custody(referral).only.name == "shelter-a"
    clock.forward(days=31)
    assert worker.resealing.custody(referral).holders == ()


def test_a_new_colleague_is_named_and_one_touch_shares_all(accepted, shelter, red, worker, clock):
    sync_all(shelter)
    (lacking,) = shelter.resealing.keeping().lacking
    assert (lacking.device.name, lacking.referrals) == ("red", (accepted,))
    assert lacking.device.since <= clock()
    assert red.inbox.list()[0].readable
    assert shared(shelter, red, worker) == 1
    assert shelter.resealing.share([red.identity.keyid]) == 0
    assert shelter.resealing.keeping().lacking == ()
    case = red.inbox.open(accepted)
    assert case.content == SEEN
    assert HEALTH not in str(case.content)
    assert (case.sender, case.sender_organisation) == (
        worker.identity.keyid,
        worker.identity.organisation,
    )
    sync_all(red, shelter, worker)
    for phone in (red, shelter, worker):
        custody = phone.resealing.custody(accepted)
        assert set(names(custody.holders)) == {"shelter-a", "red"}
        assert custody.only is None
    assert shelter.resealing.keeping().alone == ()
    view = worker.referrals.get(accepted)
    assert (view.state, view.verified) == ("accepted", True)
    assert "resealed" in [each.kind for each in view.timeline]


def test_the_newcomer_shares_on_what_it_was_given(accepted, shelter, red, town, clock):
    shared(shelter, red)
    red.inbox.open(accepted)
    clock.forward(hours=1)
    third = town.shelter("third")
    sync_all(red)
    assert red.resealing.share([third.identity.keyid]) == 1
    sync_all(red, third, shelter)
    assert third.inbox.open(accepted).content == SEEN
    sync_all(third, shelter)
    assert set(names(shelter.resealing.custody(accepted).holders)) == {"shelter-a", "red", "third"}


def test_nothing_is_shared_by_itself(accepted, shelter, red, server):
    for _ in range(3):
        sync_all(shelter, red)
    assert Kind.RESEALED not in [event.kind for _, event in server.events]


def test_only_the_devices_named_can_open_it(accepted, shelter, red, town):
    ghost = town.shelter("ghost")
    sync_all(shelter)
    assert names(each.device for each in shelter.resealing.keeping().lacking) == ["ghost", "red"]
    shelter.resealing.share([red.identity.keyid])
    sync_all(shelter, red, ghost)
    assert red.inbox.open(accepted).content == SEEN
    with pytest.raises(ColleagueHasItError):
        ghost.inbox.open(accepted)
    assert names(shelter.resealing.custody(accepted).others) == ["ghost"]


def test_another_providers_phone_is_never_shared_with(accepted, shelter, second, server):
    sync_all(shelter)
    assert shelter.resealing.share([second.identity.keyid]) == 0
    assert shelter.inbox.get(accepted).waiting == ()


def test_a_phone_whose_sealing_key_ended_is_told_to_sync(accepted, shelter, red, clock):
    sync_all(shelter)
    clock.forward(days=60)
    with pytest.raises(CannotShareError):
        shelter.resealing.share([red.identity.keyid])


def test_an_offered_case_stays_when_the_wrong_phone_touches_it(worker, shelter, town, clock):
    referral = send(worker)
    sync_all(worker, shelter)
    clock.forward(minutes=5)
    town.server.certified_from = clock()
    red = town.shelter("red")
    with pytest.raises(ColleagueHasItError) as told:
        red.inbox.open(referral)
    assert told.value.names == ("shelter-a",)
    assert red.resealing.colleagues(referral) == ("shelter-a",)
    (item,) = red.inbox.list()
    assert (item.stuck, item.readable, item.waiting) == (True, False, ())
    red.sync()
    assert worker.referrals.get(referral).state == "offered"
    shelter.inbox.open(referral)
    shared(shelter, red)
    assert not red.inbox.list()[0].stuck
    assert red.inbox.open(referral).content == SEEN


def test_nobody_here_can_open_it_sends_an_offer_on(worker, shelter, town, clock, second):
    referral = send(worker)
    sync_all(worker)
    clock.forward(minutes=5)
    town.server.certified_from = clock()
    red = town.shelter("red")
    assert red.resealing.say_unreadable(referral)
    sync_all(red, worker, second)
    assert worker.referrals.get(referral).offered_to == SECOND
    assert second.inbox.open(referral).content == SEEN


def test_after_declining_nothing_of_who_holds_it_is_kept(worker, shelter, town):
    referral = send(worker)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.decline(referral, "no_places")
    vault = desk_of(shelter).vault
    assert vault.list(f"holders/{referral}") == vault.list(f"tried/{referral}") == ()


def test_a_case_opened_by_an_older_app_is_asked_of_its_sender(accepted, shelter, red):
    vault = desk_of(shelter).vault
    old = evolve(from_json(vault.get("opened", accepted), KeptOpened), statement=None)
    vault.put("opened", accepted, to_json(old))
    sync_all(shelter)
    with pytest.raises(CannotShareError, match="older app"):
        shelter.resealing.share([red.identity.keyid])
