"""What views are made of."""

from collections.abc import Iterable

from attrs import frozen


@frozen
class Goto:
    """The screen to show next, and the screening or referral it is about."""

    screen: str
    record: str | None = None


@frozen
class Option:
    """Something to choose. `chosen` says whether it is, `detail` is a second line."""

    key: str
    label: str
    chosen: bool = False
    detail: str = ""


@frozen
class Field:
    """Something to write in. `multiline`: room for several lines."""

    key: str
    label: str
    value: str
    hint: str = ""
    multiline: bool = False


@frozen
class Row:
    """One line of a list. `mark` is a short word on its standing ("late", "waiting"), so that
    colour is never the only sign; `urgent` asks for emphasis."""

    key: str
    title: str
    detail: str = ""
    mark: str = ""
    urgent: bool = False
    goto: Goto | None = None


@frozen
class Section:
    """A titled block of lines to read."""

    title: str
    lines: tuple[str, ...]


def chosen(options: Iterable[Option]) -> str:
    """The label of the first that is chosen; empty while none is."""
    return next((each.label for each in options if each.chosen), "")
