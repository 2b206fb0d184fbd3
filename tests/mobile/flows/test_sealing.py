"""How strongly a case is sealed is said before it is sent and after, whoever asks."""

import pytest

from mobile.flows.labels import STRENGTHS
from mobile.flows.referral import ReferralFlow
from mobile.flows.review import ReviewFlow
from mobile.flows.sent import SentFlow
from mobile.locale import words
from tests.mobile.flows.walks import agree, choose, screen, send
from tests.mobile.libraries import without_ml_kem
from tests.mobile.town import FIRST, SECOND, sync_all

LANGUAGES = ("ar", "fr", "en")
LONGEST_LINE = 90


def reviewed(worker, say):
    screening = screen(worker, say)
    choose(worker, say, screening)
    agree(worker, say, screening)
    return ReviewFlow(worker, say, screening)


def before_and_after(worker, say):
    """What the review says of each provider, and what the sent referral says."""
    review = reviewed(worker, say)
    promised = {each.id: each.sealing for each in review.view.parts}
    review.send()
    sent = SentFlow(worker, say, review.view.leads_to.record)
    return promised, {each.key: each.detail for each in sent.view.shortlist}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_is_one_short_line_of_its_own(language):
    lines = [words(language)(text) for text in STRENGTHS.values()]
    assert len(set(lines)) == len(lines)
    assert all(0 < len(each) <= LONGEST_LINE and "\n" not in each for each in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_review_promises_the_strongest_and_the_sent_referral_says_it_was_kept(worker, language):
    say = words(language)
    promised, kept = before_and_after(worker, say)
    assert promised == kept == dict.fromkeys((FIRST, SECOND), say(STRENGTHS["hybrid"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_provider_with_one_weaker_phone_is_named_as_such_and_no_other(town, worker, language):
    with without_ml_kem():
        town.shelter("old-phone", SECOND)
    worker.sync()
    say = words(language)
    promised, kept = before_and_after(worker, say)
    assert promised == kept
    assert kept == {FIRST: say(STRENGTHS["hybrid"]), SECOND: say(STRENGTHS["x25519_theirs"])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_that_cannot_says_so_of_itself_and_sends_all_the_same(worker, shelter, language):
    say = words(language)
    with without_ml_kem():
        promised, kept = before_and_after(worker, say)
    assert promised == kept == dict.fromkeys((FIRST, SECOND), say(STRENGTHS["x25519_ours"]))
    sync_all(worker, shelter)
    (referral,) = [each.id for each in worker.referrals.list()]
    assert not worker.referrals.get(referral).waiting


def test_messages_say_how_this_phone_sealed_them(worker, shelter, english):
    referral = send(worker, english)
    sync_all(worker, shelter)
    provider = ReferralFlow(shelter, english, referral)
    provider.open()
    provider.ask("CANARY when?")
    sync_all(shelter, worker)
    sent = SentFlow(worker, english, referral)
    sent.answer("CANARY now")
    strongest = english(STRENGTHS["hybrid"])
    assert [(each.own, each.sealing) for each in sent.view.messages] == [
        (False, ""),
        (True, strongest),
    ]
    assert [each.sealing for each in provider.view.messages] == [strongest]
