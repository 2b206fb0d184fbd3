"""What a page is built of: pieces that know their size before they have a place.

Lengths are in points, 72 to the inch. Pieces are laid out from the start of a line and from the
top, as if every language ran from left to right; `mirrored` turns a finished page for Arabic.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from attrs import evolve, field, frozen

from protocols.paper.errors import PaperWidthError
from protocols.paper.reading import right_to_left
from protocols.paper.typeface import plain, width

LONGEST_WORD = 80


class Role(StrEnum):
    """What a paragraph is to somebody who hears the page read out."""

    TITLE = "H1"
    HEADING = "H2"
    TEXT = "P"
    NOTE = "Note"


@frozen
class Style:
    """`size` in points, `leading` the height of a line in parts of it, `ink` as `#rrggbb`."""

    size: float
    bold: bool = False
    ink: str = "#16282b"
    leading: float = 1.36
    role: Role = Role.TEXT


@frozen
class Span:
    """Words in bold or not. `held`: no line breaks within them."""

    text: str
    bold: bool = False
    held: bool = False


@frozen(kw_only=True)
class Box:
    """Something with a place: its upper corner at the start of the line, its width and height."""

    x: float
    y: float
    width: float
    height: float


@frozen(kw_only=True)
class Line(Box):
    """One line of text. `bolds` says of each character whether it is bold, `rtl` is its
    paragraph's direction, `paragraph` is alike for lines of one paragraph."""

    text: str
    bolds: tuple[bool, ...]
    style: Style
    rtl: bool
    paragraph: str
    link: str | None = None


@frozen(kw_only=True)
class Panel(Box):
    """A filled or outlined rectangle; it carries no meaning of its own."""

    fill: str | None = None
    outline: str | None = None
    stroke: float = 0.8
    radius: float = 0


@frozen
class Piece:
    """Boxes that move together, within `width` and `height`."""

    width: float
    height: float
    boxes: tuple[Box, ...] = field(default=())

    def moved(self, right: float, down: float) -> tuple[Box, ...]:
        """The boxes at another place."""
        return tuple(evolve(each, x=each.x + right, y=each.y + down) for each in self.boxes)


def space(height: float) -> Piece:
    """Nothing, that high."""
    return Piece(0, height)


def stack(pieces: Iterable[Piece], gap: float = 0) -> Piece:
    """Pieces one under the other."""
    down, wide = 0.0, 0.0
    boxes: list[Box] = []
    for place, each in enumerate(pieces):
        down += gap if place else 0
        boxes += each.moved(0, down)
        down += each.height
        wide = max(wide, each.width)
    return Piece(wide, down, tuple(boxes))


def beside(first: Piece, second: Piece, at: float) -> Piece:
    """`second` beside `first`, `at` points from the start."""
    height = max(first.height, second.height)
    return Piece(at + second.width, height, (*first.boxes, *second.moved(at, 0)))


def framed(piece: Piece, wide: float, pad: tuple[float, float], panel: Panel) -> Piece:
    """`piece` on a panel of that width, `pad` points (aside, above and below) from its edge."""
    aside, above = pad
    height = piece.height + 2 * above
    ground = evolve(panel, x=0.0, y=0.0, width=wide, height=height)
    return Piece(wide, height, (ground, *piece.moved(aside, above)))


def paragraph(
    spans: Iterable[Span] | str,
    wide: float,
    style: Style,
    rtl: bool,
    *,
    link: str | None = None,
    centred: bool = False,
) -> Piece:
    """Words broken into lines of at most `wide` points, on a page whose direction is `rtl`.

    Raises PaperTextError for what can't be printed and PaperWidthError for a word that is too wide.
    """
    given = [Span(spans, style.bold)] if isinstance(spans, str) else spans
    words = [word for each in given for word in _words(each)]
    whole = " ".join(text for text, _ in words)
    own = right_to_left(whole, rtl)
    high = style.size * style.leading
    boxes: list[Box] = []
    for line, length in _lines(words, wide, style.size, own):
        text = " ".join(word for word, _ in line)
        bolds = tuple(bold for word, bold in line for _ in f"{word} ")[: len(text)]
        boxes.append(
            Line(
                x=(wide - length) / 2 if centred else 0,
                y=high * len(boxes),
                width=length,
                height=high,
                text=text,
                bolds=bolds,
                style=style,
                rtl=own,
                paragraph=whole,
                link=link,
            )
        )
    return Piece(wide, high * len(boxes), tuple(boxes))


def mirrored(boxes: Iterable[Box], wide: float) -> tuple[Box, ...]:
    """The boxes of a page `wide` points wide, turned for a language that runs to the left."""
    return tuple(evolve(each, x=wide - each.x - each.width) for each in boxes)


def _words(span: Span) -> list[tuple[str, bool]]:
    text = plain(span.text)
    words = [text.replace(" ", "\u00a0")] if span.held else text.split(" ")
    return [(each, span.bold) for each in words if each]


def _lines(
    words: Sequence[tuple[str, bool]], wide: float, size: float, rtl: bool
) -> list[tuple[list[tuple[str, bool]], float]]:
    """The words of each line, and its length in points."""
    lines: list[tuple[list[tuple[str, bool]], float]] = []
    line: list[tuple[str, bool]] = []
    length = 0.0
    for word, bold in words:
        own = _fitting(word, bold, wide, size, rtl)
        gap = width("\u00a0", line[-1][1], rtl) * size if line else 0.0
        if line and length + gap + own > wide:
            lines.append((line, length))
            line, length, gap = [], 0.0, 0.0
        line.append((word, bold))
        length += gap + own
    return [*lines, (line, length)] if line else lines


def _fitting(word: str, bold: bool, wide: float, size: float, rtl: bool) -> float:
    own = width(word, bold, rtl) * size if len(word) <= LONGEST_WORD else wide + 1
    if own > wide:
        raise PaperWidthError(f"{word[:40]!r} is too wide for its column; write it with spaces")
    return own
