"""Cosignatures of witnesses at the server: who may give them, what is kept and what is shown."""

import base64
import json
from datetime import timedelta

import pytest
from nacl.signing import SigningKey

from backend.store.tables import CosignatureRow
from protocols.audit.verify import verify_export
from protocols.messages import WitnessedAnswer
from protocols.plain import from_plain
from protocols.sealing.certificate import Certificate, Role, certify
from protocols.sealing.statement import keyid
from protocols.timeline.checkpoint import (
    Checkpoint,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from protocols.timeline.cosignature import cosign, witness_name, witnessed
from protocols.timeline.merkle import verify_consistency
from tests.backend.world import SHELTERS, Device

PATH = "/v1/log/TN/cosignatures"


def name_of(key):
    return witness_name(keyid(bytes(key.verify_key)))


def newest(world):
    return world.send("GET", "/v1/log/TN/checkpoint").json["checkpoint"]


def signed_by(world, key, note=None, at=None):
    note = note or newest(world)
    return note + cosign(note, name_of(key), key, at or world.now)


def give(world, key, note=None, at=None):
    return world.send("POST", PATH, b'{"checkpoint":%s}' % quoted(signed_by(world, key, note, at)))


def quoted(text):
    return json.dumps(text).encode()


@pytest.fixture
def watcher(world, shelters):
    """A machine that is certified to witness and for nothing else."""
    key = SigningKey.generate()
    public = bytes(key.verify_key)
    certificate = Certificate(
        subject=keyid(public),
        role=Role.WITNESS,
        country="TN",
        name="Fictional ombudsman's office",
        organisation=None,
        keys=(public,),
        threshold=1,
        not_before=world.now - timedelta(minutes=10),
        not_after=world.now + timedelta(days=300),
        serial="ab" * 8,
    )
    world.add("TN", certify(certificate, world.authority()))
    world.publish()
    return Device(world, key, certificate)


def shown(device, size=0):
    answer = device.get(f"/v1/log/TN/witnessed?size={size}")
    assert answer.status == 200, answer.body
    return from_plain(answer.json, WitnessedAnswer).heads


def keys_of(*devices):
    return {name_of(each.key): bytes(each.key.verify_key) for each in devices}


def test_a_coordinators_cosignature_is_kept_and_everybody_sees_it(
    world, worker, shelters, coordinator
):
    worker.submit(worker.submission(SHELTERS[0]))
    assert give(world, coordinator.key).json == {"kept": 1}
    (head,) = shown(worker)
    assert read_checkpoint(head.checkpoint).size == 2
    (by,) = witnessed(head.checkpoint, keys_of(coordinator))
    assert by.at == world.now
    assert witnessed(worker.sync()["checkpoint"], keys_of(coordinator)) == (by,)
    assert witnessed(newest(world), keys_of(coordinator)) == ()


def test_an_older_one_comes_with_the_proof_that_the_log_extends_it(
    world, worker, shelters, coordinator
):
    worker.submit(worker.submission(SHELTERS[0]))
    give(world, coordinator.key)
    for _ in range(3):
        worker.submit(worker.submission(SHELTERS[0]))
    assert witnessed(worker.sync()["checkpoint"], keys_of(coordinator)) == ()
    for size in (0, 2, 5, 8):
        (head,) = shown(worker, size)
        server = bytes(world.runtime.context.server.keys["TN"].verify_key)
        old = open_checkpoint(head.checkpoint, {read_checkpoint(head.checkpoint).origin: server})
        now = read_checkpoint(newest(world))
        if size in (0, 8):
            verify_consistency(2, 8, head.consistency, old.root, now.root)
        assert old.size == 2
    assert shown(worker, 1) == ()
    assert worker.get("/v1/log/TN/witnessed?size=99").code == "log_range"


def test_the_newest_of_each_witness_is_kept_and_the_same_twice_changes_nothing(
    world, worker, watcher, coordinator
):
    worker.submit(worker.submission(SHELTERS[0]))
    first = signed_by(world, coordinator.key)
    assert give(world, coordinator.key).json == {"kept": 1}
    assert give(world, coordinator.key).json == {"kept": 0}
    assert give(world, watcher.key).json == {"kept": 1}
    world.later(minutes=5)
    worker.submit(worker.submission(SHELTERS[0]))
    assert give(world, coordinator.key).json == {"kept": 1}
    old = world.send("POST", PATH, b'{"checkpoint":%s}' % quoted(first))
    assert old.json == {"kept": 0}
    sizes = {read_checkpoint(each.checkpoint).size for each in shown(worker)}
    assert sizes == {2, 4}
    everybody = keys_of(watcher, coordinator)
    assert sum(len(witnessed(each.checkpoint, everybody)) for each in shown(worker)) == 2


def test_only_witnesses_of_the_country_count(world, worker, shelters, coordinator):
    worker.submit(worker.submission(SHELTERS[0]))
    for key in (SigningKey.generate(), worker.key, shelters[0].key, world.authority()):
        assert give(world, key).code == "cosignature_unusable"
    world.revoke(coordinator)
    assert give(world, coordinator.key).code == "cosignature_unusable"
    assert shown(worker) == ()


def test_a_witness_revoked_later_is_shown_no_more(world, worker, watcher, coordinator):
    worker.submit(worker.submission(SHELTERS[0]))
    give(world, watcher.key)
    assert len(shown(worker)) == 1
    world.revoke(watcher)
    assert shown(worker) == ()
    give(world, coordinator.key)
    with world.runtime.database.read() as session:
        assert [each.witness for each in session.query(CosignatureRow)] == [coordinator.id]


def test_a_witness_may_do_nothing_else(world, watcher):
    for path in ("/v1/log/TN/export", "/v1/sync/TN", "/v1/directory/TN", "/v1/log/TN/witnessed"):
        assert watcher.get(path).code == "wrong_role"
    assert watcher.post("/v1/referrals", watcher.submission(SHELTERS[0])).status == 403


@pytest.mark.parametrize("change", ["signature", "time", "size", "root"])
def test_a_false_cosignature_is_not_kept(world, worker, shelters, coordinator, change):
    worker.submit(worker.submission(SHELTERS[0]))
    note = signed_by(world, coordinator.key)
    head, _, last = note.removesuffix("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(last))
    if change == "signature":
        raw[-1] ^= 1
    if change == "time":
        raw[11] ^= 1
    lines = head.split("\n")
    if change == "size":
        lines[1] = "1"
    if change == "root":
        lines[2] = base64.b64encode(bytes(32)).decode()
    spoilt = "\n".join(lines) + " " + base64.b64encode(raw).decode() + "\n"
    answer = world.send("POST", PATH, b'{"checkpoint":%s}' % quoted(spoilt))
    assert answer.status in (409, 422)
    assert answer.code in ("false_cosignature", "not_this_history")
    assert shown(worker) == ()


def test_another_history_is_named_as_such(world, worker, shelters, coordinator):
    """A server that was set back to a copy of yesterday learns it from its first witness."""
    worker.submit(worker.submission(SHELTERS[0]))
    origin = read_checkpoint(newest(world)).origin
    key = world.runtime.context.server.keys["TN"]
    for size in (2, 3, 10**6):
        note = sign_checkpoint(Checkpoint(origin, size, b"\x01" * 32), origin, key)
        answer = give(world, coordinator.key, note)
        assert (answer.status, answer.code) == (409, "not_this_history")
    other = sign_checkpoint(Checkpoint("amana/other/tn", 2, b"\x01" * 32), "amana/other/tn", key)
    assert give(world, coordinator.key, other).code == "cosignature_unusable"


def test_a_witness_whose_clock_is_ahead_is_told_so(world, worker, shelters, coordinator):
    worker.submit(worker.submission(SHELTERS[0]))
    ahead = give(world, coordinator.key, at=world.now + timedelta(minutes=6))
    assert ahead.code == "cosignature_unusable"
    assert "clock" in ahead.json["advice"]
    assert give(world, coordinator.key, at=world.now + timedelta(minutes=4)).json == {"kept": 1}


def test_bytes_that_are_none_are_refused_by_name(world, shelters):
    for note in ("", "x", "a\n\nb\n"):
        answer = world.send("POST", PATH, b'{"checkpoint":%s}' % quoted(note))
        assert (answer.status, answer.code) == (400, "bad_checkpoint")
    assert world.send("POST", "/v1/log/XX/cosignatures", b'{"checkpoint":"x"}').status == 404


def test_an_export_carries_them_and_verifies(world, worker, watcher, coordinator):
    worker.submit(worker.submission(SHELTERS[0]))
    give(world, watcher.key)
    worker.submit(worker.submission(SHELTERS[0]))
    give(world, coordinator.key)
    lines = coordinator.get("/v1/log/TN/export").body.splitlines(keepends=True)
    assert sum(b'"type":"cosigned"' in each for each in lines) == 1
    report = verify_export(lines, world.keys.root)
    assert report.faults == ()


def test_strangers_and_repeats_write_nothing_and_lock_nothing(
    world, worker, shelters, coordinator, monkeypatch
):
    """Who knows no certified key, or sends what is known, can hold up no referral."""
    worker.submit(worker.submission(SHELTERS[0]))
    assert give(world, coordinator.key).json == {"kept": 1}

    def written(*_, **__):
        raise AssertionError("a write")

    monkeypatch.setattr(type(world.runtime), "write", written)
    assert give(world, coordinator.key).json == {"kept": 0}
    assert give(world, SigningKey.generate()).code == "cosignature_unusable"


def test_a_witness_that_cosigned_before_it_was_certified_is_told_so(
    world, worker, shelters, coordinator
):
    worker.submit(worker.submission(SHELTERS[0]))
    early = give(world, coordinator.key, at=world.now - timedelta(days=2))
    assert early.code == "cosignature_unusable"
