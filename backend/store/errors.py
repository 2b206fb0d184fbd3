"""What the store refuses."""

from protocols.errors import AmanaError


class StoreUnavailableError(AmanaError):
    """The database could not take or give the data just now; nothing was half-written."""

    code = "store_unavailable"

    def __init__(self, reason: str) -> None:
        """`reason` is the database driver's error class, never its text: that may hold data."""
        super().__init__(
            f"The server's database could not be used ({reason}); nothing was changed. "
            "Send the same again in half a minute."
        )
