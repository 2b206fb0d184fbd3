"""Several server processes over one database: whatever they do at once, one thing happens."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from backend.api.runtime import Runtime
from backend.services import overdue, referring
from backend.services.callers import Caller, ReplayedRequestError, spend_nonce
from backend.services.context import Context
from backend.store.database import Database
from protocols.audit.verify import verify_export
from protocols.errors import AmanaError
from protocols.plain import from_json
from protocols.referral.lifecycle import AlreadyAcceptedError
from protocols.sealing.request import SignedRequest
from protocols.timeline.event import Event, Kind
from tests.backend.world import SHELTERS, read_event

T = TypeVar("T")
AT_ONCE = 4


@pytest.fixture
def processes(world):
    """Runtimes with an engine and a trust cache of their own, as separate processes have."""
    url = world.runtime.database.engine.url.render_as_string(hide_password=False)
    made = []
    for _ in range(AT_ONCE):
        each = Runtime(Database(url), Context(world.runtime.context.server, os.urandom))
        each.now = lambda: world.now
        made.append(each)
    yield made
    for each in made:
        each.database.close()


def at_once(work: list[Callable[[], T]]) -> list[T | AmanaError]:
    """Each in a thread of its own, from one moment on; what each returned or refused."""
    start = Barrier(len(work))

    def run(one: Callable[[], T]) -> T | AmanaError:
        start.wait()
        try:
            return one()
        except AmanaError as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def caller(device) -> Caller:
    own = device.certificate
    return Caller(own.subject, own.role, own.country, own.organisation)


def adding(runtime, device, story, submission):
    def work(session):
        context = runtime.context
        return referring.add_event(
            session, context, caller(device), story.id, submission, now=runtime.now()
        )

    return lambda: runtime.write(work, order="TN")


def audited(world, coordinator):
    lines = coordinator.get("/v1/log/TN/export").body.splitlines(keepends=True)
    return verify_export(lines, world.keys.root)


def test_many_accept_at_once_and_one_wins(world, worker, shelters, coordinator, processes) -> None:
    staff = [
        shelters[0],
        *[world.device("provider_staff", SHELTERS[0]) for _ in range(AT_ONCE - 1)],
    ]
    world.publish()
    story = worker.submit(worker.submission(*SHELTERS))
    shelters[0].take_step(story, "opened")
    took = at_once(
        [
            adding(runtime, device, story, device.step(story, "accepted"))
            for runtime, device in zip(processes, staff, strict=True)
        ]
    )
    lost = [each for each in took if isinstance(each, AmanaError)]
    assert len(lost) == AT_ONCE - 1
    assert all(isinstance(each, AlreadyAcceptedError) for each in lost), lost
    assert audited(world, coordinator).faults == ()


def test_the_same_submission_at_once_is_one_referral(
    world, worker, shelters, coordinator, processes
) -> None:
    sent = worker.submission(*SHELTERS)

    def submitting(runtime):
        def work(session):
            return referring.submit(session, runtime.context, caller(worker), sent, runtime.now())

        return lambda: runtime.write(work, order="TN")

    took = at_once([submitting(each) for each in processes])
    assert sorted(each.created for each in took) == [False] * (AT_ONCE - 1) + [True]
    assert len({tuple(each.receipt.events) for each in took}) == 1
    report = audited(world, coordinator)
    assert (report.faults, report.size, report.referrals) == ((), 2, 1)


def test_two_submissions_under_one_id_at_once_are_one_referral(
    world, worker, shelters, coordinator, processes
) -> None:
    first = worker.submission(*SHELTERS)
    name = from_json(first.event.payload, Event).referral
    sent = [first, *[worker.submission(*SHELTERS, referral=name) for _ in range(AT_ONCE - 1)]]

    def submitting(runtime, submission):
        def work(session):
            return referring.submit(
                session, runtime.context, caller(worker), submission, runtime.now()
            )

        return lambda: runtime.write(work, order="TN")

    took = at_once([submitting(*each) for each in zip(processes, sent, strict=True)])
    codes = [each.code for each in took if isinstance(each, AmanaError)]
    assert codes == ["referral_exists"] * (AT_ONCE - 1)
    assert audited(world, coordinator).faults == ()


def test_a_deadline_fires_once_however_many_watch_it(
    world, worker, shelters, coordinator, processes
) -> None:
    stories = [worker.submit(worker.submission(*SHELTERS)) for _ in range(3)]
    world.later(minutes=61)
    fired = at_once([each.fire_overdue for each in processes])
    assert sum(fired) == len(stories)
    for story in stories:
        kinds = [
            read_event(each["leaf"])[0].kind
            for each in worker.get(f"/v1/referrals/{story.id}/timeline").json["events"]
        ]
        assert kinds == [Kind.SUBMITTED, Kind.OFFERED, Kind.EXPIRED, Kind.OFFERED]
    assert audited(world, coordinator).faults == ()


def test_an_answer_and_its_deadline_at_once_are_one_or_the_other(
    world, worker, shelters, coordinator, processes
) -> None:
    story = worker.submit(worker.submission(*SHELTERS))
    shelters[0].take_step(story, "opened")
    late = shelters[0].step(story, "accepted")
    world.later(minutes=60)
    first, second, third, _ = processes

    def settle() -> bool:
        def work(session):
            return overdue.settle_referral(session, third.context, "TN", story.id, third.now())

        return third.write(work, order="TN")

    took = at_once([adding(first, shelters[0], story, late), second.fire_overdue, settle])
    assert isinstance(took[0], AmanaError), "the deadline is exclusive, whoever comes first"
    assert (took[1], took[2]) in {(1, False), (0, True)}
    report = audited(world, coordinator)
    assert (report.faults, report.size) == ((), 5)


def test_one_nonce_at_once_is_spent_once(world, worker, shelters, processes) -> None:
    signed = SignedRequest(worker.id, world.now, "once", b"", b"")

    def spending(runtime):
        return lambda: runtime.write(lambda session: spend_nonce(session, signed))

    took = at_once([spending(each) for each in processes])
    refused = [each for each in took if isinstance(each, ReplayedRequestError)]
    assert len(refused) == AT_ONCE - 1
