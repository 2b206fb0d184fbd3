"""Choosing: one or several of a list, each with a mark that changes its shape when chosen."""

from collections.abc import Sequence
from typing import Any, Protocol

from kivy.graphics import Color, SmoothEllipse, SmoothLine, SmoothRoundedRectangle
from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from mobile.widgets.row import Column, Row
from mobile.widgets.style import colour

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<Choice>:
    padding: dp(16), dp(13)
    spacing: dp(14)
    canvas.before:
        Color:
            rgba: colour("primary_soft" if self.chosen or self.state == "down" else "surface")
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour("primary" if self.chosen else "outline")
        SmoothLine:
            rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                dp(theme.RADIUS)
            width: dp(1.1 if self.chosen else 0.6)
    Tick:
        chosen: root.chosen
        several: root.several
    Column:
        spacing: dp(2)
        Text:
            text: root.text
            role: "strong" if root.chosen else "body"
            rtl: root.rtl
        Text:
            text: root.detail
            role: "small"
            colour: "ink_soft"
            rtl: root.rtl
""")


class Offered(Protocol):
    """What a list offers: `mobile.flows.parts.Option`."""

    @property
    def key(self) -> str:
        """Handed to `on_choose`."""

    @property
    def label(self) -> str:
        """Its words."""

    @property
    def chosen(self) -> bool:
        """Whether it is."""

    @property
    def detail(self) -> str:
        """A second line, or empty."""


class Tick(Widget):
    """A ring that gets a dot, or a box that gets a tick."""

    chosen = BooleanProperty(False)
    several = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        super().__init__(size_hint=(None, None), size=(dp(24), dp(24)), **given)
        for name in ("pos", "chosen", "several"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: Any) -> None:
        x, y, side = self.x + dp(1.5), self.y + dp(1.5), dp(21)
        self.canvas.clear()
        with self.canvas:
            Color(*colour("primary" if self.chosen else "outline"))
            if self.several:
                if self.chosen:
                    SmoothRoundedRectangle(pos=(x, y), size=(side, side), radius=[dp(5)])
                    Color(*colour("on_primary"))
                    points = [x + side * part for part in (0.22, 0.43, 0.80)]
                    heights = [y + side * part for part in (0.52, 0.30, 0.72)]
                    flat = [each for pair in zip(points, heights, strict=True) for each in pair]
                    SmoothLine(points=flat, width=dp(1.1))
                else:
                    SmoothLine(rounded_rectangle=(x, y, side, side, dp(5)), width=dp(0.9))
            else:
                SmoothLine(circle=(x + side / 2, y + side / 2, side / 2 - dp(0.5)), width=dp(0.9))
                if self.chosen:
                    SmoothEllipse(pos=(x + side * 0.25, y + side * 0.25), size=(side / 2, side / 2))


class Choice(ButtonBehavior, Row):
    """One thing to choose, at least a finger high."""

    key = StringProperty("")
    text = StringProperty("")
    detail = StringProperty("")
    chosen = BooleanProperty(False)
    several = BooleanProperty(False)

    def _grow(self, _: Any, height: float) -> None:
        self.height = max(dp(54), height)


class ChoiceList(Column):
    """`options` to choose from; `several`: more than one may be. Event: `on_choose(key)`. Which is
    chosen is the presenter's to say: the list shows what its options say."""

    __events__ = ("on_choose",)

    options = ListProperty([])
    several = BooleanProperty(False)
    rtl = BooleanProperty(None, allownone=True)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("options", "several", "rtl"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        shown = {each.key: each for each in reversed(self.children)}
        if list(shown) != [each.key for each in self.options]:
            self.clear_widgets()
            shown = {}
        for each in self._offered:
            row = shown.get(each.key)
            if row is None:
                row = Choice(key=each.key)
                row.bind(on_release=lambda pressed: self.dispatch("on_choose", pressed.key))
                self.add_widget(row)
            row.text, row.detail, row.chosen = each.label, each.detail, each.chosen
            row.several, row.rtl = self.several, self.rtl

    @property
    def _offered(self) -> Sequence[Offered]:
        return list(self.options)

    def on_choose(self, key: str) -> None:
        """`key` was pressed."""
