"""Checklists' editions over HTTP: the authority stores bytes, the signed directory names them,
devices fetch them by their hash; the server never looks inside."""

import hashlib
from datetime import timedelta

import pytest

from backend.services import editions
from protocols.messages import BYTES_TYPE, MOST_EDITION_BYTES, Snapshot
from protocols.plain import from_json, from_plain
from protocols.sealing.statement import Statement
from tests.backend.world import SERVICE, edition

FIRST, SECOND = b'{"fictional": "edition 2"}', b"\x00\xffnot even JSON"


def refused(answer, status, code):
    assert (answer.status, answer.code) == (status, code), answer.body


def names(world, *named, country="TN"):
    """Publish a snapshot that names these editions."""
    ids = tuple(each.id for each in named)
    snapshot = world.snapshot(country, checklists=ids, editions=named)
    answer = world.put_snapshot(country, snapshot)
    if answer.status == 200:
        world.numbers[country] = answer.json["number"]
    return answer


def fetch(device, data, **more):
    return device.get(f"/v1/checklists/{hashlib.sha256(data).hexdigest()}", **more)


@pytest.mark.parametrize("data", [FIRST, SECOND, b"x" * MOST_EDITION_BYTES])
def test_an_edition_is_stored_named_and_fetched_byte_for_byte(world, worker, shelters, data):
    assert [world.put_checklist(data).status for _ in range(2)] == [201, 200]
    assert names(world, edition(data)).status == 200
    snapshot = from_plain(worker.get("/v1/directory/TN").json["snapshot"], Statement)
    (named,) = from_json(snapshot.payload, Snapshot).editions
    answer = worker.get(f"/v1/checklists/{named.sha256}")
    assert (answer.status, answer.body, len(answer.body)) == (200, data, named.size)
    assert answer.headers["Content-Type"] == BYTES_TYPE
    assert "immutable" in answer.headers["Cache-Control"]
    assert fetch(shelters[0], data).body == data


def test_no_directory_names_what_no_phone_could_fetch(world, worker, shelters):
    world.put_checklist(FIRST)
    answer = names(world, edition(FIRST), edition(SECOND, "health_worker-adult"))
    refused(answer, 409, "checklist_files_missing")
    assert answer.json["extras"]["missing"] == [hashlib.sha256(SECOND).hexdigest()]
    assert from_plain(worker.get("/v1/directory/TN").json["snapshot"], Statement) is not None
    world.put_checklist(SECOND)
    assert names(world, edition(FIRST), edition(SECOND, "health_worker-adult")).status == 200


def test_another_countrys_file_is_not_this_ones(world, worker, shelters):
    assert world.put_checklist(FIRST, country="MA").status == 201
    refused(names(world, edition(FIRST)), 409, "checklist_files_missing")


def test_a_newer_edition_takes_the_olders_place(world, worker, shelters):
    world.put_checklist(FIRST)
    names(world, edition(FIRST))
    world.put_checklist(SECOND)
    assert fetch(worker, FIRST).status == 200
    assert names(world, edition(SECOND, version=3)).status == 200
    refused(fetch(worker, FIRST), 404, "unknown_checklist_file")
    assert fetch(worker, SECOND).body == SECOND


def test_what_one_country_lets_go_of_another_keeps(world, worker, shelters):
    for country in ("TN", "MA"):
        world.put_checklist(FIRST, country=country)
        assert names(world, edition(FIRST), country=country).status == 200
    world.publish("MA")
    assert fetch(worker, FIRST).body == FIRST


def test_a_refused_snapshot_lets_go_of_nothing(world, worker, shelters):
    world.put_checklist(FIRST)
    names(world, edition(FIRST))
    late = world.snapshot(issued=world.now + timedelta(hours=1))
    refused(world.put_snapshot("TN", late), 422, "snapshot_unusable")
    assert fetch(worker, FIRST).body == FIRST


def test_only_the_countrys_authority_stores(world, worker, shelters):
    for key in (worker.key, world.authority("MA")):
        refused(world.put_checklist(FIRST, key=key), 403, "wrong_role")
    refused(fetch(worker, FIRST), 404, "unknown_checklist_file")


def test_only_a_certified_device_fetches(world, worker, shelters):
    world.put_checklist(FIRST)
    path = f"/v1/checklists/{hashlib.sha256(FIRST).hexdigest()}"
    refused(world.send("GET", path), 401, "unsigned")
    stranger = world.device("field_worker", SERVICE)
    refused(stranger.get(path), 401, "unknown_device")
    world.revoke(worker)
    refused(worker.get(path), 403, "revoked")


def test_bytes_of_another_hash_are_not_stored(world, worker, shelters):
    wrong = hashlib.sha256(SECOND).hexdigest()
    refused(world.put_checklist(FIRST, sha256=wrong), 422, "checklist_file_mismatch")
    refused(fetch(worker, SECOND), 404, "unknown_checklist_file")


@pytest.mark.parametrize(
    "address", ["A" * 64, "a" * 63, "a" * 65, "g" * 64, "a" * 63 + "%00", "a" * 64 + "%0A"]
)
def test_an_address_that_is_no_hash_leads_nowhere(world, worker, shelters, address):
    refused(worker.get(f"/v1/checklists/{address}"), 400, "malformed")
    refused(world.put_checklist(FIRST, sha256=address), 400, "malformed")


def test_a_file_is_neither_empty_nor_larger_than_phones_take(world, worker, shelters):
    refused(world.put_checklist(b"x" * (MOST_EDITION_BYTES + 1)), 413, "checklist_file_size")
    empty = hashlib.sha256(b"").hexdigest()
    answer = world.send("PUT", f"/v1/checklists/TN/{empty}", None, world.authority())
    refused(answer, 415, "wrong_media_type")


def test_a_file_comes_as_bytes_and_says_so(world, worker, shelters):
    refused(world.put_checklist(FIRST, content_type="application/json"), 415, "wrong_media_type")


def test_an_authority_cannot_fill_the_disk_with_checklists(world, worker, shelters, monkeypatch):
    monkeypatch.setattr(editions, "MOST_EDITIONS", 2)
    made = [b"edition %d" % number for number in range(5)]
    statuses = [world.put_checklist(each).status for each in made]
    assert statuses == [201] * 4 + [422]
    refused(fetch(worker, made[4]), 404, "unknown_checklist_file")
    assert world.put_checklist(made[0]).status == 200
    names(world, edition(made[3]))
    refused(fetch(worker, made[0]), 404, "unknown_checklist_file")
    assert world.put_checklist(made[4]).status == 201


def test_an_unknown_country_stores_nothing(world, worker, shelters):
    refused(world.put_checklist(FIRST, country="XX", key=world.authority()), 404, "unknown_country")
