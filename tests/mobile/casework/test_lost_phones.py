"""A lost phone and a lost provider: colleagues go on, and a case that no phone of the provider
opens any more is sealed anew by its sender, under the consent that was given."""

from datetime import timedelta

import pytest

from mobile.casework.errors import (
    CannotShareError,
    CaseElsewhereError,
    NobodyCanOpenError,
    NobodyHasItError,
    NotAllowedNowError,
    UnknownRecordError,
    UnreadableError,
)
from mobile.sync.events import events_of
from protocols.errors import AmanaError
from protocols.referral.consent import ConsentEndedError, Grant
from tests.mobile.cases import CASE, HEALTH, KINDS, consent_to, screen, send
from tests.mobile.town import FIRST, SECOND, codes, desk_of, sync_all

SEEN = {kind: CASE[kind] for kind in KINDS}


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    return town.worker()


@pytest.fixture
def colleague(town, worker):
    return town.worker("colleague")


def take(shelter, worker, referral):
    """The shelter opens and accepts it, and both sides know."""
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, worker)
    return referral


@pytest.fixture
def accepted(worker, shelter):
    return take(shelter, worker, send(worker))


def lose(town, *phones):
    """The authority revokes these phones; nobody holds them any more."""
    town.clock.forward(minutes=1)
    for phone in phones:
        town.server.revoke(phone.identity.keyid)


def newcomer(town, name="green", organisation=FIRST):
    """A phone that the provider got after its others were lost."""
    town.clock.forward(minutes=10)
    town.server.certified_from = town.clock()
    phone = town.shelter(name, organisation)
    town.server.certified_from = None
    return phone


def kinds(phone, referral):
    return [each.kind for each in phone.referrals.get(referral).timeline]


def test_colleagues_see_nothing_of_each_other_while_the_phone_is_in_use(accepted, colleague):
    colleague.sync()
    assert colleague.referrals.list() == ()


def test_a_lost_field_phones_referrals_are_its_colleagues(
    accepted, worker, shelter, colleague, town
):
    colleague.sync()
    lose(town, worker)
    sync_all(colleague, shelter)
    (view,) = colleague.referrals.list()
    assert (view.id, view.state, view.verified) == (accepted, "accepted", True)
    assert (view.holds_case, view.screening) == (False, None)
    with pytest.raises(CaseElsewhereError):
        colleague.referrals.case(accepted)
    shelter.inbox.ask(accepted, "Fictional question?")
    shelter.inbox.feedback(accepted, "Fictional news", "service_goes_on")
    sync_all(shelter, colleague)
    heard = [each.content["text"] for each in colleague.referrals.messages(accepted)]
    assert heard == ["Fictional question?", "Fictional news"]
    colleague.referrals.answer(accepted, "Fictional answer.")
    sync_all(colleague, shelter)
    assert shelter.inbox.open(accepted).messages[-1].content["text"] == "Fictional answer."
    colleague.referrals.withdraw(accepted)
    sync_all(colleague, shelter)
    assert shelter.inbox.get(accepted).state == "withdrawn"
    assert desk_of(shelter).vault.get("opened", accepted) is None


def test_the_lost_phone_itself_gets_nothing_more(accepted, worker, shelter, colleague, town):
    lose(town, worker)
    sync_all(shelter)
    shelter.inbox.feedback(accepted, "Fictional news", "service_goes_on")
    shelter.sync()
    with pytest.raises(AmanaError):
        worker.sync()
    assert worker.referrals.messages(accepted) == ()


def test_a_workers_new_phone_is_a_colleague_of_the_lost_one(accepted, worker, town):
    lose(town, worker)
    again = town.worker("worker-2")
    assert [each.id for each in again.referrals.list()] == [accepted]


def test_messages_that_come_again_after_a_loss_are_kept_once(
    accepted, worker, shelter, colleague, town, clock
):
    """A rewound sync brings old mail again, whose keys may be gone: that is no trouble."""
    mine = take(shelter, colleague, send(colleague))
    shelter.inbox.feedback(mine, "Fictional news", "recovering")
    sync_all(shelter, colleague)
    clock.forward(days=20)
    sync_all(shelter, colleague)
    clock.forward(days=20)
    sync_all(shelter, colleague)
    lose(town, worker)
    assert colleague.sync().problems == ()
    assert len(colleague.referrals.messages(mine)) == 1
    assert {each.id for each in colleague.referrals.list()} == {mine, accepted}


def test_without_a_colleague_the_provider_is_told_that_nobody_can_read_it(
    accepted, worker, shelter, town
):
    lose(town, worker)
    sync_all(shelter)
    with pytest.raises(NobodyCanOpenError):
        shelter.inbox.ask(accepted, "Fictional question?")


def test_another_services_worker_neither_sees_nor_withdraws(accepted, worker, town, second):
    lose(town, worker)
    sync_all(second)
    with pytest.raises(UnknownRecordError):
        second.referrals.withdraw(accepted)


def test_a_lost_shelter_phone_leaves_the_case_with_its_colleague(worker, shelter, town):
    red = town.shelter("red")
    worker.sync()
    referral = take(shelter, worker, send(worker))
    lose(town, shelter)
    with pytest.raises(AmanaError):
        shelter.sync()
    sync_all(red, worker)
    assert worker.resealing.custody(referral).only.name == "red"
    assert red.inbox.open(referral).content == SEEN
    red.inbox.start_service(referral)
    sync_all(red, worker)
    assert worker.referrals.get(referral).state == "in_service"


def test_a_provider_that_lost_all_while_offered_is_passed_over(worker, shelter, town, second):
    referral = send(worker)
    sync_all(worker)
    lose(town, shelter)
    green = newcomer(town)
    with pytest.raises(UnreadableError):
        green.inbox.open(referral)
    sync_all(green, worker, second)
    assert worker.referrals.get(referral).offered_to == SECOND
    assert second.inbox.open(referral).content == SEEN


def test_a_provider_that_lost_all_in_care_asks_and_gets_the_same_case_again(
    accepted, worker, shelter, town
):
    lose(town, shelter)
    green = newcomer(town)
    with pytest.raises(NobodyHasItError):
        green.inbox.open(accepted)
    (item,) = green.inbox.list()
    assert (item.stuck, item.asked, item.waiting) == (True, False, ())
    assert green.resealing.say_unreadable(accepted)
    assert not green.resealing.say_unreadable(accepted)
    sync_all(green, worker)
    assert green.inbox.list()[0].asked
    view, custody = worker.referrals.get(accepted), worker.resealing.custody(accepted)
    assert view.unreadable_to == (green.identity.keyid,)
    assert view.state == "accepted"
    assert custody.holders == ()
    assert [each.name for each in custody.asking] == ["green"]
    worker.resealing.send_again(accepted, [each.keyid for each in custody.asking])
    assert worker.referrals.get(accepted).waiting == ("resealed",)
    sync_all(worker, green)
    (item,) = green.inbox.list()
    assert (item.stuck, item.asked, item.readable) == (False, False, True)
    case = green.inbox.open(accepted)
    assert case.content == SEEN
    assert HEALTH not in str(case.content)
    sync_all(green, worker)
    assert worker.resealing.custody(accepted).only.name == "green"
    assert kinds(worker, accepted)[-3:] == ["unreadable", "resealed", "opened"]
    green.inbox.close(accepted, "service_completed")
    sync_all(green, worker)
    assert worker.referrals.get(accepted).state == "closed"


def test_what_the_sender_sealed_anew_is_shared_on_by_a_colleague(accepted, worker, shelter, town):
    lose(town, shelter)
    green = newcomer(town)
    green.resealing.say_unreadable(accepted)
    sync_all(green, worker)
    worker.resealing.send_again(accepted, [green.identity.keyid])
    sync_all(worker, green)
    green.inbox.open(accepted)
    blue = newcomer(town, "blue")
    sync_all(green)
    green.resealing.share([blue.identity.keyid])
    sync_all(green, blue)
    assert blue.inbox.open(accepted).content == SEEN


def test_a_sender_that_was_not_asked_seals_nothing_anew(accepted, worker, town):
    newcomer(town)
    worker.sync()
    custody = worker.resealing.custody(accepted)
    with pytest.raises(NotAllowedNowError) as told:
        worker.resealing.send_again(accepted, [each.keyid for each in custody.others])
    assert told.value.rule == "nobody_asked"


def asked(town, worker, shelter, referral):
    """The provider lost its phone, and its new one has asked for the case again."""
    lose(town, shelter)
    green = newcomer(town)
    assert green.resealing.say_unreadable(referral)
    sync_all(green, worker)
    return green


def test_consent_that_ended_is_not_stretched(worker, shelter, town, clock):
    record = screen(worker)
    consent = consent_to(record, FIRST)
    grant = Grant(FIRST, KINDS, "referral", record.started + timedelta(hours=1))
    brief = consent_to(record, FIRST, grants=(grant,))
    assert consent.grants != brief.grants
    referral = take(shelter, worker, send(worker, FIRST, record=record, consent=brief))
    green = asked(town, worker, shelter, referral)
    clock.forward(hours=1)
    with pytest.raises(ConsentEndedError):
        worker.resealing.send_again(referral, [green.identity.keyid])
    assert worker.referrals.get(referral).waiting == ()


def test_consent_that_was_withdrawn_is_refused(accepted, worker, shelter, town):
    green = asked(town, worker, shelter, accepted)
    worker.referrals.withdraw(accepted)
    with pytest.raises(AmanaError):
        worker.resealing.send_again(accepted, [green.identity.keyid])
    sync_all(worker, green)
    assert worker.referrals.get(accepted).state == "withdrawn"
    assert worker.resealing.custody(accepted) is None


def test_only_devices_of_that_provider_are_sealed_to(accepted, worker, shelter, town, second):
    asked(town, worker, shelter, accepted)
    for devices in ([second.identity.keyid], [shelter.identity.keyid], []):
        with pytest.raises(CannotShareError):
            worker.resealing.send_again(accepted, devices)


def test_if_both_sides_lost_their_phones_both_are_told(accepted, worker, shelter, colleague, town):
    green = asked(town, worker, shelter, accepted)
    lose(town, worker)
    sync_all(colleague, green)
    view = colleague.referrals.get(accepted)
    assert (view.unreadable_to, view.holds_case) == ((green.identity.keyid,), False)
    with pytest.raises(CaseElsewhereError):
        colleague.resealing.send_again(accepted, [green.identity.keyid])
    colleague.referrals.withdraw(accepted)
    assert codes(colleague.sync()) == ()


def hand_over(referral, old, new):
    """What a spare copy brings: the case as it was sent, on another phone of the organisation."""
    desk_of(new).vault.put("referral", referral, desk_of(old).vault.get("referral", referral))


def test_a_lost_workers_case_is_sealed_anew_from_the_phone_that_has_its_copy(
    accepted, worker, shelter, colleague, town
):
    hand_over(accepted, worker, colleague)
    green = asked(town, worker, shelter, accepted)
    lose(town, worker)
    sync_all(colleague, green)
    assert colleague.referrals.get(accepted).holds_case
    colleague.resealing.send_again(accepted, [green.identity.keyid])
    sync_all(colleague, green)
    case = green.inbox.open(accepted)
    assert (case.content, case.sender) == (SEEN, colleague.identity.keyid)
    blue = newcomer(town, "blue")
    sync_all(green)
    green.resealing.share([blue.identity.keyid])
    sync_all(green, blue)
    assert blue.inbox.open(accepted).content == SEEN


def test_while_the_senders_phone_counts_no_colleague_seals_in_its_place(
    accepted, worker, shelter, colleague, town
):
    hand_over(accepted, worker, colleague)
    green = asked(town, worker, shelter, accepted)
    desk = desk_of(worker)
    for held in events_of(desk.vault, accepted):
        desk_of(colleague).vault.put(
            f"events/{accepted}",
            f"{held.index:012d}",
            desk.vault.get(f"events/{accepted}", f"{held.index:012d}"),
        )
    colleague.sync()
    colleague.resealing.send_again(accepted, [green.identity.keyid])
    sync_all(colleague, green)
    with pytest.raises(UnreadableError, match="another device"):
        green.inbox.open(accepted)


def test_what_waited_while_a_phone_was_offline_arrives_in_order(accepted, worker, shelter, town):
    """Asked, sealed anew and withdrawn by two phones that were offline: each step is signed anew
    where it still may follow, else refused by name."""
    green = asked(town, worker, shelter, accepted)
    worker.resealing.send_again(accepted, [green.identity.keyid])
    green.inbox.close(accepted, "not_reached")
    green.sync()
    worker.sync()
    assert worker.referrals.get(accepted).state == "closed"
    assert worker.referrals.get(accepted).problem.code in {"already_ended", "wrong_state"}
