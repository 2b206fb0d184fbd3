"""Outages: a full disk, a process killed at any statement, hours of downtime. No acknowledged
referral is lost, none doubled, and whoever sends the same again gets the same answer."""

import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import event, func, select

from backend.api.duties import Duties
from backend.api.runtime import Runtime, install
from backend.services.context import Context
from backend.store.database import Database
from backend.store.tables import (
    CountryRow,
    EnvelopeRow,
    LeafRow,
    NodeRow,
    NonceRow,
    OfferRow,
    ReferralRow,
)
from protocols.timeline.checkpoint import read_checkpoint
from protocols.timeline.merkle import root
from tests.backend.world import SERVICE, SHELTERS, Story, install_world, make_world

TABLES = (LeafRow, NodeRow, ReferralRow, EnvelopeRow, OfferRow)


class PowerCutError(BaseException):
    """The process is gone."""


def counts(world):
    with world.runtime.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def restart(world):
    """The same server after its process died: everything is read from the database anew."""
    url = world.runtime.database.engine.url.render_as_string(hide_password=False)
    world.runtime.database.close()
    again = Runtime(Database(url), Context(world.runtime.context.server, bytes))
    again.now = lambda: world.now
    world.runtime = again
    install(again)


def holds_together(world):
    """The log's checkpoint is of exactly the leaves that are there, and each referral's row is at
    its newest event."""
    with world.runtime.database.read() as session:
        head = session.get(CountryRow, "TN")
        leaves = session.execute(select(LeafRow.leaf).order_by(LeafRow.position)).scalars().all()
        checkpoint = read_checkpoint(head.checkpoint)
        assert (checkpoint.size, checkpoint.root) == (len(leaves), root(leaves))
        for row in session.scalars(select(ReferralRow)):
            digests = session.execute(
                select(LeafRow.digest).where(LeafRow.referral == row.id).order_by(LeafRow.position)
            ).scalars()
            known = list(digests)
            assert (known[-1], len(known)) == (row.head, row.sequence + 1)


class Cut:
    """Cuts the power at the n-th SQL statement (or at the commit itself) of a request."""

    def __init__(self, world):
        self.left = None
        self.met = False
        for moment in ("before_cursor_execute", "commit"):
            event.listen(world.runtime.database.engine, moment, self.tick)

    def tick(self, *_):
        if self.left is None:
            return
        if self.left == 0:
            self.left, self.met = None, True
            raise PowerCutError
        self.left -= 1


@pytest.mark.parametrize("kind", ["submitted", "declined"])
def test_killed_at_any_statement_nothing_is_half_done_and_a_repeat_completes_it(
    world, worker, shelters, kind
):
    number, cuts = 0, 0
    while True:
        sent = worker.submission(*SHELTERS)
        device, path = worker, "/v1/referrals"
        if kind == "declined":
            story = worker.submit(sent)
            device, path = shelters[0], story.events_path
            sent = device.step(story, "declined", reason="no_places")
        before = counts(world)
        cut = Cut(world)
        cut.left = number
        try:
            answer = device.post(path, sent)
        except PowerCutError:
            answer = None
        cut.left = None
        restart(world)
        assert answer is not None or counts(world) == before
        again = device.post(path, sent)
        assert again.status == (201 if answer is None else 200)
        assert len(again.json["events"]) == 2
        holds_together(world)
        if not cut.met:
            break
        number, cuts = number + 3, cuts + 1
    assert cuts > 3


def test_killed_between_the_commit_and_the_answer(world, worker, shelters, monkeypatch):
    """It is durable, yet the phone never heard: the repeat is answered, and nothing is doubled."""
    sent = worker.submission(*SHELTERS)

    def die(*_args, **_more):
        raise PowerCutError

    monkeypatch.setattr("backend.api.referrals.answer", die)
    with pytest.raises(PowerCutError):
        worker.post("/v1/referrals", sent)
    monkeypatch.undo()
    restart(world)
    before = counts(world)
    assert before[0] == 2
    world.later(hours=5)
    again = worker.post("/v1/referrals", sent)
    assert (again.status, again.json["duplicate"]) == (200, True)
    story = Story(world, sent)
    story.take(again)
    assert story.kinds == ["submitted", "offered"]
    assert counts(world)[2:4] == before[2:4]
    holds_together(world)


def full(world):
    """The disk has no room for another page. Gives what makes room again."""
    engine = world.runtime.database.engine

    def limit(pages):
        def set_limit(connection, *_):
            connection.execute(f"PRAGMA max_page_count={pages}")

        return set_limit

    engine.dispose()
    with closing(sqlite3.connect(engine.url.database)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
    set_limit = limit(pages)
    event.listen(engine, "connect", set_limit)
    engine.dispose()

    def room():
        event.remove(engine, "connect", set_limit)
        engine.dispose()

    return room


@pytest.fixture
def on_sqlite(make_url):
    """A world on SQLite alone: PostgreSQL has no limit of pages that a test could set."""
    made = make_world(Database(make_url("sqlite")))
    install_world(made)
    yield made
    install(None)
    made.runtime.database.close()


def test_a_full_disk_is_told_and_what_was_acknowledged_stays(on_sqlite):
    world = on_sqlite
    worker = world.device("field_worker", SERVICE)
    shelter = world.device("provider_staff", SHELTERS[0])
    world.publish()
    worker.submit(worker.submission(SHELTERS[0]))
    room = full(world)
    refused, sent = 0, []
    for _ in range(12):
        submission = worker.submission(SHELTERS[0])
        answer = worker.post("/v1/referrals", submission)
        sent.append((submission, answer.status))
        if answer.status == 503:
            refused += 1
            assert answer.code == "store_unavailable"
            assert int(answer.headers["Retry-After"]) > 0
            assert "no such" not in answer.body.decode()
    assert refused > 0
    holds_together(world)
    with world.runtime.database.read() as session:
        known = set(session.execute(select(LeafRow.digest)).scalars())
    for submission, status in sent:
        assert (submission.event.digest in known) == (status == 201)
    room()
    for submission, status in sent:
        assert worker.post("/v1/referrals", submission).status == (200 if status == 201 else 201)
    holds_together(world)
    assert len(shelter.sync()["entries"]) == 13


def test_deadlines_that_passed_while_every_server_was_down_fire_at_the_start(
    world, worker, shelters
):
    stories = [worker.submit(worker.submission(*SHELTERS[:count])) for count in (1, 2, 3)]
    world.later(days=2)
    restart(world)
    assert Duties(world.runtime).round(tidying=True) == 3
    kinds = []
    for story in stories:
        answer = worker.get(f"/v1/referrals/{story.id}/timeline")
        again = Story(world, story.submission)
        again.take(answer)
        kinds.append(again.kinds[2:])
    assert kinds == [
        ["expired", "returned"],
        ["expired", "offered"],
        ["expired", "offered"],
    ]
    assert Duties(world.runtime).round(tidying=False) == 0
    holds_together(world)


def test_each_missed_deadline_gives_the_next_provider_its_whole_time(world, worker, shelters):
    """The second offer begins when it is made, not when the first one should have ended."""
    story = worker.submit(worker.submission(*SHELTERS))
    world.later(hours=30)
    page = shelters[1].sync()
    (entry,) = page["entries"]
    assert len(entry["envelopes"]) == 1
    world.later(minutes=59)
    timeline = worker.get(f"/v1/referrals/{story.id}/timeline")
    story = Story(world, story.submission)
    story.take(timeline)
    assert shelters[1].take_step(story, "opened").status == 201
    assert shelters[1].take_step(story, "accepted").status == 201


def test_an_answer_at_the_very_deadline_is_too_late_and_a_second_before_is_not(
    world, worker, shelters
):
    early = worker.submit(worker.submission(*SHELTERS))
    late = worker.submit(worker.submission(*SHELTERS))
    for story in (early, late):
        shelters[0].take_step(story, "opened")
    world.later(seconds=3599)
    assert shelters[0].take_step(early, "accepted").status == 201
    world.later(seconds=1)
    answer = shelters[0].take_step(late, "accepted")
    assert (answer.status, answer.code) == (409, "timeline_moved")
    assert answer.json["extras"]["state"] == "offered"


def test_two_servers_fire_a_deadline_once(world, worker, shelters):
    worker.submit(worker.submission(*SHELTERS))
    world.later(hours=1)
    url = world.runtime.database.engine.url.render_as_string(hide_password=False)
    other = Runtime(Database(url), Context(world.runtime.context.server, bytes))
    other.now = lambda: world.now
    fired = []
    runs = [
        threading.Thread(target=lambda each=each: fired.append(each.fire_overdue()))
        for each in (world.runtime, other)
    ]
    for each in runs:
        each.start()
    for each in runs:
        each.join(20)
    assert sum(fired) == 1
    assert counts(world)[0] == 4
    holds_together(world)
    other.database.close()


def test_the_same_submission_from_many_connections_at_once_is_one_referral(world, worker, shelters):
    sent, answers = worker.submission(*SHELTERS), []
    runs = [
        threading.Thread(target=lambda: answers.append(worker.post("/v1/referrals", sent)))
        for _ in range(6)
    ]
    for each in runs:
        each.start()
    for each in runs:
        each.join(20)
    assert sorted(each.status for each in answers) == [200] * 5 + [201]
    assert counts(world)[0] == 2
    leaves = {tuple(e["leaf"] for e in each.json["events"]) for each in answers}
    assert len(leaves) == 1
    holds_together(world)


def test_two_accept_at_the_same_moment_and_one_is_told_who_won(world, worker, shelters):
    colleague = world.device("provider_staff", SHELTERS[0])
    world.publish()
    story = worker.submit(worker.submission(*SHELTERS))
    shelters[0].take_step(story, "opened")
    steps = [(each, each.step(story, "accepted")) for each in (shelters[0], colleague)]
    answers = []
    runs = [
        threading.Thread(
            target=lambda each=each, step=step: answers.append(each.post(story.events_path, step))
        )
        for each, step in steps
    ]
    for each in runs:
        each.start()
    for each in runs:
        each.join(20)
    assert sorted(each.status for each in answers) == [201, 409]
    (lost,) = [each for each in answers if each.status == 409]
    assert (lost.code, lost.json["extras"]["provider"]) == ("already_accepted", SHELTERS[0])
    holds_together(world)


def test_a_clock_set_back_never_turns_the_logs_time_back(world, worker, shelters):
    world.later(hours=1)
    worker.submit(worker.submission(*SHELTERS))
    world.later(minutes=-30)
    story = worker.submit(worker.submission(*SHELTERS))
    with world.runtime.database.read() as session:
        leaves = session.execute(select(LeafRow.leaf).order_by(LeafRow.position)).scalars().all()
    times = [leaf[leaf.index(b'"received"') :] for leaf in leaves]
    assert times == sorted(times)
    assert story.kinds == ["submitted", "offered"]


def test_spent_nonces_are_kept_as_long_as_they_could_be_replayed(world, worker, shelters):
    assert worker.get("/v1/sync/TN", nonce="one").status == 200
    created = world.now
    duties = Duties(world.runtime)
    world.later(minutes=4, seconds=59)
    duties.round(tidying=True)
    again = worker.get("/v1/sync/TN", nonce="one", created=created)
    assert (again.status, again.code) == (401, "replayed_request")
    world.later(minutes=10)
    duties.round(tidying=True)
    with world.runtime.database.read() as session:
        assert session.scalar(select(func.count()).select_from(NonceRow)) == 0
    assert worker.get("/v1/sync/TN", nonce="one", created=created).code == "stale_request"
