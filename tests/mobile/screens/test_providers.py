"""Choosing whom to ask: order of touches, reasons in sight, the rest folded away."""

import pytest

from mobile.locale import words
from tests.mobile.flows.walks import screen
from tests.mobile.screens.hand import title
from tests.mobile.town import FIRST, SECOND


@pytest.fixture(params=["ar", "fr"])
def hand(request, drive, worker):
    screening = screen(worker, words(request.param), who="Fictional", age="30")
    hand = drive(worker, request.param)
    hand.app.go("providers", screening)
    return hand


def name(hand, provider):
    return next(each.name for each in hand.view.ranked if each.id == provider)


def places(hand):
    return {each.id: each.place for each in hand.view.ranked}


def test_the_first_touched_is_asked_first_and_every_reason_is_read(hand):
    hand.touch("ProviderCard", name(hand, SECOND))
    hand.touch("ProviderCard", name(hand, FIRST))
    assert (places(hand)[SECOND], places(hand)[FIRST]) == (1, 2)
    for each in hand.view.ranked:
        card = hand.find("ProviderCard", each.name)
        assert card.place == each.place_text
        assert all(reason in hand.words(card) for reason in each.reasons)
    hand.touch("ProviderCard", name(hand, SECOND))
    assert (places(hand)[SECOND], places(hand)[FIRST]) == (0, 1)


def test_without_a_provider_there_is_no_way_on(hand):
    assert hand.find("Action", hand.view.next_button).disabled
    hand.touch("ProviderCard", name(hand, FIRST))
    assert not hand.find("Action", hand.view.next_button).disabled


def test_a_conflict_moves_a_provider_to_those_not_offered_with_the_reason(hand):
    called = name(hand, FIRST)
    hand.touch("ProviderCard", called)
    hand.touch("FoldHead", hand.view.conflict_label)
    hand.touch("Choice", title(FIRST, hand.view.conflicts))

    assert not hand.shown("ProviderCard", called)
    assert not hand.view.ready
    reason = next(each.detail for each in hand.view.excluded if each.key == FIRST)
    assert reason
    assert not hand.said(reason)
    hand.touch("FoldHead", hand.view.excluded_title)
    assert hand.said(reason)


def test_where_no_help_is_chosen_choosing_it_is_open_at_once(hand):
    for each in hand.view.services:
        if each.chosen:
            hand.app.screen.presenter.toggle_service(each.key)
    screening = hand.app.screen.presenter.record.id
    hand.app.back()
    hand.app.go("providers", screening)
    assert not hand.view.ranked

    hand.touch("Choice", title("shelter", hand.view.services))

    assert hand.shown("ProviderCard", name(hand, FIRST))


def test_how_soon_and_where_are_changed_where_they_are_shown(hand):
    hand.touch("FoldHead", hand.view.urgency_title)
    hand.touch("Choice", title("immediate", hand.view.urgencies))
    fold = next(each for each in hand.shown("Fold") if each.title == hand.view.urgency_title)
    assert fold.detail == title("immediate", hand.view.urgencies)
    hand.touch("FoldHead", hand.view.division_title)
    hand.touch("Choice", title("TN-11", hand.view.divisions))
    assert hand.view.division == title("TN-11", hand.view.divisions)


def test_back_leads_to_the_person_again(drive, worker):
    say = words("ar")
    hand = drive(worker, "ar")
    hand.app.go("person", screen(worker, say, who="Fictional"))
    hand.touch("Action", hand.view.next_button)
    assert hand.screen == "ProvidersScreen"
    assert hand.app.back()
    assert hand.screen == "PersonScreen"
