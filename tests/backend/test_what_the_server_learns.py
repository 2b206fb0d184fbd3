"""docs/what-the-server-learns.md lists each field that a busy day leaves, and no other."""

import ast
import hashlib
import json
import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.api import logs
from backend.api.application import api
from backend.api.duties import Duties
from backend.api.runtime import install
from backend.commands.offices.certifying import revocation_of
from backend.services import syncing
from backend.store.errors import StoreUnavailableError
from backend.store.tables import EnvelopeRow
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.canaries import distinctive, search, strings_of
from protocols.plain import to_json
from protocols.referral.consent import Consent, Grant, InformationKind, Purpose
from protocols.referral.services import Service
from protocols.sealing.certificate import revoke
from protocols.sealing.padding import padme
from tests.backend.busy_day import PHONE_ADDRESS, PROXY_SAW, WatchedWorld, found_town
from tests.backend.kept_fields import columns, inner_fields, log_fields, rows, walk
from tests.backend.world import edition, make_world
from tests.test_house import HOUSE

PAGE = (HOUSE / "docs" / "what-the-server-learns.md").read_text(encoding="utf-8")
CELLS = 6
NONCE, CHUNK, TAG = 16, 64 * 1024, 16
"""Of an age payload, in bytes."""
RANDOM = {
    "event.referral", "event.previous", "event.envelopes.sha256", "event.envelopes.size",
    "statement.signatures.sig",
}  # fmt: skip
FIRST, FALLBACK = (each.organisation for each in cast.SHELTERS)
PERSONS = (
    {"age": "29 سنة بالضبط", "sex": "ذكر كما قال", "language": "ar", "division": "TN-81"},
    {"age": "17 ans et demi", "sex": "femme, dit-elle", "language": "fr", "division": "TN-12"},
)
NEEDS = (
    {
        "text": "مأوى آمن وطبيب عيون",
        "languages": "العربية والتغرينية",
        "nationality": "Fictionland",
    },
    {
        "text": "un avocat fictif, puis du lait",
        "languages": "bambara fictif",
        "nationality": "Nolandia",
    },
)
EDITION = b'{"fictional": "edition"}'
LOST = "besoin-interprete-tigrigna"
"""What a stranger puts where it does not belong: into addresses, queries, names of things."""
ROUTING = re.compile(
    r"(age|sex|gender|need|service|language|division|nationality|urgency|population)s?"
)
SAYING = ("debug", "info", "warning", "error", "exception", "critical", "log")


def listed(heading):
    """Each `name` in the first cells of the table under that heading, whose rows are whole."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = []
    for line in section.splitlines():
        if line.startswith("| `"):
            cells = [each.strip() for each in re.split(r"(?<!\\)\|", line)[1:-1]]
            assert len(cells) == CELLS and all(cells), f"an empty cell or another number: {line}"
            found += re.findall(r"`([^`]+)`", cells[0])
    assert found, f"no table under {heading}"
    assert len(found) == len(set(found)), f"listed twice under {heading}"
    return set(found)


def case_of(number):
    return {
        "identity": {"name": cast.NAME, **PERSONS[number]},
        "contact": {"phone": cast.PHONE, "place": cast.ABOUT["place"]},
        "needs": NEEDS[number],
        "health": {"text": cast.ABOUT["health"]},
        "notes": {"text": cast.ABOUT["notes"]},
    }


def send(phone, now, number):
    """A sealed referral of that person, queued; its id."""
    person = PERSONS[number]
    division, language = person["division"], person["language"]
    record = phone.screenings.start(cast.CHECKLIST, language, division=division)
    kinds = tuple(InformationKind(each) for each in ("identity", "needs", "notes"))
    until = now + timedelta(days=7)
    grants = tuple(Grant(each, kinds, Purpose.REFERRAL, until) for each in (FIRST, FALLBACK))
    consent = Consent(
        referral=record.referral, grants=grants, given=now, how="spoken", language=language,
        population="adult",
    )  # fmt: skip
    services = ((Service.SHELTER,), (Service.LEGAL_AID,))[number]
    return phone.referrals.send(
        record, case_of(number), (FIRST, FALLBACK), consent, services, "urgent"
    )


@pytest.fixture
def logged(tmp_path):
    """The request log's file, with logging as `amana serve` sets it, put back afterwards."""
    names = ("amana", "django")
    before = [(logging.getLogger(each), logging.getLogger(each).__dict__.copy()) for each in names]
    handlers = [list(logger.handlers) for logger, _ in before]
    file = tmp_path / "server.log"
    logs.start(str(file))
    yield file
    for (logger, state), kept in zip(before, handlers, strict=True):
        for handler in logger.handlers:
            handler.close()
        logger.handlers[:], logger.propagate = kept, state["propagate"]
        logger.setLevel(state["level"])


@pytest.fixture
def town(database, tmp_path, logged):
    made = make_world(database)
    world = WatchedWorld(runtime=made.runtime, keys=made.keys)
    world.runtime.now = lambda: world.now
    install(world.runtime)
    yield found_town(world, tmp_path / "phones")
    install(None)


@pytest.fixture
def day(town, monkeypatch):
    """After a busy day; the two persons' referrals."""
    world = town.world
    inspector, first, fallback, coordinator = (town.enrol(each) for each in cast.EVERYBODY)
    town.refuse("Fictional stranger's phone")
    everybody = (inspector, first, fallback, coordinator)
    coordinator.sync()
    town.vouch(coordinator)

    def sync():
        world.later(minutes=1)
        for each in (*everybody, *everybody):
            each.sync(hurry=True)

    auditor = world.device("coordinator", cast.COORDINATOR.organisation)
    assert world.put_checklist(EDITION).status == 201
    named = edition(EDITION, cast.CHECKLIST, 99)
    town.put(town.publish(editions=(named,), checklists=(cast.CHECKLIST,)))
    sync()
    sent = [send(inspector, world.now, number) for number in (0, 1)]
    sync()
    first.inbox.state_capacity(3)
    first.inbox.open(sent[0])
    first.inbox.decline(sent[0], cast.DECLINE_REASON)
    sync()
    fallback.inbox.open(sent[0])
    fallback.inbox.ask(sent[0], cast.QUESTION)
    sync()
    inspector.referrals.answer(sent[0], cast.ANSWER)
    sync()
    fallback.inbox.accept(sent[0])
    fallback.inbox.start_service(sent[0])
    fallback.inbox.feedback(sent[0], cast.FEEDBACK, cast.OUTCOME)
    fallback.inbox.close(sent[0], cast.OUTCOME)
    sync()
    look_around(town, sent[0], auditor)
    third = send(inspector, world.now, 0)
    sync()
    world.later(days=3)
    sync()
    inspector.referrals.withdraw(third)
    sync()
    be_refused(town, sent[0], auditor, monkeypatch)
    revocation = revocation_of(auditor.certificate, "lost", world.now)
    town.put(town.publish(revoke(revocation, world.authority())))
    return sent


def look_around(town, referral, auditor):
    """What nobody but a coordinator, an auditor or an operator asks for."""
    sha256 = hashlib.sha256(EDITION).hexdigest()
    for path in (
        f"/v1/checklists/{sha256}", f"/v1/referrals/{referral}/timeline",
        "/v1/log/TN/export", "/v1/log/TN/checkpoint",
        "/v1/log/TN/consistency?first=1&second=2", "/v1/health", "/v1/programme",
        "/v1/openapi.json", "/v1/docs", "/v1/static/ninja/favicon.png",
        "/v1/directory/TN?after=1",
    ):  # fmt: skip
        answer = auditor.get(path)
        assert answer.status == 200, (path, answer.body)
    asked = town.world.send("POST", "/v1/witness/add-checkpoint", b"old 0\n\nnone\n")
    assert asked.status == 400


def be_refused(town, referral, auditor, monkeypatch):
    """Requests that come to nothing, with words where none belong."""
    world = town.world
    key, odd = world.authority(), f"/v1/referrals/{LOST}/timeline"
    statuses = [
        world.send("GET", "/v1/sync/TN").status,
        world.send("GET", "/v1/sync/TN", key=key).status,
        world.send("GET", odd).status,
        world.send("GET", f"/v1/{LOST}?{LOST}={LOST}").status,
        world.send("DELETE", f"/v1/health?{LOST}").status,
        world.send("POST", "/v1/referrals", to_json({"name": LOST}), key).status,
        world.send("GET", "/v1/sync/TN", key=key, headers={"If-None-Match": LOST}).status,
        world.send("GET", "/v1/sync/TN", key=key, created=world.now - timedelta(hours=1)).status,
    ]
    assert all(400 <= each < 500 for each in statuses), statuses

    def broken(*_args, **_more):
        raise RuntimeError(f"quotes {LOST}")

    with monkeypatch.context() as patch:
        patch.setattr(syncing, "timeline", broken)
        assert auditor.get(f"/v1/referrals/{referral}/timeline").status == 500
    duties = Duties(world.runtime, every=0)

    def away(*, tidying):
        duties.stop()
        raise StoreUnavailableError(LOST)

    monkeypatch.setattr(duties, "round", away)
    duties.run()


def test_the_page_lists_what_a_busy_day_leaves_and_nothing_of_the_persons(
    database, town, logged, day
):
    """One test, because the day is long: each check below is about the same day."""
    every_field_is_listed(database, town.world.wire, logged)
    nothing_of_the_persons_is_there(database, town.world.wire, logged, day)
    sizes_are_padded(database)
    two_persons_leave_the_same(database, day)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE nonces ADD COLUMN forgotten TEXT")
    assert columns(database) - listed("Tables") == {"nonces.forgotten"}


def every_field_is_listed(database, wire, log):
    assert columns(database) == listed("Tables")
    assert inner_fields(database) == listed("Inside what is signed")
    assert log_fields(log) == listed("Log lines")
    asked = {f"request {each}" for each in wire.asked}
    assert asked | {f"answer {each}" for each in wire.answered} == listed("Headers")
    routes = {f"{method} {route}" for method, route in wire.addresses}
    served = {
        f"{method.upper()} {path}".replace("{", "<").replace("}", ">")
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert served <= routes
    assert routes | {f"?{each}" for each in wire.queries} == listed("Addresses")


def nothing_of_the_persons_is_there(database, wire, log, day):
    said = [cast.QUESTION, cast.ANSWER, cast.FEEDBACK]
    words = distinctive([*strings_of([case_of(0), case_of(1), said]), *NEEDS[0].values()])
    assert {cast.NAME, cast.PHONE, PERSONS[0]["age"], PERSONS[1]["sex"]} <= set(words)
    secrets = (*words, LOST, PHONE_ADDRESS, PROXY_SAW)
    divisions = tuple(each["division"] for each in PERSONS)
    found = set()
    for name, values in rows(database):
        data = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)
        assert search(secrets, data, name) == ()
        if name != "snapshots.body":
            assert search(divisions, data, name) == ()
        found |= {hit.secret for hit in search(day, data, name)}
    assert found == set(day), "a search that misses the referrals' ids is worth nothing"
    assert search((*secrets, *divisions, *day), log.read_bytes(), "log") == ()
    travelled = "\n".join(wire.values).encode()
    assert search((*words, *divisions), travelled, "headers and addresses") == ()
    assert {hit.secret for hit in search((LOST, *day[:1]), travelled, "")} == {LOST, day[0]}
    for field in inner_fields(database) | columns(database):
        assert not ROUTING.fullmatch(field.rpartition(".")[2]), field


def sizes_are_padded(database):
    """What is sealed is as long as a Padmé size, whatever it says."""
    with database.read() as session:
        sealed = list(session.scalars(select(EnvelopeRow.data)))
    assert len(sealed) >= 9
    for data in sealed:
        payload = data[data.index(b"\n", data.index(b"\n--- ") + 1) + 1 :]
        chunks = -(-(len(payload) - NONCE) // (CHUNK + TAG))
        plain = len(payload) - NONCE - chunks * TAG
        assert padme(plain) == plain


def two_persons_leave_the_same(database, day):
    """Of another age, sex, division, language and need, the submission and its offer say the same,
    but for random ids, and hash and padded size of ciphertext."""
    seen = {referral: [] for referral in day}
    for name, values in rows(database):
        if name == "log_leaves.leaf":
            for value in values:
                fields = list(walk("leaf", json.loads(bytes(value))))
                referral = dict(fields)["event.referral"]
                if referral in seen and len(seen[referral]) < 2:
                    seen[referral].append([each for each in fields if each[0] not in RANDOM])
    one, other = seen.values()
    assert one == other
    assert len(one) == 2


def test_only_known_lines_are_logged():
    """Each format that is logged stands on the page, and one module alone knows of logging."""
    formats, knowing = set(), set()
    for file in sorted((HOUSE / "backend").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [each.name for each in node.names] + [getattr(node, "module", None)]
                knowing |= {file.name} if "logging" in names else set()
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in SAYING:
                formats |= {ast.unparse(node.args[0])[1:-1]}
    assert knowing == {"logs.py"}
    assert len(formats) == 6
    for each in formats:
        assert f"`{each}`" in PAGE


def test_a_line_of_a_new_kind_is_noticed(tmp_path):
    file = tmp_path / "server.log"
    file.write_text(
        "2026-11-24T12:00:00.000Z GET /v1/health 200 1.0ms\n"
        "2026-11-24T12:00:00.000Z GET /v1/health 200 1.0ms 203.0.113.77\n"
    )
    assert log_fields(file) - listed("Log lines") == {
        "unknown: 2026-11-24T12:00:00.000Z GET /v1/health 200 1.0ms 203.0.113.77"
    }
