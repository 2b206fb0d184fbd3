"""What waits to leave this phone, and what became of what left."""

from collections.abc import Callable

from mobile.casework.desk import Desk
from mobile.casework.views import ItemState, OutboxItem, Problem
from mobile.sync.outbox import Item


class OutboxView:
    """`Phone.outbox`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def items(self) -> tuple[OutboxItem, ...]:
        """Oldest first; acknowledged items stay listed as proof that they arrived."""
        return tuple(_show(each) for each in self._desk().outbox.items())


def _show(item: Item) -> OutboxItem:
    trouble = item.trouble
    problem = Problem(trouble.code, trouble.detail, trouble.provider) if trouble else None
    return OutboxItem(
        id=item.id,
        referral=item.referral,
        what=item.what,
        created=item.created,
        state=ItemState(item.state),
        attempts=item.attempts,
        next_try=item.next_try,
        problem=problem,
    )
