"""Sharing open cases, and sending one again: the phones are named, and one touch does it."""

import pytest

from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all


def newcomer(town, name):
    town.clock.forward(hours=1)
    town.server.certified_from = town.clock()
    phone = town.shelter(name)
    town.server.certified_from = None
    return phone


@pytest.fixture
def accepted(worker, shelter):
    referral = send(worker, words("en"))
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, worker)
    return referral


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_from_home_to_a_shared_case_in_two_touches(drive, accepted, shelter, town, language):
    red = newcomer(town, "red")
    sync_all(shelter)
    hand = drive(shelter, language)
    hand.app.go("home")
    (row,) = next(rows for _, rows in hand.view.lists if rows[0].goto.screen == "sharing")
    hand.app.go(row.goto.screen)
    assert hand.said("red")
    assert hand.said(hand.view.warning)
    hand.touch("Action", hand.view.button)
    assert hand.said(hand.view.done)
    assert not hand.view.phones
    red.sync()
    assert red.inbox.open(accepted).content["identity"]


def test_from_the_sent_case_it_is_sent_again(drive, accepted, worker, shelter, town):
    town.clock.forward(minutes=1)
    town.server.revoke(shelter.identity.keyid)
    green = newcomer(town, "green")
    green.resealing.say_unreadable(accepted)
    sync_all(green, worker)
    hand = drive(worker, "ar")
    hand.app.go("sent", accepted)
    assert hand.said(hand.view.custody.warning)
    hand.touch("Action", hand.view.again_button)
    assert hand.screen == "SharingScreen"
    assert hand.said("green")
    hand.touch("Action", hand.view.button)
    green.sync()
    assert green.inbox.open(accepted).content["identity"]


def test_who_can_open_it_is_said_on_the_providers_side(drive, accepted, shelter, town):
    newcomer(town, "red")
    sync_all(shelter)
    hand = drive(shelter, "fr")
    hand.app.go("referral", accepted)
    assert hand.said(hand.view.custody.warning)
    hand.touch("Action", hand.view.share_button)
    assert hand.screen == "SharingScreen"
