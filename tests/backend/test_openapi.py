"""OpenAPI is served and true: what it lists exists, and what is answered is what it says."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from backend.services.witness_folder import About, WitnessFolder
from protocols.messages import BYTES_TYPE
from protocols.plain import to_json, to_plain
from protocols.sealing.statement import sign
from protocols.timeline.cosignature import cosign, witness_name
from protocols.timeline.witness import WitnessRequest, write_request
from tests.backend.enrolling import Newcomer
from tests.backend.world import SHELTERS, World, edition

OWN = ("/v1/openapi.json", "/v1/docs", "/v1/")
METHODS = ("get", "put", "post", "delete", "patch")


@pytest.fixture
def document(world):
    answer = world.send("GET", "/v1/openapi.json")
    assert answer.status == 200
    return answer.json


@pytest.fixture
def witness(world, tmp_path):
    """The server watches a log, as it would another country's."""
    server = world.runtime.context.server
    made = WitnessFolder.make(tmp_path / "witness", About("TN", server.root, server.statements))
    world.runtime.witnesses = (made,)
    return made


@pytest.fixture
def heard(world, monkeypatch):
    """Every exchange with the server: method, path, request body, answer."""
    found, plain = [], World.send_raw

    def send_raw(self, method, path, body, headers, content_type="application/json"):
        answer = plain(self, method, path, body, headers, content_type)
        found.append((method, path, body, answer))
        return answer

    monkeypatch.setattr(World, "send_raw", send_raw)
    return found


def operations(document):
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def operation_of(document, method, path):
    """The operation that serves this request, most literal path first."""
    bare = path.partition("?")[0]
    for template in sorted(document["paths"], key=lambda each: each.count("{")):
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, bare) and method.lower() in document["paths"][template]:
            return (method, template), document["paths"][template][method.lower()]
    return None, None


def check(document, content, value):
    """`value` fits the one schema of `content`; its media type is returned."""
    ((media_type, described),) = content.items()
    schema = described["schema"] | {"components": document["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)
    return media_type


def test_it_is_openapi_with_schemas_that_are_schemas(document):
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named == document["components"]["schemas"].keys()


def test_every_operation_says_who_signs_it_and_how_it_refuses(document):
    for (method, path), operation in operations(document).items():
        content = operation["responses"]["default"]["content"]
        assert list(content) == ["application/problem+json"], (method, path)
        assert operation.get("summary"), (method, path)
        assert bool(operation["security"]) == ("x-signed-by" in operation)


def test_what_it_lists_is_there_and_nothing_else(world, document):
    listed = {path for _, path in operations(document)}
    for method, path in operations(document):
        real = re.sub(r"\{country\}", "TN", re.sub(r"\{(referral|enrolment)\}", "a" * 26, path))
        real = real.replace("{sha256}", "a" * 64)
        answer = world.send(method, real)
        assert answer.status != 405, (method, path)
        assert answer.status != 404 or answer.code != "no_such_address", (method, path)
    served = set()
    for pattern in get_resolver().url_patterns:
        for each in getattr(pattern, "url_patterns", [pattern]):
            outer = "" if each is pattern else str(pattern.pattern)
            served.add(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{outer}{each.pattern}"))
    own = {each for each in served if each in OWN or each.startswith("/^v1/static")}
    assert served - own == listed


def journey(world, worker, shelters, coordinator):
    """Touches every operation, and most ways to be refused."""
    newcomer, unwanted = Newcomer(world), Newcomer(world)
    for each in (newcomer, unwanted):
        each.ask()
        each.poll()
    authority = world.authority()
    world.send("GET", "/v1/enrolments?country=TN", key=authority)
    newcomer.contribute()
    newcomer.open()
    newcomer.vouch(coordinator)
    world.send("GET", "/v1/enrolments?country=TN", key=authority)
    newcomer.poll()
    newcomer.approve()
    newcomer.poll()
    unwanted.refuse()
    unwanted.poll()
    unwanted.ask()
    world.publish()
    for _ in range(2):
        world.put_checklist(b"an edition")
    named = edition(b"an edition")
    world.put_snapshot("TN", world.snapshot(checklists=(named.id,), editions=(named,)))
    world.numbers["TN"] += 1
    worker.get(f"/v1/checklists/{named.sha256}")
    tag = worker.get("/v1/directory/TN").headers["ETag"]
    worker.get("/v1/directory/TN", headers={"If-None-Match": tag})
    worker.post("/v1/sealing-keys", {"statement": to_plain(worker.sealing_key())})
    places = {"provider": SHELTERS[0], "free_places": 3, "stated": world.now}
    statement = sign("application/vnd.amana.capacity.v1+json", places, shelters[0].key)
    for _ in range(2):
        shelters[0].post("/v1/capacity", {"statement": to_plain(statement)})
    sent = worker.submission(*SHELTERS)
    story = worker.submit(sent)
    worker.post("/v1/referrals", sent)
    shelters[0].take_step(story, "opened")
    shelters[0].take_step(story, "accepted")
    shelters[0].take_step(story, "accepted")
    for device in (worker, shelters[0], coordinator):
        device.get(f"/v1/referrals/{story.id}/timeline")
        device.sync()
    for path in ("health", "programme", "log/TN/checkpoint", "log/TN/consistency?first=1&second=2"):
        world.send("GET", f"/v1/{path}")
    note = coordinator.sync()["checkpoint"]
    note += cosign(note, witness_name(coordinator.id), coordinator.key, world.now)
    world.send("POST", "/v1/log/TN/cosignatures", to_json({"checkpoint": note}))
    worker.get("/v1/log/TN/witnessed?size=2")
    asked = write_request(WitnessRequest(0, (), note))
    world.send("POST", "/v1/witness/add-checkpoint", asked, content_type=BYTES_TYPE)
    coordinator.get("/v1/log/TN/export")
    refusals(world, worker, story)


def refusals(world, worker, story):
    world.send("GET", "/v1/sync/TN")
    worker.get("/v1/sync/TN", created=world.now - timedelta(days=1))
    worker.get("/v1/sync/MA")
    worker.get("/v1/sync/TN?after=x")
    worker.get("/v1/log/TN/export")
    worker.post("/v1/referrals", {"event": 1})
    worker.post(story.events_path, worker.submission(SHELTERS[0]))
    worker.take_step(story, "accepted")
    world.send("GET", "/v1/log/TN/consistency?first=5&second=99")
    world.put_snapshot("TN", world.snapshot(number=99))
    lacking = edition(b"never uploaded")
    world.put_snapshot("TN", world.snapshot(checklists=(lacking.id,), editions=(lacking,)))
    worker.get(f"/v1/checklists/{lacking.sha256}")
    world.put_checklist(b"other bytes", sha256=lacking.sha256)


def test_what_is_answered_is_what_it_says(
    world, worker, shelters, coordinator, document, heard, witness
):
    journey(world, worker, shelters, coordinator)
    done, refused = set(), 0
    for method, path, body, answer in heard:
        named, operation = operation_of(document, method, path)
        assert operation is not None, (method, path)
        responses = operation["responses"]
        described = responses.get(str(answer.status)) or responses["default"]
        media_type = answer.headers["Content-Type"].partition(";")[0] if answer.body else None
        if "content" not in described:
            assert answer.body == b"", (method, path)
        elif media_type in ("application/jsonl", "text/plain"):
            assert media_type in described["content"]
        elif media_type == BYTES_TYPE:
            assert described["content"] == {BYTES_TYPE: {}}
        else:
            assert check(document, described["content"], answer.json) == media_type, (method, path)
        if answer.status < 400:
            done.add(named)
            content = operation.get("requestBody", {}).get("content")
            if content == {BYTES_TYPE: {}}:
                assert body
            elif body:
                check(document, content, json.loads(body))
        else:
            refused += 1
            assert described is responses["default"], (method, path, answer.status)
    assert done == operations(document).keys()
    assert refused >= 10


def test_a_body_that_the_schema_forbids_is_refused(world, worker, shelters, document):
    """Not stricter on paper than in fact: an unknown field, a missing one, another type."""
    sent = to_plain(worker.submission(SHELTERS[0]))
    content = document["paths"]["/v1/referrals"]["post"]["requestBody"]["content"]
    check(document, content, sent)
    schema = content["application/json"]["schema"] | {"components": document["components"]}
    for wrong in (sent | {"more": 1}, {"envelopes": []}, sent | {"event": "text"}):
        assert not Draft202012Validator(schema).is_valid(wrong)
        answer = world.send("POST", "/v1/referrals", to_json(wrong), worker.key)
        assert (answer.status, answer.code) == (400, "malformed")


def test_even_a_wrong_method_is_refused_in_the_one_shape(world, document):
    default = document["paths"]["/v1/health"]["get"]["responses"]["default"]
    for method, path in (("DELETE", "health"), ("GET", "referrals"), ("PUT", "capacity")):
        answer = world.send(method, f"/v1/{path}")
        assert (answer.status, answer.headers["Content-Type"]) == (405, "application/problem+json")
        check(document, default["content"], answer.json)
        assert answer.headers["Allow"]
