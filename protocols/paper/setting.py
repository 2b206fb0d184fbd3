"""How the parts of a page look at one size: headings, notes, badges, numbers."""

from collections.abc import Iterable

from attrs import frozen

from protocols.paper.pieces import (
    Box,
    Panel,
    Piece,
    Role,
    Span,
    Style,
    beside,
    framed,
    paragraph,
    space,
    stack,
)

INK, DEEP, SOFT, RULE, TINT, WHITE = (
    "#16282b",
    "#0e5a58",
    "#4b5c5f",
    "#9aa8a9",
    "#eceff0",
    "#ffffff",
)
LEAST_BODY, LEAST_SMALL = 8.0, 6.5
"""The smallest sizes in points that a page may be printed in: facts, and sources."""


@frozen
class Setting:
    """One size of everything. `body` is the size of facts in points, `language` the page's. A
    `dense` page runs on where a roomy one starts a new line."""

    language: str
    body: float
    dense: bool = False

    @property
    def rtl(self) -> bool:
        """Whether the page runs from right to left."""
        return self.language == "ar"

    @property
    def small(self) -> float:
        """The size of sources."""
        return max(LEAST_SMALL, self.body * 0.78)

    def style(self, size: float = 1, bold: bool = False, ink: str = INK) -> Style:
        """Words `size` times as large as facts."""
        return Style(self.body * size, bold, ink, self.leading)

    @property
    def leading(self) -> float:
        """The height of a line in parts of its size: Arabic needs room for its marks."""
        return (1.34 if self.rtl else 1.22) if self.dense else (1.42 if self.rtl else 1.32)

    @property
    def gap(self) -> float:
        """The space between two things of a kind."""
        return self.body * (0.32 if self.dense else 0.5)

    def text(self, spans: Iterable[Span] | str, wide: float, *, bold: bool = False) -> Piece:
        """A paragraph of facts."""
        return paragraph(spans, wide, self.style(bold=bold), self.rtl)

    def note(self, text: str, wide: float, ink: str = INK, link: str | None = None) -> Piece:
        """A paragraph as small as sources are."""
        style = Style(self.small, False, ink, 1.2 if self.dense else 1.3, Role.NOTE)
        return paragraph(text, wide, style, self.rtl, link=link)

    def heading(self, text: str, wide: float) -> Piece:
        """A heading over a rule."""
        size = self.body * 1.18
        style = Style(size, True, DEEP, 1.55 if self.rtl else 1.4, Role.HEADING)
        words = paragraph(text, wide, style, self.rtl)
        return stack((words, rule(wide, DEEP, 1.2), space(self.body * 0.4)))

    def warning(self, spans: Iterable[Span], wide: float) -> Piece:
        """A paragraph beside a thick bar: what must not be passed over."""
        bar, gap = self.body * 0.3, self.body * 0.8
        words = self.text(spans, wide - gap)
        stroke = Panel(x=0, y=0, width=bar, height=words.height, fill=INK)
        return beside(Piece(bar, words.height, (stroke,)), words, gap)

    def badge(self, text: str, *, dark: bool) -> Piece:
        """A word in a frame, as wide as it needs; `dark` turns it white on black."""
        pad = self.body * 0.55
        style = self.style(bold=True, ink=WHITE if dark else INK)
        words = paragraph([Span(text, True, held=True)], 200, style, self.rtl)
        wide = max((each.width for each in words.boxes), default=0)
        panel = _panel(fill=INK if dark else WHITE, outline=INK, radius=self.body * 0.4)
        return framed(Piece(wide, words.height, words.boxes), wide + 2 * pad, (pad, 0), panel)

    def disc(self, number: int) -> Piece:
        """A number, white in a black disc."""
        side = self.body * 1.85
        style = Style(self.body * 1.05, True, WHITE, 1.4)
        words = paragraph(str(number), side, style, self.rtl, centred=True)
        ground = Panel(x=0, y=0, width=side, height=side, fill=DEEP, radius=side / 2 - 0.01)
        return Piece(side, side, (ground, *words.moved(0, (side - words.height) / 2)))

    def box(self, piece: Piece, wide: float) -> Piece:
        """A piece in a frame; it is `box_inside` wide."""
        pad = self.body * 0.7
        panel = _panel(fill=WHITE, outline=INK, stroke=1.4, radius=self.body * 0.5)
        return framed(piece, wide, (pad, pad * 0.8), panel)

    def inside(self, wide: float) -> float:
        """The width for what goes into a `box` of that width."""
        return wide - self.body * 1.4


def rule(wide: float, ink: str = RULE, thick: float = 0.6) -> Piece:
    """A line across."""
    stroke: Box = Panel(x=0, y=0, width=wide, height=thick, fill=ink)
    return Piece(wide, thick, (stroke,))


def _panel(fill: str, outline: str | None = None, stroke: float = 0.8, radius: float = 0) -> Panel:
    return Panel(
        x=0, y=0, width=0, height=0, fill=fill, outline=outline, stroke=stroke, radius=radius
    )
