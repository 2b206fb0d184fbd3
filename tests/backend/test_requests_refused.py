"""Whoever may not ask is told so, each with a code of its own, and nothing changes."""

import json
from datetime import timedelta

import pytest
from nacl.signing import SigningKey

from backend.api.runtime import Runtime, install
from backend.services.context import Context
from backend.store import log
from backend.store.database import Database
from protocols.plain import format_time, to_json
from protocols.sealing.request import sign_request
from tests.backend.world import HOST, OFFICE, SERVICE, SHELTERS


def refused(answer, status, code):
    assert (answer.status, answer.code) == (status, code), answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["advice"]
    return answer.json


def signed(device, method, path, body=None, **more):
    return sign_request(
        method,
        f"http://{HOST}{path}",
        body,
        device.key,
        created=device.world.now,
        nonce="nonce-for-test",
        headers={"Content-Type": "application/json"} if body else {},
        **more,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/directory/TN",
        "/v1/sync/TN",
        "/v1/log/TN/export",
        "/v1/enrolments?country=TN",
        "/v1/enrolments/abc",
        f"/v1/referrals/{'a' * 26}/timeline",
    ],
)
def test_unsigned(world, shelters, path) -> None:
    refused(world.send("GET", path), 401, "unsigned")


def test_unsigned_posts(world, shelters) -> None:
    for path in ("/v1/referrals", "/v1/sealing-keys", "/v1/capacity", "/v1/enrolments"):
        refused(world.send("POST", path, b"{}"), 401, "unsigned")
    refused(world.send("PUT", "/v1/directory/TN", b"{}"), 401, "unsigned")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_stale_tells_the_servers_time(world, worker, shelters, minutes) -> None:
    answer = worker.get("/v1/sync/TN", created=world.now + timedelta(minutes=minutes))
    problem = refused(answer, 401, "stale_request")
    assert problem["extras"] == {"server_time": format_time(world.now)}
    assert (
        worker.get("/v1/sync/TN", created=world.now + timedelta(minutes=minutes / 2)).status == 200
    )


def test_replayed_also_after_a_restart(world, worker, shelters) -> None:
    assert worker.get("/v1/sync/TN", nonce="one").status == 200
    refused(worker.get("/v1/sync/TN", nonce="one"), 401, "replayed_request")
    url = world.runtime.database.engine.url.render_as_string(hide_password=False)
    again = Runtime(Database(url), Context(world.runtime.context.server, bytes))
    again.now = lambda: world.now
    install(again)
    refused(worker.get("/v1/sync/TN", nonce="one"), 401, "replayed_request")
    again.database.close()


def test_the_nonce_of_a_refused_request_is_spent(world, worker, shelters) -> None:
    sent = worker.submission("demo-nobody")
    refused(worker.post("/v1/referrals", sent, nonce="two"), 422, "unknown_provider")
    refused(worker.post("/v1/referrals", sent, nonce="two"), 401, "replayed_request")


def test_unknown_device(world, shelters) -> None:
    answer = world.send("GET", "/v1/sync/TN", key=SigningKey.generate())
    refused(answer, 401, "unknown_device")


def test_anothers_signature(world, worker, shelters) -> None:
    headers = signed(worker, "GET", "/v1/sync/TN")
    own = signed(shelters[0], "GET", "/v1/sync/TN")
    mixed = {**headers, "Signature": own["Signature"]}
    refused(world.send_raw("GET", "/v1/sync/TN", None, mixed), 401, "bad_signature")


def test_what_was_signed_is_what_is_served(world, worker, shelters) -> None:
    headers = signed(worker, "GET", "/v1/sync/TN?after=3")
    refused(world.send_raw("GET", "/v1/sync/TN?after=0", None, headers), 401, "bad_signature")
    refused(world.send_raw("GET", "/v1/directory/TN", None, headers), 401, "bad_signature")
    elsewhere = {**headers, "Host": "another.example"}
    answer = world.send_raw("GET", "/v1/sync/TN?after=3", None, elsewhere)
    refused(answer, 401, "bad_signature")


def test_a_changed_body(world, worker, shelters) -> None:
    body = to_json(worker.submission(SHELTERS[0]))
    headers = signed(worker, "POST", "/v1/referrals", body)
    other = to_json(worker.submission(SHELTERS[0]))
    refused(world.send_raw("POST", "/v1/referrals", other, headers), 401, "digest_mismatch")


def test_revoked_device_and_organisation(world, worker, shelters) -> None:
    world.revoke(worker)
    refused(worker.get("/v1/sync/TN"), 403, "revoked")
    refused(worker.post("/v1/referrals", worker.submission(SHELTERS[0])), 403, "revoked")


def test_expired_device(world, shelters) -> None:
    device = world.device("field_worker", SERVICE, days=1)
    world.publish()
    assert device.get("/v1/sync/TN").status == 200
    world.later(days=2)
    refused(device.get("/v1/sync/TN"), 403, "expired")


def test_devices_end_with_their_organisation(world, shelters) -> None:
    world.organisation("demo-brief", days=1)
    device = world.device("provider_staff", "demo-brief")
    world.publish()
    assert device.get("/v1/sync/TN").status == 200
    world.later(days=2)
    refused(device.get("/v1/sync/TN"), 403, "expired")


def test_out_of_role(world, worker, shelters, coordinator) -> None:
    provider = shelters[0]
    refused(provider.post("/v1/referrals", provider.submission(SHELTERS[1])), 403, "wrong_role")
    refused(
        coordinator.post("/v1/referrals", coordinator.submission(SHELTERS[1])), 403, "wrong_role"
    )
    refused(worker.get("/v1/log/TN/export"), 403, "wrong_role")
    refused(worker.post("/v1/capacity", {"statement": {}}), 403, "wrong_role")
    refused(worker.get("/v1/enrolments?country=TN"), 403, "wrong_role")
    answer = world.send("PUT", "/v1/directory/TN", b"{}", worker.key)
    refused(answer, 403, "wrong_role")


def test_a_server_key_is_no_device(world, shelters) -> None:
    key = world.runtime.context.server.keys["TN"]
    refused(world.send("GET", "/v1/sync/TN", key=key), 403, "wrong_role")


def test_out_of_country(world, worker, shelters) -> None:
    refused(worker.get("/v1/sync/MA"), 403, "wrong_country")
    refused(worker.get("/v1/directory/MA"), 403, "wrong_country")
    office = world.device("coordinator", OFFICE)
    world.publish()
    refused(office.get("/v1/log/MA/export"), 403, "wrong_country")


def test_too_large(world, worker, shelters) -> None:
    body = b'{"event":"' + b"x" * (8 * 1024 * 1024) + b'"}'
    answer = world.send("POST", "/v1/referrals", body, worker.key)
    refused(answer, 413, "body_too_large")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"event":1,"event":2}', b'{"event":NaN}', b'{"more":1}', b"\xff"],
)
def test_malformed_bodies(world, worker, shelters, body) -> None:
    answer = world.send("POST", "/v1/referrals", body, worker.key)
    refused(answer, 400, "malformed")


def test_bodies_say_that_they_are_json(world, worker, shelters) -> None:
    answer = world.send("POST", "/v1/referrals", b"{}", worker.key, content_type="text/plain")
    refused(answer, 415, "wrong_media_type")


@pytest.mark.parametrize("query", ["after=-1", "after=x", "known=1.5", "limit=%C2%B2"])
def test_odd_numbers(world, worker, shelters, query) -> None:
    refused(worker.get(f"/v1/sync/TN?{query}"), 400, "malformed")


def test_no_such_address(world, shelters) -> None:
    refused(world.send("GET", "/v1/nothing"), 404, "no_such_address")
    refused(world.send("GET", "/"), 404, "no_such_address")
    assert world.send("DELETE", "/v1/health").status == 405


def test_a_database_that_is_away_is_a_503_with_retry(world, worker, shelters, monkeypatch) -> None:
    monkeypatch.setattr("backend.store.database.WAIT_SECONDS", 1)
    url = world.runtime.database.engine.url.render_as_string(hide_password=False)
    impatient = Runtime(Database(url), world.runtime.context)
    impatient.now = lambda: world.now
    install(impatient)
    sent = worker.submission(SHELTERS[0])
    with world.runtime.database.write() as session:
        log.lock_country(session, "TN")
        answer = worker.post("/v1/referrals", sent)
    refused(answer, 503, "store_unavailable")
    assert answer.headers["Retry-After"] == "30"
    assert worker.post("/v1/referrals", sent).status == 201
    impatient.database.close()


def test_a_defect_tells_nothing(world, worker, shelters, monkeypatch) -> None:
    def broken(*_args, **_more):
        raise RuntimeError("secret words")

    monkeypatch.setattr("backend.services.syncing.sync", broken)
    answer = worker.get("/v1/sync/TN")
    refused(answer, 500, "server_defect")
    assert "secret" not in json.dumps(answer.json)
