"""Text: the right words in the right order, wrapped to its width and as high as it must be."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Rectangle
from kivy.metrics import sp
from kivy.properties import BooleanProperty, ListProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets.bidi import Measure, lay_out
from mobile.widgets.style import colour, style


@cache
def measure(font: str, size: float) -> Measure:
    """How wide one ready line is in `font` at `size` pixels."""
    label = CoreLabel(font_name=font, font_size=size)
    extents: Callable[[str], tuple[int, int]] = label.get_extents
    return lambda line: extents(line)[0]


def font_of(role: str) -> tuple[str, float]:
    """The font's file and the size in pixels of a step of the type scale."""
    step = theme.SCALE[role]
    return (theme.BOLD if step.bold else theme.REGULAR), sp(step.size) * style.scale


@lru_cache(maxsize=1024)
def _lines(text: str, width: float | None, font: str, size: float, rtl: bool) -> tuple[str, ...]:
    return lay_out(text, width, measure(font, size), rtl=rtl)


def forget_lines() -> None:
    """Let go of every text that was laid out: they may be of a case."""
    _lines.cache_clear()


class Text(Widget):
    """`role` is a step of the type scale, `colour` a name of the palette. `hug`: as wide as its
    words, on one line; otherwise as wide as its parent says. `rtl` None: as the interface is.
    `lines` are what is drawn."""

    text = StringProperty("")
    role = OptionProperty("body", options=list(theme.SCALE))
    colour = StringProperty("ink")
    align = OptionProperty("start", options=["start", "center", "end"])
    hug = BooleanProperty(False)
    rtl = BooleanProperty(None, allownone=True)
    lines = ListProperty([])

    def __init__(self, **given: Any) -> None:
        self._drawn: tuple[object, ...] = ()
        given.setdefault("size_hint_y", None)
        super().__init__(**given)
        self._again = Clock.create_trigger(self._draw, -1)
        with self.canvas:
            self._paint = Color(0, 0, 0, 0)
            self._picture = Rectangle()
        for name in ("text", "role", "align", "hug", "rtl"):
            self.fbind(name, self._again)
        self.fbind("colour", self._repaint)
        self.fbind("width", self._widened)
        self.fbind("pos", self._place)
        self.fbind("size", self._place)
        self._draw()

    def _widened(self, *_: Any) -> None:
        if not self.hug:
            self._draw()

    def _draw(self, *_: Any) -> None:
        if self.hug:
            self.size_hint_x = None
        font, size = font_of(self.role)
        width = None if self.hug else max(self.width, 1)
        wanted = (self.text, width, font, size, self.align, self._turned)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self.lines = list(_lines(self.text, width, font, size, self._turned))
        label = CoreLabel(
            text="\n".join(self.lines), font_name=font, font_size=size, halign=self._side()
        )
        label.refresh()
        self._picture.texture = label.texture
        self._picture.size = label.texture.size
        self._repaint()
        if self.hug:
            self.width = label.texture.width
        self.height = label.texture.height if self.text else 0
        self._place()

    @property
    def _turned(self) -> bool:
        return bool(style.rtl if self.rtl is None else self.rtl)

    def _side(self) -> str:
        if self.align == "center":
            return "center"
        return "right" if (self.align == "start") == self._turned else "left"

    def _repaint(self, *_: Any) -> None:
        self._paint.rgba = colour(self.colour) if self.text else (0, 0, 0, 0)

    def _place(self, *_: Any) -> None:
        width, height = self._picture.size
        slack = {"left": 0.0, "center": 0.5, "right": 1.0}[self._side()]
        x = self.x + (self.width - width) * slack
        self._picture.pos = (round(x), round(self.center_y - height / 2))
