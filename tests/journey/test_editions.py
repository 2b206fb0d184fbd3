"""A ministry publishes a new edition of a checklist while a screening is under way, over real HTTP:
the draft ends and is sent as it began, the next screening is the new edition's."""

import json

import pytest
from attrs import evolve

from mobile.commands.demonstration import cast
from mobile.commands.demonstration.processes import DemoError
from mobile.flows.case import build_case
from mobile.flows.draft import Draft
from mobile.flows.findings import FindingsFlow
from mobile.flows.interview import InterviewFlow
from mobile.locale import words
from protocols.referral.consent import Consent, Grant, InformationKind, Purpose
from protocols.referral.services import Service, Urgency
from protocols.screening.assessment import assess
from protocols.screening.checklist import load, packaged
from tests.journey.conftest import PIN
from tests.journey.people import FIRST, offered

INSPECTOR, SHELTER = cast.INSPECTOR, cast.SHELTERS[0]
CARRIED = load(cast.CHECKLIST)
NEWER = CARRIED.version + 1


@pytest.fixture(scope="module")
def people(town):
    for holder in (INSPECTOR, SHELTER):
        town.enrol(holder.name, holder.organisation, holder.role)
    town.sync_all()
    return town.phones[INSPECTOR.name], town.phones[SHELTER.name]


@pytest.fixture(scope="module")
def edition(town):
    """The carried checklist as a ministry would correct it: one title in other words."""
    made = json.loads(packaged(cast.CHECKLIST))
    made["version"] = NEWER
    made["title"]["en"] += " (fictional edition)"
    file = town.folder / "edition.json"
    file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return file


def lead(phone, screening, upto=None):
    """The interview as the cast answers it, to its end or to the question `upto`."""
    flow = InterviewFlow(phone, words("ar"), screening)
    while (question := flow.record.interview.current) is not None and question.key != upto:
        given = cast.ANSWERS.get(question.key)
        if flow.view.kind == "notice":
            flow.next()
        elif given is None:
            flow.skip()
        else:
            flow.answer(list(given) if isinstance(given, tuple) else given)
    return flow


def consent_to(record, provider, until):
    kinds = (InformationKind.NEEDS, InformationKind.ANSWERS)
    return Consent(
        referral=record.referral,
        grants=(Grant(provider, kinds, Purpose.REFERRAL, until),),
        given=record.started,
        how="spoken",
        language="ar",
        population="adult",
    )


def send(phone, screening):
    record = phone.screenings.get(screening)
    case = build_case(record, assess(record.interview), draft_of(record))
    expires = phone.directory.expires
    consent = consent_to(record, FIRST, expires)
    referral = phone.referrals.send(
        record, case, (FIRST,), consent, (Service.SHELTER,), Urgency.URGENT
    )
    phone.sync(hurry=True)
    return referral


def draft_of(record):
    found = assess(record.interview)
    return Draft(services=tuple(found.needs), urgency=found.urgency, division=cast.DIVISION)


def answered_under(phone, referral):
    """The editions that a case's answers name, as the shelter reads it."""
    return {each["checklist"] for each in phone.inbox.open(referral).content["answers"]}


def test_a_draft_keeps_its_edition_and_the_next_screening_takes_the_new_one(town, people, edition):
    inspector, shelter = people
    draft = inspector.screenings.start(cast.CHECKLIST, "ar", division=cast.DIVISION).id
    under_way = lead(inspector, draft, upto="pay").record

    published = town.programme.publish_checklist(edition, "TN")
    assert published["edition"]["version"] == NEWER
    assert town.programme.publish_checklist(edition, "TN") == published
    inspector.lock()
    inspector = town.phones[INSPECTOR.name] = town.phone(INSPECTOR.name)
    inspector.unlock(PIN)
    assert inspector.sync(hurry=True).problems == ()
    shelter.sync(hurry=True)

    again = inspector.screenings.get(draft)
    assert again.interview == under_way.interview
    assert again.interview.checklist == CARRIED
    flow = lead(inspector, draft)
    assert str(NEWER) in flow.view.edition
    assert FindingsFlow(inspector, words("en"), draft).view.findings
    first = send(inspector, draft)

    newest = inspector.screenings.start(cast.CHECKLIST, "ar", division=cast.DIVISION).id
    lead(inspector, newest)
    record = inspector.screenings.get(newest)
    assert record.interview.checklist.version == NEWER
    assert record.interview.checklist.title["en"].endswith("(fictional edition)")
    assert evolve(record.interview.checklist, version=1, title={}) == evolve(
        CARRIED, version=1, title={}
    )
    second = send(inspector, newest)

    shelter.sync(hurry=True)
    assert set(offered(shelter)) == {first, second}
    assert answered_under(shelter, first) == {f"{cast.CHECKLIST}/{CARRIED.version}"}
    assert answered_under(shelter, second) == {f"{cast.CHECKLIST}/{NEWER}"}
    assert shelter.editions.find(cast.CHECKLIST, NEWER) == record.interview.checklist


def test_an_older_edition_is_not_published_over_a_newer(town, people, edition):
    inspector = town.phones[INSPECTOR.name]
    before = inspector.directory.number
    older = town.folder / "older.json"
    older.write_bytes(packaged(cast.CHECKLIST))
    with pytest.raises(DemoError, match="a version above"):
        town.programme.publish_checklist(older, "TN")
    inspector.sync(hurry=True)
    assert inspector.directory.number == before
