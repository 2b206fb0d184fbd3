"""Answers that are none: garbage, too much of it, too slowly, or somewhere else."""

import gzip
import time
from collections.abc import Iterator

from attrs import evolve

from protocols.plain import to_json
from tests.hostile.catalogue import Round, attack
from tests.hostile.hostile_server import Reply
from tests.hostile.lying import (
    CONSISTENCY,
    DIRECTORY,
    SUBMIT,
    SYNC,
    TIMELINE,
    at,
    instead,
    wire,
)
from tests.hostile.town import FIRST_PHONE, QUICKLY, WORKER

MB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@attack("garbled_answer")
def garbage_of_every_kind(stage):
    """What no reader should take: each at one address."""
    for body in (
        b"",
        b"<!doctype html><title>Sign in to this Wi-Fi</title>",
        b"null",
        b"[]",
        b'"events"',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"events":' * 5_000,
        b'{"entries":[],"entries":[]}',
        b'{"entries":NaN}',
        b'{"entries":1e999}',
        b"9" * 100_000,
        b'{"entries":[],"cursor":' + b"9" * 5_000 + b"}",
        b'{"checkpoint":"\\ud800"}',
        to_json({"entries": [], "cursor": 0, "more": False, "checkpoint": "", "consistency": []}),
    ):
        yield Round(WORKER, (instead(SUBMIT, Reply(201).saying(body)),))


@attack("garbled_answer")
def garbage_at_every_address(stage):
    """The same page of a Wi-Fi that wants a password, wherever the phone asks."""
    page = Reply(200, (("Content-Type", "text/html"),), b"<html><body>Welcome!</body></html>")
    for address in (SUBMIT, CONSISTENCY):
        yield Round(WORKER, (instead(address, page),))
    stage.deliver()
    for address in (DIRECTORY, SYNC, TIMELINE):
        yield Round(FIRST_PHONE, (instead(address, page),))


@attack("garbled_answer")
def fields_that_nobody_asked_for(stage):
    """A true page with one field more, or one of another type."""
    stage.deliver()

    def more(_, honest):
        reply = honest()
        return evolve(reply, body=reply.body[:-1] + b',"run":"rm -rf"}')

    def other(_, honest):
        reply = honest()
        return evolve(reply, body=reply.body.replace(b'"more":false', b'"more":"no"'))

    for change in (more, other):
        yield Round(FIRST_PHONE, (at(SYNC, change),))


@attack("garbled_answer")
def packed_bomb(stage):
    """A few bytes that would unfold into a gigabyte."""
    stage.deliver()
    bomb = gzip.compress(bytes(16 * MB))
    for name in ("gzip", "br", "gzip, gzip"):
        packed = Reply(body=bomb).with_header("Content-Encoding", name)
        yield Round(FIRST_PHONE, (instead(SYNC, packed),))


def endless(head: bytes = OK) -> Iterator[bytes]:
    """A body without end."""
    yield head + b"\r\n"
    while True:
        yield b" " * MB


@attack("oversize_answer")
def more_than_any_answer_holds(stage):
    """A true answer, and then blanks without end; at each address."""
    for address in (SUBMIT, CONSISTENCY):
        yield Round(WORKER, (wire(address, endless),))
    stage.deliver()
    for address in (SYNC, TIMELINE, DIRECTORY):
        yield Round(FIRST_PHONE, (wire(address, endless),))
    refusal = wire(SYNC, lambda: endless(b"HTTP/1.1 403 No\r\n"))
    yield Round(FIRST_PHONE, (refusal,))


@attack("offline")
def broken_off(stage):
    """The answer ends before its time: half a body, half a head, nothing, or no HTTP at all."""
    for parts in (
        [OK + b'Content-Length: 1000\r\n\r\n{"events":'],
        [OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{"],
        [OK + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n"],
        [OK[:-8]],
        [b""],
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
        [OK, *[b"X-Flood: " + b"a" * 60_000 + b"\r\n"] * 40],
    ):
        yield Round(WORKER, (wire(SUBMIT, lambda parts=parts: iter(parts)),))


@attack("garbled_answer")
def shorter_than_it_is(stage):
    """A length that cuts the answer."""
    stage.deliver()

    def cut(_, honest):
        body = honest().body
        return Reply(raw=[OK + b"Content-Length: 40\r\n\r\n" + body])

    yield Round(FIRST_PHONE, (at(SYNC, cut),))


def trickle(first: bytes, each: bytes) -> Iterator[bytes]:
    """A few bytes at a time, for ever."""
    yield first
    while True:
        time.sleep(0.02)
        yield each


@attack("slow_answer", requests=14)
def slow_for_ever(stage):
    """Byte by byte: the answer's body, its head, or an endless row of "wait a little"."""
    wait = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    for first, each in (
        (OK + b"\r\n", b" "),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (wait, wait * 100),
    ):
        lie = wire(SUBMIT, lambda first=first, each=each: trickle(first, each))
        yield Round(WORKER, (lie,), act=quickly)


@attack("offline")
def silent(stage):
    """The line is open, and nothing comes: at once, or after half."""
    for first in (b"", OK[:20], OK + b"Content-Length: 99\r\n\r\n{"):

        def stall(first=first):
            yield first
            stage.server.stopping.wait(3)

        yield Round(WORKER, (wire(SUBMIT, stall),), act=quickly)


def quickly(stage, phone):
    """A sync of an impatient phone; it ends in good time."""
    began = time.monotonic()
    try:
        with stage.impatient(phone) as same:
            return same.sync(hurry=True)
    finally:
        assert time.monotonic() - began < QUICKLY


@attack("redirected")
def led_elsewhere(stage):
    """Another host's address, in every way that HTTP knows."""
    for status in (301, 302, 303, 307, 308):
        away = Reply(status).with_header("Location", stage.town.elsewhere.url + "/v1/referrals")
        yield Round(WORKER, (instead(SUBMIT, away),))
    stage.deliver()
    for where in ("http://localhost:1/", "//localhost/", "file:///etc/passwd", "/v1/sync/TN"):
        yield Round(FIRST_PHONE, (instead(SYNC, Reply(302).with_header("Location", where)),))


@attack(
    harmless="no cookie is kept, and the tag is sent back only where the same phone signs with its"
    " own name",
    keeps=False,
)
def tracking_marks(stage):
    """A cookie, a tag and other marks on each answer, to know the phone again."""

    def mark(_, honest):
        reply = honest()
        others = (each for each in reply.headers if each[0].lower() != "etag")
        reply = evolve(reply, headers=tuple(others))
        for name, text in (
            ("Set-Cookie", "phone=7; Max-Age=99999999; Path=/"),
            ("ETag", '"phone-7"'),
            ("Alt-Svc", 'h3=":443"'),
            ("Refresh", f"0; url={stage.town.elsewhere.url}"),
            ("Link", f"<{stage.town.elsewhere.url}>; rel=preload"),
            ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ):
            reply = reply.with_header(name, text)
        return reply

    yield Round(WORKER, (at(r"/v1/.*", mark),))
    yield Round(WORKER, (at(r"/v1/.*", mark),))
