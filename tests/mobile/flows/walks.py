"""Whole walks over the presenters, as a worker and a provider take them."""

from mobile.flows.consent import ConsentFlow
from mobile.flows.interview import InterviewFlow
from mobile.flows.new_screening import NewScreeningFlow
from mobile.flows.person import PersonFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.review import ReviewFlow
from tests.mobile.flows.checklists import ID
from tests.mobile.town import FIRST, SECOND

ANSWERS = {
    "private": "yes",
    "hurt": "no",
    "spoken": "ar",
    "agrees": "yes",
    "who": "CANARY-Fictional-Amina",
    "age": "٢٧",
    "since": "2026-10",
    "papers": "taken",
}


def begin(phone, words, **choices):
    """A screening under way; its id. `practice`: of nobody real, as practice cases begin it."""
    if choices.get("practice"):
        return phone.screenings.start(ID, words.language, practice=True, division="TN-61").id
    flow = NewScreeningFlow(phone, words)
    flow.choose_checklist(ID)
    flow.choose_language(choices.get("language", words.language))
    flow.choose_division("TN-61")
    flow.begin()
    return flow.view.leads_to.record


def answer_all(phone, words, screening, **answers):
    """Answer every question to the end; the flow at its end."""
    flow = InterviewFlow(phone, words, screening)
    given = ANSWERS | answers
    while flow.record.interview.current is not None:
        key = flow.record.interview.position
        if flow.view.kind == "notice":
            flow.next()
        elif key == "signs":
            flow.toggle("shelter")
            flow.confirm()
        elif given[key] is None:
            flow.skip()
        else:
            flow.answer(given[key])
    return flow


def screen(phone, words, **more):
    """A screening answered to its end; its id."""
    answers = {key: more.pop(key) for key in list(more) if key in ANSWERS}
    screening = begin(phone, words, **more)
    answer_all(phone, words, screening, **answers)
    return screening


def choose(phone, words, screening, *providers):
    """About the person, then providers in this order."""
    person = PersonFlow(phone, words, screening)
    person.choose_sex("female")
    person.write("phone", "CANARY-000")
    person.next()
    flow = ProvidersFlow(phone, words, screening)
    for service in ("legal_aid", "consular_help"):
        if service in flow.draft.services:
            flow.toggle_service(service)
    for each in providers or (FIRST, SECOND):
        flow.choose(each)
    flow.next()
    return flow


def agree(phone, words, screening, **kinds):
    """Consent: identity and needs to the first, needs alone to the second."""
    flow = ConsentFlow(phone, words, screening)
    allowed = kinds or {FIRST: ("identity", "needs"), SECOND: ("needs",)}
    for provider, each in allowed.items():
        for kind in each:
            flow.toggle(provider, kind)
    flow.record_consent()
    return flow


def send(phone, words, **more):
    """From a new screening to a sealed referral in the outbox; its id."""
    screening = screen(phone, words, **more)
    choose(phone, words, screening)
    agree(phone, words, screening)
    review = ReviewFlow(phone, words, screening)
    review.send()
    assert review.problem is None
    return review.view.leads_to.record
