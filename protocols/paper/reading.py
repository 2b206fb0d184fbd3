"""The order of the page: a line of text as runs from left to right, by the Unicode bidirectional
algorithm (UAX #9), as fpdf2 implements it."""

import re
from collections.abc import Sequence
from itertools import groupby
from unicodedata import bidirectional

from attrs import frozen
from fpdf.bidi import BidiCharacter, BidiParagraph
from fpdf.enums import TextDirection

_LRI, _PDI = "\u2066", "\u2069"
_NUMBER = re.compile(r"\+?\d+(?:[\u00a0/.:–-]\d+)*|\[\d+\]")
"""Telephone and law numbers, dates, spans, numbers of sources: read left to right everywhere."""
_RIGHT = ("R", "AL")
_STRONG = ("L", *_RIGHT)


@frozen
class Run:
    """Words that are drawn in one go: `text` in the order of reading, `rtl` its direction."""

    text: str
    rtl: bool
    bold: bool = False


def runs(text: str, bolds: Sequence[bool], rtl: bool) -> tuple[Run, ...]:
    """One line as runs from left to right. `bolds` says for each character whether it is bold;
    `rtl` is the direction of the line's paragraph."""
    held, places = _isolated(text)
    direction = TextDirection.RTL if rtl else TextDirection.LTR
    seen = [
        (each, places[each.character_index])
        for each in BidiParagraph(held, direction).get_reordered_characters()
        if places[each.character_index] is not None
    ]

    def alike(one: tuple[BidiCharacter, int | None]) -> tuple[int, bool]:
        char, place = one
        return char.embedding_level, bolds[place or 0]

    found = []
    for (level, bold), group in groupby(seen, alike):
        order = sorted(place for _, place in group if place is not None)
        found.append(Run("".join(text[each] for each in order), level % 2 == 1, bold))
    return tuple(found)


def right_to_left(text: str, rtl: bool) -> bool:
    """The direction of a paragraph on a page whose direction is `rtl`: a foreign sentence keeps
    its own."""
    kinds = {bidirectional(char) for char in text}
    if kinds.isdisjoint(_RIGHT):
        return rtl and "L" not in kinds
    return rtl or "L" not in kinds


def _isolated(text: str) -> tuple[str, list[int | None]]:
    """`text` with its numbers isolated, and for each character its place in `text` (None for a
    mark that was put in)."""
    held: list[str] = []
    places: list[int | None] = []
    last = 0
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        if _after_latin(text, start):
            continue
        held += [*text[last:start], _LRI, *text[start:end], _PDI]
        places += [*range(last, start), None, *range(start, end), None]
        last = end
    return "".join(held) + text[last:], [*places, *range(last, len(text))]


def _after_latin(text: str, place: int) -> bool:
    """Whether a number there goes on a Latin phrase, "Law 27-14", with which it is read."""
    kinds = (bidirectional(char) for char in reversed(text[:place]))
    return next((kind for kind in kinds if kind in _STRONG), None) == "L"
