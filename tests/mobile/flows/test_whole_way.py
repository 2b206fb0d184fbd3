"""From a new screening to a closed referral, over the presenters alone, in every language."""

import pytest

from mobile.flows.coordination import CoordinationFlow
from mobile.flows.findings import FindingsFlow
from mobile.flows.home import HomeFlow
from mobile.flows.inbox import InboxFlow
from mobile.flows.referral import ReferralFlow
from mobile.flows.review import ReviewFlow
from mobile.flows.sent import SentFlow
from mobile.locale import words
from tests.mobile.flows.walks import agree, choose, screen, send
from tests.mobile.town import FIRST, SECOND, sync_all

LANGUAGES = ("ar", "fr", "en")


def lines(sections):
    return "\n".join(line for each in sections for line in (each.title, *each.lines))


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_new_screening_to_a_closed_referral(worker, shelter, language):
    say = words(language)
    referral = send(worker, say)

    sent = SentFlow(worker, say, referral)
    assert sent.view.waits
    assert not sent.view.verified
    assert HomeFlow(worker, say).view.waiting == 1
    sync_all(worker, shelter)
    assert not sent.view.waits
    assert sent.view.verified
    assert HomeFlow(worker, say).view.waiting == 0

    inbox = InboxFlow(shelter, say)
    assert [row.key for row in inbox.view.waiting] == [referral]
    flow = ReferralFlow(shelter, say, referral)
    assert [each.key for each in flow.view.actions] == ["open", "decline"]
    assert flow.view.case == ()
    flow.open()
    case = lines(flow.view.case)
    assert "CANARY-Fictional-Amina" in case
    assert "CANARY-000" not in case
    flow.ask("When?")
    sync_all(shelter, worker)
    assert sent.view.can_answer
    sent.answer("Now.")
    assert not sent.view.can_answer
    sync_all(worker, shelter)
    assert "Now." in [each.text for each in flow.view.messages]
    flow.accept()
    flow.start_service()
    flow.feedback("She is well.", "service_completed")
    flow.close("service_completed")
    sync_all(shelter, worker)

    assert any("She is well." in each.text for each in sent.view.messages)
    assert not sent.view.can_withdraw
    assert sent.view.verified
    assert [row.key for row in InboxFlow(shelter, say).view.waiting] == []
    kinds = [each.kind for each in worker.referrals.get(referral).timeline]
    assert len(sent.view.timeline) == len(kinds)
    assert kinds[-1] == "closed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_provider_sees_only_what_was_allowed_and_review_shows_exactly_that(
    worker, shelter, other, language
):
    say = words(language)
    screening = screen(worker, say)
    choose(worker, say, screening)
    agree(worker, say, screening)
    review = ReviewFlow(worker, say, screening)
    promised = {each.id: each.sections for each in review.view.parts}
    review.send()
    referral = review.view.leads_to.record
    sync_all(worker, shelter)
    first = ReferralFlow(shelter, say, referral)
    first.open()
    assert first.view.case == promised[FIRST]
    first.decline("no_places")
    assert first.view.case == ()
    sync_all(shelter, other)
    second = ReferralFlow(other, say, referral)
    second.open()
    assert second.view.case == promised[SECOND]
    assert "CANARY" not in lines(promised[SECOND])


def test_what_a_case_says_is_said_in_the_reader_s_language(worker, shelter, english):
    screening = screen(worker, english)
    choose(worker, english, screening, FIRST)
    agree(worker, english, screening, **{FIRST: ("answers", "findings")})
    ReviewFlow(worker, english, screening).send()
    sync_all(worker, shelter)
    referral = worker.referrals.list()[0].id
    flow = ReferralFlow(shelter, words("ar"), referral)
    flow.open()
    case = lines(flow.view.case)
    assert "ar:papers ar:taken" in case
    assert "en:" not in case
    assert "CANARY" not in case


def test_a_question_that_fills_a_name_never_travels_among_the_answers(worker, english):
    referral = send(worker, english)
    asked = [each["question"] for each in worker.referrals.case(referral)["answers"]]
    assert asked == ["hurt", "signs", "papers"]


def test_findings_give_needs_and_the_next_steps_and_say_what_is_open(worker, english):
    screening = screen(worker, english, hurt="yes", papers=None)
    view = FindingsFlow(worker, english, screening).view
    assert view.findings[0].kind == "emergency"
    assert view.steps
    assert all(each.verified or "Not verified" in each.standing for each in view.hotlines)
    assert [each.key for each in view.actions] == ["refer", "reopen", "finish"]


def test_reopening_a_stopped_interview_takes_it_up_again(worker, english):
    screening = screen(worker, english)
    record = worker.screenings.get(screening)
    assert record.interview.finished
    flow = FindingsFlow(worker, english, screening)
    flow.reopen()
    assert flow.view.leads_to.screen == "interview"
    assert not worker.screenings.get(screening).interview.finished


def test_a_coordinator_sees_what_is_late_and_never_a_case(
    town, worker, shelter, coordinator, english
):
    referral = send(worker, english)
    sync_all(worker, shelter)
    town.clock.forward(days=3)
    coordinator.sync()
    flow = CoordinationFlow(coordinator, english)
    assert [row.key for row in flow.view.overdue] == [referral]
    flow.choose(referral)
    shown = flow.view.chosen
    assert shown.verified
    assert "CANARY" not in repr(flow.view)
    assert [each.what for each in shown.timeline] == ["submitted", "offered"]


def test_withdrawing_stops_it_and_cannot_be_done_twice(worker, shelter, english):
    referral = send(worker, english)
    sync_all(worker, shelter)
    flow = SentFlow(worker, english, referral)
    assert flow.view.can_withdraw
    flow.withdraw()
    assert not flow.view.can_withdraw
    sync_all(worker, shelter)
    provider = ReferralFlow(shelter, english, referral)
    assert provider.view.actions == ()
    assert provider.view.case == ()
