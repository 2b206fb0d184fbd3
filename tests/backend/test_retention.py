"""Ciphertext goes once its referral has been over for long enough; the log still verifies."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from backend.api import runtime as runtimes
from backend.api.duties import Duties
from backend.services import retention
from backend.store.tables import EnvelopeRow, LeafRow, ReferralRow
from protocols.audit.verify import verify_export
from protocols.messages import SealedPart
from tests.backend.world import SHELTERS

DAYS = runtimes.KEEP_DAYS


def kept(world, story):
    with world.runtime.database.read() as session:
        query = select(EnvelopeRow.event).where(EnvelopeRow.referral == story.id)
        return len(list(session.scalars(query)))


def closed(worker, provider):
    story = worker.submit(worker.submission(*SHELTERS))
    for kind in ("opened", "accepted", "in_service"):
        assert provider.take_step(story, kind).status == 201
    assert provider.take_step(story, "closed", reason="helped").status == 201
    return story


def export(coordinator):
    answer = coordinator.get("/v1/log/TN/export")
    assert answer.status == 200
    return answer.body


def test_what_is_long_over_goes_and_what_is_open_stays(world, worker, shelters, coordinator):
    over = closed(worker, shelters[0])
    withdrawn = worker.submit(worker.submission(*SHELTERS))
    assert worker.take_step(withdrawn, "withdrawn").status == 201
    open_ = worker.submit(worker.submission(*SHELTERS, respond_within=60))
    for kind in ("opened", "accepted"):
        assert shelters[0].take_step(open_, kind).status == 201
    world.later(days=DAYS)
    young = closed(worker, shelters[0])
    world.later(seconds=-1)
    assert world.runtime.purge() == 0
    world.later(seconds=1)
    assert world.runtime.purge() == 2
    assert [kept(world, each) for each in (over, withdrawn, open_, young)] == [0, 0, 3, 3]
    assert world.runtime.purge() == 0


def test_a_word_after_the_end_is_kept_as_long_again(world, worker, shelters):
    story = closed(worker, shelters[0])
    world.later(days=DAYS - 1)
    told = (SealedPart(worker.id, b"sealed feedback"),)
    assert shelters[0].take_step(story, "feedback", told).status == 201
    world.later(days=2)
    assert world.runtime.purge() == 0
    assert kept(world, story) == 4
    world.later(days=DAYS)
    assert world.runtime.purge() == 1


def test_the_audit_says_the_same_before_and_after(world, worker, shelters, coordinator):
    stories = [closed(worker, shelters[0]) for _ in range(3)]
    with world.runtime.database.read() as session:
        leaves = list(session.scalars(select(LeafRow.leaf).order_by(LeafRow.position)))
    world.later(days=DAYS + 1)
    world.publish()
    before = export(coordinator)
    assert world.runtime.purge() == 3
    after = export(coordinator)
    assert after == before
    report = verify_export(after.splitlines(keepends=True), world.keys.root)
    assert report.ok, report
    with world.runtime.database.read() as session:
        assert list(session.scalars(select(LeafRow.leaf).order_by(LeafRow.position))) == leaves
    timeline = worker.get(f"/v1/referrals/{stories[0].id}/timeline").json
    assert len(timeline["events"]) == len(stories[0].events)
    assert len(worker.sync()["entries"]) == len(leaves)
    repeated = worker.post("/v1/referrals", stories[0].submission)
    assert (repeated.status, repeated.json["duplicate"]) == (200, True)
    assert kept(world, stories[0]) == 0


def test_stopped_half_way_the_next_goes_on(world, worker, shelters, monkeypatch):
    stories = [closed(worker, shelters[0]) for _ in range(5)]
    world.later(days=DAYS)
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    real, calls = retention.referrals.forget_envelopes, []

    def dies_at_the_second(session, ids):
        real(session, ids)
        calls.append(ids)
        if len(calls) == 2:
            raise RuntimeError("the machine stops before the commit")

    with monkeypatch.context() as patch:
        patch.setattr(retention.referrals, "forget_envelopes", dies_at_the_second)
        with pytest.raises(RuntimeError):
            world.runtime.purge()
    assert sorted(kept(world, each) for each in stories) == [0, 0, 3, 3, 3]
    assert world.runtime.purge() == 3
    assert {kept(world, each) for each in stories} == {0}


def test_all_workers_may_do_it_at_once(world, worker, shelters):
    stories = [closed(worker, shelters[0]) for _ in range(4)]
    world.later(days=DAYS)
    done = []
    threads = [Thread(target=lambda: done.append(world.runtime.purge())) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(done) == 4
    assert {kept(world, each) for each in stories} == {0}


def test_the_duties_of_every_server_do_it_after_the_days_set(world, worker, shelters):
    story = closed(worker, shelters[0])
    world.runtime.envelopes_kept = timedelta(days=2)
    duties = Duties(world.runtime)
    world.later(days=1)
    duties.round(tidying=True)
    assert kept(world, story) == 3
    world.later(days=1)
    duties.round(tidying=False)
    assert kept(world, story) == 3
    duties.round(tidying=True)
    assert kept(world, story) == 0
    with world.runtime.database.read() as session:
        assert session.get(ReferralRow, story.id).state == "closed"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_sqlite_deletes_is_overwritten(make_url, kind):
    database = runtimes.Database(make_url(kind))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    database.close()
