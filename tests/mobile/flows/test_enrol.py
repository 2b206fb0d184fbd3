"""Joining with an invitation: the code to read aloud, waiting, refusal, home."""

import httpx
import pytest

from mobile.flows.enrol import EnrolFlow
from mobile.flows.home import HomeFlow
from mobile.locale import words
from protocols.sealing.certificate import Role
from tests.mobile.town import INSPECTORATE


@pytest.fixture
def waiting(server):
    server.approving = False
    return server


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_code_is_shown_in_two_groups_until_the_coordinator_approves(town, waiting, language):
    phone = town.new_phone("joining")
    flow = EnrolFlow(phone, words(language))
    assert flow.view.code is None
    flow.begin(waiting.invite(INSPECTORATE, Role.FIELD_WORKER), "Blue phone")
    assert (flow.view.problem, flow.view.asks, flow.view.code) == (None, False, None)
    assert flow.view.state
    flow.poll()
    assert flow.view.code is None
    for identifier in waiting.enrolments:
        waiting.contribute(identifier)
    flow.poll()
    assert flow.view.code.replace(" ", "") == phone.enrolment.short_code
    assert len(flow.view.code) == 9
    assert INSPECTORATE in flow.view.joins
    flow.poll()
    assert flow.view.leads_to is None
    again = EnrolFlow(town.restart(phone), words(language))
    assert again.view.code == flow.view.code
    for identifier in waiting.enrolments:
        waiting.approve(identifier)
    again.poll()
    assert again.view.leads_to.screen == "home"
    assert again.view.code is None


def test_what_is_no_invitation_is_told_in_words(town, english):
    flow = EnrolFlow(town.new_phone("joining"), english)
    flow.begin("https://example.org", "Blue phone")
    assert "not a usable invitation" in flow.view.problem
    assert flow.view.code is None


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (None, "refused"),
        ("two_devices", "somebody else has it"),
        ("different", "digits differed"),
        ("used", "another device"),
    ],
)
def test_a_refusal_is_said_with_its_reason(town, waiting, english, reason, said):
    flow = EnrolFlow(town.new_phone("joining"), english)
    flow.begin(waiting.invite(INSPECTORATE, Role.FIELD_WORKER), "Blue phone")
    for identifier in waiting.enrolments:
        waiting.refuse(identifier)
        waiting.comparisons[identifier].reason = reason
    flow.poll()
    assert said in flow.view.state
    assert flow.view.asks


def test_a_second_number_from_the_server_stops_the_phone(town, waiting, english):
    flow = EnrolFlow(town.new_phone("joining"), english)
    flow.begin(waiting.invite(INSPECTORATE, Role.FIELD_WORKER), "Blue phone")
    (identifier,) = waiting.enrolments
    waiting.contribute(identifier)
    flow.poll()
    assert flow.view.code
    waiting.contribute(identifier, bytes(range(32)))
    flow.poll()
    assert "Somebody stands between you" in flow.view.state
    assert (flow.view.code, flow.view.asks) == (None, True)
    flow.poll()
    assert "Somebody stands between you" in flow.view.state


def test_home_shows_each_role_its_own(town, worker, shelter, coordinator, english):
    first = {
        phone: HomeFlow(phone, english).view.actions[0].key
        for phone in (worker, shelter, coordinator)
    }
    assert first == {worker: "new_screening", shelter: "inbox", coordinator: "coordination"}


def test_home_says_when_there_is_no_connection_and_loses_nothing(town, worker, english):
    flow = HomeFlow(worker, english)
    town.server.before = _offline
    flow.sync()
    assert "No connection" in flow.view.problem
    town.server.before = None
    flow.sync()
    assert flow.view.problem is None
    assert flow.view.synced


def _offline(request):
    raise httpx.ConnectError("fictional: no network", request=request)
