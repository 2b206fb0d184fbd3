"""What a stranger, a certified device or another country's authority might send to break the
server for everybody else; each on both databases."""

import base64
from datetime import timedelta

import attrs
import pytest
from nacl.signing import SigningKey
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError

from backend.api.runtime import Runtime, install
from backend.services import referring
from backend.services.context import Context
from backend.services.live import CAPACITY_TYPE
from backend.services.publishing import publish
from backend.store.tables import EnrolmentRow, LeafRow, LiveRow, StatementRow
from backend.store.writer import _Job, _run_one
from protocols.audit.verify import verify_export
from protocols.messages import SealedPart, Submission
from protocols.plain import from_json, to_json, to_plain
from protocols.sealing.age_hybrid import HybridIdentity, HybridRecipient
from protocols.sealing.age_x25519 import X25519Identity, X25519Recipient
from protocols.sealing.certificate import (
    SEALING_KEY_TYPE,
    Revocation,
    SealingKey,
    UntrustedError,
    certify,
    revoke,
)
from protocols.sealing.statement import Signature, Statement, sign
from protocols.timeline.event import EVENT_TYPE
from tests.backend.enrolling import Newcomer
from tests.backend.world import SERVICE, SHELTERS, install_world, make_world, refs


def refused(answer, status, code):
    assert (answer.status, answer.code) == (status, code), answer.body


def count(world, table):
    with world.runtime.database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def fat(statement: Statement) -> Statement:
    """The same signature, and thousands of others that nobody knows."""
    other = Signature("a" * 32, bytes(64))
    return attrs.evolve(statement, signatures=(*statement.signatures, *[other] * 5000))


def padded(statement: Statement, key: SigningKey) -> Statement:
    """The same payload with a megabyte of white space, signed."""
    return sign(statement.payloadType, statement.payload + b" " * 1_000_000, key)


@pytest.mark.parametrize("swell", ["fat", "padded"])
def test_a_swollen_event_is_not_logged_for_everybody_to_download(
    world, worker, shelters, swell
) -> None:
    sent = worker.submission(*SHELTERS)
    event = fat(sent.event) if swell == "fat" else padded(sent.event, worker.key)
    refused(worker.post("/v1/referrals", attrs.evolve(sent, event=event)), 422, "event_too_large")
    assert count(world, LeafRow) == 0


def test_the_longest_honest_event_fits(world, worker, shelters) -> None:
    names = [f"demo-{number:02}-{'x' * 56}" for number in range(referring.MOST_ENVELOPES)]
    assert {len(each) for each in names} == {64}
    parts = tuple(SealedPart(each, b"x") for each in names)
    event = worker.event("submitted", envelopes=refs(parts), respond_within=4320)
    swollen = attrs.evolve(
        event,
        reason="r" * 40,
        provider="p" * 64,
        envelopes=tuple(attrs.evolve(each, size=4_194_304) for each in event.envelopes),
    )
    assert len(to_json(sign(EVENT_TYPE, swollen, worker.key))) <= referring.LARGEST_EVENT
    answer = worker.post("/v1/referrals", Submission(sign(EVENT_TYPE, event, worker.key), parts))
    refused(answer, 422, "unknown_provider")


@pytest.mark.parametrize("swell", ["fat", "padded"])
def test_a_swollen_live_statement_does_not_fill_the_directory(
    world, worker, shelters, swell
) -> None:
    capacity = sign(
        CAPACITY_TYPE,
        {"provider": SHELTERS[0], "free_places": 3, "stated": to_plain(world.now)},
        shelters[0].key,
    )
    for device, path, statement in (
        (worker, "/v1/sealing-keys", worker.sealing_key()),
        (shelters[0], "/v1/capacity", capacity),
    ):
        big = fat(statement) if swell == "fat" else padded(statement, device.key)
        refused(device.post(path, {"statement": to_plain(big)}), 422, "live_unusable")
        assert device.post(path, {"statement": to_plain(statement)}).status == 201
    assert count(world, LiveRow) == 2


def test_a_live_statement_that_phones_would_call_forged_is_not_published(
    world, worker, shelters
) -> None:
    """Another device's name stands before the true signature: phones hold it against that one."""
    trap = Signature(worker.id, bytes(64))
    key = shelters[0].sealing_key()
    capacity = sign(
        CAPACITY_TYPE,
        {"provider": SHELTERS[0], "free_places": 3, "stated": to_plain(world.now)},
        shelters[0].key,
    )
    for path, statement in (("/v1/sealing-keys", key), ("/v1/capacity", capacity)):
        trapped = attrs.evolve(statement, signatures=(trap, *statement.signatures))
        answer = shelters[0].post(path, {"statement": to_plain(trapped)})
        refused(answer, 422, "live_unusable")
    assert count(world, LiveRow) == 0


@pytest.mark.parametrize(
    "recipient",
    [
        "age1zzz",
        X25519Recipient(bytes(32)).text,
        X25519Recipient(bytes([1, *[0] * 31])).text,
        HybridIdentity(bytes(32)).recipient.text,  # a phone without the library seals to none
    ],
)
def test_a_key_that_nobody_could_seal_to_is_not_published(
    world, worker, shelters, recipient
) -> None:
    key = shelters[0].sealing_key(recipient=recipient)
    answer = shelters[0].post("/v1/sealing-keys", {"statement": to_plain(key)})
    refused(answer, 422, "live_unusable")
    assert count(world, LiveRow) == 0


HYBRID = HybridIdentity(bytes(32)).recipient
LOW = HYBRID.public[:-32] + bytes(32)


@pytest.mark.parametrize(
    ("hybrid", "status", "code"),
    [
        (HYBRID.text[:-1] + "qp"[HYBRID.text[-1] == "q"], 422, "live_unusable"),
        (HybridRecipient(LOW).text, 422, "live_unusable"),
        (X25519Recipient(bytes([9, *[0] * 31])).text, 400, "malformed"),
        (HYBRID.text + "q", 400, "malformed"),
    ],
    ids=["checksum", "low order", "other kind", "length"],
)
def test_a_hybrid_key_that_nobody_could_seal_to_is_not_published(
    world, worker, shelters, hybrid, status, code
) -> None:
    own = SealingKey(
        shelters[0].id,
        X25519Identity.generate().recipient.text,
        world.now,
        world.now + timedelta(days=7),
    )
    body = to_plain(own) | {"hybrid": hybrid}
    key = sign(SEALING_KEY_TYPE, body, shelters[0].key)
    refused(shelters[0].post("/v1/sealing-keys", {"statement": to_plain(key)}), status, code)
    assert count(world, LiveRow) == 0


def test_a_stranger_cannot_make_the_list_of_enrolments_unreadable(world, shelters) -> None:
    stranger = Newcomer(world)
    sealing = stranger.device.sealing_key()
    for swollen in (fat(sealing), padded(sealing, stranger.key)):
        refused(stranger.ask(stranger.request(sealing_key=swollen)), 422, "live_unusable")
    assert count(world, EnrolmentRow) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "\x1b[2Jphone"},
        {"label": "phone\u202e"},
        {"label": "two\nlines"},
        {"invitation": "tn-\0"},
        {"invitation": "tn-\u0661"},
        {"invitation": "tn-\r"},
    ],
)
def test_what_a_terminal_would_obey_is_not_taken_in(world, shelters, changes) -> None:
    stranger = Newcomer(world)
    refused(stranger.ask(stranger.request(**changes)), 400, "malformed")
    assert count(world, EnrolmentRow) == 0


def test_half_a_character_is_malformed(world, shelters) -> None:
    stranger = Newcomer(world)
    body = to_json(stranger.request()).replace(b"Fictional newcomer", b"\\ud800")
    refused(world.send("POST", "/v1/enrolments", body, stranger.key), 400, "malformed")


def test_addresses_with_a_nul_lead_nowhere(world, worker, shelters, coordinator) -> None:
    refused(world.send("GET", "/v1/log/%00/checkpoint"), 404, "unknown_country")
    refused(world.send("GET", "/v1/log/TN%00/consistency?first=1&second=1"), 404, "unknown_country")
    refused(worker.get("/v1/enrolments/a%00"), 404, "unknown_enrolment")
    refused(worker.get("/v1/referrals/a%00/timeline"), 404, "unknown_referral")
    refused(worker.get("/v1/sync/T%00"), 403, "wrong_country")
    refused(coordinator.get("/v1/log/%00/export"), 403, "wrong_country")
    story = worker.submit(worker.submission(SHELTERS[0]))
    step = worker.step(story, "withdrawn")
    refused(worker.post("/v1/referrals/a%00/events", step), 403, "not_your_event")
    authority = world.authority("TN")
    refused(
        world.send("POST", "/v1/enrolments/a%00/refusal", b'{"reason":"used"}', authority),
        404,
        "unknown_enrolment",
    )


def test_data_that_the_database_refuses_fails_its_own_request_only(database) -> None:
    def bad(session):
        raise DataError("statement", {}, ValueError("as PostgreSQL does for a NUL in a text"))

    good = _Job(lambda session: session.scalar(text("SELECT 1")), None, "")
    wrong = _Job(bad, None, "")
    with database.write() as session:
        _run_one(session, wrong)
        _run_one(session, good)
    assert isinstance(wrong.error, DataError)
    assert (good.value, good.error) == (1, None)


def test_a_publication_that_was_undone_leaves_no_trust_behind(world, worker, shelters) -> None:
    """Disk full at the commit, say: the same version number then means other statements."""
    runtime = world.runtime
    undone = world.device("field_worker", SERVICE)
    lost = world.snapshot()
    world.published["TN"].pop()

    class DiskFullError(Exception):
        pass

    with pytest.raises(DiskFullError), runtime.database.write() as session:
        publish(session, runtime.context, "TN", lost, world.now)
        runtime.context.trust_in(session, "TN").device(undone.id, world.now)
        raise DiskFullError
    another_process = Runtime(
        runtime.database, Context(runtime.context.server, runtime.context.entropy)
    )
    another_process.now = runtime.now
    install(another_process)
    world.revoke(worker)
    install(runtime)
    refused(worker.get("/v1/sync/TN"), 403, "revoked")
    refused(undone.get("/v1/sync/TN"), 401, "unknown_device")


def test_one_country_cannot_publish_for_another(world, worker, shelters) -> None:
    world.organisation("demo-elsewhere", "MA")
    foreign = world.device("field_worker", "demo-elsewhere", "MA")
    with world.runtime.database.read() as session:
        bodies = session.scalars(
            select(StatementRow.body).where(StatementRow.role == "authority")
        ).all()
    authorities = [from_json(each, Statement) for each in bodies]
    listed = (*world.published["TN"], *authorities, *world.published["MA"])
    answer = world.put_snapshot("TN", world.snapshot("TN", statements=listed))
    refused(answer, 422, "snapshot_unusable")
    world.publish("MA")
    assert foreign.get("/v1/sync/MA").status == 200


def test_a_key_of_one_country_is_not_claimed_by_anothers_authority(world, worker, shelters) -> None:
    world.organisation("demo-elsewhere", "MA")
    claimed = attrs.evolve(
        worker.certificate, country="MA", organisation="demo-elsewhere", serial="ab" * 16
    )
    world.add("MA", certify(claimed, world.authority("MA")))
    refused(world.put_snapshot("MA", world.snapshot("MA")), 422, "snapshot_unusable")
    assert worker.get("/v1/sync/TN").status == 200
    worker.submit(worker.submission(SHELTERS[0]))


def test_what_one_country_publishes_is_not_missing_from_another(database) -> None:
    """The root takes an authority back; the statement goes to every country, and whoever publishes
    it first must not keep it from the country that it concerns."""
    world = make_world(database)
    install_world(world)
    context = world.runtime.context
    with database.read() as session:
        taken = context.trust_in(session, "TN").authority("TN", world.now)
    void = Revocation(taken.subject, taken.serial, world.now + timedelta(hours=1), "compromised")
    for country in ("MA", "TN"):
        world.add(country, revoke(void, world.keys.root_key))
        world.publish(country)
    world.later(hours=2)
    with database.read() as session, pytest.raises(UntrustedError, match="revoked"):
        context.trust_in(session, "TN").authority("TN", world.now)
    install(None)


def test_late_referrals_of_a_country_that_moved_away_stop_no_other(
    world, worker, shelters, monkeypatch
) -> None:
    monkeypatch.setattr("backend.services.overdue.MOST_AT_ONCE", 2)
    world.organisation("demo-elsewhere", "MA")
    world.organisation("demo-refuge", "MA")
    foreign = world.device("field_worker", "demo-elsewhere", "MA")
    world.publish("MA")
    for _ in range(3):
        foreign.submit(foreign.submission("demo-refuge"))
    world.later(minutes=1)
    story = worker.submit(worker.submission(*SHELTERS))
    del world.runtime.context.server.keys["MA"]
    world.later(minutes=61)
    assert world.runtime.fire_overdue() == 1
    timeline = worker.get(f"/v1/referrals/{story.id}/timeline").json["events"]
    kinds = [base64.b64decode(each["leaf"]) for each in timeline]
    assert len(kinds) == 4, "submitted, offered, expired, offered to the next"


def test_an_export_is_never_older_than_what_it_holds(world, worker, shelters, coordinator) -> None:
    world.later(minutes=4)
    worker.submit(worker.submission(SHELTERS[0]))
    world.later(minutes=-4)
    answer = coordinator.get("/v1/log/TN/export")
    assert answer.headers["Cache-Control"] == "no-store"
    report = verify_export(answer.body.splitlines(keepends=True), world.keys.root)
    assert report.faults == ()


def test_another_countrys_device_moves_no_referral_on(world, worker, shelters) -> None:
    world.organisation("demo-elsewhere", "MA")
    foreign = world.device("field_worker", "demo-elsewhere", "MA")
    world.publish("MA")
    story = worker.submit(worker.submission(*SHELTERS))
    world.later(minutes=61)
    before = count(world, LeafRow)
    step = attrs.evolve(
        worker.step(story, "withdrawn"),
        event=sign(EVENT_TYPE, foreign.event("withdrawn", story.newest), foreign.key),
    )
    refused(foreign.post(story.events_path, step), 404, "unknown_referral")
    assert count(world, LeafRow) == before
