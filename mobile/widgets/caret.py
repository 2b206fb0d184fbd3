"""Where the caret stands in a line whose letters are joined and reordered, and what a touch meant.

Without Kivy: a `ShapedLine` knows for each glyph on the screen which characters of the text it
stands for.
"""

import re
from itertools import pairwise

from arabic_reshaper.arabic_reshaper import HARAKAT_RE
from attrs import frozen

from mobile.widgets.bidi import Measure, keep_numbers, known, right_to_left, shape
from mobile.widgets.order import arrange, resolve

_ALEFS = "\u0622\u0623\u0625\u0627"
_LAM = "\u0644"
_HELD = "\u200e\u200f\u202c\u202d"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
_NOTHING = "\ufeff"


@frozen
class Glyph:
    """One drawn character. `letters`: the places in the text that it stands for (two for lam-alef);
    `backwards`: it is read from right to left."""

    char: str
    letters: tuple[int, ...]
    backwards: bool


class ShapedLine:
    """One line of a text that is being written, `text` without line breaks; `rtl` says how the
    interface is written."""

    def __init__(self, text: str, measure: Measure, *, rtl: bool) -> None:
        self.text = text
        has_letters = any(char.isalpha() for char in text)
        self.backwards = right_to_left(text, rtl) if has_letters else False
        self.glyphs = _glyphs(text, self.backwards)
        self.visual = "".join(glyph.char for glyph in self.glyphs)
        self._edges = tuple(measure(self.visual[:place]) for place in range(len(self.visual) + 1))
        self._carets = self._all_carets()

    @property
    def width(self) -> float:
        """In the unit of `measure`."""
        return self._edges[-1]

    def caret(self, place: int) -> float:
        """How far from the left edge the caret stands before the character `place`; `place` may be
        the text's length."""
        return self._carets[max(0, min(place, len(self._carets) - 1))]

    def place(self, x: float) -> int:
        """The place in the text whose caret is nearest to `x`."""
        return min(range(len(self._carets)), key=lambda place: abs(self._carets[place] - x))

    def spans(self, start: int, end: int) -> tuple[tuple[float, float], ...]:
        """From where to where the characters from `start` to `end` are drawn, left to right."""
        found: list[tuple[float, float]] = []
        for glyph, (left, right) in zip(self.glyphs, pairwise(self._edges), strict=True):
            if not any(start <= letter < end for letter in glyph.letters):
                continue
            if found and found[-1][1] == left:
                found[-1] = (found[-1][0], right)
            else:
                found.append((left, right))
        return tuple(found)

    def _all_carets(self) -> tuple[float, ...]:
        """After each character the caret stands at that character's far edge; a vowel mark, which
        is not drawn, moves nothing."""
        begin = self.width if self.backwards else 0.0
        after: dict[int, float] = {}
        for glyph, (left, right) in zip(self.glyphs, pairwise(self._edges), strict=True):
            for nth, letter in enumerate(glyph.letters, start=1):
                part = (right - left) * nth / len(glyph.letters)
                after[letter] = right - part if glyph.backwards else left + part
        carets = [begin]
        for place in range(len(self.text)):
            carets.append(after.get(place, carets[-1]))
        return tuple(carets)


def _glyphs(text: str, backwards: bool) -> tuple[Glyph, ...]:
    held = keep_numbers(known(_CONTROL.sub(_NOTHING, text)), backwards)
    letters = _letters(held)
    return tuple(
        Glyph(each.char, letters[each.place], each.backwards)
        for each in arrange(resolve(shape(held), backwards), backwards)
    )


def _letters(held: str) -> list[tuple[int, ...]]:
    """For each character of the joined text, the places in the text before numbers were held."""
    found: list[tuple[int, ...]] = []
    place, lam = 0, False
    for char in held:
        if char in _HELD:
            found.append(())
            lam = False
            continue
        if HARAKAT_RE.match(char):
            place += 1
            continue
        if lam and char in _ALEFS:
            found[-1] = (*found[-1], place)
            lam = False
        else:
            found.append((place,))
            lam = char == _LAM
        place += 1
    return found
