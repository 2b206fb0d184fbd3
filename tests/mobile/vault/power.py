"""The power is cut at the n-th thing done to the disk: before it, in its middle, or after it.

What SQLite does to its own files is its own affair and is not counted here.
"""

import os

KINDS = ("write", "pwrite", "fsync", "replace", "unlink")


class PowerCutError(BaseException):
    """The process is gone."""


class Power:
    """`at(n, torn)`: cut at the n-th from now on; `torn`: half of what was to be written is there.
    `met`: whether it came to that."""

    def __init__(self, monkeypatch):
        self.left, self.torn, self.met = None, False, False
        for kind in KINDS:
            monkeypatch.setattr(os, kind, self._counting(kind, getattr(os, kind)))

    def at(self, number, torn=False):
        self.left, self.torn, self.met = number, torn, False

    def on(self):
        self.left = None

    def _counting(self, kind, plain):
        def done(*given, **named):
            if self.left == 0:
                self.left, self.met = None, True
                if self.torn and kind in ("write", "pwrite"):
                    data = bytes(given[1])
                    plain(given[0], data[: len(data) // 2], *given[2:])
                raise PowerCutError
            if self.left is not None:
                self.left -= 1
            return plain(*given, **named)

        return done
