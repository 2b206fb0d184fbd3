"""Arabic for a renderer that knows neither joining nor order: text in, lines ready to draw out.

A paragraph is cleaned, joined (`shape`), resolved, broken into lines by measured width, and only
then is each line put into the order of the screen (`mobile.widgets.order`): a paragraph that is
ordered first would wrap from bottom to top. Nothing here imports Kivy; whoever draws passes
`measure`. Letters are joined by arabic-reshaper (Arabic Presentation Forms).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from unicodedata import bidirectional

from arabic_reshaper import ArabicReshaper

from mobile.widgets.order import Resolved, arrange, drawn, resolve

Measure = Callable[[str], float]
"""The width in pixels of one line that is ready to draw."""

_LIGATURES = {
    "support_ligatures": True,
    "ARABIC LIGATURE ALLAH": False,
    "ARABIC LIGATURE LAM WITH ALEF": True,
    "ARABIC LIGATURE LAM WITH ALEF WITH HAMZA ABOVE": True,
    "ARABIC LIGATURE LAM WITH ALEF WITH HAMZA BELOW": True,
    "ARABIC LIGATURE LAM WITH ALEF WITH MADDA ABOVE": True,
}
_reshaper = ArabicReshaper(_LIGATURES)

_LRE, _RLE, _PDF, _LRO = "\u202a", "\u202b", "\u202c", "\u202d"
_LRM, _RLM = "\u200e", "\u200f"
_LRI, _RLI, _FSI, _PDI = "\u2066", "\u2067", "\u2068", "\u2069"
_OPENING = {_LRE: _LRE, _RLE: _RLE, _LRI: _LRE, _RLI: _RLE}
_INVISIBLE = re.compile("[\u200b-\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202d\u202e\u061c\u200b\ufeff\u2028\u2029]")
_NUMBER = re.compile(r"[*#]\d+(?:[*#]\d+)*#?|\+?\d+(?:[ \u00a0/.:-](?:\(\d+\)|\d+))*")
_HELD_SPACE = re.compile(r" (?=[:;?!»](?:\s|$))|(?<=«) ")
"""French sets a space before its signs, and no line begins with one of them."""
_NBSP = "\u00a0"
_NARROW = "\u202f"
"""A narrow space that does not break; few fonts have it."""
_UNKNOWN = "\ufffd"
_RTL_KINDS = ("R", "AL")


def right_to_left(text: str, rtl: bool) -> bool:
    """The direction of one paragraph in an interface whose language is `rtl`: a foreign sentence
    keeps its own, and text without letters follows the interface."""
    kinds = [kind for kind in map(bidirectional, text) if kind in ("L", *_RTL_KINDS)]
    if not kinds:
        return rtl
    if rtl:
        return any(kind in _RTL_KINDS for kind in kinds)
    return kinds[0] in _RTL_KINDS


def clean(text: str) -> str:
    """`text` without what could forge its order or break the algorithm: overrides and control
    characters fall away, isolates become embeddings, and what is opened is closed."""
    depth = 0
    kept = []
    plain = known(_CONTROL.sub("", text.replace("\t", " ").replace(_NARROW, _NBSP)))
    for place, char in enumerate(plain):
        if char == _FSI:
            kept.append(_RLE if right_to_left(plain[place:], False) else _LRE)
            depth += 1
        elif char in _OPENING:
            kept.append(_OPENING[char])
            depth += 1
        elif char in (_PDF, _PDI):
            if depth:
                kept.append(_PDF)
                depth -= 1
        else:
            kept.append(char)
    return "".join(kept) + _PDF * depth


def known(text: str) -> str:
    """`text` with one mark for each character that this Python's Unicode has no direction for; the
    algorithm knows none of them, and no font here."""
    return "".join(char if bidirectional(char) else _UNKNOWN for char in text)


def typed(text: str) -> str:
    """`text` as it may stand in a field: no control, ordering or joining characters."""
    plain = text.replace("\r\n", "\n").replace("\t", " ").replace(_NARROW, _NBSP)
    return known(_INVISIBLE.sub("", _CONTROL.sub("", plain)))


def keep_numbers(text: str, rtl: bool) -> str:
    """`text` of a paragraph that runs `rtl`, with every telephone number, date or code of several
    groups held left to right and on one line; without this `+20 100 123` would read `123 100 20+`
    in an Arabic sentence. The marks around it keep two such numbers from running into one."""
    mark = _RLM if rtl else _LRM

    def hold(match: re.Match[str]) -> str:
        number = match.group()
        if number.isdigit():
            return number
        return mark + _LRO + number.replace(" ", _NBSP) + _PDF + mark

    return _NUMBER.sub(hold, text)


def shape(text: str) -> str:
    """`text` in logical order with its Arabic letters joined. Vowel marks are left out, since a
    renderer without glyph positioning would misplace them."""
    return str(_reshaper.reshape(text))


def lay_out(text: str, width: float | None, measure: Measure, *, rtl: bool) -> tuple[str, ...]:
    """The lines of `text`, top to bottom, each ready to draw from left to right.

    `width` in the unit of `measure`; None for lines as long as they come. At least one line.
    """
    lines: list[str] = []
    for paragraph in clean(text.replace("\r\n", "\n")).split("\n"):
        base = right_to_left(paragraph, rtl)
        held = _HELD_SPACE.sub(_NBSP, paragraph)
        resolved = resolve(shape(keep_numbers(held, base)), base)
        wrapped = [resolved] if width is None else _wrap(resolved, width, measure)
        lines.extend(drawn(arrange(line, base)) for line in wrapped)
    return tuple(lines)


def _wrap(text: Sequence[Resolved], width: float, measure: Measure) -> Iterator[Sequence[Resolved]]:
    line: list[Resolved] = []
    space: list[Resolved] = []
    for word, after in _words(text):
        if measure(drawn([*line, *space, *word])) <= width:
            line += [*space, *word]
            space = after
            continue
        if line:
            yield line
        line, space = word, after
        while len(line) > 1 and measure(drawn(line)) > width:
            cut = _fitting(line, width, measure)
            yield line[:cut]
            line = line[cut:]
    yield line


def _words(text: Sequence[Resolved]) -> Iterator[tuple[list[Resolved], list[Resolved]]]:
    """Each word and the space after it."""
    word: list[Resolved] = []
    for each in text:
        if each.char == " ":
            yield word, [each]
            word = []
        else:
            word.append(each)
    yield word, []


def _fitting(word: Sequence[Resolved], width: float, measure: Measure) -> int:
    """How many characters of a word that is too long fit on a line; at least one."""
    low, high = 1, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measure(drawn(word[:middle])) <= width:
            low = middle
        else:
            high = middle - 1
    return low
