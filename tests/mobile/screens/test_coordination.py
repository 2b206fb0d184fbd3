"""The coordinator's screens, touched: late first, found by number, proven, and never a case."""

import httpx
import pytest

from mobile.flows import coordination
from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all

BOTH = pytest.mark.parametrize("hand", ["ar", "fr"], indirect=True)


@pytest.fixture
def hand(request, drive, town, worker, shelter, coordinator):
    language = getattr(request, "param", "ar")
    say = words(language)
    referrals = [send(worker, say) for _ in range(3)]
    sync_all(worker, shelter)
    shelter.inbox.open(referrals[0])
    shelter.inbox.accept(referrals[0])
    sync_all(shelter)
    town.clock.forward(days=4)
    sync_all(coordinator)
    hand = drive(coordinator, language)
    hand.ids = referrals
    hand.app.go("coordination")
    return hand


def keys(hand):
    return [each.item.key for each in hand.shown("Item")]


@BOTH
def test_what_is_late_stands_above_all_referrals(hand):
    late, everything = set(hand.ids[1:]), set(hand.ids)
    assert set(keys(hand)[:2]) == late
    assert set(keys(hand)[2:]) == everything
    assert all(each.mark for each in hand.shown("Item")[:2])
    assert "CANARY" not in hand.words()


@BOTH
def test_a_line_opens_its_timeline_with_proof_and_back_leads_to_the_list(hand):
    hand.press(next(each for each in hand.shown("Item") if each.item.key == hand.ids[0]))
    chosen = hand.view.chosen
    assert hand.said(chosen.title)
    assert hand.said(chosen.proof)
    steps = hand.shown("TimelineStep")
    assert [each.text for each in steps] == [each.what for each in chosen.timeline]
    assert all(each.proven and each.proof for each in steps)
    assert "CANARY" not in hand.words()
    hand.app.screen.go_back()
    assert hand.view.chosen is None
    assert hand.said(hand.view.overdue_title)


def test_a_referral_is_found_by_its_number(hand):
    hand.write(hand.view.find_label, hand.ids[2][:8].upper())
    hand.app.screen.find()
    assert [row.key for row in hand.view.all] == [hand.ids[2]]
    assert keys(hand)[2:] == [hand.ids[2]]

    hand.write(hand.view.find_label, "!")
    hand.app.screen.find()
    assert hand.said(hand.view.none_found)


def test_a_long_list_is_shown_by_pages(hand, monkeypatch):
    monkeypatch.setattr(coordination, "PAGE", 1)
    monkeypatch.setattr(coordination.CoordinationFlow, "_shown", 1)
    hand.app.screen.refresh()
    assert len(hand.view.all) == 1
    hand.touch("Action", hand.view.more_button)
    hand.touch("Action", hand.view.more_button)
    assert len(hand.view.all) == 3
    assert not hand.shown("Action", hand.app.words("Show more"))


def check(hand):
    hand.touch("FoldHead", hand.view.audit_title)
    hand.touch("Action", hand.view.audit_button)


@BOTH
def test_the_whole_log_is_checked_on_the_phone(hand):
    check(hand)
    assert hand.view.audit.holds
    assert hand.said(hand.view.audit.verdict)


def test_a_log_that_was_cut_does_not_pass(hand, server, monkeypatch):
    honest = server.export

    def cut(_, request, country):
        answer = honest(request, country)
        lines = answer.content.splitlines(keepends=True)
        return httpx.Response(200, content=b"".join(lines[:-1]), headers=answer.headers)

    routes = tuple(
        (method, path, cut if method == "GET" and path.endswith("/export") else handler)
        for method, path, handler in server.ROUTES
    )
    monkeypatch.setattr(server, "ROUTES", routes)
    check(hand)
    assert not hand.view.audit.holds
    assert hand.said(hand.view.audit.verdict)
    assert hand.view.audit.faults
    assert all(hand.said(each) for each in hand.view.audit.faults)


def test_without_the_net_nothing_is_called_checked(hand, server):
    def unreachable(_):
        raise httpx.ConnectError("fictional: no net")

    server.before = unreachable
    check(hand)
    assert hand.view.audit is None
    assert hand.said(hand.app.screen.trouble)


def test_nothing_overdue_is_said(drive, coordinator):
    hand = drive(coordinator, "ar")
    hand.app.go("coordination")
    assert hand.said(hand.view.none_overdue)
    assert hand.said(hand.view.none_found)
