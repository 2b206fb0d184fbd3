"""The steps of an enrolment's comparison over HTTP: once each, in their turn, by whoever may."""

import pytest
from nacl.signing import SigningKey

from backend.api.duties import Duties
from backend.store import enrolments
from protocols.plain import from_plain, to_json
from protocols.sealing.comparing import CONTRIBUTION_TYPE, Contribution, read_contribution
from protocols.sealing.statement import Statement, sign
from protocols.sealing.truststore import TrustStore
from tests.backend.enrolling import Newcomer

DRAWN, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def newcomer(world, shelters):
    made = Newcomer(world)
    assert made.ask().status == 202
    return made


def refused(answer, status, code):
    assert (answer.status, answer.code) == (status, code), answer.body


def listed(world, newcomer, key):
    path = f"/v1/enrolments?country=TN&invitation={newcomer.invitation}"
    return world.send("GET", path, key=key)


def test_each_side_gets_the_others_number_in_its_turn(world, newcomer, coordinator):
    (before,) = listed(world, newcomer, coordinator.key).json
    assert (before["contribution"], before["opening"]) == (None, None)
    refused(newcomer.open(), 409, "enrolment_step_early")
    assert newcomer.contribute(DRAWN, coordinator.key).status == 200
    status = newcomer.poll().json
    given = from_plain(status["contribution"], Statement)
    trust = TrustStore.build(
        world.keys.root, [from_plain(each, Statement) for each in status["statements"]]
    )
    assert read_contribution(given, trust, newcomer.asked.claim, "TN", world.now) == DRAWN
    assert newcomer.open().status == 200
    (after,) = listed(world, newcomer, coordinator.key).json
    assert from_plain(after["opening"], bytes) == newcomer.nonce


def test_the_authority_may_draw_as_well_as_a_coordinator(world, newcomer):
    assert newcomer.contribute(DRAWN).status == 200
    status = newcomer.poll().json
    authorities = world.send("GET", "/v1/programme").json["authorities"]
    trust = TrustStore.build(world.keys.root, [from_plain(each, Statement) for each in authorities])
    given = from_plain(status["contribution"], Statement)
    assert read_contribution(given, trust, newcomer.asked.claim, "TN", world.now) == DRAWN


def test_a_number_is_drawn_once(newcomer, coordinator):
    assert newcomer.contribute(DRAWN, coordinator.key).status == 200
    assert newcomer.contribute(DRAWN, coordinator.key).status == 200
    refused(newcomer.contribute(OTHER, coordinator.key), 409, "enrolment_step_taken")
    refused(newcomer.contribute(DRAWN), 409, "enrolment_step_taken")


def test_only_the_number_committed_to_opens(newcomer, coordinator):
    newcomer.contribute(DRAWN, coordinator.key)
    for wrong in (OTHER, b"short", newcomer.nonce + b"\0"):
        refused(newcomer.open(wrong), 422, "false_opening")
    refused(newcomer.open(key=SigningKey.generate()), 404, "unknown_enrolment")
    assert newcomer.open().status == 200
    assert newcomer.open().status == 200


def test_strangers_workers_and_other_countries_draw_vouch_and_refuse_nothing(
    world, newcomer, worker, shelters
):
    for key in (worker.key, shelters[0].key, SigningKey.generate(), newcomer.key):
        assert newcomer.contribute(DRAWN, key).status in {401, 403}
        assert newcomer.refuse(key).status in {401, 403}
        assert listed(world, newcomer, key).status in {401, 403}
    refused(newcomer.contribute(DRAWN, world.authority("MA")), 404, "unknown_enrolment")
    refused(newcomer.refuse(world.authority("MA")), 404, "unknown_enrolment")
    assert newcomer.poll().json["state"] == "pending"


def test_a_coordinator_sees_only_what_was_asked_with_an_invitation_it_knows(
    world, newcomer, coordinator
):
    Newcomer(world).ask()
    refused(world.send("GET", "/v1/enrolments?country=TN", key=coordinator.key), 403, "wrong_role")
    refused(
        world.send("GET", "/v1/enrolments?country=MA&invitation=x", key=coordinator.key),
        403,
        "wrong_country",
    )
    (found,) = listed(world, newcomer, coordinator.key).json
    assert found["id"] == newcomer.id


def test_what_is_drawn_is_for_this_device_and_signed_by_who_hands_it_in(newcomer, coordinator):
    other = Newcomer(newcomer.world)
    other.ask()
    stolen = other.contribution(DRAWN, coordinator.key)
    refused(newcomer.step("contribution", given(stolen), coordinator.key), 422, "comparison")
    by_stranger = newcomer.contribution(DRAWN, SigningKey.generate())
    refused(
        newcomer.step("contribution", given(by_stranger), coordinator.key), 422, "unknown_device"
    )
    claim = newcomer.asked.claim
    long = Contribution(claim.invitation, claim.device, claim.commitment, bytes(5000))
    swollen = sign(CONTRIBUTION_TYPE, long, coordinator.key)
    refused(newcomer.step("contribution", given(swollen), coordinator.key), 400, "malformed")


def given(statement):
    return {"statement": statement}


def test_a_coordinators_word_waits_for_the_authority(world, newcomer, coordinator):
    refused(newcomer.vouch(coordinator), 409, "enrolment_step_early")
    newcomer.contribute(DRAWN, coordinator.key)
    refused(newcomer.vouch(coordinator), 409, "enrolment_step_early")
    newcomer.open()
    assert newcomer.vouch(coordinator).status == 200
    world.later(minutes=1)
    assert newcomer.vouch(coordinator).status == 200
    (found,) = listed(world, newcomer, world.authority()).json
    assert to_json(from_plain(found["endorsement"], Statement)) == to_json(
        newcomer.word(coordinator)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": "a" * 32}, "comparison"),
        ({"sealing_digest": "0" * 64}, "comparison"),
        ({"invitation": "tn-other"}, "comparison"),
        ({"country": "MA"}, "comparison"),
        ({"role": "coordinator"}, "comparison"),
        ({"organisation": "fictional-nobody"}, "unknown_device"),
        ({"label": "x" * 3000}, "malformed"),
    ],
)
def test_a_word_for_something_else_is_not_kept(newcomer, coordinator, changes, code):
    newcomer.contribute(DRAWN, coordinator.key)
    newcomer.open()
    assert newcomer.vouch(coordinator, **changes).code == code


def test_a_revoked_coordinator_draws_and_vouches_no_more(world, newcomer, coordinator):
    newcomer.contribute(DRAWN, coordinator.key)
    newcomer.open()
    world.revoke(coordinator)
    refused(newcomer.vouch(coordinator), 403, "revoked")
    later = Newcomer(world)
    later.ask()
    refused(later.contribute(DRAWN, coordinator.key), 403, "revoked")


def test_a_coordinator_refuses_and_the_device_hears_why(newcomer, coordinator):
    refused(newcomer.refuse(coordinator.key, "because"), 400, "malformed")
    assert newcomer.refuse(coordinator.key, "two_devices").status == 200
    assert newcomer.refuse(coordinator.key, "different").status == 200
    found = newcomer.poll().json
    assert (found["state"], found["reason"]) == ("refused", "two_devices")
    refused(newcomer.contribute(DRAWN, coordinator.key), 409, "enrolment_decided")
    refused(newcomer.open(), 409, "enrolment_decided")


def test_one_invitation_brings_few_requests(world, newcomer):
    others = [Newcomer(world, newcomer.invitation) for _ in range(8)]
    assert [each.ask().status for each in others] == [202] * 7 + [429]
    assert newcomer.ask().status == 202


def test_nothing_of_a_comparison_stays_once_it_is_approved(world, newcomer, coordinator):
    def kept():
        with world.runtime.database.read() as session:
            row = enrolments.enrolment(session, newcomer.id)
            return row.request, row.contribution, row.opening, row.endorsement

    newcomer.contribute(DRAWN, coordinator.key)
    newcomer.open()
    newcomer.vouch(coordinator)
    assert all(kept())
    newcomer.approve()
    assert kept() == (b"", None, None, None)
    assert newcomer.poll().json["state"] == "approved"
    assert newcomer.open().json["state"] == "approved"


def test_what_was_never_approved_is_forgotten_with_its_comparison(world, newcomer, coordinator):
    newcomer.contribute(DRAWN, coordinator.key)
    world.later(days=31)
    Duties(world.runtime).round(tidying=True)
    refused(newcomer.poll(), 404, "unknown_enrolment")
