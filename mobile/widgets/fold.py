"""A card that shows one line of itself and opens on touch."""

from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets.card import Card
from mobile.widgets.row import Row, When
from mobile.widgets.steady import hold

Builder.load_string("""
#:import Column mobile.widgets.row.Column
#:import Icon mobile.widgets.icon.Icon
#:import Text mobile.widgets.text.Text

<FoldHead>:
    padding: dp(16), dp(12)
    spacing: dp(12)
    canvas.before:
        Color:
            rgba: colour("primary_soft", 1 if self.state == "down" else 0)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
    Column:
        spacing: dp(3)
        Text:
            text: root.text
            role: "small" if root.detail else "label"
            colour: "ink_soft" if root.detail else "ink"
        Text:
            text: root.detail
            role: "strong"
    Icon:
        name: "up" if root.opened else "down"
        colour: "primary"
        extent: 20

<Fold>:
    padding: 0
    spacing: 0
""")


class FoldHead(ButtonBehavior, Row):
    """The line that is always there."""

    text = StringProperty("")
    detail = StringProperty("")
    opened = BooleanProperty(False)

    def _grow(self, _: Any, height: float) -> None:
        self.height = max(dp(theme.BUTTON), height)


class Fold(Card):
    """`title` says what it holds, `detail` how that stands now; what is put into it is shown while
    `opened`."""

    title = StringProperty("")
    detail = StringProperty("")
    opened = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        self._body: When | None = None
        super().__init__(**given)
        head = FoldHead(text=self.title, detail=self.detail, opened=self.opened)
        body = When(shown=self.opened, spacing=dp(10))
        head.bind(on_release=self._turn)
        self.bind(title=head.setter("text"), detail=head.setter("detail"))
        self.bind(opened=head.setter("opened"))
        self.fbind("opened", self._show)
        self._head = head
        super().add_widget(head)
        super().add_widget(body)
        self._body = body
        self._show()

    def add_widget(self, widget: Widget, *given: Any, **named: Any) -> None:
        """Into what is folded away."""
        if self._body is None:
            super().add_widget(widget, *given, **named)
        else:
            self._body.add_widget(widget)

    def _show(self, *_: Any) -> None:
        if self._body is not None:
            side = dp(14) if self.opened else 0
            self._body.padding = (side, 0, side, side)
            self._body.shown = self.opened

    def _turn(self, *_: Any) -> None:
        hold(self._head)
        self.opened = not self.opened
