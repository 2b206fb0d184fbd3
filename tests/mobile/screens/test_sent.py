"""A sent referral: where it stands, a question answered, and withdrawal never by one touch."""

import httpx
import pytest

from mobile.flows.draft import written_answer
from mobile.flows.referral import ReferralFlow
from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.screens.hand import title
from tests.mobile.town import PIN, sync_all


@pytest.fixture(params=["ar", "fr"])
def hand(request, drive, worker, shelter):
    referral = send(worker, words(request.param))
    hand = drive(worker, request.param)
    hand.referral = referral
    hand.app.go("sent", referral)
    return hand


def test_what_waits_here_is_said_until_it_has_left(hand):
    waits = hand.view.waits
    assert hand.said(waits)
    hand.touch("Action", hand.view.sync_button)
    assert not hand.said(waits)
    assert hand.said(hand.view.state)
    assert hand.said(hand.view.proof)
    assert [each.text for each in hand.shown("TimelineStep")] == [
        each.what for each in hand.view.timeline
    ]


def test_without_the_net_it_says_so_and_everything_stays(hand, server, worker):
    def unreachable(_):
        raise httpx.ConnectError("fictional: no net")

    server.before = unreachable
    waits = hand.view.waits
    hand.touch("Action", hand.view.sync_button)
    assert hand.said(waits)
    assert worker.referrals.get(hand.referral).waiting


def test_a_question_is_answered_in_the_talk(hand, worker, shelter):
    sync_all(worker, shelter)
    provider = ReferralFlow(shelter, words("en"), hand.referral)
    provider.open()
    provider.ask("CANARY when?")
    sync_all(shelter, worker)
    hand.app.screen.refresh()
    assert hand.said("CANARY when?")
    hand.touch("Action", hand.view.answer_button)
    assert hand.app.screen.trouble

    hand.write(hand.view.answer[0].label, "CANARY tonight")
    hand.touch("Action", hand.view.answer_button)

    assert not hand.view.can_answer
    assert hand.said("CANARY tonight")
    sync_all(worker, shelter)
    assert "CANARY tonight" in [each.text for each in provider.view.messages]


def test_withdrawing_asks_why_first_and_can_be_left(hand, worker):
    hand.touch("Action", hand.view.withdraw_button)
    assert hand.said(hand.view.withdraw_explanation)
    last = hand.shown("Action", hand.view.withdraw_button)[-1]
    assert last.disabled
    hand.press(last)
    assert hand.view.can_withdraw
    hand.touch("Action", hand.view.keep_button)
    assert not hand.said(hand.view.withdraw_explanation)
    assert hand.view.can_withdraw


def test_withdrawn_for_a_reason_it_is_over(hand, worker, shelter):
    sync_all(worker, shelter)
    hand.app.screen.refresh()
    hand.touch("Action", hand.view.withdraw_button)
    hand.touch("Choice", title("consent_withdrawn", hand.view.withdraw_reasons))
    hand.touch("Action", hand.view.withdraw_button)
    assert not hand.view.can_withdraw
    sync_all(worker, shelter)
    assert ReferralFlow(shelter, words("en"), hand.referral).view.case == ()


def test_who_declined_and_who_is_asked_now_is_marked_beside_each_provider(
    hand, worker, shelter, other
):
    sync_all(worker, shelter)
    ReferralFlow(shelter, words("en"), hand.referral).decline("no_places")
    sync_all(shelter, other, worker)
    hand.app.screen.refresh()

    shown = [(each.text, each.mark) for each in hand.shown("Item")]

    say = hand.app.words
    assert [mark for _, mark in shown] == [say("declined"), say("now")]
    assert all(mark in hand.words() for _, mark in shown)


def test_an_answer_half_written_is_there_again_after_the_phone_was_locked(hand, worker, shelter):
    sync_all(worker, shelter)
    provider = ReferralFlow(shelter, words("en"), hand.referral)
    provider.open()
    provider.ask("when?")
    sync_all(shelter, worker)
    hand.app.screen.refresh()
    hand.press(hand.shown("Field")[0].ids.entry)
    hand.type("CANARY half")
    hand.app.lock()
    worker.unlock(PIN)
    hand.app.go("sent", hand.referral)

    assert hand.shown("Field")[0].text == "CANARY half"

    hand.touch("Action", hand.view.answer_button)
    assert written_answer(worker, worker.referrals.get(hand.referral).screening) == ""


def test_one_touch_leads_from_a_referral_that_came_back_to_other_providers(
    hand, worker, shelter, other
):
    worker.sync()
    for phone in (shelter, other):
        phone.sync()
        ReferralFlow(phone, words("en"), hand.referral).decline("no_places")
        phone.sync(hurry=True)
    assert not hand.view.others_button
    hand.touch("Action", hand.view.sync_button)
    hand.touch("Action", hand.view.others_button)
    assert hand.screen == "ProvidersScreen"
    assert hand.app.can_go_back
