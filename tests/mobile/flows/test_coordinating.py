"""A coordinator's list and check of the log, over the presenter alone."""

import tempfile

import httpx
import pytest

from mobile.flows.coordination import PAGE, CoordinationFlow
from mobile.flows.inbox import InboxFlow
from mobile.flows.refusals import NotANumberError
from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all


@pytest.fixture
def flow(worker, coordinator, english):
    send(worker, english)
    sync_all(worker, coordinator)
    return CoordinationFlow(coordinator, english)


def changed(server, monkeypatch, change):
    """The server's export is what `change` makes of its lines."""
    work = next(each for _, path, each in server.ROUTES if path.endswith("/export"))

    def answer(self, request, country):
        lines = work(self, request, country).content.splitlines(keepends=True)
        return httpx.Response(200, content=b"".join(change(lines)))

    routes = tuple(
        (method, path, answer if path.endswith("/export") else each)
        for method, path, each in server.ROUTES
    )
    monkeypatch.setattr(server, "ROUTES", routes)


def test_an_honest_log_holds_and_says_how_much_of_it_there_is(flow):
    assert flow.view.audit is None
    flow.check()
    assert flow.view.audit.holds
    assert flow.view.audit.faults == ()
    assert "Signed entries: 2; referrals: 1" in flow.view.audit.verdict


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(
    "change", [lambda lines: lines[:-1], lambda lines: [*lines[:-2], lines[-1]]]
)
def test_a_log_that_lacks_a_line_does_not_hold(
    flow, coordinator, server, monkeypatch, language, change
):
    changed(server, monkeypatch, change)
    flow = CoordinationFlow(coordinator, words(language))
    flow.check()
    assert not flow.view.audit.holds
    assert flow.view.audit.faults


def test_what_is_no_export_is_never_a_verdict(flow, server, monkeypatch):
    flow.check()
    changed(server, monkeypatch, lambda _: [b"fictional\n"])
    flow.check()
    assert flow.view.audit is None
    assert flow.view.problem


def test_without_room_for_the_log_it_says_so(flow, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", full)
    flow.check()
    assert flow.view.audit is None
    assert "Free some space" in flow.view.problem


def test_a_number_finds_its_referral_however_it_is_typed(flow):
    key = flow.view.all[0].key
    flow.find(f" {key[:6].upper()} ")
    assert [row.key for row in flow.view.all] == [key]
    flow.find("?")
    assert flow.view.all == ()
    assert flow.view.none_found
    flow.find("")
    assert len(flow.view.all) == 1


def test_a_page_is_shown_at_a_time_and_looking_begins_anew(flow, coordinator, monkeypatch):
    one = coordinator.coordination.list()[0]
    monkeypatch.setattr(coordinator.coordination, "list", lambda: (one,) * (PAGE + 1))
    assert len(flow.view.all) == PAGE
    assert flow.view.more_button
    flow.more()
    assert len(flow.view.all) == PAGE + 1
    assert not flow.view.more_button
    flow.find(one.id[:4])
    assert len(flow.view.all) == PAGE


def test_a_sync_says_that_it_was_done_or_why_not(flow, server):
    flow.sync()
    assert flow.view.synced

    def unreachable(_):
        raise httpx.ConnectError("fictional: no net")

    server.before = unreachable
    flow.sync()
    assert flow.view.synced == ""
    assert flow.view.problem


@pytest.mark.parametrize("written", ["-1", "3.5", "many", "10000", "٣ places"])
def test_free_places_that_are_no_number_are_refused(shelter, english, written):
    with pytest.raises(NotANumberError):
        InboxFlow(shelter, english).state_capacity(written)
