"""Signs drawn as strokes on a grid of 24 by 24, so that no font or picture file is needed."""

from typing import Any

from kivy.graphics import Color, Ellipse, SmoothLine
from kivy.metrics import dp
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from mobile.widgets.style import colour, style

Stroke = tuple[float, ...]

STROKES: dict[str, tuple[Stroke, ...]] = {
    "back": ((15, 19, 8, 12, 15, 5),),
    "forward": ((9, 19, 16, 12, 9, 5),),
    "down": ((5, 15, 12, 8, 19, 15),),
    "up": ((5, 9, 12, 16, 19, 9),),
    "leave": ((10, 4, 4, 4, 4, 20, 10, 20), (9, 12, 21, 12), (16.5, 16.5, 21, 12, 16.5, 7.5)),
    "check": ((5, 12.5, 10, 7.5, 19.5, 17.5),),
    "cross": ((6, 6, 18, 18), (6, 18, 18, 6)),
    "plus": ((12, 5, 12, 19), (5, 12, 19, 12)),
    "alert": ((12, 20.5, 22, 3.5, 2, 3.5, 12, 20.5), (12, 14.5, 12, 9.5)),
    "info": ((12, 12.5, 12, 7),),
    "clock": ((12, 17, 12, 12, 15.5, 9.8),),
    "lock": (
        (5, 11.5, 19, 11.5, 19, 3, 5, 3, 5, 11.5),
        (8, 11.5, 8, 16, 9, 18.5, 12, 20, 15, 18.5, 16, 16, 16, 11.5),
    ),
    "shield": (
        (12, 21, 20, 18, 20, 11, 17.5, 6.5, 12, 3, 6.5, 6.5, 4, 11, 4, 18, 12, 21),
        (8.5, 12, 11, 9.5, 15.5, 14.5),
    ),
    "erase": (
        (9, 18.5, 21, 18.5, 21, 5.5, 9, 5.5, 3, 12, 9, 18.5),
        (12, 9.2, 17.2, 14.8),
        (12, 14.8, 17.2, 9.2),
    ),
    "inbox": (
        (3, 12, 6, 19, 18, 19, 21, 12, 21, 5, 3, 5, 3, 12, 8.5, 12, 10, 9, 14, 9, 15.5, 12, 21, 12),
    ),
    "call": (
        (
            6,
            20.5,
            9.5,
            20,
            10.5,
            15.5,
            8,
            13.5,
            10.5,
            10,
            13.5,
            7.5,
            15.5,
            10.5,
            20,
            9.5,
            20.5,
            6,
            18,
            3.5,
            11,
            6,
            6,
            11,
            3.5,
            18,
            6,
            20.5,
        ),
    ),
    "sync": (
        (4.5, 13, 6.5, 17.5, 11, 19.5, 16, 18.5, 19, 15.5),
        (19.5, 20, 19, 15.5, 14.5, 15.5),
        (19.5, 11, 17.5, 6.5, 13, 4.5, 8, 5.5, 5, 8.5),
        (4.5, 4, 5, 8.5, 9.5, 8.5),
    ),
    "speak": (
        (3, 9.5, 3, 14.5, 7, 14.5, 12, 19, 12, 5, 7, 9.5, 3, 9.5),
        (15.5, 15.5, 17, 12, 15.5, 8.5),
        (18.5, 18, 21, 12, 18.5, 6),
    ),
    "settings": ((3, 17, 21, 17), (3, 7, 21, 7), (8, 20, 8, 14), (16, 10, 16, 4)),
    "person": ((4, 3.5, 5, 8, 8, 10.5, 16, 10.5, 19, 8, 20, 3.5),),
    "paper": ((6, 3, 6, 21, 14, 21, 18, 17, 18, 3, 6, 3), (9, 13, 15, 13), (9, 8.5, 15, 8.5)),
}
CIRCLES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "info": ((12, 12, 9.5),),
    "clock": ((12, 12, 9.5),),
    "person": ((12, 17, 4),),
}
DOTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "alert": ((12, 6.6, 1.2),),
    "info": ((12, 16.4, 1.2),),
}
DIRECTED = frozenset({"back", "forward", "leave", "erase", "speak"})
"""Signs that point along the line of reading and turn with it."""


class Icon(Widget):
    """The sign `name` in `colour`, `extent` dp wide and high."""

    name = StringProperty("")
    colour = StringProperty("ink")
    extent = NumericProperty(24)
    stroke = NumericProperty(1.9)

    def __init__(self, **given: Any) -> None:
        given.setdefault("size_hint", (None, None))
        super().__init__(**given)
        for name in ("name", "colour", "extent", "stroke", "pos", "size"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: Any) -> None:
        if self.size_hint_x is None:
            self.width = dp(self.extent)
        if self.size_hint_y is None:
            self.height = dp(self.extent)
        unit = dp(self.extent) / 24
        left, bottom = self.center_x - 12 * unit, self.center_y - 12 * unit
        turned = style.rtl and self.name in DIRECTED

        def point(x: float, y: float) -> tuple[float, float]:
            return left + (24 - x if turned else x) * unit, bottom + y * unit

        self.canvas.clear()
        with self.canvas:
            Color(*colour(self.colour))
            for stroke in STROKES.get(self.name, ()):
                points = [
                    each for at in range(0, len(stroke), 2) for each in point(*stroke[at : at + 2])
                ]
                SmoothLine(points=points, width=self.stroke * unit / 2 + 0.25, overdraw_width=1.2)
            for x, y, radius in CIRCLES.get(self.name, ()):
                SmoothLine(
                    circle=(*point(x, y), radius * unit),
                    width=self.stroke * unit / 2 + 0.25,
                    overdraw_width=1.2,
                )
            for x, y, radius in DOTS.get(self.name, ()):
                across = 2 * radius * unit
                middle = point(x, y)
                Ellipse(pos=(middle[0] - across / 2, middle[1] - across / 2), size=(across, across))
