"""Boxes: a row that starts on the reader's side, and a column as high as its content."""

from collections.abc import Callable, Iterator
from typing import Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets.style import style

Placed = tuple[int, float, float, float, float]
"""A child's index, x, y, width and height."""


class Row(BoxLayout):
    """Children from the first on the left, or on the right where the language is written so, each
    in the middle of the row's height. As high as its highest child unless told otherwise.

    `rtl` None: as the interface is. `rise`: 1 sets children at the top, 0.5 in the middle.
    """

    rtl = BooleanProperty(None, allownone=True)
    rise = NumericProperty(0.5)

    def __init__(self, **given: Any) -> None:
        given.setdefault("spacing", dp(theme.GAP))
        given.setdefault("size_hint_y", None)
        super().__init__(**given)
        _begin_low(self)
        self.bind(minimum_height=self._grow, rtl=self._trigger_layout, rise=self._trigger_layout)

    def _grow(self, _: Any, height: float) -> None:
        if self.size_hint_y is None:
            self.height = height

    def _iterate_layout(self, sizes: list[Any]) -> Iterator[Placed]:
        turned = style.rtl if self.rtl is None else self.rtl
        room = self.height - self.padding[1] - self.padding[3]
        for index, x, y, width, height in _lay_out(self, super()._iterate_layout, sizes, 0):
            across = self.x + self.right - x - width if turned else x
            _, (_, hint), placed, *_ = sizes[index]
            lift = (room - height) * self.rise if hint is None and not placed else 0
            yield index, across, y + lift, width, height


class Column(BoxLayout):
    """Children from top to bottom; as high as they need."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("orientation", "vertical")
        given.setdefault("spacing", dp(theme.GAP))
        given.setdefault("size_hint_y", None)
        super().__init__(**given)
        _begin_low(self)
        self.bind(minimum_height=self._grow)

    def _grow(self, _: Any, height: float) -> None:
        if self.size_hint_y is None:
            self.height = height

    def _iterate_layout(self, sizes: list[Any]) -> Iterator[Placed]:
        return _lay_out(self, super()._iterate_layout, sizes, 1)


class When(Column):
    """Shows its children only while `shown`; otherwise it takes no room."""

    shown = BooleanProperty(True)

    def __init__(self, **given: Any) -> None:
        self._kept: list[Widget] = []
        super().__init__(**given)

    def add_widget(self, widget: Widget, *given: Any, **named: Any) -> None:
        """Kept until it is to be shown."""
        self._kept.append(widget)
        if self.shown:
            super().add_widget(widget)

    def forget(self) -> None:
        """Let go of what was put in."""
        self._kept = []
        self.clear_widgets()

    def on_shown(self, *_: Any) -> None:
        """All of them, or none."""
        self.clear_widgets()
        if self.shown:
            for widget in self._kept:
                super().add_widget(widget)


class Space(Widget):
    """Room that gives way: what follows it stands at the far end of its row or column."""


def _begin_low(box: BoxLayout) -> None:
    """Kivy's widgets are born 100 pixels high; an empty box is not."""
    if box.size_hint_y is None and box.height == 100:
        box.height = 0


def _lay_out(
    box: BoxLayout,
    iterate: Callable[[list[Any]], Iterator[Placed]],
    sizes: list[Any],
    along: int,
) -> Iterator[Placed]:
    """A box's own layout, but what has no extent along it gets no spacing either."""
    empty = [
        index
        for index, (size, hint, *_) in enumerate(sizes)
        if hint[along] is None and not size[along]
    ]
    left, top, right, bottom = box.padding
    there = [index for index in range(len(sizes)) if index not in empty]
    if there:
        for nth, *placed in iterate([sizes[index] for index in there]):
            yield (there[nth], *placed)
    else:
        box.minimum_size = left + right, top + bottom
    for index in empty:
        (width, height), (wide, _), *_ = sizes[index]
        if wide is not None and along:
            width = max(0.0, box.width - left - right)
        yield index, box.x + left, box.y + bottom, width, height
