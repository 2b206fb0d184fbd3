"""Submissions and steps that break a rule: refused by name, with nothing half-written."""

import attrs
import pytest
from sqlalchemy import func, select

from backend.store.tables import EnvelopeRow, LeafRow, NodeRow, OfferRow, ReferralRow
from protocols.messages import SealedPart, Submission
from protocols.plain import from_json
from protocols.sealing.statement import sign
from protocols.timeline.event import EVENT_TYPE, Event
from tests.backend.world import SERVICE, SHELTERS, refs

TABLES = (LeafRow, NodeRow, ReferralRow, EnvelopeRow, OfferRow)


def rows(world):
    with world.runtime.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def changed(device, submission, **fields):
    event = attrs.evolve(from_json(submission.event.payload, Event), **fields)
    return attrs.evolve(submission, event=sign(EVENT_TYPE, event, device.key))


def test_the_same_again_is_the_same_answer(world, worker, shelters) -> None:
    sent = worker.submission(*SHELTERS)
    first = worker.post("/v1/referrals", sent)
    before = rows(world)
    again = worker.post("/v1/referrals", sent)
    assert (first.status, again.status) == (201, 200)
    assert (first.json["duplicate"], again.json["duplicate"]) == (False, True)
    assert [each["leaf"] for each in again.json["events"]] == [
        each["leaf"] for each in first.json["events"]
    ]
    assert rows(world) == before


def test_a_repeated_step_answers_what_followed_it_then(world, worker, shelters) -> None:
    story = worker.submit(worker.submission(*SHELTERS))
    step = shelters[0].step(story, "declined", reason="no_places")
    first = shelters[0].post(story.events_path, step)
    story.take(first)
    shelters[1].take_step(story, "opened")
    again = shelters[0].post(story.events_path, step)
    assert again.status == 200
    assert [each["leaf"] for each in again.json["events"]] == [
        each["leaf"] for each in first.json["events"]
    ]


def test_a_re_signed_submission_is_the_same_submission(world, worker, shelters) -> None:
    sent = worker.submission(*SHELTERS)
    assert worker.post("/v1/referrals", sent).status == 201
    signature = sent.event.signatures[0]
    doubled = attrs.evolve(sent.event, signatures=(signature, signature))
    assert worker.post("/v1/referrals", attrs.evolve(sent, event=doubled)).status == 200


def test_another_submission_under_the_same_id(world, worker, shelters) -> None:
    sent = worker.submission(*SHELTERS)
    worker.submit(sent)
    before = rows(world)
    other = changed(worker, sent, respond_within=240)
    answer = worker.post("/v1/referrals", other)
    assert (answer.status, answer.code) == (409, "referral_exists")
    colleague = world.device("field_worker", SERVICE)
    world.publish()
    stolen = changed(colleague, sent, actor=colleague.id)
    assert colleague.post("/v1/referrals", stolen).code == "referral_exists"
    assert rows(world) == before


@pytest.mark.parametrize("broken", ["missing", "extra", "altered", "doubled", "renamed"])
def test_envelopes_must_be_those_named(world, worker, shelters, broken) -> None:
    sent = worker.submission(*SHELTERS)
    first, *rest = sent.envelopes
    parts = {
        "missing": tuple(rest),
        "extra": (*sent.envelopes, SealedPart("demo-shelter-d", b"x")),
        "altered": (attrs.evolve(first, data=first.data[::-1]), *rest),
        "doubled": (first, first, *rest),
        "renamed": (attrs.evolve(first, recipient=SHELTERS[1]), *rest),
    }[broken]
    answer = worker.post("/v1/referrals", attrs.evolve(sent, envelopes=parts))
    assert (answer.status, answer.code) == (422, "envelopes_mismatch")
    assert rows(world) == [0, 0, 0, 0, 0]


def test_events_of_others(world, worker, shelters) -> None:
    colleague = world.device("field_worker", SERVICE)
    world.publish()
    sent = worker.submission(*SHELTERS)
    answer = colleague.post("/v1/referrals", sent)
    assert (answer.status, answer.code) == (422, "unknown_key")
    foreign = changed(worker, sent, country="MA")
    assert worker.post("/v1/referrals", foreign).code == "not_your_event"
    lying = changed(worker, sent, actor=colleague.id)
    assert worker.post("/v1/referrals", lying).code == "not_your_event"
    assert rows(world) == [0, 0, 0, 0, 0]


def test_an_event_altered_on_the_way(world, worker, shelters) -> None:
    sent = worker.submission(*SHELTERS)
    payload = sent.event.payload.replace(b'"respond_within":60', b'"respond_within":64')
    assert payload != sent.event.payload
    answer = worker.post(
        "/v1/referrals", attrs.evolve(sent, event=attrs.evolve(sent.event, payload=payload))
    )
    assert (answer.status, answer.code) == (422, "bad_signature")


def test_a_time_to_come(world, worker, shelters) -> None:
    sent = worker.submission(*SHELTERS)
    world.now, real = world.now.replace(hour=18), world.now
    late = changed(worker, sent, claimed=world.now)
    world.now = real
    assert worker.post("/v1/referrals", late).code == "claimed_in_future"


def test_unknown_provider(world, worker, shelters) -> None:
    answer = worker.post("/v1/referrals", worker.submission(SHELTERS[0], "demo-nobody"))
    assert (answer.status, answer.code) == (422, "unknown_provider")
    assert answer.json["extras"] == {"provider": "demo-nobody"}
    assert rows(world) == [0, 0, 0, 0, 0]


def test_a_step_on_an_old_head_learns_what_moved(world, worker, shelters) -> None:
    story = worker.submit(worker.submission(*SHELTERS))
    stale = worker.step(story, "withdrawn")
    shelters[0].take_step(story, "opened")
    answer = worker.post(story.events_path, stale)
    assert (answer.status, answer.code) == (409, "timeline_moved")
    assert answer.json["extras"] == {"head": story.newest[1], "state": "opened", "sequence": 2}


def test_two_devices_of_one_provider_accept(world, worker, shelters) -> None:
    colleague = world.device("provider_staff", SHELTERS[0])
    world.publish()
    story = worker.submit(worker.submission(*SHELTERS))
    shelters[0].take_step(story, "opened")
    late = colleague.step(story, "accepted")
    assert shelters[0].take_step(story, "accepted").status == 201
    answer = colleague.post(story.events_path, late)
    assert (answer.status, answer.code) == (409, "already_accepted")
    assert answer.json["extras"]["provider"] == SHELTERS[0]


def test_out_of_turn(world, worker, shelters) -> None:
    story = worker.submit(worker.submission(*SHELTERS))
    answer = shelters[1].take_step(story, "accepted")
    assert (answer.status, answer.code) == (404, "unknown_referral")
    answer = worker.take_step(story, "accepted")
    assert (answer.status, answer.json["extras"]["rule"]) == (409, "not_recipient")
    answer = shelters[0].take_step(story, "expired", provider=SHELTERS[0])
    assert (answer.status, answer.json["extras"]["rule"]) == (409, "not_server")
    shelters[0].take_step(story, "declined", reason="no_places")
    answer = shelters[0].take_step(story, "opened")
    assert answer.json["extras"]["rule"] == "offer_ended"


def test_a_step_sent_to_another_referrals_address(world, worker, shelters) -> None:
    one = worker.submit(worker.submission(*SHELTERS))
    two = worker.submit(worker.submission(*SHELTERS))
    answer = worker.post(two.events_path, worker.step(one, "withdrawn"))
    assert (answer.status, answer.code) == (403, "not_your_event")
    again = worker.submission(*SHELTERS)
    assert worker.post(one.events_path, again).code == "not_your_event"


def test_steps_of_an_unknown_referral(world, worker, shelters) -> None:
    story = worker.submit(worker.submission(*SHELTERS))
    ghost = changed(worker, worker.step(story, "withdrawn"), referral="a" * 26)
    answer = worker.post(f"/v1/referrals/{'a' * 26}/events", ghost)
    assert (answer.status, answer.code) == (404, "unknown_referral")


def test_too_long_a_shortlist_in_bytes(world, worker, shelters) -> None:
    part = SealedPart(SHELTERS[0], b"")
    with pytest.raises(Exception, match="envelope of 0 bytes"):
        refs((part,))
    body = Submission(worker.submission(SHELTERS[0]).event, (part,))
    assert worker.post("/v1/referrals", body).code == "envelopes_mismatch"
