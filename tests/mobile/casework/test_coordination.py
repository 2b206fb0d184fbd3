"""The office: what is late, by whom, and a proof of all of it that anybody can check."""

from datetime import timedelta

import httpx
import pytest

from mobile.casework.errors import LockedError, UnknownRecordError
from mobile.sync.errors import HostileAnswerError, OfflineError, RefusedError
from tests.mobile.cases import NAME, consent_to, screen, send
from tests.mobile.fake_server import COUNTRY, RefusalError
from tests.mobile.town import FIRST, SECOND, desk_of, sync_all

EXPORT = f"/v1/log/{COUNTRY}/export"


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    return town.worker()


@pytest.fixture
def coordinator(town, worker):
    made = town.coordinator()
    sync_all(worker)
    return made


def test_every_referral_of_the_country_is_seen_and_none_of_its_words(
    worker, shelter, coordinator, clock
):
    first = send(worker)
    clock.forward(minutes=1)
    second = send(worker, SECOND)
    sync_all(worker, coordinator)
    assert [each.id for each in coordinator.coordination.list()] == [second, first]
    view = coordinator.coordination.get(first)
    assert (view.offered_to, view.verified, view.messages) == (FIRST, True, ())
    vault = desk_of(coordinator).vault
    assert vault.list("envelope") == vault.list("opened") == vault.list("touched") == ()
    assert NAME not in repr(coordinator.coordination.list())
    with pytest.raises(UnknownRecordError):
        coordinator.coordination.get("a" * 26)


GROUND = "CANARY fictional law, article 1"


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (None, {}),
        ("emergency", {"basis": "emergency", "how": "not_asked", "legal_ground": GROUND}),
        (
            "best_interests",
            {"population": "child", "basis": "best_interests", "legal_ground": GROUND},
        ),
    ],
)
def test_what_was_sent_without_consent_is_seen_and_its_ground_stays_sealed(
    worker, coordinator, server, reason, changes
):
    record = screen(worker)
    referral = send(worker, record=record, consent=consent_to(record, FIRST, SECOND, **changes))
    sync_all(worker, coordinator)
    view = coordinator.coordination.get(referral)
    assert view.verified
    assert view.timeline[0].reason == reason
    assert all(GROUND.encode() not in each for each in server.log.leaves)


def test_late_is_what_passed_its_deadline_longest_wait_first(worker, coordinator, clock, server):
    first = send(worker)
    sync_all(worker)
    clock.forward(minutes=20)
    second = send(worker, SECOND)
    sync_all(worker, coordinator)
    assert coordinator.coordination.overdue() == ()
    clock.forward(minutes=40)
    (item,) = coordinator.coordination.overdue()
    assert (item.referral, item.waiting_on, item.overdue_by) == (first, FIRST, timedelta(0))
    assert item.waiting_on_name == "Fictional Shelter A"
    clock.forward(minutes=30)
    late = coordinator.coordination.overdue()
    assert [(each.referral, each.overdue_by) for each in late] == [
        (first, timedelta(minutes=30)),
        (second, timedelta(minutes=10)),
    ]


def test_what_came_back_is_late_until_somebody_acts(worker, coordinator, clock, server):
    referral = send(worker, FIRST)
    sync_all(worker)
    clock.forward(hours=1)
    server.fire_overdue()
    clock.forward(minutes=5)
    coordinator.sync()
    (item,) = coordinator.coordination.overdue()
    assert (item.referral, item.state) == (referral, "returned")
    assert item.waiting_on == worker.identity.organisation
    assert item.overdue_by == timedelta(minutes=5)


def test_what_was_accepted_is_not_late(worker, shelter, coordinator, clock):
    referral = send(worker)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, coordinator)
    clock.forward(days=3)
    assert coordinator.coordination.overdue() == ()


def whole_story(worker, shelter, second, coordinator):
    referral = send(worker)
    sync_all(worker, shelter)
    shelter.inbox.decline(referral, "no_places")
    sync_all(shelter, second)
    second.inbox.open(referral)
    second.inbox.accept(referral)
    sync_all(second, coordinator)
    return referral


def test_an_export_proves_the_whole_story(worker, shelter, second, coordinator, tmp_path):
    whole_story(worker, shelter, second, coordinator)
    path = tmp_path / "export.jsonl"
    size = coordinator.coordination.export(path)
    assert path.stat().st_size == size
    report = coordinator.coordination.verify(path)
    assert report.faults == ()
    assert (report.ok, report.size, report.referrals) == (True, 6, 1)
    assert NAME.encode() not in path.read_bytes()


@pytest.mark.parametrize("minutes", [-240, -20, 0, 3])
def test_a_phone_whose_clock_is_behind_makes_no_fault_in_the_log(
    worker, shelter, coordinator, town, tmp_path, minutes
):
    town.off["shelter-a"] = timedelta(minutes=minutes)
    referral = send(worker)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, coordinator)
    coordinator.coordination.export(tmp_path / "log.jsonl")
    assert coordinator.coordination.verify(tmp_path / "log.jsonl").faults == ()


def test_steps_taken_one_after_the_other_offline_make_no_fault_in_the_log(
    worker, shelter, coordinator, clock, tmp_path
):
    referral = send(worker)
    sync_all(worker, shelter)
    clock.forward(minutes=1)
    shelter.inbox.open(referral)
    clock.forward(minutes=2)
    shelter.inbox.accept(referral)
    clock.forward(minutes=40)
    sync_all(shelter, coordinator)
    coordinator.coordination.export(tmp_path / "log.jsonl")
    report = coordinator.coordination.verify(tmp_path / "log.jsonl")
    assert (report.faults, report.states) == ((), {"accepted": 1})


def test_a_step_that_waited_offline_while_others_acted_makes_no_fault_in_the_log(
    worker, shelter, coordinator, clock, tmp_path
):
    referral = send(worker)
    sync_all(worker, shelter)
    worker.referrals.withdraw(referral)
    clock.forward(minutes=30)
    shelter.inbox.open(referral)
    sync_all(shelter)
    clock.forward(minutes=5)
    sync_all(worker, coordinator)
    coordinator.coordination.export(tmp_path / "log.jsonl")
    report = coordinator.coordination.verify(tmp_path / "log.jsonl")
    assert (report.faults, report.states) == ((), {"withdrawn": 1})


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7, 0.9])
def test_an_export_with_a_byte_changed_is_found_out(
    worker, shelter, second, coordinator, tmp_path, place
):
    whole_story(worker, shelter, second, coordinator)
    path = tmp_path / "export.jsonl"
    coordinator.coordination.export(path)
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.write_bytes(data)
    assert not coordinator.coordination.verify(path).ok


def test_an_export_of_another_history_than_this_phone_saw_is_found_out(
    worker, shelter, second, coordinator, server, tmp_path
):
    """A log rewritten for the auditor is whole in itself; the office saw the other one."""
    before = server.memory()
    whole_story(worker, shelter, second, coordinator)
    told = server.memory()
    server.recall(before)
    desk = desk_of(worker)
    for referral in [send(worker, SECOND) for _ in range(3)]:
        (item,) = desk.outbox.waiting(referral)
        with desk.online() as online:
            online.submit(referral, True, desk.outbox.body(item))
    path = tmp_path / "rewritten.jsonl"
    coordinator.coordination.export(path)
    report = coordinator.coordination.verify(path)
    assert report.ok is coordinator.coordination.check().ok is False
    assert [each.rule for each in report.faults] == ["another_history"]
    server.recall(told)
    coordinator.coordination.export(path)
    assert coordinator.coordination.verify(path).ok


def test_an_export_older_than_what_this_phone_saw_is_found_out(
    worker, shelter, second, coordinator, tmp_path
):
    """Everything in it holds, but the end is missing."""
    path = tmp_path / "export.jsonl"
    referral = send(worker)
    sync_all(worker, shelter, coordinator)
    coordinator.coordination.export(path)
    assert coordinator.coordination.verify(path).ok
    shelter.inbox.open(referral)
    sync_all(shelter, coordinator)
    report = coordinator.coordination.verify(path)
    assert [each.rule for each in report.faults] == ["older_than_seen"]


def test_an_export_newer_than_what_this_phone_saw_is_held_against_its_beginning(
    worker, shelter, coordinator, tmp_path
):
    referral = send(worker)
    sync_all(worker, shelter, coordinator)
    shelter.inbox.open(referral)
    shelter.sync()
    path = tmp_path / "export.jsonl"
    coordinator.coordination.export(path)
    assert coordinator.coordination.verify(path).ok


def test_an_export_that_breaks_off_leaves_no_file(worker, coordinator, server, tmp_path):
    send(worker)
    sync_all(worker, coordinator)

    def breaking(parts):
        yield parts[:100]
        raise httpx.ReadError("cut")

    def answer(request, honest):
        if request.url.path == EXPORT:
            return httpx.Response(200, content=breaking(honest.content))
        return honest

    server.break_next = answer
    path = tmp_path / "export.jsonl"
    path.write_bytes(b"the export of yesterday")
    with pytest.raises(OfflineError):
        coordinator.coordination.export(path)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["export.jsonl"]
    assert path.read_bytes() == b"the export of yesterday"


def test_an_export_without_end_is_let_go(worker, coordinator, server, tmp_path, monkeypatch):
    monkeypatch.setattr("mobile.casework.proof.LARGEST_EXPORT", 10_000)
    server.break_next = lambda request, honest: httpx.Response(200, content=iter([b"x" * 999] * 99))
    with pytest.raises(HostileAnswerError):
        coordinator.coordination.export(tmp_path / "export.jsonl")
    assert [each for each in tmp_path.iterdir() if each.is_file()] == []


def test_an_export_refused_is_told(worker, coordinator, server, tmp_path):
    def refuse(_):
        raise RefusalError(403, "wrong_role")

    server.before = refuse
    with pytest.raises(RefusedError):
        coordinator.coordination.export(tmp_path / "export.jsonl")


def test_nothing_is_read_while_locked(coordinator):
    coordinator.lock()
    with pytest.raises(LockedError):
        coordinator.coordination.list()
