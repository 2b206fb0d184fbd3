"""A power cut before the n-th step that reaches the storage, for every n."""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

from mobile.vault.records import OpenVault


class PowerCut(BaseException):
    """The process is gone."""


class Cut:
    """Ticks before each write, flush, rename and removal of a file and each commit of records."""

    def __init__(self, monkeypatch):
        self.left, self.met = None, False
        for owner, name in (
            (os, "write"),
            (os, "fsync"),
            (Path, "replace"),
            (Path, "unlink"),
            (OpenVault, "_before_commit"),
        ):
            monkeypatch.setattr(owner, name, self._ticking(getattr(owner, name)))

    def _ticking(self, plain):
        def step(*given, **named):
            if self.left is not None:
                if self.left == 0:
                    self.left, self.met = None, True
                    raise PowerCut
                self.left -= 1
            return plain(*given, **named)

        return step

    def moments(self, work):
        """Run `work(n)` cut at each moment in turn, until it runs through; gives each n."""
        for number in count():
            self.left, self.met = number, False
            with suppress(PowerCut):
                work(number)
            self.left = None
            yield number
            if not self.met:
                assert number > 0
                return
