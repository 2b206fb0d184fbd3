"""A text as a QR code (ISO/IEC 18004, made by segno): always dark on light, never mirrored."""

import segno
from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

QUIET = 4
"""Modules of light around it, as the standard wants."""
LARGEST = 300


class QrCode(Widget):
    """`text`: what it says; empty: no room. As wide as there is, up to 300 dp."""

    text = StringProperty("")

    def __init__(self, **given: object) -> None:
        self._rows: tuple[tuple[int, ...], ...] = ()
        super().__init__(size_hint_y=None, height=0, **given)
        self.bind(pos=self._draw, width=self._draw)
        self.on_text(self, self.text)

    def on_text(self, _: object, text: str) -> None:
        """Another text."""
        made = segno.make(text, error="l", micro=False) if text else None
        self._rows = tuple(tuple(row) for row in made.matrix) if made is not None else ()
        self._draw()

    @property
    def matrix(self) -> tuple[tuple[int, ...], ...]:
        """What is drawn: 1 is dark."""
        return self._rows

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        modules = len(self._rows) + 2 * QUIET
        module = int(min(self.width, dp(LARGEST)) / modules) if self._rows else 0
        self.height = side = module * modules
        if not side:
            return
        left, top = int(self.center_x - side / 2), int(self.top)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=(left, top - side), size=(side, side))
            Color(0, 0, 0, 1)
            for row, bits in enumerate(self._rows):
                y = top - (QUIET + row + 1) * module
                for start, end in _runs(bits):
                    x = left + (QUIET + start) * module
                    Rectangle(pos=(x, y), size=((end - start) * module, module))


def _runs(bits: tuple[int, ...]) -> list[tuple[int, int]]:
    """Where dark stretches begin and end: one rectangle each, so that no seams show."""
    found, start = [], None
    for at, bit in enumerate((*bits, 0)):
        if bit and start is None:
            start = at
        elif not bit and start is not None:
            found.append((start, at))
            start = None
    return found
