"""A provider's inbox: what is offered or in care, by deadline, and what has ended."""

from collections.abc import Iterable

from attrs import frozen

from mobile.casework.views import InboxItem
from mobile.flows.parts import Row
from mobile.flows.refusals import NotANumberError
from mobile.flows.rows import inbox_row
from mobile.flows.syncing import SyncingFlow
from protocols.referral.arrows import FINAL, State

MOST_PLACES = 9999


@frozen
class InboxView:
    """`waiting`: to be answered, nearest deadline first; `ours`: accepted; `past`: closed, or
    somebody else's now."""

    title: str
    waiting_title: str
    waiting: tuple[Row, ...]
    ours_title: str
    ours: tuple[Row, ...]
    past_title: str
    past: tuple[Row, ...]
    empty: str
    capacity_title: str
    capacity_label: str
    capacity_button: str
    capacity: str
    sync_button: str
    synced: str
    busy: bool
    problem: str | None
    problems: tuple[str, ...]

    @property
    def lists(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The titled lists that hold something, the most pressing first."""
        titled = (
            (self.waiting_title, self.waiting),
            (self.ours_title, self.ours),
            (self.past_title, self.past),
        )
        return tuple(each for each in titled if each[1])


class InboxFlow(SyncingFlow):
    """The inbox, and how many places are free."""

    _stated = ""

    @property
    def view(self) -> InboxView:
        """What the screen shows now."""
        words, items = self.words, self.phone.inbox.list()
        here = [each for each in items if each.ours and State(each.state) not in FINAL]
        return InboxView(
            title=words("Inbox"),
            waiting_title=words("Waits for your answer"),
            waiting=self._rows(each for each in here if not each.mine),
            ours_title=words("In your care"),
            ours=self._rows(each for each in here if each.mine),
            past_title=words("Ended, or no longer with you"),
            past=self._rows(each for each in items if each not in here),
            empty="" if items else words("Nothing here yet."),
            capacity_title=words("Free places"),
            capacity_label=words("How many places are free now? Leave empty if not known."),
            capacity_button=words("Tell the directory"),
            capacity=self._stated,
            sync_button=words("Sync now"),
            synced=self.synced,
            busy=self.busy,
            problem=self.problem,
            problems=self.problems,
        )

    def state_capacity(self, free: str | int | None) -> None:
        """Tell how many places are free now, in digits of any script, empty for not known; needs a
        connection. Raises NotANumberError."""
        written = "" if free is None else str(free).strip()
        if written and not (written.isdecimal() and int(written) <= MOST_PLACES):
            raise NotANumberError(f"free places are a number from 0 to {MOST_PLACES}; correct it")
        places = int(written) if written else None
        self._stated = ""

        def told(moment: object) -> None:
            self._stated = self.words("Told. Thank you.")

        self._slowly(lambda: self.phone.inbox.state_capacity(places), told)

    def _rows(self, items: Iterable[InboxItem]) -> tuple[Row, ...]:
        return tuple(inbox_row(self.words, each) for each in items)
