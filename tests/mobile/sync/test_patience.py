"""A line is cut once its time is over, and not before."""

import socket
import threading
from types import SimpleNamespace

import pytest

from mobile.sync.patience import Patience, Watch

OPENED = "connection.connect_tcp.complete"


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with ours, theirs:
        yield ours, theirs


def watching(*lines):
    watch = Watch()
    for each in lines:
        stream = SimpleNamespace(get_extra_info=lambda _, each=each: each)
        watch.extensions["trace"](OPENED, {"return_value": stream})
    return watch


def test_whoever_reads_meets_an_end_when_the_time_is_over(line):
    ours, theirs = line
    watch = watching(ours)
    watch.set(0.05)
    theirs.sendall(b"x")
    assert ours.recv(1) == b"x"
    assert ours.recv(1) == b""
    assert watch.is_over


def test_what_came_in_time_is_not_cut(line):
    ours, theirs = line
    watch = watching(ours)
    watch.set(0.05)
    watch.set(60)
    threading.Timer(0.15, theirs.sendall, (b"late",)).start()
    assert ours.recv(4) == b"late"
    assert not watch.is_over
    watch.stop()


def test_stopped_it_cuts_nothing_and_set_anew_it_has_not_been_over(line):
    ours, theirs = line
    watch = watching(ours)
    watch.set(0.02)
    watch.stop()
    threading.Timer(0.1, theirs.sendall, (b"y",)).start()
    assert ours.recv(1) == b"y"
    watch.set(0.01)
    assert ours.recv(1) == b""
    watch.set(60)
    assert not watch.is_over
    watch.stop()


def test_a_line_that_is_closed_already_is_let_go(line):
    ours, _ = line
    other, end = socket.socketpair()
    other.close()
    end.close()
    watch = watching(other, ours)
    watch.set(0.01)
    assert ours.recv(1) == b""


def test_other_steps_of_the_library_are_no_lines():
    watch = Watch()
    watch.extensions["trace"]("http11.send_request_headers.complete", {"return_value": None})
    stream = SimpleNamespace(get_extra_info=lambda _: None)
    watch.extensions["trace"](OPENED, {"return_value": stream})
    watch.set(0)
    watch.stop()


def test_a_long_request_has_longer_and_a_slow_network_is_waited_for():
    patience = Patience(begin=10, settle=60, slowest=100)
    assert patience.to_begin(0) == 10
    assert patience.to_begin(100_000) == 1010
    assert not patience.is_lost(0, 59)
    assert patience.is_lost(6_000, 61)
    assert not patience.is_lost(7_000, 61)
