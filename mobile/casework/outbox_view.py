"""What waits to leave this phone, and what became of what left."""

from __future__ import annotations

from mobile.casework.views import OutboxItem


class OutboxView:
    """`Phone.outbox`."""

    def items(self) -> tuple[OutboxItem, ...]:
        """Oldest first; acknowledged items stay listed as proof that they arrived."""
        raise NotImplementedError
