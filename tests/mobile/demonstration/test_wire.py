"""The relay passes on every byte both ways and keeps it, whatever the bytes are."""

import os
import socket
from contextlib import suppress
from threading import Thread

import pytest

from mobile.commands.demonstration.wire import FROM_SERVER, HOST, TO_SERVER, Relay


def echo_backwards(listener):
    """A server that answers each connection with what it got, reversed."""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client, client.makefile("rb") as got:
            client.sendall(got.read()[::-1])


def said(port, data):
    """The answer; empty where the line was cut."""
    with socket.create_connection((HOST, port), 5) as line:
        line.sendall(data)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
        with line.makefile("rb") as answer:
            try:
                return answer.read()
            except ConnectionResetError:
                return b""


@pytest.fixture
def relay(tmp_path):
    listener = socket.create_server((HOST, 0))
    Thread(target=echo_backwards, args=(listener,), daemon=True).start()
    made = Relay(listener.getsockname()[1], tmp_path / "wire")
    made.start()
    yield made
    listener.close()


def test_every_byte_is_passed_on_and_kept_by_speaker(relay):
    first, second = os.urandom(300_000), b"second\r\n"
    with relay.as_speaker("phone"):
        assert said(relay.port, first) == first[::-1]
    assert said(relay.port, second) == second[::-1]
    relay.stop()
    sent = (relay.folder / TO_SERVER).read_bytes()
    received = (relay.folder / FROM_SERVER).read_bytes()
    assert first in sent and second in sent
    assert first[::-1] in received and second[::-1] in received
    assert b"of phone ===" in sent and b"of programme ===" in sent


def test_a_server_that_is_down_ends_the_line_and_the_next_one_works(relay):
    target, relay.target = relay.target, 1
    assert said(relay.port, b"hello") == b""
    relay.target = target
    assert said(relay.port, b"hello") == b"olleh"
    relay.stop()


def test_once_stopped_nobody_is_taken_any_more(relay):
    relay.stop()
    with pytest.raises(OSError):
        said(relay.port, b"hello")
