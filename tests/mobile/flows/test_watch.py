"""Who watches the record, in words: counted, dated, never claimed; and two phones compared."""

from datetime import timedelta

import pytest

from mobile.casework.watching import Comparison, Match, WatcherView, WatchView
from mobile.flows.coordination import CoordinationFlow
from mobile.flows.info import InfoFlow
from mobile.flows.watch import WatchFlow, standing_kind, standing_text
from mobile.locale import words
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all

EVERY = pytest.mark.parametrize("language", ["ar", "fr", "en"])


def seen(clock, *roles, minutes=30, size=9, forked=False, days=0):
    at = clock() - timedelta(minutes=minutes, days=days)
    others = tuple(WatcherView(f"Fictional {each}", each, 9, at) for each in roles)
    fresh = bool(others) and clock() - at <= timedelta(days=7)
    return WatchView(size, others, None, fresh, forked)


@EVERY
def test_who_and_how_long_ago(town, language):
    say, now = words(language), town.clock()
    two = seen(town.clock, "coordinator", "coordinator", "witness", minutes=180)
    text = standing_text(say, two, now)
    assert say.duration(timedelta(hours=3)) in text
    assert text != standing_text(say, seen(town.clock, "coordinator", minutes=180), now)
    assert standing_kind(two) == "good"
    if language == "en":
        assert text == "Watched by 2 coordinators, 1 other witness; last 3 hours ago."


@EVERY
def test_nobody_or_long_ago_is_said_and_does_not_look_well(town, language):
    say, now = words(language), town.clock()
    texts = []
    for view in (
        seen(town.clock),
        seen(town.clock, size=0),
        seen(town.clock, "witness", days=8),
        seen(town.clock, "witness", forked=True),
    ):
        texts.append(standing_text(say, view, now))
        assert standing_kind(view) != "good"
    assert len(set(texts)) == 4
    date = say.date(now - timedelta(days=8, minutes=30))
    assert date in texts[2]
    assert standing_kind(seen(town.clock, "witness", forked=True)) == "danger"


def test_a_clock_behind_the_witness_says_nothing_odd(town):
    say, now = words("en"), town.clock()
    text = standing_text(say, seen(town.clock, "witness", minutes=-4), now)
    assert "-" not in text


@EVERY
def test_every_verdict_has_words_of_its_own(town, coordinator, language):
    flow = WatchFlow(coordinator, words(language))
    told = set()
    for match in Match:
        flow._compared(Comparison(match, 3, 5))
        told.add((flow.view.verdict, flow.view.verdict_kind))
    assert len({text for text, _ in told}) == len(Match)
    assert {kind for _, kind in told} == {"good", "notice", "danger"}


def test_two_phones_compare_by_the_text_that_one_shows(town, worker, shelter, coordinator):
    say = words("en")
    send(worker, say)
    second = town.coordinator("second coordinator")
    sync_all(worker, shelter, coordinator, second)
    one, other = WatchFlow(coordinator, say), WatchFlow(second, say)
    assert one.view.head.startswith("amana-log:")
    assert one.view.code == other.view.code != ""
    other.compare(one.view.head)
    assert other.view.verdict == "Both phones have seen the same record."
    assert other.view.problem is None
    other.compare("not a code")
    assert "not another phone's code" in other.view.problem
    assert other.view.verdict == ""


def test_two_records_are_told_and_shown_as_evidence(town, server, worker, shelter, coordinator):
    say = words("fr")
    before = server.memory()
    send(worker, say)
    sync_all(worker, shelter, coordinator)
    server.recall(before)
    second, other = town.coordinator("second"), town.worker("other")
    for _ in range(2):
        send(other, say)
    sync_all(other, second)
    flow = WatchFlow(coordinator, say)
    assert flow.view.evidence == ()
    flow.compare(WatchFlow(second, say).view.head)
    view = flow.view
    assert (view.verdict_kind, view.kind) == ("danger", "danger")
    assert len(set(view.evidence)) == 2
    assert view.evidence_title and view.evidence_explanation


@EVERY
def test_it_is_told_where_people_look(town, worker, shelter, coordinator, language):
    say = words(language)
    send(worker, say)
    sync_all(worker, shelter, coordinator)
    town.clock.forward(minutes=5)
    sync_all(worker)
    assert InfoFlow(worker, say).view.watch_kind == "good"
    assert say.duration(timedelta(minutes=5)) in InfoFlow(worker, say).view.watch
    view = CoordinationFlow(coordinator, say).view
    assert view.watch_kind == "notice", "oneself is nobody else"
    assert WatchFlow(coordinator, say).view.own
    watchers = WatchFlow(worker, say).view.watchers
    assert [each.name for each in watchers] == ["coordinator"]


def test_before_joining_there_is_nothing_to_say(town):
    assert InfoFlow(town.new_phone("nobody"), words("en")).view.watch == ""
