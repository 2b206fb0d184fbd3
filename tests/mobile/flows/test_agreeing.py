"""Consent and review: nothing is allowed beforehand, a child goes a child's way, practice stays."""

import pytest

from mobile.casework.errors import PracticeError
from mobile.casework.views import ItemState
from mobile.flows.consent import ConsentFlow
from mobile.flows.findings import FindingsFlow
from mobile.flows.home import HomeFlow
from mobile.flows.person import PersonFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.refusals import NotConsentedError
from mobile.flows.review import ReviewFlow
from mobile.flows.sent import SentFlow
from mobile.locale import LANGUAGES, words
from protocols.referral.consent import InvalidConsentError
from tests.mobile.flows.walks import agree, choose, screen, send
from tests.mobile.town import FIRST, SECOND


@pytest.fixture
def screening(worker, english):
    found = screen(worker, english)
    choose(worker, english, found)
    return found


def test_nothing_is_allowed_beforehand_and_nobody_may_be_left_without(worker, english, screening):
    flow = ConsentFlow(worker, english, screening)
    assert not any(kind.chosen for each in flow.view.recipients for kind in each.kinds)
    with pytest.raises(NotConsentedError):
        flow.record_consent()
    flow.toggle(FIRST, "needs")
    with pytest.raises(NotConsentedError):
        flow.record_consent()
    flow.toggle(SECOND, "needs")
    flow.record_consent()
    assert flow.view.leads_to.screen == "review"


def test_only_what_the_case_holds_is_asked(worker, english, screening):
    kinds = [each.key for each in ConsentFlow(worker, english, screening).view.recipients[0].kinds]
    assert kinds == ["identity", "contact", "needs", "findings", "answers", "notes"]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_person_is_told_in_the_language_of_the_talk(worker, english, screening, spoken):
    flow = ConsentFlow(worker, english, screening)
    flow.choose_language(spoken)
    flow.toggle(FIRST, "health")
    told = "\n".join(flow.view.read_aloud)
    assert flow.view.language == spoken
    assert flow.view.rtl == (spoken == "ar")
    assert words(spoken)("Do you have questions? Do you agree?") in told
    assert words(spoken)("Health") in told
    assert told.index("Shelter A") < told.index("Shelter B")
    assert flow.view.title == "Consent"


def test_a_language_without_words_here_is_recorded_and_read_through_an_interpreter(
    worker, english, screening
):
    PersonFlow(worker, english, screening).toggle_language("ti")
    flow = ConsentFlow(worker, english, screening)
    flow.choose_language("ti")
    assert flow.view.language == "en"
    agree(worker, english, screening)
    lines = ReviewFlow(worker, english, screening).view.consent
    assert "Language: Tigrinya" in lines


def test_any_change_asks_anew(worker, english, screening):
    flow = agree(worker, english, screening)
    assert flow.draft.asked.given == worker.now
    for change in (
        lambda: flow.toggle(FIRST, "notes"),
        lambda: flow.set_days(7),
        lambda: flow.choose_how("signed"),
    ):
        flow.record_consent()
        change()
        with pytest.raises(NotConsentedError):
            assert ReviewFlow(worker, english, screening).view
    flow.record_consent()
    choose(worker, english, screening, FIRST)
    with pytest.raises(NotConsentedError):
        ReviewFlow(worker, english, screening).send()


@pytest.fixture
def child(worker, english):
    found = screen(worker, english, age="15")
    choose(worker, english, found, FIRST)
    flow = ConsentFlow(worker, english, found)
    flow.toggle(FIRST, "needs")
    return flow


def test_a_child_needs_a_guardian_and_is_asked_too(child):
    assert child.view.child
    offered = [each.key for each in child.view.bases]
    assert offered == ["guardian", "authority", "best_interests", "emergency"]
    with pytest.raises(NotConsentedError):
        child.record_consent()
    child.choose_basis("guardian")
    with pytest.raises(InvalidConsentError):
        child.record_consent()
    child.choose_assent("refused")
    with pytest.raises(InvalidConsentError):
        child.record_consent()
    child.choose_assent("given")
    child.record_consent()
    assert child.view.leads_to.screen == "review"


def test_best_interests_need_a_legal_ground(child, worker, english):
    child.choose_basis("best_interests")
    assert [each.key for each in child.view.ground] == ["ground"]
    with pytest.raises(InvalidConsentError):
        child.record_consent()
    child.write_ground("fictional law, article 1")
    child.record_consent()
    lines = ReviewFlow(worker, english, child.record.id).view.consent
    assert "Legal ground: fictional law, article 1" in lines


def test_in_an_emergency_nobody_was_asked_and_turning_back_asks_again(worker, english, screening):
    flow = ConsentFlow(worker, english, screening)
    assert [each.key for each in flow.view.bases] == ["person", "emergency"]
    assert "not_asked" not in [each.key for each in flow.view.how]
    flow.choose_basis("emergency")
    assert [each.key for each in flow.view.how if each.chosen] == ["not_asked"]
    flow.choose_basis("person")
    assert [each.key for each in flow.view.how if each.chosen] == ["spoken"]


def test_a_no_leads_home_and_leaves_nothing_allowed(worker, english, screening):
    flow = agree(worker, english, screening)
    flow.refuse()
    assert flow.view.leads_to.screen == "home"
    assert flow.draft.asked.kinds == {}
    assert worker.outbox.items() == ()


@pytest.mark.parametrize("flow", [PersonFlow, ProvidersFlow, ConsentFlow, ReviewFlow])
def test_practice_leads_to_nobody(worker, english, flow):
    found = screen(worker, english, practice=True)
    with pytest.raises(PracticeError):
        flow(worker, english, found)
    with pytest.raises(PracticeError):
        FindingsFlow(worker, english, found).refer()
    assert worker.outbox.items() == ()


def test_a_directory_grown_old_stops_the_sending_in_words_and_loses_nothing(
    town, worker, english, screening
):
    agree(worker, english, screening)
    town.clock.forward(days=29)
    review = ReviewFlow(worker, english, screening)
    town.clock.forward(days=10)
    assert review.draft.asked.given is not None
    flow = ConsentFlow(worker, english, screening)
    flow.record_consent()
    review = ReviewFlow(worker, english, screening)
    review.send()
    assert "too old" in review.view.problem
    assert review.view.leads_to is None
    assert review.view.can_send


def test_sending_twice_sends_once(worker, english, screening):
    agree(worker, english, screening)
    review, second = (ReviewFlow(worker, english, screening) for _ in range(2))
    review.send()
    second.send()
    assert "sent already" in second.view.problem
    assert len(worker.outbox.items()) == 1
    assert HomeFlow(worker, english).view.lists[0][0] == "Sent referrals"


def test_after_a_withdrawal_nothing_is_sent_anew_without_asking(worker, english):
    referral = send(worker, english)
    SentFlow(worker, english, referral).withdraw()
    worker.sync(hurry=True)
    view = worker.referrals.get(referral)
    with pytest.raises(NotConsentedError):
        ReviewFlow(worker, english, view.screening).send()
    assert all(each.state is not ItemState.WAITING for each in worker.outbox.items())


def test_who_decided_for_a_child_does_not_decide_for_an_adult(child, worker, english):
    child.choose_basis("guardian")
    child.choose_assent("given")
    child.record_consent()
    PersonFlow(worker, english, child.record.id).set_age(30)
    flow = ConsentFlow(worker, english, child.record.id)
    assert [each.key for each in flow.view.bases if each.chosen] == ["person"]
    assert flow.view.assents == ()
    with pytest.raises(NotConsentedError):
        assert ReviewFlow(worker, english, child.record.id).view
    flow.record_consent()
    assert "The person agrees" in ReviewFlow(worker, english, child.record.id).view.consent
