"""What a provider may do, in every state, and what each refusal or lost race looks like."""

import pytest

from mobile.casework.errors import NotAllowedNowError, UnknownRecordError, UnreadableError
from mobile.flows.errors import explain
from mobile.flows.inbox import InboxFlow
from mobile.flows.info import InfoFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.referral import ReferralFlow
from mobile.flows.refusals import NothingChosenError
from mobile.flows.review import ReviewFlow
from mobile.flows.sent import SentFlow
from mobile.locale import LANGUAGES, words
from tests.mobile.flows.walks import agree, send
from tests.mobile.town import FIRST, SECOND, sync_all


@pytest.fixture
def referral(worker, shelter, english):
    found = send(worker, english)
    sync_all(worker, shelter)
    return found


def keys(flow):
    return [each.key for each in flow.view.actions]


def test_what_may_be_done_follows_the_state(worker, shelter, english, referral):
    flow = ReferralFlow(shelter, english, referral)
    assert flow.view.deadline.startswith("Answer by ")
    flow.open()
    assert keys(flow) == ["accept", "ask", "decline"]
    flow.accept()
    assert keys(flow) == ["start_service", "ask", "feedback", "hand_over", "close"]
    flow.start_service()
    assert "start_service" not in keys(flow)
    flow.close("service_completed")
    assert keys(flow) == ["feedback"]
    assert "the acceptance, the start of care, the closing" in flow.view.waits
    sync_all(shelter)
    assert flow.view.waits == ""
    assert flow.view.verified


def test_every_action_offered_is_one_the_lifecycle_takes(worker, shelter, english, referral):
    flow = ReferralFlow(shelter, english, referral)
    flow.open()
    for action, *given in (("ask", "When?"), ("accept",), ("ask", "Where?"), ("hand_over",)):
        assert action in keys(flow)
        getattr(flow, action)(*given)
    with pytest.raises(NotAllowedNowError):
        flow.start_service()
    with pytest.raises(NothingChosenError):
        flow.ask("  ")


def test_a_restarted_phone_shows_the_opened_case_at_once(town, shelter, english, referral):
    ReferralFlow(shelter, english, referral).open()
    again = ReferralFlow(town.restart(shelter), english, referral)
    assert again.view.case
    assert again.view.case_note


def test_an_expired_offer_is_no_longer_theirs_and_the_case_is_gone(
    town, shelter, other, english, referral
):
    flow = ReferralFlow(shelter, english, referral)
    flow.open()
    shelter.sync(hurry=True)
    town.clock.forward(days=2)
    town.server.fire_overdue()
    flow.sync()
    assert flow.view.case == ()
    assert keys(flow) == []
    assert flow.view.state == "No longer with you."
    inbox = InboxFlow(shelter, english).view
    assert [each.key for each in inbox.past] == [referral]
    other.sync()
    assert [each.key for each in InboxFlow(other, english).view.waiting] == [referral]


def test_a_second_phone_that_accepts_too_late_is_told_that_it_is_done(
    town, worker, shelter, english
):
    second = town.shelter("shelter-a2")
    worker.sync()
    referral = send(worker, english)
    sync_all(worker, shelter, second)
    flows = [ReferralFlow(each, english, referral) for each in (shelter, second)]
    for flow in flows:
        flow.open()
        flow.accept()
    flows[0].sync()
    flows[1].sync()
    assert flows[1].view.problem
    assert "_" not in flows[1].view.problem


def test_a_case_that_cannot_be_opened_tells_the_sender(town, worker, shelter, english):
    town.clock.forward(hours=1)
    found = send(worker, english)
    sync_all(worker)
    stranger = town.shelter("shelter-late")
    flow = ReferralFlow(stranger, english, found)
    with pytest.raises(UnreadableError) as caught:
        flow.open()
    assert "Ask the colleague to open it there" in explain(english, caught.value)
    flow.cannot_open()
    stranger.sync(hurry=True)
    worker.sync()
    assert "unreadable" in [each.what for each in SentFlow(worker, english, found).view.timeline]


def test_a_returned_referral_says_what_to_do_next(worker, shelter, other, english, referral):
    for phone in (shelter, other):
        phone.sync()
        ReferralFlow(phone, english, referral).decline("no_places")
        phone.sync(hurry=True)
    worker.sync()
    view = SentFlow(worker, english, referral).view
    assert view.state == "Returned: no provider on the list is left"
    assert "focal point" in view.advice
    assert not view.can_withdraw
    assert [each.key for each in view.shortlist] == [FIRST, SECOND]
    assert "No free places" in [each.reason for each in view.timeline]


def test_a_returned_referral_goes_on_to_other_providers_and_asks_the_person_anew(
    worker, shelter, other, english, referral
):
    for phone in (shelter, other):
        phone.sync()
        ReferralFlow(phone, english, referral).decline("no_places")
        phone.sync(hurry=True)
    assert SentFlow(worker, english, referral).view.others_button == ""
    worker.sync()
    flow = SentFlow(worker, english, referral)
    assert flow.view.others_button

    flow.ask_others()

    goto = flow.view.leads_to
    assert goto.screen == "providers"
    anew = ProvidersFlow(worker, english, goto.record)
    assert anew.draft.shortlist == ()
    assert anew.draft.asked.given is None
    assert anew.draft.asked.kinds == {}
    assert anew.draft.about.phone == "CANARY-000"
    anew.choose(SECOND)
    anew.next()
    agree(worker, english, goto.record, **{SECOND: ("needs",)})
    review = ReviewFlow(worker, english, goto.record)
    review.send()
    assert review.problem is None
    second = review.view.leads_to.record
    assert second != referral
    sync_all(worker, other)
    assert [each.referral for each in other.inbox.list() if each.ours] == [second]
    assert SentFlow(worker, english, referral).view.state.startswith("Returned")


def test_a_referral_that_is_under_way_offers_no_second_one(worker, shelter, english, referral):
    assert SentFlow(worker, english, referral).view.others_button == ""


def test_a_deleted_screening_cannot_go_on_to_others(worker, shelter, other, english, referral):
    for phone in (shelter, other):
        phone.sync()
        ReferralFlow(phone, english, referral).decline("no_places")
        phone.sync(hurry=True)
    worker.sync()
    worker.screenings.delete(worker.referrals.get(referral).screening)
    flow = SentFlow(worker, english, referral)
    with pytest.raises(UnknownRecordError):
        flow.ask_others()
    assert flow.view.leads_to is None


def test_an_unknown_referral_is_refused_by_name(worker, shelter, english):
    for phone, kind in ((worker, SentFlow), (shelter, ReferralFlow)):
        with pytest.raises(UnknownRecordError):
            kind(phone, english, "nothing")


def test_free_places_are_told(shelter, english):
    flow = InboxFlow(shelter, english)
    flow.state_capacity("3")
    assert flow.view.problem is None
    assert flow.view.capacity


@pytest.mark.parametrize("language", LANGUAGES)
def test_hotlines_say_whether_anybody_verified_them(worker, language):
    say = words(language)
    view = InfoFlow(worker, say).view
    assert view.hotlines
    assert all(each.standing for each in view.hotlines)
    assert all(section.facts for section in view.sections)
    told = [each for section in view.sections for each in section.facts]
    assert all(each.standing for each in told if each.title)
