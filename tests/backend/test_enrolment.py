"""Enrolling over HTTP: one device an invitation, certified by its own country's authority alone."""

import attrs
import pytest
from nacl.signing import SigningKey

from backend.api.duties import Duties
from backend.api.runtime import install
from backend.services import enrolling
from backend.services.callers import WrongRoleError
from backend.store import enrolments
from protocols.plain import from_plain
from protocols.sealing.certificate import Role, certify
from protocols.sealing.statement import Statement, keyid
from protocols.sealing.truststore import TrustStore
from tests.backend.enrolling import Newcomer
from tests.backend.world import OFFICE, SERVICE, make_world


@pytest.fixture
def newcomer(world, shelters):
    made = Newcomer(world)
    assert made.ask().status == 202
    return made


def refused(answer, status, code):
    assert (answer.status, answer.code) == (status, code), answer.body


def stands(newcomer, state, *, reason=None):
    """A status without statements."""
    return {
        "id": newcomer.id,
        "state": state,
        "statements": [],
        "contribution": None,
        "reason": reason,
    }


def test_asked_approved_and_certified_up_to_the_root(world, newcomer):
    assert newcomer.poll().json == stands(newcomer, "pending")
    refused(newcomer.device.get("/v1/sync/TN"), 401, "unknown_device")
    assert newcomer.approve().json["state"] == "approved"
    statements = [from_plain(each, Statement) for each in newcomer.poll().json["statements"]]
    trust = TrustStore.build(world.keys.root, statements)
    device = trust.device(keyid(bytes(newcomer.key.verify_key)), world.now)
    assert (device.role, device.organisation) == (Role.FIELD_WORKER, SERVICE)
    assert newcomer.device.get("/v1/sync/TN").status == 200


def test_its_first_sealing_key_is_in_the_directory_from_then_on(world, newcomer, worker):
    def live():
        return [each["payload"] for each in worker.get("/v1/directory/TN").json["live"]]

    before = live()
    newcomer.approve()
    assert len(live()) == len(before) + 1


def test_asking_again_is_the_same_request_in_every_state(world, newcomer):
    request = newcomer.request()
    first = newcomer.id
    for state in ("pending", "approved"):
        answer = newcomer.ask(request)
        assert (answer.status, answer.json["id"], answer.json["state"]) == (202, first, state)
        newcomer.approve()


def test_an_invitation_lets_one_device_in(world, newcomer):
    thief = Newcomer(world, newcomer.invitation)
    assert thief.ask().status == 202
    assert thief.id != newcomer.id
    newcomer.approve()
    refused(thief.approve(), 409, "invitation_used")
    assert thief.poll().json == stands(thief, "refused", reason="used")
    refused(Newcomer(world, newcomer.invitation).ask(), 409, "invitation_used")
    refused(thief.device.get("/v1/sync/TN"), 401, "unknown_device")


def test_only_the_device_that_asked_may_look(world, newcomer, worker):
    for key in (SigningKey.generate(), worker.key):
        refused(newcomer.poll(key), 404, "unknown_enrolment")
    newcomer.approve()
    refused(newcomer.poll(SigningKey.generate()), 404, "unknown_enrolment")
    refused(world.send("GET", "/v1/enrolments/none", key=newcomer.key), 404, "unknown_enrolment")


def test_a_request_is_signed_by_the_key_it_puts_forward(world, shelters):
    newcomer = Newcomer(world)
    refused(newcomer.ask(key=SigningKey.generate()), 422, "bad_signature")
    other = Newcomer(world)
    stolen = other.device.sealing_key()
    refused(newcomer.ask(newcomer.request(sealing_key=stolen)), 422, "unknown_key")


@pytest.mark.parametrize(
    "changes",
    [
        {"label": ""},
        {"label": "x" * 101},
        {"proof": b"short"},
        {"commitment": b"short"},
        {"invitation": ""},
        {"invitation": "x" * 129},
        {"device_key": b"short"},
    ],
)
def test_a_request_of_impossible_lengths_is_refused(world, shelters, changes):
    newcomer = Newcomer(world)
    refused(newcomer.ask(newcomer.request(**changes)), 400, "malformed")


def test_approving_the_same_again_changes_nothing(world, newcomer):
    approval = newcomer.approval()
    assert newcomer.approve(approval).status == 200
    version = world.numbers["TN"]
    again = newcomer.approve(approval)
    assert (again.status, again.json["state"]) == (200, "approved")
    assert world.numbers["TN"] == version


def test_what_an_approved_device_said_of_itself_is_not_kept(world, newcomer):
    def kept():
        with world.runtime.database.read() as session:
            return enrolments.enrolment(session, newcomer.id)

    said = kept().request
    assert b"Fictional newcomer" in said
    newcomer.approve()
    assert (kept().state, kept().bound, kept().request) == ("approved", newcomer.invitation, b"")
    with world.runtime.database.write() as session:
        enrolments.enrolment(session, newcomer.id).request = said
    Duties(world.runtime).round(tidying=True)
    assert kept().request == b""
    assert newcomer.poll().json["state"] == "approved"
    assert newcomer.ask(newcomer.request()).status == 202


def test_refused_is_refused_and_approved_is_approved(world, newcomer):
    assert newcomer.refuse().json["state"] == "refused"
    assert newcomer.refuse().status == 200
    refused(newcomer.approve(), 409, "enrolment_decided")
    assert newcomer.poll().json == stands(newcomer, "refused", reason="refused")
    other = Newcomer(world)
    other.ask()
    other.approve()
    refused(other.refuse(), 409, "enrolment_decided")


def wrong_certificates(newcomer):
    own = newcomer.certificate
    authority = newcomer.world.authority()
    stranger = Newcomer(newcomer.world).certificate
    return {
        "another key": certify(stranger, authority),
        "by nobody": certify(own, SigningKey.generate()),
        "of no organisation here": certify(
            attrs.evolve(own, organisation="fictional-nobody"), authority
        ),
        "already over": certify(
            attrs.evolve(
                own,
                not_before=own.not_before.replace(year=2020),
                not_after=own.not_after.replace(year=2021),
            ),
            authority,
        ),
        "by another country's authority": certify(own, newcomer.world.authority("MA")),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        "another key",
        "by nobody",
        "of no organisation here",
        "already over",
        "by another country's authority",
    ],
)
def test_an_approval_that_certifies_something_else_changes_nothing(world, newcomer, wrong):
    answer = newcomer.approve(newcomer.approval(wrong_certificates(newcomer)[wrong]))
    assert answer.status == 422, answer.body
    assert newcomer.poll().json["state"] == "pending"
    assert newcomer.approve().status == 200


def test_an_approval_whose_directory_lacks_the_device_changes_nothing(world, newcomer):
    refused(newcomer.approve(newcomer.approval(listed=False)), 422, "certificate_mismatch")
    assert newcomer.poll().json["state"] == "pending"


def test_an_approval_built_on_an_old_directory_is_told_the_newest(world, newcomer):
    stale = newcomer.approval()
    world.publish()
    answer = newcomer.approve(stale)
    refused(answer, 409, "snapshot_number")
    assert answer.json["extras"] == {"newest": world.numbers["TN"]}
    assert newcomer.poll().json["state"] == "pending"


def test_only_the_countrys_own_authority_sees_and_decides(world, newcomer, worker):
    morocco = world.authority("MA")
    for answer in (newcomer.approve(authority=morocco), newcomer.refuse(morocco)):
        refused(answer, 404, "unknown_enrolment")
    for key in (worker.key, SigningKey.generate()):
        assert newcomer.approve(authority=key).status in {401, 403, 404}
        assert newcomer.refuse(key).status in {401, 403, 404}
    listed = world.send("GET", "/v1/enrolments?country=TN", key=world.authority()).json
    assert [each["id"] for each in listed] == [newcomer.id]
    assert world.send("GET", "/v1/enrolments?country=MA", key=morocco).json == []
    refused(world.send("GET", "/v1/enrolments?country=TN", key=morocco), 403, WrongRoleError.code)
    assert newcomer.poll().json["state"] == "pending"


def test_too_many_waiting_are_told_to_come_back(world, newcomer, monkeypatch):
    monkeypatch.setattr(enrolling, "MOST_PENDING", 2)
    assert Newcomer(world).ask().status == 202
    answer = Newcomer(world).ask()
    refused(answer, 429, "too_many_enrolments")
    assert int(answer.headers["Retry-After"]) > 0
    assert newcomer.ask().status == 202


def test_one_countrys_lapsed_authority_does_not_stop_the_others(database):
    """A server of several countries; Egypt's authority has let its certificate run out."""
    world = make_world(database, ("EG", "TN"), days={"EG": 30})
    install(world.runtime)
    world.organisation(SERVICE)
    world.organisation(OFFICE)
    world.publish()
    newcomer = Newcomer(world)
    world.later(days=60)
    newcomer.ask()
    world.organisation("fictional-later")
    assert newcomer.approve().status == 200
    install(None)
