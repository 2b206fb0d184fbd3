"""Who could open a case, on each screen; sharing by name; nobody is left guessing who waits."""

import pytest

from mobile.flows.home import HomeFlow
from mobile.flows.referral import ReferralFlow
from mobile.flows.refusals import NothingChosenError
from mobile.flows.sent import SentFlow
from mobile.flows.sharing import SharingFlow
from mobile.locale import LANGUAGES, words
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all

EN = words("en")


@pytest.fixture
def accepted(worker, shelter):
    referral = send(worker, EN)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, worker)
    return referral


def newcomer(town, name):
    town.clock.forward(hours=1)
    town.server.certified_from = town.clock()
    phone = town.shelter(name)
    town.server.certified_from = None
    return phone


def lose(town, *phones):
    town.clock.forward(minutes=1)
    for phone in phones:
        town.server.revoke(phone.identity.keyid)


def listed(phone, language="en"):
    return [row.title for _, rows in HomeFlow(phone, words(language)).view.lists for row in rows]


def test_both_sides_are_warned_where_one_phone_holds_it(accepted, worker, shelter):
    sent = SentFlow(worker, EN, accepted).view.custody
    assert sent.lines == ("On your side: this phone.", "Fictional Shelter A: shelter-a")
    assert sent.warning.startswith("Only shelter-a can open it. Ask Fictional Shelter A")
    own = ReferralFlow(shelter, EN, accepted).view
    assert own.custody.warning.startswith("Only shelter-a can open it. Ask the coordinator")
    assert own.share_button == ""
    assert "Only this phone can open 1 open case" in listed(shelter)


def test_one_touch_shares_with_the_phones_chosen_by_name(accepted, worker, shelter, town):
    red, ghost = newcomer(town, "red"), newcomer(town, "ghost")
    sync_all(shelter)
    assert "1 open case cannot be opened by red yet" in listed(shelter)
    assert ReferralFlow(shelter, EN, accepted).view.share_button
    flow = SharingFlow(shelter, EN, None)
    assert [each.label for each in flow.view.phones] == ["ghost", "red"]
    assert all(each.detail.startswith("enrolled on ") for each in flow.view.phones)
    assert "know" in flow.view.warning
    flow.pick(ghost.identity.keyid)
    flow.share()
    assert flow.view.done == "1 case shared."
    flow.pick(red.identity.keyid)
    flow.pick(ghost.identity.keyid)
    sync_all(shelter, red, ghost, worker)
    assert red.inbox.open(accepted).content["identity"]["name"] == "CANARY-Fictional-Amina"
    sync_all(red, shelter)
    custody = ReferralFlow(shelter, EN, accepted).view.custody
    assert (custody.lines[-1], custody.warning) == ("Cannot open it yet: ghost", "")
    assert "open cases" not in " ".join(listed(red))


def test_nothing_is_shared_with_no_phone_chosen(accepted, shelter, town):
    red = newcomer(town, "red")
    sync_all(shelter)
    flow = SharingFlow(shelter, EN, None)
    flow.pick(red.identity.keyid)
    with pytest.raises(NothingChosenError):
        flow.share()
    assert shelter.inbox.get(accepted).waiting == ()


def test_a_lost_provider_asks_and_both_screens_say_who_waits(accepted, worker, shelter, town):
    lose(town, shelter)
    green = newcomer(town, "green")
    sync_all(worker)
    assert "No phone of Fictional Shelter A can open it" in (
        SentFlow(worker, EN, accepted).view.custody.warning
    )
    flow = ReferralFlow(green, EN, accepted)
    with pytest.raises(Exception, match="sealed before this phone"):
        flow.open()
    assert flow.view.case_note.startswith("No phone here can open it")
    assert flow.view.actions[0].key == "cannot_open"
    flow.cannot_open()
    assert "cannot_open" not in [each.key for each in flow.view.actions]
    sync_all(green, worker)
    assert "can send it again" in ReferralFlow(green, EN, accepted).view.case_note

    sent = SentFlow(worker, EN, accepted)
    assert sent.view.advice == "Fictional Shelter A cannot open the case any more. Send it again."
    assert (sent.view.again.screen, sent.view.again.record) == ("sharing", accepted)
    (row,) = [row for _, rows in HomeFlow(worker, EN).view.lists for row in rows if row.urgent]
    assert row.mark == "cannot be opened"
    again = SharingFlow(worker, EN, accepted)
    assert [each.label for each in again.view.phones] == ["green"]
    assert "call Fictional Shelter A" in again.view.warning
    again.share()
    assert SentFlow(worker, EN, accepted).view.again is None
    sync_all(worker, green)
    assert SentFlow(worker, EN, accepted).view.advice.startswith("Sent again. It waits for")
    flow = ReferralFlow(green, EN, accepted)
    flow.open()
    assert flow.view.case
    sync_all(green, worker)
    view = SentFlow(worker, EN, accepted).view
    assert view.advice == ""
    assert view.custody.lines[1] == "Fictional Shelter A: green"
    assert [each.what for each in view.timeline][-3:] == ["unreadable", "sealed anew", "opened"]


def test_a_provider_that_still_has_a_phone_is_told_to_share_first(accepted, worker, shelter, town):
    red = newcomer(town, "red")
    red.resealing.say_unreadable(accepted)
    sync_all(red, worker)
    assert "shelter-a can still open it" in SharingFlow(worker, EN, accepted).view.warning


def test_a_touch_on_the_wrong_phone_keeps_the_offer_and_names_the_right_one(worker, shelter, town):
    referral = send(worker, EN)
    sync_all(worker, shelter)
    red = newcomer(town, "red")
    flow = ReferralFlow(red, EN, referral)
    with pytest.raises(Exception, match="shelter-a"):
        flow.open()
    assert flow.view.case_note.startswith("This phone cannot open it. shelter-a may")
    assert [each.key for each in flow.view.actions] == ["cannot_open", "decline"]
    sync_all(red, worker)
    assert worker.referrals.get(referral).state == "offered"


def test_a_case_held_back_by_the_server_is_said_to_be_missing(accepted, shelter, town, server):
    red = newcomer(town, "red")
    sync_all(shelter)
    shelter.resealing.share([red.identity.keyid])
    server._parts = lambda index, device: ()
    sync_all(shelter, red)
    assert "holding it back" in ReferralFlow(red, EN, accepted).view.case_note


def test_a_colleague_of_a_lost_worker_sees_that_the_case_is_not_here(
    accepted, worker, shelter, town
):
    colleague = town.worker("colleague")
    lose(town, worker, shelter)
    green = newcomer(town, "green")
    green.resealing.say_unreadable(accepted)
    sync_all(green, colleague)
    view = SentFlow(colleague, EN, accepted).view
    assert "meet the person again" in view.advice
    assert view.again is None
    assert view.custody.lines[0].startswith("On your side: only the phone that sent it")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_it(accepted, worker, shelter, town, language):
    newcomer(town, "red")
    sync_all(shelter)
    say = words(language)
    shown = (SharingFlow(shelter, say, None).view, SentFlow(worker, say, accepted).view.custody)
    assert all(each.title for each in shown)
    if language != "en":
        assert "phone" not in repr([each.title for each in shown]).replace("téléphone", "")
