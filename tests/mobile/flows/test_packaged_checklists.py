"""Every packaged checklist walks through the presenters to a sealed referral, in every language."""

import pytest

from mobile.flows.consent import ConsentFlow
from mobile.flows.findings import FindingsFlow
from mobile.flows.interview import InterviewFlow
from mobile.flows.person import PersonFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.review import ReviewFlow
from mobile.locale import LANGUAGES, words
from protocols.screening import checklist
from tests.mobile.flows.packaged import installed
from tests.mobile.town import FIRST

PACKAGED = checklist.available()
TYPED = {"date": "2026-10", "text": "fictional"}
CHOICE = {"first": 0, "last": -1}


@pytest.fixture(autouse=True)
def packaged(monkeypatch, fictional_checklist):
    installed(monkeypatch)


def walk(flow, choice):
    seen = []
    while flow.view.kind != "end":
        view = flow.view
        assert view.text
        assert view.section
        seen.append(flow.record.interview.position)
        if view.kind == "notice":
            flow.next()
        elif choice == "skip":
            flow.skip()
        elif view.kind == "multiple":
            flow.toggle(view.choices[CHOICE[choice]].key)
            flow.confirm()
        elif view.choices:
            flow.answer(view.choices[CHOICE[choice]].key)
        else:
            flow.answer(TYPED.get(view.kind) or str(view.maximum))
        assert len(seen) < 300
    return seen


@pytest.mark.parametrize("choice", ["first", "last", "skip"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PACKAGED)
def test_whatever_is_answered_leads_to_findings_in_words(worker, name, language, choice):
    say = words(language)
    record = worker.screenings.start(name, language, division="TN-61")
    assert walk(InterviewFlow(worker, say, record.id), choice)
    view = FindingsFlow(worker, say, record.id).view
    assert view.findings
    for finding in view.findings:
        assert finding.title
        assert finding.text
        assert all(each.rule and each.source for each in finding.reasons)
        assert all(row.title for row in finding.open_questions)


@pytest.mark.parametrize("name", PACKAGED)
def test_it_leads_on_to_a_sealed_referral(worker, name):
    say = words("ar")
    record = worker.screenings.start(name, "ar", division="TN-61")
    walk(InterviewFlow(worker, say, record.id), "first")
    child = name.endswith("-child")
    person = PersonFlow(worker, say, record.id)
    if not child:
        person.set_age(30)
    flow = ProvidersFlow(worker, say, record.id)
    for each in flow.draft.services:
        if each != "shelter":
            flow.toggle_service(each)
    if "shelter" not in flow.draft.services:
        flow.toggle_service("shelter")
    flow.choose(FIRST)
    flow.next()
    consent = ConsentFlow(worker, say, record.id)
    for kind in consent.view.recipients[0].kinds:
        consent.toggle(FIRST, kind.key)
    if child:
        consent.choose_basis("guardian")
        consent.choose_assent("given")
    consent.record_consent()
    review = ReviewFlow(worker, say, record.id)
    assert review.view.parts[0].sections
    review.send()
    assert review.view.problem is None
    assert review.view.leads_to.screen == "sent"
