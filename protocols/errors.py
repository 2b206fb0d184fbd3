"""The root of every error that Amana raises on purpose."""


class AmanaError(Exception):
    """Something was refused; nothing was changed.

    The message is English, for logs, commands and developers, and ends with what to do next.
    `code` is stable: a client translates it for the person who holds the phone.
    Subclasses set `code` to a lower-case slug, unique in the house (a test holds this).
    """

    code = "amana"


class MalformedError(AmanaError):
    """Bytes or fields that do not follow the format they claim."""

    code = "malformed"
