"""The main path over HTTP: submitted, offered, declined, offered on, accepted, closed."""

import base64
import hashlib

from backend.services.referring import UnknownReferralError
from protocols.messages import SealedPart, Submission
from protocols.plain import decode_base64
from protocols.sealing.statement import keyid, sign
from protocols.timeline.checkpoint import open_checkpoint
from protocols.timeline.event import EVENT_TYPE
from protocols.timeline.merkle import leaf_hash, verify_consistency, verify_inclusion
from tests.backend.world import SHELTERS, Story, refs


def checkpoint_of(world, note, country="TN"):
    origin = world.runtime.context.server.origin(country)
    key = bytes(world.runtime.context.server.keys[country].verify_key)
    return open_checkpoint(note, {origin: key})


def prove(world, events, note):
    checkpoint = checkpoint_of(world, note)
    for each in events:
        verify_inclusion(
            each["index"],
            checkpoint.size,
            leaf_hash(decode_base64(each["leaf"])),
            [decode_base64(node) for node in each["proof"]],
            checkpoint.root,
        )
    return checkpoint


def test_a_referral_from_submission_to_feedback(world, worker, shelters, coordinator) -> None:
    first, second, third = shelters
    sent = worker.submission(*SHELTERS)
    answer = worker.post("/v1/referrals", sent)
    assert answer.status == 201
    prove(world, answer.json["events"], answer.json["checkpoint"])
    story = Story(world, sent)
    story.take(answer)
    assert story.kinds == ["submitted", "offered"]
    assert story.newest[0].provider == SHELTERS[0]
    server = keyid(bytes(world.runtime.context.server.keys["TN"].verify_key))
    assert story.newest[0].actor == server

    assert first.take_step(story, "declined", reason="no_places").status == 201
    assert story.kinds[-2:] == ["declined", "offered"]
    assert story.newest[0].provider == SHELTERS[1]

    for kind, fields in (
        ("opened", {}),
        ("accepted", {}),
        ("in_service", {}),
        ("closed", {"reason": "helped"}),
        ("feedback", {}),
    ):
        world.later(minutes=1)
        assert second.take_step(story, kind, **fields).status == 201, kind
    timeline = worker.get(f"/v1/referrals/{story.id}/timeline").json
    assert len(timeline["events"]) == len(story.events) == 9
    prove(world, timeline["events"], timeline["checkpoint"])
    for one in (first, second, coordinator):
        assert one.get(f"/v1/referrals/{story.id}/timeline").json["events"] == timeline["events"]
    hidden = third.get(f"/v1/referrals/{story.id}/timeline")
    assert (hidden.status, hidden.code) == (404, UnknownReferralError.code)


def test_each_side_gets_its_envelope_only_in_its_turn(world, worker, shelters, coordinator) -> None:
    first, second, third = shelters
    sent = worker.submission(*SHELTERS)
    data = {part.recipient: part.data for part in sent.envelopes}
    story = worker.submit(sent)

    def envelopes(device):
        return [
            base64.b64decode(part["data"])
            for entry in device.sync()["entries"]
            for part in entry["envelopes"]
        ]

    assert envelopes(first) == [data[SHELTERS[0]]]
    assert second.sync()["entries"] == []
    assert envelopes(worker) == envelopes(coordinator) == []

    first.take_step(story, "declined", reason="no_places")
    assert envelopes(first) == []
    assert len(first.sync()["entries"]) == 3
    assert envelopes(second) == [data[SHELTERS[1]]]
    assert third.sync()["entries"] == []

    world.later(minutes=60)
    assert envelopes(second) == []
    assert envelopes(third) == [data[SHELTERS[2]]]
    assert worker.take_step(story, "withdrawn").code == "timeline_moved"
    story.take(worker.get(f"/v1/referrals/{story.id}/timeline"))
    assert worker.take_step(story, "withdrawn").status == 201
    assert envelopes(third) == []


def test_messages_reach_the_other_side_only(world, worker, shelters, coordinator) -> None:
    first = shelters[0]
    story = worker.submit(worker.submission(*SHELTERS))
    first.take_step(story, "opened")
    question = (SealedPart(worker.id, b"sealed question"),)
    assert first.take_step(story, "asked", question).status == 201
    entry = worker.sync()["entries"][-1]
    assert [base64.b64decode(part["data"]) for part in entry["envelopes"]] == [b"sealed question"]
    reply = (SealedPart(SHELTERS[0], b"sealed answer"),)
    assert worker.take_step(story, "answered", reply).status == 201
    entry = first.sync()["entries"][-1]
    assert [base64.b64decode(part["data"]) for part in entry["envelopes"]] == [b"sealed answer"]
    stray = (SealedPart(SHELTERS[1], b"for somebody else"),)
    assert first.take_step(story, "asked", stray).code == "envelopes_mismatch"
    assert coordinator.sync()["entries"][-1]["envelopes"] == []


def test_sync_pages_by_cursor_and_proves_consistency(world, worker, shelters, coordinator) -> None:
    for _ in range(5):
        worker.submit(worker.submission(*SHELTERS))
        world.later(seconds=5)
    cursor, known, roots, seen = 0, 0, {}, []
    while True:
        page = coordinator.sync(after=cursor, known=known, limit=3)
        checkpoint = prove(world, [each["event"] for each in page["entries"]], page["checkpoint"])
        if known:
            proof = [decode_base64(each) for each in page["consistency"]]
            verify_consistency(known, checkpoint.size, proof, roots[known], checkpoint.root)
        known, roots[checkpoint.size] = checkpoint.size, checkpoint.root
        seen += [each["event"]["index"] for each in page["entries"]]
        assert page["cursor"] > cursor or not page["more"]
        cursor = page["cursor"]
        if len(seen) == 6:
            worker.submit(worker.submission(*SHELTERS))
        if not page["more"]:
            break
    assert seen == list(range(12))
    again = coordinator.sync(after=cursor, known=known)
    assert (again["entries"], again["cursor"], again["more"]) == ([], 12, False)


def test_a_client_that_saw_more_than_a_restored_server_is_not_soothed(
    world, worker, shelters
) -> None:
    worker.submit(worker.submission(*SHELTERS))
    page = worker.sync(after=40, known=40)
    assert checkpoint_of(world, page["checkpoint"]).size == 2
    assert (page["entries"], page["consistency"], page["cursor"]) == ([], [], 2)


def test_a_page_is_cut_before_its_envelopes_grow_too_large(world, worker, shelters) -> None:
    big = [SealedPart(SHELTERS[0], bytes([number]) * 1_500_000) for number in range(4)]
    for part in big:
        event = worker.event("submitted", envelopes=refs((part,)), respond_within=60)
        worker.submit(Submission(sign(EVENT_TYPE, event, worker.key), (part,)))
    first = shelters[0].sync()
    assert [len(each["envelopes"]) for each in first["entries"]] == [1, 1]
    assert first["more"]
    rest = shelters[0].sync(after=first["cursor"])
    found = [each["envelopes"][0]["data"] for each in first["entries"] + rest["entries"]]
    digests = [hashlib.sha256(base64.b64decode(each)).hexdigest() for each in found]
    assert digests == [hashlib.sha256(part.data).hexdigest() for part in big]
