"""The inbox, touched: what presses first stands first, and the directory is told of free places."""

import pytest

from mobile.flows.referral import ReferralFlow
from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all

BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture
def hand(request, drive, town, worker, shelter):
    language = getattr(request, "param", "ar")
    say = words(language)
    later = send(worker, say)
    sync_all(worker)
    town.clock.forward(hours=1)
    mine, gone = send(worker, say), send(worker, say)
    sync_all(worker, shelter)
    ReferralFlow(shelter, say, mine).open()
    shelter.inbox.accept(mine)
    ReferralFlow(shelter, say, gone).open()
    shelter.inbox.decline(gone, "no_places")
    sync_all(shelter)
    hand = drive(shelter, language)
    hand.ids = (later, mine, gone)
    hand.app.go("inbox")
    return hand


@BOTH
def test_each_stands_under_what_is_to_be_done_about_it(hand):
    shown = [each.item.key for each in hand.shown("Item")]
    assert shown == list(hand.ids)
    headings = [each.text for each in hand.shown("Text") if each.role == "heading"]
    assert headings[:3] == [hand.view.waiting_title, hand.view.ours_title, hand.view.past_title]
    assert all(hand.said(each[:8]) for each in hand.ids)


def test_the_nearest_deadline_stands_first_whatever_came_last(hand, town, worker, shelter):
    town.clock.forward(hours=1)
    newest = send(worker, hand.app.words, hurt="yes")
    sync_all(worker, shelter)
    hand.app.screen.refresh()
    waiting = [row.key for row in hand.view.waiting]
    deadlines = {each.referral: each.deadline for each in shelter.inbox.list()}
    assert set(waiting) == {newest, hand.ids[0]}
    assert waiting == sorted(waiting, key=deadlines.get)


def test_a_late_one_says_so_in_words(hand, town):
    town.clock.forward(days=4)
    hand.app.screen.refresh()
    late = next(each for each in hand.shown("Item") if each.item.key == hand.ids[0])
    assert late.urgent
    assert hand.app.words("late") in hand.words(late)


def test_only_what_is_offered_here_is_called_new(hand):
    new = hand.app.words("new")
    assert [each.item.key for each in hand.shown("Item") if each.mark == new] == [hand.ids[0]]


def test_a_line_opens_its_referral_and_back_leads_here(hand):
    hand.press(next(each for each in hand.shown("Item") if each.item.key == hand.ids[1]))
    assert hand.screen == "ReferralScreen"
    assert hand.view.title.endswith(hand.ids[1][:8])
    hand.app.screen.go_back()
    assert hand.screen == "InboxScreen"


def told(hand, written):
    hand.write(hand.view.capacity_label, written)
    hand.touch("Action", hand.view.capacity_button)


@BOTH
def test_free_places_are_told_in_digits_of_any_script(hand, town, shelter):
    hand.touch("FoldHead", hand.view.capacity_title)
    told(hand, "many")
    assert hand.said(hand.app.screen.trouble)
    assert hand.view.capacity == ""

    told(hand, "٣")

    assert hand.said(hand.view.capacity)
    assert hand.app.screen.trouble == ""
    shelter.sync()
    assert places(shelter) == 3

    town.clock.forward(minutes=1)
    told(hand, "")
    shelter.sync()
    assert places(shelter) is None


def places(shelter):
    provider = shelter.directory.provider(shelter.identity.organisation)
    return provider.capacity.free_places


def test_what_is_closed_is_no_longer_called_in_care(hand, shelter):
    closed = hand.ids[1]
    shelter.inbox.close(closed, "service_completed")
    sync_all(shelter)
    hand.app.screen.refresh()
    assert closed not in [row.key for row in hand.view.ours]
    assert closed in [row.key for row in hand.view.past]
