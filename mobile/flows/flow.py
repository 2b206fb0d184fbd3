"""The ground of every presenter: its phone, its words, and slow work off the screen's thread."""

from collections.abc import Callable
from typing import Any, Protocol

from mobile.casework.phone import Phone
from mobile.flows.errors import explain
from mobile.locale import Words
from protocols.errors import AmanaError


class Run(Protocol):
    """Does `work` somewhere, then calls `done` with its result or `failed` with its AmanaError, on
    the screen's thread. Any other exception is a defect and must surface."""

    def __call__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[AmanaError], None],
    ) -> None:
        """Start it."""


def at_once(
    work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[AmanaError], None]
) -> None:
    """A `Run` that does everything here and now."""
    try:
        result = work()
    except AmanaError as error:
        failed(error)
    else:
        done(result)


def _nothing() -> None:
    pass


class Flow:
    """A presenter. Its screen sets `changed`, which is called after slow work; after an action of
    its own the screen reads `view` anew. `busy`: slow work is under way, and a second action is
    not begun. `problem`: what slow work met, in words."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        self.phone = phone
        self.words = words
        self.run = run
        self.changed: Callable[[], None] = _nothing
        self.busy = False
        self.problem: str | None = None

    def _slowly(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if self.busy:
            return
        self.busy, self.problem = True, None

        def finished(result: Any) -> None:
            self.busy = False
            try:
                done(result)
            except AmanaError as error:
                self._failed(error)
                return
            self.changed()

        self.run(work, finished, self._failed)

    def _failed(self, error: AmanaError) -> None:
        self.busy = False
        self.problem = explain(self.words, error)
        self.changed()
