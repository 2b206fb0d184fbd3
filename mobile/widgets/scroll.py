"""The middle of a screen: a column that scrolls when it is higher than the room it has."""

from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import ObjectProperty
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets.row import Column

Builder.load_string("""
<Scroll>:
    do_scroll_x: False
    always_overscroll: False
    bar_width: dp(3)
    bar_pos_y: "left" if style.rtl else "right"
    bar_color: colour("outline", 0.7)
    bar_inactive_color: colour("outline", 0.25)
    scroll_type: ["bars", "content"]

<Foot>:
    padding: dp(theme.MARGIN), dp(12), dp(theme.MARGIN), dp(16)
    spacing: dp(10)
    canvas.before:
        Color:
            rgba: colour("paper")
        Rectangle:
            pos: self.pos
            size: self.size
        Color:
            rgba: colour("line")
        Rectangle:
            pos: self.x, self.top - dp(1)
            size: self.width, dp(1)
""")


class Scroll(ScrollView):
    """What is put into it lands in its column."""

    column = ObjectProperty(None)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.column = Column(
            padding=(dp(theme.MARGIN), dp(theme.SPACE), dp(theme.MARGIN), dp(28)),
            spacing=dp(14),
        )
        super().add_widget(self.column)
        self._at_rest = Clock.create_trigger(self.rest, -1)
        self.column.fbind("height", self._at_rest)

    def rest(self, *_: Any) -> None:
        """Come to a halt where it is. Kivy would take content that grew or shrank for a pull beyond
        its end, and spring back for seconds."""
        effect = self.effect_y
        if not effect.is_manual:
            self._update_effect_y_bounds()
            effect.reset(effect.value)
            effect.overscroll = 0

    def to_top(self) -> None:
        """Show the beginning, whatever was under way."""
        self.scroll_y = 1
        self.rest()

    def add_widget(self, widget: Widget, *given: Any, **named: Any) -> None:
        """Into the column."""
        if widget is self.column:
            super().add_widget(widget, *given, **named)
        else:
            self.column.add_widget(widget, *given, **named)


class Foot(Column):
    """The actions at the thumb; the primary one last."""
