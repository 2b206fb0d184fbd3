"""A QR code (ISO/IEC 18004, drawn up by segno): dark on white in every theme, so that each camera
reads it, with the quiet zone of four modules that the standard asks for."""

from typing import Any

import segno
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

QUIET = 4
WIDEST = 340
DARK, LIGHT = b"\x00", b"\xff"


class Qr(Widget):
    """`text` as a square as wide as there is room; empty text takes none."""

    text = StringProperty("")

    def __init__(self, **given: Any) -> None:
        super().__init__(size_hint_y=None, height=0, **given)
        self._texture: Texture | None = None
        self.bind(text=self._read, width=self._fit, pos=self._draw, size=self._draw)
        self._read()

    def _read(self, *_: Any) -> None:
        self._texture = texture(self.text) if self.text else None
        self._fit()
        self._draw()

    def _fit(self, *_: Any) -> None:
        self.height = min(self.width, dp(WIDEST)) if self.text else 0

    def _draw(self, *_: Any) -> None:
        self.canvas.clear()
        if self._texture is None:
            return
        side = min(self.width, self.height)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(
                texture=self._texture,
                pos=(self.center_x - side / 2, self.center_y - side / 2),
                size=(side, side),
            )


def modules(text: str) -> list[bytes]:
    """The code's rows, quiet zone included: one byte a module, 0 for dark."""
    matrix = segno.make(text, error="l", micro=False).matrix_iter(border=QUIET)
    return [b"".join(DARK if module else LIGHT for module in row) for row in matrix]


def texture(text: str) -> Texture:
    """One pixel a module, never smoothed."""
    rows = modules(text)
    made = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    made.mag_filter = made.min_filter = "nearest"
    made.blit_buffer(b"".join(reversed(rows)), colorfmt="luminance", bufferfmt="ubyte")
    return made
