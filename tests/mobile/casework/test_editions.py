"""Editions of checklists: the newest serves the next screening, each screening keeps its own."""

import hashlib

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobile.casework.errors import LockedError
from mobile.vault.errors import VaultStorageError
from protocols.plain import from_json, to_json
from protocols.screening.checklist_file import read_checklist
from protocols.screening.errors import ChecklistFormatError, UnknownChecklistError
from tests.mobile.cases import ID, checklist_file, screen, send
from tests.mobile.town import Town, codes, desk_of

SECOND, THIRD = checklist_file(2), checklist_file(3)


def version_of(record):
    return record.interview.checklist.version


def on_phone(phone):
    """(version, whether the country named it) of what is kept, lowest first."""
    return sorted((each.version, each.named) for each in desk_of(phone).shelf.kept())


def fetches(server):
    """How often a phone asked for a checklist's file."""
    return sum(each.url.path.startswith("/v1/checklists/") for each, _ in server.requests)


def answered(phone, record, *values):
    interview = record.interview
    for each in values:
        interview = interview.answer(each)
    phone.screenings.save(evolve(record, interview=interview))


def test_a_new_edition_serves_the_next_screening(worker, server):
    assert version_of(screen(worker)) == 1
    server.publish_edition(SECOND, ID, 2)
    assert codes(worker.sync()) == ()
    assert version_of(screen(worker)) == 2
    assert worker.editions.newest(ID).since == desk_of(worker).clock()


def test_two_editions_side_by_side_in_one_vault(worker, server, town):
    old = screen(worker)
    answered(worker, old, "yes", "some")
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    new = screen(worker)
    answered(worker, new, "no")
    again = town.restart(worker)
    found = {each.id: each for each in again.screenings.list()}
    assert version_of(found[old.id]) == 1
    assert found[old.id].interview.answers == {"safe_here": "yes", "paid": "some"}
    assert found[old.id].interview.current.key == "free"
    assert version_of(found[new.id]) == 2
    assert found[new.id].interview.answers == {"safe_in_2": "no"}
    assert [each.carried_from for each in found.values()] == [None, None]


def test_an_edition_is_fetched_once(worker, server, town):
    server.publish_edition(SECOND, ID, 2)
    for _ in range(3):
        worker.sync()
    town.restart(worker).sync()
    assert fetches(server) == 1


def test_what_the_app_carries_is_not_fetched(worker, server):
    carried = checklist_file(1)
    server.publish_edition(carried, ID, 1)
    assert codes(worker.sync()) == ()
    assert fetches(server) == 0
    assert version_of(screen(worker)) == 1


def test_an_app_that_carries_a_newer_one_uses_that(worker, server, fictional_checklist):
    fictional_checklist.version = 3
    server.publish_edition(SECOND, ID, 2)
    assert codes(worker.sync()) == ()
    assert fetches(server) == 0
    assert version_of(screen(worker)) == 3


def test_a_checklist_that_the_app_never_had_arrives_too(worker, server):
    named = "fictional_teacher-child"
    with pytest.raises(UnknownChecklistError):
        worker.screenings.start(named, "fr")
    server.publish_edition(checklist_file(1, named), named, 1)
    assert codes(worker.sync()) == ()
    assert worker.editions.available() == (ID, named)
    assert worker.screenings.start(named, "ar").interview.checklist.population == "child"


def test_a_shelter_has_them_too_and_a_coordinator_needs_none(shelter, coordinator, server):
    server.publish_edition(SECOND, ID, 2)
    for phone in (shelter, coordinator):
        assert codes(phone.sync()) == ()
    assert shelter.editions.find(ID, 2).version == 2
    assert coordinator.editions.find(ID, 2) is None
    assert fetches(server) == 1


def test_weeks_without_a_network_the_edition_at_hand_still_works(worker, server, clock, town):
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    record = screen(worker)
    clock.forward(days=70)
    again = town.restart(worker)
    assert again.directory.expired
    assert version_of(again.screenings.get(record.id)) == 2
    assert version_of(screen(again)) == 2


def test_an_app_update_takes_no_screening_away(worker, fictional_checklist, town):
    """What the app carried was copied when a screening began under it."""
    record = screen(worker)
    answered(worker, record, "yes", "some")
    fictional_checklist.version = 2
    again = town.restart(worker).screenings.get(record.id)
    assert (version_of(again), again.carried_from) == (1, None)
    assert again.interview.current.key == "free"
    assert version_of(screen(worker)) == 2


def test_only_what_is_truly_gone_is_carried_over_and_that_is_remembered(
    worker, fictional_checklist, town
):
    """As a vault of before there were editions: no copy, no hash."""
    record = screen(worker)
    answered(worker, record, "yes", "some", "no")
    vault = desk_of(worker).vault
    kept = evolve(worker.screenings.get(record.id), edition=None)
    vault.put("screening", record.id, without_edition(vault.get("screening", record.id)))
    for collection in ("edition", "edition-file"):
        for row in vault.list(collection):
            vault.delete(collection, row)
    assert worker.screenings.get(record.id).interview == kept.interview
    fictional_checklist.version = 2
    again = town.restart(worker).screenings.get(record.id)
    assert again.interview.answers == {"paid": "some", "free": "no"}
    assert again.interview.current.key == "safe_in_2"
    assert (version_of(again), again.carried_from) == (2, 1)
    answered(worker, again, "yes")
    fictional_checklist.version = 3
    last = town.restart(worker).screenings.get(record.id)
    assert (version_of(last), last.carried_from) == (2, 1)


def without_edition(body):
    plain = from_json(body, dict)
    del plain["edition"], plain["carried_from"]
    return to_json(plain)


def test_old_editions_go_when_no_screening_needs_them(worker, server, shelter):
    """Also a sent one and one of practice need theirs."""
    worker.sync()
    drafted, sent, practised = screen(worker), screen(worker), screen(worker, practice=True)
    send(worker, "fictional-shelter-a", record=sent)
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    server.publish_edition(THIRD, ID, 3)
    worker.sync()
    assert on_phone(worker) == [(1, False), (3, True)]
    for each in (drafted, sent, practised):
        assert version_of(worker.screenings.get(each.id)) == 1
        worker.screenings.delete(each.id)
    assert on_phone(worker) == [(3, True)]
    assert desk_of(worker).vault.list("edition-file") == desk_of(worker).vault.list("edition")


def test_what_a_screening_under_way_needs_stays_however_many_editions_follow(worker, server):
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    record = screen(worker)
    for version in (3, 4, 5):
        server.publish_edition(checklist_file(version), ID, version)
        worker.sync()
    assert on_phone(worker) == [(2, True), (5, True)]
    assert version_of(worker.screenings.get(record.id)) == 2


def test_the_same_answers_again_keep_their_edition(worker, server):
    record = screen(worker)
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    again = worker.screenings.again(record.id)
    worker.screenings.delete(record.id)
    assert version_of(worker.screenings.get(again.id)) == 1


@pytest.mark.parametrize("step", ["edition", "edition-file", "commit"])
def test_a_crash_between_fetching_and_keeping_leaves_the_older_one_whole(
    worker, server, town, monkeypatch, step
):
    record = screen(worker)
    server.publish_edition(SECOND, ID, 2)
    vault, before = type(desk_of(worker).vault), on_phone(worker)
    honest = {"put": vault.put, "_before_commit": vault._before_commit}
    begun = []

    def put(self, collection, row, body):
        begun.append(collection)
        if collection == step:
            raise KeyboardInterrupt
        honest["put"](self, collection, row, body)

    def before_commit(self):
        if step == "commit" and "edition-file" in begun:
            raise KeyboardInterrupt

    monkeypatch.setattr(vault, "put", put)
    monkeypatch.setattr(vault, "_before_commit", before_commit)
    with pytest.raises(KeyboardInterrupt):
        worker.sync()
    monkeypatch.undo()
    again = town.restart(worker)
    assert on_phone(again) == before
    assert version_of(again.screenings.get(record.id)) == 1
    assert desk_of(again).vault.list("edition-file") == desk_of(again).vault.list("edition")
    assert codes(again.sync()) == ()
    assert on_phone(again) == [(1, False), (2, True)]


def test_a_full_phone_says_so_and_keeps_the_older_one(worker, server, monkeypatch):
    screen(worker)
    server.publish_edition(SECOND, ID, 2)
    shelf, before = type(desk_of(worker).shelf), on_phone(worker)

    def full(*_):
        raise VaultStorageError("full")

    monkeypatch.setattr(shelf, "_put", full)
    assert codes(worker.sync()) == ("vault_storage",)
    monkeypatch.undo()
    assert on_phone(worker) == before
    assert codes(worker.sync()) == ()
    assert version_of(screen(worker)) == 2


def test_a_phone_too_full_to_let_go_of_an_edition_still_ends_its_sync(
    worker, shelter, server, monkeypatch
):
    worker.sync()
    referral = send(worker, "fictional-shelter-a")

    def full(*_):
        raise VaultStorageError("full")

    monkeypatch.setattr(type(desk_of(worker).shelf), "forget_others", full)
    assert codes(worker.sync()) == ("vault_storage",)
    assert worker.referrals.get(referral).state == "offered"


def test_nothing_is_told_while_locked(worker):
    worker.lock()
    for work in (worker.editions.available, lambda: worker.editions.newest(ID)):
        with pytest.raises(LockedError):
            work()


def test_an_edition_is_known_by_its_bytes(worker, server):
    named = server.publish_edition(SECOND, ID, 2)
    worker.sync()
    record = screen(worker)
    assert record.edition == named.sha256 == hashlib.sha256(SECOND).hexdigest()


def test_a_screening_that_no_app_here_can_read_waits_and_hides_no_other(
    worker, server, town, monkeypatch
):
    """A checklist that came from the country alone, and an update of the app that refuses it."""
    named = "fictional_teacher-child"
    server.publish_edition(checklist_file(1, named), named, 1)
    worker.sync()
    waiting, other = worker.screenings.start(named, "fr"), screen(worker)
    honest = read_checklist

    def refuses(data):
        if b"fictional_teacher" in data:
            raise ChecklistFormatError("as a newer reader might")
        return honest(data)

    monkeypatch.setattr("mobile.sync.editions.read_checklist", refuses)
    again = town.restart(worker)
    assert [each.id for each in again.screenings.list()] == [other.id]
    assert codes(again.sync()) == ("edition_unusable", "checklist_unknown")
    monkeypatch.undo()
    found = town.restart(worker).screenings.get(waiting.id)
    assert found.interview == waiting.interview


STEPS = st.lists(st.sampled_from(["publish", "sync", "start", "delete", "update"]), max_size=14)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_comes_each_screening_keeps_its_edition_and_nothing_else_is_kept(
    steps, tmp_path_factory, fictional_checklist
):
    """`update` is an app that carries what was published last."""
    fictional_checklist.version = 1
    town = Town(tmp_path_factory.mktemp("walk"))
    worker, published, held = town.worker(), 1, {}
    for step in steps:
        if step == "publish":
            published += 1
            town.server.publish_edition(checklist_file(published), ID, published)
        elif step == "sync":
            worker.sync()
        elif step == "update":
            fictional_checklist.version = published
        elif step == "start":
            record = screen(worker)
            held[record.id] = version_of(record)
            assert held[record.id] == worker.editions.newest(ID).checklist.version
        elif held:
            worker.screenings.delete(held.popitem()[0])
        found = {each.id: each for each in worker.screenings.list()}
        assert {each: version_of(record) for each, record in found.items()} == held
    worker.sync()
    assert worker.editions.newest(ID).checklist.version == published
    needed = {*held.values(), *([published] if town.server.editions else [])}
    assert {version for version, _ in on_phone(worker)} <= needed
