"""How wide words are in Amana Sans, shaped by HarfBuzz, and whether it has their characters."""

import re
import unicodedata
from functools import cache, lru_cache

import uharfbuzz  # type: ignore[import-untyped]

from protocols.fonts import REGULAR, SEMIBOLD
from protocols.paper.errors import PaperTextError
from protocols.paper.reading import right_to_left, runs

NBSP = "\u00a0"
_NARROW = "\u202f"
_HELD_SPACE = re.compile(r" (?=[:;?!»](?:\s|$))|(?<=«) |(?<=n°) ")
"""French sets a space before its signs and after n°, and no line breaks there."""
_SPACES = re.compile(" +")
_HELD_NUMBER = re.compile(r"(?<![\w.])(\d{1,2}) (?=[^\W\d_])")
"""A day keeps to its month."""
_STEERING = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_MARKS = ("Mn", "Me", "Mc")
_MOST_MARKS = 4
"""More marks than this on one letter would climb over the lines above."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`text` ready to set: one space between words, none where no line may break.

    Raises PaperTextError for control and direction characters, characters that the typeface lacks,
    and letters under heaps of marks.
    """
    words = text.replace(_NARROW, NBSP)
    heap = 0
    for place, char in enumerate(words):
        near = words[max(0, place - 20) : place].strip()
        kind = unicodedata.category(char)
        if kind in _STEERING:
            raise PaperTextError(
                f"U+{ord(char):04X} after {_safe(near)!r} can't be printed; take it out of the text"
            )
        if not (_has(char, False) and _has(char, True)):
            raise PaperTextError(
                f"the typeface lacks {char!r} (U+{ord(char):04X}) after {_safe(near)!r}; "
                f"write it another way"
            )
        heap = heap + 1 if kind in _MARKS else 0
        if heap > _MOST_MARKS:
            raise PaperTextError(f"too many marks on one letter after {_safe(near)!r}; remove some")
    held = _HELD_NUMBER.sub(rf"\1{NBSP}", _SPACES.sub(" ", words))
    return _HELD_SPACE.sub(NBSP, held).strip(" ")


@lru_cache(maxsize=8192)
def width(word: str, bold: bool, rtl: bool) -> float:
    """The width of one word in a paragraph of that direction, in parts of the type size."""
    pieces = runs(word, [bold] * len(word), rtl or right_to_left(word, False))
    return sum(_run_width(each.text, bold, each.rtl) for each in pieces)


@lru_cache(maxsize=8192)
def _run_width(text: str, bold: bool, rtl: bool) -> float:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    font = _font(bold)
    uharfbuzz.shape(font, buffer, {})
    advance = sum(each.x_advance for each in buffer.glyph_positions)
    return float(advance) / float(font.face.upem)


@cache
def _font(bold: bool) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob.from_file_path(SEMIBOLD if bold else REGULAR)
    return uharfbuzz.Font(uharfbuzz.Face(blob))


@lru_cache(maxsize=8192)
def _has(char: str, bold: bool) -> bool:
    return _font(bold).get_nominal_glyph(ord(char)) is not None


def _safe(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
