"""What the server gives to whom when a phone is lost: colleagues go on, strangers learn nothing."""

import base64

import pytest

from protocols.messages import SealedPart
from tests.backend.world import SERVICE, SHELTERS

SEALED = (SealedPart(SHELTERS[0], b"the case, sealed anew"),)


@pytest.fixture
def colleague(world, worker):
    """Another field worker of the same service."""
    return world.device("field_worker", SERVICE)


@pytest.fixture
def new_phone(world, shelters):
    """A second device of the first shelter, certified later."""
    made = world.device("provider_staff", SHELTERS[0])
    world.publish()
    return made


def envelopes(device, **more):
    return [
        base64.b64decode(part["data"])
        for entry in device.sync(**more)["entries"]
        for part in entry["envelopes"]
    ]


def taken(worker, shelter):
    story = worker.submit(worker.submission(*SHELTERS))
    for kind in ("opened", "accepted"):
        assert shelter.take_step(story, kind).status == 201
    return story


def refusal(answer):
    return answer.status, (answer.json.get("extras") or {}).get("rule", answer.code)


def test_colleagues_follow_a_lost_phones_referrals_and_no_present_ones(
    world, worker, colleague, shelters
) -> None:
    story = taken(worker, shelters[0])
    assert colleague.sync()["entries"] == []
    stranger = world.device("field_worker", "demo-office-tn")
    world.revoke(worker)
    assert len(colleague.sync()["entries"]) == len(story.events)
    assert stranger.sync()["entries"] == []
    report = (SealedPart(SERVICE, b"for whoever goes on"),)
    assert shelters[0].take_step(story, "feedback", report).status == 201
    assert envelopes(colleague) == [b"for whoever goes on"]
    assert worker.get("/v1/sync/TN?after=0&known=0&limit=9").code == "revoked"
    assert colleague.take_step(story, "withdrawn").status == 201


def test_a_message_for_one_device_goes_to_no_colleague(world, worker, colleague, shelters) -> None:
    story = taken(worker, shelters[0])
    shelters[0].take_step(story, "asked", (SealedPart(worker.id, b"for one phone"),))
    world.revoke(worker)
    assert envelopes(colleague) == []


def test_a_case_sealed_anew_goes_to_the_provider_and_stays_for_its_later_devices(
    world, worker, shelters, new_phone, coordinator
) -> None:
    first, second, _ = shelters
    story = taken(worker, first)
    assert first.take_step(story, "resealed", SEALED, provider=SHELTERS[0]).status == 201
    assert story.kinds[-1] == "resealed"
    assert SEALED[0].data in envelopes(new_phone)
    assert new_phone.take_step(story, "opened").status == 201
    assert envelopes(second) == envelopes(worker) == envelopes(coordinator) == []
    assert worker.take_step(story, "withdrawn").status == 201
    assert envelopes(new_phone) == []


def test_who_cannot_open_it_asks_and_the_sender_seals_it_anew(
    world, worker, shelters, new_phone
) -> None:
    story = taken(worker, shelters[0])
    again = {"parts": SEALED, "provider": SHELTERS[0]}
    assert refusal(worker.take_step(story, "resealed", **again)) == (409, "nobody_asked")
    world.revoke(shelters[0])
    assert new_phone.take_step(story, "unreadable", reason="no_match").status == 201
    assert refusal(new_phone.take_step(story, "unreadable")) == (409, "already_unreadable")
    assert worker.take_step(story, "resealed", **again).status == 201
    assert SEALED[0].data in envelopes(new_phone)
    assert new_phone.take_step(story, "opened").status == 201


def test_whoever_else_seals_it_anew_is_refused(world, worker, shelters, new_phone) -> None:
    first, second, _ = shelters
    story = taken(worker, first)
    other = world.device("field_worker", "demo-office-tn")
    world.publish()
    again = {"parts": SEALED, "provider": SHELTERS[0]}
    assert refusal(new_phone.take_step(story, "resealed", **again)) == (409, "not_opened")
    for stranger in (second, other):
        assert stranger.take_step(story, "resealed", **again).status == 404
    away = {"parts": (SealedPart(SHELTERS[1], b"away"),), "provider": SHELTERS[1]}
    assert refusal(first.take_step(story, "resealed", **away)) == (422, "envelopes_mismatch")
    world.revoke(first)
    assert first.take_step(story, "resealed", **again).code == "revoked"
    assert story.kinds[-1] == "accepted"


def test_a_provider_that_declined_seals_nothing_anew(world, worker, shelters) -> None:
    story = worker.submit(worker.submission(*SHELTERS))
    shelters[0].take_step(story, "opened")
    shelters[0].take_step(story, "declined", reason="no_places")
    answer = shelters[0].take_step(story, "resealed", SEALED, provider=SHELTERS[0])
    assert answer.code == "envelopes_mismatch"
    shelters[1].take_step(story, "opened")
    answer = shelters[0].take_step(story, "resealed", SEALED, provider=SHELTERS[0])
    assert answer.code == "envelopes_mismatch"
