"""What the screens say of a checklist's edition, and that a case keeps its own to the end."""

import pytest

from mobile.flows.findings import FindingsFlow
from mobile.flows.home import HomeFlow
from mobile.flows.interview import InterviewFlow
from mobile.flows.new_screening import NewScreeningFlow
from mobile.flows.referral import ReferralFlow
from mobile.flows.review import ReviewFlow
from mobile.locale import LANGUAGES, words
from tests.mobile.flows.checklists import ID, everything_file
from tests.mobile.flows.walks import agree, begin, choose, screen
from tests.mobile.town import FIRST, PIN, SECOND, desk_of


def newer(phone, server, version=2):
    server.publish_edition(everything_file(version), ID, version)
    return phone.sync()


def detail(phone, say):
    (option,) = NewScreeningFlow(phone, say).view.checklists
    return option.detail


def test_the_new_screening_says_which_edition_and_since_when(worker, server, english):
    assert detail(worker, english) == "not validated\nEdition 1, which came with this app"
    newer(worker, server)
    assert detail(worker, english) == (
        "not validated\nEdition 2, on this phone since Tuesday 24 November 2026"
    )


def test_an_edition_that_this_app_cannot_use_is_told_before_a_screening(worker, server, english):
    server.publish_edition(b"made for a newer app", ID, 2)
    flow = HomeFlow(worker, english)
    flow.sync()
    assert flow.view.problems == (
        "A newer edition of a checklist needs a newer app. Update the app. Until then the one on"
        " this phone stays in use.",
    )
    assert "Edition 1" in detail(worker, english)
    assert detail(worker, english).endswith(
        "A newer edition was published, but this app cannot use it. Update the app."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screening_of_an_older_edition_says_so(worker, server, language):
    say = words(language)
    record = begin(worker, say)
    assert InterviewFlow(worker, say, record).view.edition == ""
    newer(worker, server)
    told = say(
        "This screening keeps to edition {own}, with which it began. New ones use edition"
        " {newest}.",
        own=1,
        newest=2,
    )
    assert InterviewFlow(worker, say, record).view.edition == told
    assert FindingsFlow(worker, say, record).view.edition == told
    another = begin(worker, say)
    assert InterviewFlow(worker, say, another).view.edition == ""
    assert FindingsFlow(worker, say, another).view.edition == ""


def test_answers_that_had_to_be_carried_over_are_never_so_in_silence(
    worker, english, fictional_checklist
):
    record = begin(worker, english)
    vault = desk_of(worker).vault
    for row in vault.list("edition-file"):
        vault.delete("edition-file", row)
    fictional_checklist.version = 2
    worker.lock()
    worker.unlock(PIN)
    flow = InterviewFlow(worker, english, record)
    assert flow.view.edition == ""
    assert flow.view.carried.startswith("This screening began with edition 1")
    assert flow.view.carried.endswith("carried over to edition 2. Go through the questions again.")
    flow.skip()
    assert FindingsFlow(worker, english, record).view.edition == flow.view.carried != ""


def test_a_draft_of_the_older_edition_is_listed_led_and_sent_as_such(worker, server, english):
    record = screen(worker, english)
    newer(worker, server)
    ((_, (row,)),) = HomeFlow(worker, english).view.lists
    assert row.key == record
    choose(worker, english, record)
    agree(worker, english, record, **{FIRST: ("answers", "needs"), SECOND: ("needs",)})
    review = ReviewFlow(worker, english, record)
    assert review.view.can_send
    review.send()
    case = worker.referrals.case(review.view.leads_to.record)
    assert {each["checklist"] for each in case["answers"]} == {f"{ID}/1"}
    assert worker.screenings.get(record).interview.checklist.version == 1
    another = begin(worker, english)
    assert worker.screenings.get(another).interview.checklist.version == 2


def test_a_shelter_reads_each_case_in_its_own_language_whatever_edition_it_was(
    worker, shelter, server, english
):
    """An opened case keeps its edition on the shelter's phone, too."""
    newer(worker, server)
    shelter.sync()
    record = screen(worker, words("fr"))
    choose(worker, english, record)
    agree(worker, english, record, **{FIRST: ("answers",), SECOND: ("needs",)})
    review = ReviewFlow(worker, english, record)
    review.send()
    referral = review.view.leads_to.record
    worker.sync(hurry=True)
    for version in (3, 4):
        shelter.sync(hurry=True)
        flow = ReferralFlow(shelter, english, referral)
        flow.open()
        (answers,) = flow.view.case
        assert "papers taken" in answers.lines
        newer(shelter, server, version)
    kept = {each.version for each in desk_of(shelter).shelf.kept()}
    assert kept == {2, 4}
