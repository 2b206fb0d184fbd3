"""A button for what cannot be taken back: it acts only once it was held until it is full."""

from typing import Any

from kivy.animation import Animation
from kivy.lang import Builder
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from mobile.widgets.row import Row
from mobile.widgets.style import style

HOLD = 2.0
"""Seconds to hold it."""

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Text mobile.widgets.text.Text

<HoldAction>:
    size_hint_y: None
    height: max(dp(theme.BUTTON), said.height + dp(20))
    padding: dp(16), 0
    canvas.before:
        Color:
            rgba: colour("surface")
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour("danger_soft", 1 if self.full else 0)
        SmoothRoundedRectangle:
            pos: self.full_from, self.y
            size: self.width * self.full, self.height
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour("danger")
        SmoothLine:
            rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                dp(theme.RADIUS)
            width: dp(1.2 if self.full else 0.8)
    Icon:
        name: root.icon
        colour: "danger"
        extent: 22 if root.icon else 0
    Text:
        id: said
        text: root.text
        role: "label"
        colour: "danger"
        align: "center"
    Icon:
        extent: 22 if root.icon else 0
""")


class HoldAction(Row):
    """`full`: how much of the hold is over, from 0 to 1. Event: `on_held`. Lifting the finger or
    moving it off begins anew."""

    __events__ = ("on_held",)

    text = StringProperty("")
    icon = StringProperty("")
    full = NumericProperty(0.0)
    full_from = NumericProperty(0.0)

    def __init__(self, **given: Any) -> None:
        self._filling: Animation | None = None
        super().__init__(**given)
        for name in ("pos", "size", "full"):
            self.fbind(name, self._place)
        self.fbind("parent", self._parted)

    def on_touch_down(self, touch: Any) -> bool:
        """Held from now."""
        if self.disabled or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self._filling = Animation(full=1.0, duration=HOLD)
        self._filling.bind(on_complete=self._done)
        self._filling.start(self)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Moved off it: let go."""
        if touch.grab_current is self and not self.collide_point(*touch.pos):
            self._let_go()
        return touch.grab_current is self

    def on_touch_up(self, touch: Any) -> bool:
        """Too soon, nothing is done."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._let_go()
        return True

    def on_held(self) -> None:
        """It was held long enough."""

    def _grow(self, *_: Any) -> None:
        """Its height is ruled above."""

    def _done(self, *_: Any) -> None:
        self._filling = None
        self.full = 0.0
        self.dispatch("on_held")

    def _let_go(self) -> None:
        if self._filling is not None:
            self._filling.cancel(self)
            self._filling = None
        self.full = 0.0

    def _parted(self, _: Any, parent: Widget | None) -> None:
        if parent is None:
            self._let_go()

    def _place(self, *_: Any) -> None:
        self.full_from = self.right - self.width * self.full if style.rtl else self.x
