"""Conditions in a form's XPath: what is read is written and read as the same condition."""

from collections.abc import Iterator

from protocols.exchange.xpath import to_xpath
from protocols.exchange.xpath_meaning import Asked, Meaning, alone, limits, standing_alone, within
from protocols.exchange.xpath_reading import ExpressionError
from protocols.screening.conditions import condition_from_plain
from protocols.screening.model import Kind
from tests.fuzz.target import Target, same, text_of

ASKED = {
    "pay": Asked(Kind.SINGLE, ("late", "none"), 0),
    "seen": Asked(Kind.MULTIPLE, ("papers", "locked"), 1),
    "hours": Asked(Kind.NUMBER, (), 2),
    "free": Asked(Kind.TEXT, (), 3),
    "told": Asked(Kind.NOTICE, (), 4),
}
MEANING = Meaning(ASKED, frozenset({"s_safety"}))
WRITTEN = (
    {"equals": {"question": "pay", "value": "late"}},
    {"includes": {"question": "seen", "value": "papers"}},
    {"greater": {"question": "hours", "than": 48}},
    {"not": {"answered": "free"}},
    {"all": [{"answered": "pay"}, {"any": [{"less": {"question": "hours", "than": -3}}]}]},
)


def read(data: bytes) -> object:
    act, text = data[0] if data else 0, text_of(data[1:])
    if act % 4 == 0:
        found = MEANING.relevant(text, 5)
        if found is not None:
            same(MEANING.relevant(to_xpath(found), 5), found)
        return found
    if act % 4 == 1:
        calculated = MEANING.calculation(text, 5)
        same(MEANING.when(to_xpath(calculated), 5), calculated)
        return calculated
    if act % 4 == 2:
        limit = limits(text)
        if limit != (None, None):
            same(limits(within(*limit)), limit)
        return limit
    choices = alone(text)
    same(alone(standing_alone(choices)), choices)
    return choices


def seeds() -> Iterator[bytes]:
    for plain in WRITTEN:
        written = to_xpath(condition_from_plain(plain, "a seed")).encode()
        yield b"\0" + written
        yield b"\0${End_x} != 'yes' and (" + written + b")"
        yield b"\1if(" + written + b", 'yes', 'no')"
    yield b"\2" + within(0, 168).encode()
    yield b"\3" + standing_alone(("none", "late")).encode()


TARGET = Target(read, (ExpressionError,), seeds, json=False, longest=400)
