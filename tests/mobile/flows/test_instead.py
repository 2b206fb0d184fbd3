"""Where a checklist's answers lead to another one, the findings offer to begin it."""

import pytest

from mobile.flows.findings import FindingsFlow
from mobile.flows.interview import InterviewFlow
from mobile.locale import LANGUAGES, words
from protocols.screening import checklist
from tests.mobile.flows.packaged import installed

ADULT, CHILD = "labour_inspector-adult", "labour_inspector-child"
SAFE = {
    "place_private": "yes",
    "feels_safe": "yes",
    "urgent_signs": ["none"],
    "language": "directly",
    "consent_to_talk": "yes",
}


@pytest.fixture(autouse=True)
def packaged(monkeypatch, fictional_checklist):
    installed(monkeypatch)


def answered(phone, say, practice=False, **said):
    """An adult's screening to its end: `said` is answered, the rest skipped; its findings."""
    record = phone.screenings.start(ADULT, "fr", practice=practice, division="TN-61")
    flow = InterviewFlow(phone, say, record.id)
    given = SAFE | said
    while flow.view.kind != "end":
        key = flow.record.interview.position
        if flow.view.kind == "notice":
            flow.next()
        elif key in given:
            flow.answer(given[key])
        else:
            flow.skip()
    return FindingsFlow(phone, say, record.id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("age", ["child", "unknown"])
def test_a_child_found_by_the_adult_s_list_is_offered_the_child_s(worker, language, age):
    view = answered(worker, words(language), age_group=age).view
    (offered,) = view.instead
    assert offered.key == CHILD
    assert offered.label == checklist.load(CHILD).title[language]
    assert offered.detail == next(
        each.text[language] for each in checklist.load(ADULT).gates if each.key == "child_path"
    )
    assert view.instead_button == words(language)("Begin")


@pytest.mark.parametrize("practice", [True, False])
def test_the_child_s_list_begins_anew_with_the_safety_of_the_talk(worker, english, practice):
    flow = answered(worker, english, practice=practice, age_group="child", with_guardian="alone")
    flow.begin_instead()
    assert flow.view.leads_to.screen == "interview"
    begun = worker.screenings.get(flow.view.leads_to.record)
    assert begun.checklist == CHILD
    assert begun.interview.given == ()
    assert begun.interview.position == "near"
    assert (begun.language, begun.division, begun.practice) == ("fr", "TN-61", practice)
    assert InterviewFlow(worker, english, begun.id).view.text
    assert len(worker.screenings.list()) == 2


def test_an_adult_is_offered_no_other_list(worker, english):
    flow = answered(worker, english, age_group="adult")
    assert flow.view.instead == ()
    flow.begin_instead()
    assert flow.view.leads_to is None
    assert len(worker.screenings.list()) == 1


def test_a_list_that_this_phone_lacks_is_not_offered(worker, english, monkeypatch):
    installed(monkeypatch, ADULT)
    flow = answered(worker, english, age_group="child")
    assert flow.view.instead == ()
    flow.begin_instead()
    assert flow.view.leads_to is None
