"""One exchange: signed, fresh, bounded, and each failure told for what it is."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import httpx
import nacl.utils
import pytest
from attrs import frozen
from nacl.signing import SigningKey

from mobile.sync import client as client_module
from mobile.sync.client import Client
from mobile.sync.errors import (
    HostileAnswerError,
    OfflineError,
    RedirectedError,
    RefusedError,
    ServerTroubleError,
)
from mobile.sync.patience import Patience
from protocols.plain import format_time
from protocols.sealing.request import parse_request, verify_request

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BASE = "https://amana.example"
SECRET = b"CANARY-the-sealed-words-of-nobody"
PROBLEM = {"title": "t", "status": 409, "detail": "d", "code": "c", "advice": "a"}


@frozen
class Thing:
    name: str


def make(handle, **more):
    """A client whose server is the function `handle`, and its key."""
    key = SigningKey.generate()
    http = httpx.Client(transport=httpx.MockTransport(handle))
    made = Client(BASE, key, http, clock=lambda: NOW, entropy=nacl.utils.random, **more)
    return made, key


def answering(status=200, content=b"{}", **headers):
    return lambda _: httpx.Response(status, content=content, headers=headers)


def signed(request):
    return parse_request(
        request.method,
        request.url.netloc.decode(),
        request.url.raw_path.decode().partition("?")[0],
        request.url.query.decode(),
        dict(request.headers),
        request.content or None,
    )


def stale(server_time):
    problem = PROBLEM | {"status": 401, "code": "stale_request"}
    body = json.dumps(problem | {"extras": {"server_time": server_time}})
    return httpx.Response(401, content=body)


def test_every_request_is_signed_over_what_it_says_with_a_nonce_of_its_own():
    seen = []
    client, key = make(lambda request: seen.append(request) or httpx.Response(200, content=b"{}"))
    client.get("/v1/sync/TN", after=3, known=0)
    client.post("/v1/referrals", SECRET)
    parsed = [signed(each) for each in seen]
    for each in parsed:
        verify_request(each, bytes(key.verify_key), NOW)
    assert seen[0].url.query == b"after=3&known=0"
    assert len({each.nonce for each in parsed}) == 2


def test_every_phone_and_version_says_the_same_of_itself():
    seen = []
    client, _ = make(lambda request: seen.append(request) or httpx.Response(200, content=b"{}"))
    client.get("/v1/programme")
    client.fetch("/v1/checklists/a", 3)
    for each in seen:
        assert each.headers["user-agent"] == "amana"
        assert each.headers["accept-encoding"] == "identity"


def test_no_cookie_is_kept_and_no_other_address_visited():
    seen = []

    def handle(request):
        seen.append(request)
        away = {"location": "https://elsewhere.example/", "set-cookie": "phone=7; Path=/"}
        return httpx.Response(200 if len(seen) == 1 else 302, content=b"{}", headers=away)

    client, _ = make(handle)
    client.get("/v1/programme")
    with pytest.raises(RedirectedError):
        client.get("/v1/programme")
    assert [each.url.host for each in seen] == ["amana.example"] * 2
    assert not any("cookie" in each.headers for each in seen)


def test_open_endpoints_are_asked_without_a_signature():
    seen = []
    http = httpx.Client(
        transport=httpx.MockTransport(lambda request: seen.append(request) or httpx.Response(200))
    )
    Client(BASE, None, http, clock=lambda: NOW, entropy=nacl.utils.random).get("/v1/programme")
    assert not {"signature", "signature-input"} & {name.lower() for name in seen[0].headers}


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(minutes=-7)])
def test_a_stale_answer_teaches_the_servers_time_and_the_request_goes_again(ahead):
    theirs, learned, created = NOW + ahead, [], []

    def handle(request):
        created.append(signed(request).created)
        if abs(created[-1] - theirs) > timedelta(minutes=5):
            return stale(format_time(theirs))
        return httpx.Response(200, content=b"{}")

    client, _ = make(handle, learned=learned.append)
    assert client.post("/v1/referrals", SECRET).status == 200
    assert client.get("/v1/programme").status == 200
    assert created == [NOW, theirs, theirs]
    assert learned == [ahead]


def test_a_server_that_never_finds_it_fresh_is_asked_twice_only():
    seen = []
    client, _ = make(lambda request: seen.append(1) or stale(format_time(NOW)))
    with pytest.raises(RefusedError):
        client.get("/v1/sync/TN")
    assert len(seen) == 2


@pytest.mark.parametrize(
    "told", ["yesterday", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_an_impossible_server_time_is_not_learned(told):
    learned = []
    client, _ = make(lambda _: stale(told), learned=learned.append)
    with pytest.raises(HostileAnswerError):
        client.get("/v1/sync/TN")
    assert learned == []


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.WriteError,
        httpx.RemoteProtocolError,
    ],
)
def test_no_answer_is_being_offline_and_tells_nothing_of_what_was_sent(error):
    def handle(request):
        raise error(f"while sending {SECRET} to {request.url}")

    client, _ = make(handle)
    with pytest.raises(OfflineError) as told:
        client.post("/v1/referrals", SECRET)
    assert "CANARY" not in str(told.value)
    assert BASE not in str(told.value)


def test_an_answer_that_breaks_off_is_being_offline():
    def parts():
        yield b'{"name":'
        raise httpx.ReadError("cut")

    client, _ = make(lambda _: httpx.Response(200, content=parts()))
    with pytest.raises(OfflineError):
        client.get("/v1/programme")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_trouble_is_told_with_the_wait_asked_for(status):
    client, _ = make(answering(status, b"<html>", **{"retry-after": "30"}))
    with pytest.raises(ServerTroubleError) as told:
        client.get("/v1/programme")
    assert told.value.retry_after == 30


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("99999999", 86400),
        ("-3", None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", None),
        ("9" * 5000, 86400),
    ],
)
def test_a_wait_asked_for_is_at_most_a_day(header, seconds):
    client, _ = make(answering(503, b"", **{"retry-after": header}))
    with pytest.raises(ServerTroubleError) as told:
        client.get("/v1/programme")
    assert told.value.retry_after == seconds


def test_a_refusal_is_read_with_what_it_adds():
    problem = PROBLEM | {"extras": {"rule": "x"}, "provider": "demo-a"}
    client, _ = make(answering(409, json.dumps(problem).encode()))
    with pytest.raises(RefusedError) as told:
        client.post("/v1/referrals", b"{}")
    assert told.value.problem.code == "c"
    assert told.value.problem.extras == {"rule": "x", "provider": "demo-a"}


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (400, b"<html>captive portal</html>"),
        (302, b""),
        (409, b"[]"),
        (409, json.dumps(PROBLEM | {"status": 404}).encode()),
        (409, json.dumps(PROBLEM | {"extras": [1]}).encode()),
        (409, json.dumps({"title": "t", "status": 409}).encode()),
    ],
)
def test_a_refusal_that_is_none_is_hostile(status, content):
    client, _ = make(answering(status, content))
    with pytest.raises(HostileAnswerError):
        client.get("/v1/programme")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"name":1}',
        b'{"name":"a","name":"b"}',
        b'{"name":"a","more":1}',
        b'{"name":NaN}',
        b"9" * 5000,
    ],
)
def test_garbage_is_hostile(content):
    client, _ = make(answering(200, content))
    with pytest.raises(HostileAnswerError):
        client.get("/v1/programme").read(Thing)


def test_an_answer_compressed_wrongly_is_hostile():
    client, _ = make(answering(200, b"not gzip", **{"content-encoding": "gzip"}))
    with pytest.raises(HostileAnswerError):
        client.get("/v1/programme")


def test_an_answer_without_end_is_let_go_at_the_limit(monkeypatch):
    monkeypatch.setattr(client_module, "MOST_BYTES", 1000)
    given = []

    def endless():
        for _ in itertools.count():
            given.append(100)
            yield b"x" * 100

    client, _ = make(lambda _: httpx.Response(200, content=endless()))
    with pytest.raises(HostileAnswerError, match="more than 1000 bytes"):
        client.get("/v1/programme")
    assert sum(given) <= 1200


def test_bytes_come_as_they_are_and_no_more_than_asked_for():
    seen = []
    client, _ = make(lambda each: seen.append(each) or httpx.Response(200, content=b"\x00\xff{"))
    assert client.fetch("/v1/checklists/a", 3) == b"\x00\xff{"
    assert seen[0].headers["accept"].startswith("application/octet-stream")
    with pytest.raises(HostileAnswerError, match="more than 2 bytes"):
        client.fetch("/v1/checklists/a", 2)


def test_a_refusal_is_understood_however_little_was_asked_for():
    client, _ = make(answering(409, json.dumps(PROBLEM).encode()))
    with pytest.raises(RefusedError, match="c: d; a"):
        client.fetch("/v1/checklists/a", 1)


def test_an_answer_that_trickles_is_let_go():
    seconds = itertools.count(step=50)
    given = []

    def trickle():
        for _ in itertools.count():
            given.append(1)
            yield b"x"

    client, _ = make(
        lambda _: httpx.Response(200, content=trickle()), stopwatch=lambda: next(seconds)
    )
    with pytest.raises(HostileAnswerError, match="slow"):
        client.get("/v1/programme")
    assert len(given) < 10


def test_a_slow_network_is_waited_for():
    seconds = itertools.count(step=10)
    client, _ = make(
        lambda _: httpx.Response(200, content=iter([b"x" * 2000] * 100)),
        stopwatch=lambda: next(seconds),
    )
    assert len(client.get("/v1/programme").body) == 200_000


def test_nothing_waits_without_end():
    timeout = Patience().timeout
    assert None not in (timeout.connect, timeout.read, timeout.write, timeout.pool)


def test_an_unchanged_answer_needs_no_body():
    seen = []
    client, _ = make(lambda request: seen.append(request) or httpx.Response(304))
    assert client.get("/v1/directory/TN", etag='"7.2"').status == 304
    assert seen[0].headers["if-none-match"] == '"7.2"'


@pytest.mark.parametrize("tag", ['"caf\u00e9"', '"' + "x" * 1000 + '"', "no-quotes", '"a"b"'])
def test_an_entity_tag_that_could_not_be_sent_back_is_not_kept(tag):
    client, _ = make(answering(200, b"{}", etag=tag.encode()))
    assert client.get("/v1/directory/TN").etag is None


def test_a_download_is_signed_streamed_and_judged():
    client, key = make(
        lambda request: (
            verify_request(signed(request), bytes(key.verify_key), NOW)
            or httpx.Response(200, content=iter([b"a", b"b"]))
        )
    )
    with client.download("/v1/log/TN/export") as chunks:
        assert b"".join(chunks) == b"ab"
    refusing, _ = make(answering(403, json.dumps(PROBLEM | {"status": 403}).encode()))
    with pytest.raises(RefusedError), refusing.download("/v1/log/TN/export"):
        pass
