"""The directory over HTTP: the authority's word, numbered; beside it only what devices said
themselves; and each sealed part only to the one it is for."""

import sys
from datetime import timedelta

import attrs
import pytest
from nacl.signing import SigningKey

from backend.services.publishing import SNAPSHOT_TYPE
from protocols.messages import SealedPart, Snapshot
from protocols.plain import from_json, from_plain, to_json, to_plain
from protocols.sealing.age_hybrid import HybridIdentity, is_available
from protocols.sealing.certificate import SealingKey
from protocols.sealing.statement import Statement, payload_type, sign
from tests.backend.world import SERVICE, SHELTERS

CAPACITY = payload_type("capacity")


def refused(answer, status, code):
    assert (answer.status, answer.code) == (status, code), answer.body


def live(device, kind="sealing-key"):
    found = device.get("/v1/directory/TN").json["live"]
    statements = [from_plain(each, Statement) for each in found]
    return [each for each in statements if each.payloadType == payload_type(kind)]


def publish(device, statement, kind="sealing-keys"):
    return device.post(f"/v1/{kind}", {"statement": to_plain(statement)})


def capacity(device, free=3, key=None, **changes):
    body = {"provider": SHELTERS[0], "free_places": free, "stated": device.world.now} | changes
    return sign(CAPACITY, body, key or device.key)


def test_the_newest_is_read_and_an_unchanged_one_is_not_sent_again(world, worker, shelters):
    answer = worker.get("/v1/directory/TN")
    assert answer.status == 200
    tag = answer.headers["ETag"]
    unchanged = worker.get("/v1/directory/TN", headers={"If-None-Match": tag})
    assert (unchanged.status, unchanged.body, unchanged.headers["ETag"]) == (304, b"", tag)
    publish(worker, worker.sealing_key())
    again = worker.get("/v1/directory/TN", headers={"If-None-Match": tag})
    assert again.status == 200
    assert again.headers["ETag"] != tag


def test_before_the_first_is_published_it_is_said(world):
    key = world.authority("MA")
    answer = world.send("GET", "/v1/directory/MA", key=key)
    assert answer.status in {401, 403}


def test_numbers_grow_by_one_and_the_same_again_changes_nothing(world, shelters):
    number = world.numbers["TN"]
    newest = world.snapshot(number=number + 1)
    assert world.put_snapshot("TN", newest).json["number"] == number + 1
    assert world.put_snapshot("TN", newest).json["number"] == number + 1
    for wrong in (number, number + 1, number + 3):
        answer = world.put_snapshot("TN", world.snapshot(number=wrong, focal_points=("a",)))
        refused(answer, 409, "snapshot_number")
        assert answer.json["extras"] == {"newest": number + 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"issued": timedelta(hours=1)},
        {"expires": timedelta(0)},
        {"expires": timedelta(days=365)},
    ],
)
def test_what_no_phone_could_accept_is_not_published(world, worker, shelters, changes):
    moved = {
        name: world.now + value if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }
    before = worker.get("/v1/directory/TN").json["snapshot"]
    refused(world.put_snapshot("TN", world.snapshot(**moved)), 422, "snapshot_unusable")
    assert worker.get("/v1/directory/TN").json["snapshot"] == before


def test_one_countrys_authority_does_not_publish_anothers(world, worker, shelters):
    body = from_json(world.snapshot().payload, Snapshot)
    foreign = sign(SNAPSHOT_TYPE, attrs.evolve(body, country="MA"), world.authority())
    refused(world.put_snapshot("TN", foreign), 422, "snapshot_unusable")
    refused(world.put_snapshot("MA", foreign), 422, "unknown_key")


def test_only_the_authority_signs_it(world, worker, shelters):
    foreign = sign(SNAPSHOT_TYPE, world.snapshot().payload, world.authority("MA"))
    refused(world.put_snapshot("TN", foreign), 422, "unknown_key")
    body = to_json({"snapshot": to_plain(world.snapshot())})
    for key in (worker.key, world.authority("MA")):
        refused(world.send("PUT", "/v1/directory/TN", body, key), 403, "wrong_role")
    refused(world.send("PUT", "/v1/directory/XX", body, world.authority()), 404, "unknown_country")


def test_a_certificate_once_published_is_not_forgotten_by_leaving_it_out(world, worker, shelters):
    answer = world.put_snapshot("TN", world.snapshot(statements=()))
    assert answer.status == 200
    assert worker.get("/v1/sync/TN").status == 200


def test_a_revoked_devices_keys_leave_the_directory_at_once(world, worker, shelters):
    publish(shelters[0], shelters[0].sealing_key())
    assert len(live(worker)) == 1
    world.revoke(shelters[0])
    assert live(worker) == []
    refused(publish(shelters[0], shelters[0].sealing_key()), 403, "revoked")


def test_a_sealing_key_is_its_own_devices_and_of_now(world, worker, shelters):
    now = world.now
    own = worker.sealing_key()
    assert [publish(worker, own).status for _ in range(2)] == [201, 200]
    refused(publish(worker, shelters[0].sealing_key()), 422, "unknown_key")
    for wrong in (
        worker.sealing_key(not_before=now - timedelta(days=9), not_after=now),
        worker.sealing_key(not_after=now + timedelta(days=40)),
        worker.sealing_key(not_before=now + timedelta(days=40), not_after=now + timedelta(days=47)),
    ):
        refused(publish(worker, wrong), 422, "live_unusable")
    posing = worker.sealing_key(device=shelters[0].id)
    refused(publish(worker, posing), 403, "not_your_statement")
    assert live(shelters[0]) == [own]


def test_keys_made_ahead_are_served_and_ended_ones_are_not(world, worker, shelters):
    now = world.now
    for week in range(4):
        starts = now + timedelta(days=7 * week)
        ahead = worker.sealing_key(not_before=starts, not_after=starts + timedelta(days=8))
        assert publish(worker, ahead).status == 201
    assert len(live(shelters[0])) == 4
    world.later(days=16)
    left = [from_json(each.payload, SealingKey) for each in live(shelters[0])]
    assert [each.not_after > world.now for each in left] == [True, True]


@pytest.fixture(params=["with cryptography", "without"])
def library(request, monkeypatch):
    """A server needs no library for the keys that it hands on."""
    text = HybridIdentity(bytes(32)).recipient.text
    if request.param == "without":
        monkeypatch.delitem(sys.modules, "protocols.sealing.age_hpke", raising=False)
        monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.hpke", None)
        assert not is_available()
    return text


def test_a_device_publishes_four_weeks_of_both_kinds(world, worker, shelters, library):
    for week in range(4):
        starts = world.now + timedelta(days=7 * week)
        ends = starts + timedelta(days=8)
        pair = worker.sealing_key(not_before=starts, not_after=ends, hybrid=library)
        assert publish(worker, pair).status == 201
    served = live(shelters[0])
    assert [from_json(each.payload, SealingKey).hybrid for each in served] == [library] * 4
    assert sum(len(to_json(each)) for each in served) < 12.5 * 1024


def test_no_device_can_fill_the_directory(world, worker, shelters):
    statuses = []
    for day in range(1, 15):
        starts = world.now + timedelta(days=day)
        key = worker.sealing_key(not_before=starts, not_after=starts + timedelta(days=8))
        statuses.append(publish(worker, key).status)
    assert statuses == [201] * 8 + [422] * 6


def test_the_newest_capacity_counts_and_only_its_own_providers(world, worker, shelters):
    first, second = shelters[0], shelters[1]
    assert publish(first, capacity(first, 5), "capacity").status == 201
    world.later(minutes=1)
    newest = capacity(first, 2)
    assert publish(first, newest, "capacity").status == 201
    assert live(worker, "capacity") == [newest]
    refused(publish(second, capacity(second), "capacity"), 403, "not_your_statement")
    refused(publish(first, capacity(first, -1), "capacity"), 400, "malformed")
    future = capacity(first, stated=world.now + timedelta(hours=1))
    refused(publish(first, future, "capacity"), 422, "live_unusable")
    forged = capacity(first, 9, key=SigningKey.generate())
    refused(publish(first, forged, "capacity"), 422, "unknown_key")
    assert live(worker, "capacity") == [newest]


def test_an_older_capacity_arriving_late_does_not_replace_the_newest(world, worker, shelters):
    first = shelters[0]
    old = capacity(first, 9)
    world.later(minutes=5)
    newest = capacity(first, 0)
    publish(first, newest, "capacity")
    publish(first, old, "capacity")
    assert live(worker, "capacity") == [newest]


def envelopes(device):
    return [
        (part["recipient"], entry["event"]["index"])
        for entry in device.sync()["entries"]
        for part in entry["envelopes"]
    ]


def test_no_envelope_goes_to_anybody_but_the_provider_offered(world, worker, shelters, coordinator):
    """A colleague of the sender, another provider, a field worker of the provider's own house."""
    colleague = world.device("field_worker", SERVICE)
    inside = world.device("field_worker", SHELTERS[0])
    world.publish()
    story = worker.submit(worker.submission(*SHELTERS))
    assert len(envelopes(shelters[0])) == 1
    for device in (worker, colleague, inside, coordinator, shelters[1], shelters[2]):
        assert envelopes(device) == []
    for device in (worker, shelters[0], coordinator):
        answer = device.get(f"/v1/referrals/{story.id}/timeline")
        assert "envelopes" not in answer.json
        assert b'"data"' not in answer.body
    export = coordinator.get("/v1/log/TN/export").body
    part = story.submission.envelopes[0].data
    assert part not in export
    assert to_json(part).strip(b'"') not in export


def test_a_message_is_for_the_very_device_it_names(world, worker, shelters):
    colleague = world.device("field_worker", SERVICE)
    world.publish()
    story = worker.submit(worker.submission(*SHELTERS))
    shelters[0].take_step(story, "opened")
    shelters[0].take_step(story, "asked", (SealedPart(worker.id, b"sealed"),))
    assert [each for each, _ in envelopes(worker)] == [worker.id]
    assert envelopes(colleague) == []
    assert len(envelopes(shelters[0])) == 1


def test_an_envelope_once_stored_is_served_byte_for_byte(world, worker, shelters):
    sent = worker.submission(*SHELTERS)
    worker.submit(sent)
    (part,) = shelters[0].sync()["entries"][0]["envelopes"]
    assert from_plain(part, SealedPart) == attrs.evolve(sent.envelopes[0])
