"""A provider's side, touched: open, read, answer, care, report and close."""

import httpx
import pytest

from mobile.flows.sent import SentFlow
from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.screens.hand import title
from tests.mobile.town import PIN, sync_all

NAME = "CANARY-Fictional-Amina"


BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture
def hand(request, drive, worker, shelter):
    language = getattr(request, "param", "ar")
    referral = send(worker, words(language))
    sync_all(worker, shelter)
    hand = drive(shelter, language)
    hand.referral = referral
    hand.app.go("referral", referral)
    return hand


def state(phone, hand):
    return phone.inbox.get(hand.referral).state


def act(hand, key):
    """Touch an action where it stands: at the thumb, or behind the further steps."""
    label = title(key, hand.view.actions)
    if not hand.shown("Action", label):
        hand.touch("Action", hand.view.more_button)
        hand.touch("Item", label)
    else:
        hand.touch("Action", label)


def confirm(hand):
    hand.touch("Action", hand.app.screen.action.label)


def accepted(hand):
    act(hand, "open")
    act(hand, "accept")
    confirm(hand)


@BOTH
def test_a_case_is_read_only_after_it_was_opened(hand, shelter, server):
    assert NAME not in hand.words()
    assert hand.said(hand.view.case_note)

    act(hand, "open")

    assert NAME in hand.words()
    assert hand.said(hand.view.case_title)
    assert [str(event.kind) for _, event in server.events][-1] == "opened"


def test_accepting_says_what_it_means_and_can_be_left(hand, shelter):
    act(hand, "open")
    act(hand, "accept")
    assert hand.said(title_detail(hand, "accept"))
    assert state(shelter, hand) == "opened"

    assert hand.app.screen.go_back()
    assert hand.screen == "ReferralScreen"
    assert state(shelter, hand) == "opened"

    act(hand, "accept")
    confirm(hand)
    assert state(shelter, hand) == "accepted"


def title_detail(hand, key):
    return next(each.detail for each in hand.view.actions if each.key == key)


@BOTH
def test_declining_needs_a_reason_and_the_case_is_gone_at_once(hand, shelter):
    act(hand, "open")
    act(hand, "decline")
    confirm(hand)
    assert hand.said(hand.app.screen.trouble)
    assert state(shelter, hand) == "opened"

    hand.touch("Choice", title("no_places", hand.view.decline_reasons))
    confirm(hand)

    assert NAME not in hand.words()
    assert hand.view.actions == ()
    assert hand.said(hand.view.state)


def test_a_reason_picked_for_one_step_is_not_there_for_the_next(hand):
    act(hand, "open")
    act(hand, "decline")
    hand.touch("Choice", title("no_places", hand.view.decline_reasons))
    hand.app.screen.go_back()
    act(hand, "decline")
    assert not any(each.chosen for each in hand.shown("Choice"))
    confirm(hand)
    assert hand.app.screen.trouble


def test_a_question_travels_sealed_and_its_answer_is_read_here(hand, worker, shelter):
    act(hand, "open")
    act(hand, "ask")
    confirm(hand)
    assert hand.said(hand.app.screen.trouble)
    hand.write(hand.view.question_label, "CANARY when?")
    confirm(hand)
    assert hand.said("CANARY when?")

    worker.sync(hurry=True)
    SentFlow(worker, words("en"), hand.referral).answer("CANARY tonight")
    worker.sync(hurry=True)
    hand.touch("Action", hand.view.sync_button)

    assert hand.said("CANARY tonight")


@BOTH
def test_from_accepting_to_closing_with_a_report(hand, worker, shelter):
    accepted(hand)
    act(hand, "start_service")
    assert state(shelter, hand) == "in_service"
    act(hand, "feedback")
    hand.touch("Choice", title("service_goes_on", hand.view.outcomes))
    hand.write(hand.view.feedback_label, "CANARY well")
    confirm(hand)
    act(hand, "close")
    hand.touch("Choice", title("service_completed", hand.view.outcomes))
    confirm(hand)

    assert state(shelter, hand) == "closed"
    assert [each.key for each in hand.view.actions] == ["feedback"]
    assert hand.view.verified
    steps = [each.text for each in hand.shown("TimelineStep")]
    assert steps == [each.what for each in hand.view.timeline]
    worker.sync(hurry=True)
    texts = [each.text for each in SentFlow(worker, words("en"), hand.referral).view.messages]
    assert any("CANARY well" in each for each in texts)


def test_handing_over_asks_first(hand, shelter):
    accepted(hand)
    act(hand, "hand_over")
    assert hand.said(title_detail(hand, "hand_over"))
    assert state(shelter, hand) == "accepted"
    confirm(hand)
    assert state(shelter, hand) == "handed_over"


def test_without_the_net_a_step_is_taken_and_says_that_it_waits(hand, server, shelter):
    def unreachable(_):
        raise httpx.ConnectError("fictional: no net")

    server.before = unreachable
    accepted(hand)
    assert state(shelter, hand) == "accepted"
    assert hand.said(hand.view.waits)
    assert hand.said(hand.view.problem)

    server.before = None
    hand.touch("Action", hand.view.sync_button)
    assert hand.view.waits == ""
    assert hand.view.problem is None


def test_after_the_pin_an_opened_case_stands_there_again(hand, shelter):
    act(hand, "open")
    hand.app.lock()
    assert NAME not in hand.words()

    hand.app.screen.attempt(hand.app.screen.presenter.unlock, PIN)

    assert hand.screen == "ReferralScreen"
    assert NAME in hand.words()


def test_a_withdrawn_case_leaves_the_screen_with_the_next_sync(hand, worker):
    act(hand, "open")
    worker.sync(hurry=True)
    worker.referrals.withdraw(hand.referral)
    worker.sync(hurry=True)
    hand.touch("Action", hand.view.sync_button)
    assert NAME not in hand.words()
    assert hand.view.actions == ()
