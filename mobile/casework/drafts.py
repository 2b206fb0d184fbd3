"""What was entered between a screening's findings and its sending, kept so that it survives the
app being closed: a plain value beside the screening, kept and gone with it. A submission that was
refused can so be sent anew without asking everything again."""

from collections.abc import Callable
from typing import Any

from mobile.casework.desk import Desk
from protocols.plain import dump_json, load_json

DRAFTS = "draft"


class Drafts:
    """`Phone.drafts`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def get(self, screening: str) -> Any:
        """The plain value kept last for this screening, or None."""
        data = self._desk().vault.get(DRAFTS, screening)
        return None if data is None else load_json(data)

    def save(self, screening: str, plain: Any) -> None:
        """Durable when it returns. `plain` is JSON-ready."""
        self._desk().vault.put(DRAFTS, screening, dump_json(plain))


def forget_draft(desk: Desk, screening: str) -> None:
    """Call in the transaction that ends the need for it."""
    desk.vault.delete(DRAFTS, screening)
