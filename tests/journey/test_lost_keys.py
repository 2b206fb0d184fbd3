"""The three pages of docs/guide on phones that change or get lost, played over real HTTP: staff
change, a lost phone on either side, a provider that lost them all, before and after it accepted."""

import pytest

from mobile.casework.errors import NobodyHasItError, UnreadableError
from mobile.commands.demonstration import cast
from mobile.flows.home import HomeFlow
from mobile.flows.referral import ReferralFlow
from mobile.flows.sent import SentFlow
from mobile.flows.sharing import SharingFlow
from mobile.locale import words
from protocols.errors import AmanaError
from tests.journey.people import CASE, FALLBACK, FIRST, offered, queue

EN = words("en")
SERVICE = cast.INSPECTOR.organisation
PEOPLE = (
    ("inspector", SERVICE, "field_worker"),
    ("colleague", SERVICE, "field_worker"),
    ("blue", FIRST, "provider_staff"),
    ("fallback", FALLBACK, "provider_staff"),
    ("coordinator", cast.COORDINATOR.organisation, "coordinator"),
)


@pytest.fixture(scope="module")
def people(town):
    for name, organisation, role in PEOPLE:
        town.enrol(name, organisation, role)
    town.sync_all()
    return town.phones


def sync(*phones):
    for phone in phones:
        phone.sync(hurry=True)


def lost(town, name, reason="lost"):
    """The office revokes the phone; the phone itself is turned away at its next request."""
    phone = town.phones.pop(name)
    town.programme.revoke("--country", "TN", "--subject", phone.identity.keyid, "--reason", reason)
    with pytest.raises(AmanaError):
        phone.sync(hurry=True)
    return phone


@pytest.fixture(scope="module")
def in_care(town, people):
    """A referral that the first shelter's one phone has opened and accepted."""
    inspector, blue = people["inspector"], people["blue"]
    referral = queue(inspector, town.clock())
    sync(inspector, blue)
    flow = ReferralFlow(blue, EN, referral)
    flow.open()
    flow.accept()
    sync(blue, inspector)
    assert SentFlow(inspector, EN, referral).view.custody.warning.startswith("Only blue can open")
    return referral


def test_staff_change(town, people, in_care):
    blue, inspector = people["blue"], people["inspector"]
    red = town.enrol("red", FIRST, "provider_staff")
    sync(red, blue)
    (row,) = next(
        rows for _, rows in HomeFlow(blue, EN).view.lists if rows[0].goto.screen == "sharing"
    )
    assert row.title == "1 open case cannot be opened by red yet"
    with pytest.raises(AmanaError):
        red.inbox.open(in_care)
    flow = SharingFlow(blue, EN, None)
    assert [each.label for each in flow.view.phones] == ["red"]
    flow.share()
    sync(blue, red)
    content = red.inbox.open(in_care).content
    assert content == {kind: CASE[kind] for kind in ("identity", "needs", "notes")}
    sync(red, blue, inspector)
    assert SentFlow(inspector, EN, in_care).view.custody.warning == ""

    lost(town, "blue", "left")
    sync(red, inspector)
    red.inbox.start_service(in_care)
    sync(red, inspector)
    view = inspector.referrals.get(in_care)
    assert (view.state, view.verified) == ("in_service", True)
    assert SentFlow(inspector, EN, in_care).view.custody.warning.startswith("Only red can open")


def test_a_lost_provider_in_care(town, people, in_care):
    inspector = people["inspector"]
    lost(town, "red")
    green = town.enrol("green", FIRST, "provider_staff")
    sync(green, inspector)
    flow = ReferralFlow(green, EN, in_care)
    with pytest.raises(NobodyHasItError):
        flow.open()
    flow.cannot_open()
    sync(green, inspector)
    sent = SentFlow(inspector, EN, in_care).view
    assert sent.advice.endswith("cannot open the case any more. Send it again.")
    again = SharingFlow(inspector, EN, sent.again.record)
    assert [each.label for each in again.view.phones] == ["green"]
    again.share()
    sync(inspector, green)
    flow = ReferralFlow(green, EN, in_care)
    flow.open()
    assert flow.view.case
    sync(green, inspector)
    steps = [each.kind for each in inspector.referrals.get(in_care).timeline]
    assert steps[-3:] == ["unreadable", "resealed", "opened"]
    green.inbox.close(in_care, "service_completed")
    sync(green, inspector)
    assert inspector.referrals.get(in_care).state == "closed"


@pytest.fixture(scope="module")
def passed_on(town, people, in_care):
    """A referral offered to the first shelter, which loses its only phone before it is opened."""
    inspector = people["inspector"]
    referral = queue(inspector, town.clock())
    sync(inspector)
    lost(town, "green")
    return referral


def test_a_lost_provider_while_it_is_offered(town, people, passed_on):
    inspector, fallback = people["inspector"], people["fallback"]
    white = town.enrol("white", FIRST, "provider_staff")
    sync(white)
    with pytest.raises(UnreadableError):
        white.inbox.open(passed_on)
    sync(white, fallback, inspector)
    assert inspector.referrals.get(passed_on).offered_to == FALLBACK
    assert offered(fallback) == [passed_on]
    fallback.inbox.open(passed_on)
    fallback.inbox.accept(passed_on)
    sync(fallback, inspector)


def test_a_lost_phone_of_a_field_worker(town, people, passed_on):
    colleague, fallback = people["colleague"], people["fallback"]
    sync(colleague)
    assert colleague.referrals.list() == ()
    lost(town, "inspector")
    sync(colleague, fallback)
    assert passed_on in [each.id for each in colleague.referrals.list()]
    fallback.inbox.ask(passed_on, cast.QUESTION)
    sync(fallback, colleague)
    flow = SentFlow(colleague, EN, passed_on)
    assert cast.QUESTION in [each.text for each in flow.view.messages]
    flow.answer("Fictional answer")
    sync(colleague, fallback)
    assert "Fictional answer" in [
        each.content["text"] for each in fallback.inbox.open(passed_on).messages
    ]
    flow.withdraw("consent_withdrawn")
    sync(colleague, fallback)
    assert fallback.inbox.get(passed_on).state == "withdrawn"


def test_an_audit_replays_all_of_it(people, passed_on):
    coordinator = people["coordinator"]
    sync(coordinator)
    report = coordinator.coordination.check()
    assert report.ok, report.faults
    assert report.states == {"closed": 1, "withdrawn": 1}
