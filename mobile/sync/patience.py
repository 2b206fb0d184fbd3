"""How long an exchange may take as a whole.

An HTTP library bounds the wait between two bytes, so a server that sends one a minute, or an
endless row of provisional answers, could hold the phone for ever.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any

import httpx
from attrs import field, frozen


@frozen
class Patience:
    """Seconds to wait: to `connect`; in `silence`, between two bytes; for an answer to `begin`;
    for it to `settle`, after which it must bring `slowest` bytes a second on average (no network
    that works is slower); for the `longest` answer, one that streams aside."""

    connect: float = 15.0
    silence: float = 60.0
    begin: float = 120.0
    settle: float = 120.0
    slowest: float = 100.0
    longest: float = 1800.0

    @property
    def timeout(self) -> httpx.Timeout:
        """For the waits between two bytes."""
        return httpx.Timeout(self.silence, connect=self.connect)

    def to_begin(self, sent: int) -> float:
        """For an answer to begin, once `sent` bytes have gone out."""
        return self.begin + sent / self.slowest

    def is_lost(self, size: int, spent: float) -> bool:
        """Whether `size` bytes in `spent` seconds are too few ever to end."""
        return spent > self.settle and size < spent * self.slowest


@frozen
class Watch:
    """Cuts the line once its time is over. `is_over` then, and whoever reads meets an end.

    Give `extensions` to each request: by them the library tells of the lines it opens.
    """

    _lines: list[socket.socket] = field(factory=list)
    _timers: list[Timer] = field(factory=list)
    _cuts: list[float] = field(factory=list)

    @property
    def extensions(self) -> Mapping[str, Any]:
        """For httpx, whose transport calls `trace` at each step."""
        return {"trace": self._trace}

    @property
    def is_over(self) -> bool:
        """Whether the line was cut since it was set last."""
        return bool(self._cuts)

    def set(self, seconds: float) -> None:
        """Cut in so many seconds, unless set again before."""
        self.stop()
        self._cuts.clear()
        timer = Timer(seconds, self._cut, (seconds,))
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def stop(self) -> None:
        """Cut no more."""
        while self._timers:
            self._timers.pop().cancel()

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        if name not in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            return
        line = info["return_value"].get_extra_info("socket")
        if isinstance(line, socket.socket):
            self._lines[:] = [each for each in self._lines if each.fileno() >= 0]
            self._lines.append(line)

    def _cut(self, seconds: float) -> None:
        self._cuts.append(seconds)
        for each in tuple(self._lines):
            with suppress(OSError):
                # Not the TLS socket's own method: it would drop its session under the reader.
                socket.socket.shutdown(each, socket.SHUT_RDWR)
