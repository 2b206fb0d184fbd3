"""A harmless face: the hour and the day, as a clock shows them. It leads on when held."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from mobile.widgets.style import style

HOLD = 1.5
"""Seconds to hold the clock before it opens."""

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<Cover>:
    orientation: "vertical"
    padding: dp(24)
    spacing: dp(8)
    Widget:
    Text:
        text: root.time
        role: "clock"
        align: "center"
    Text:
        text: root.date
        role: "body"
        colour: "ink_soft"
        align: "center"
    Widget:
    Widget:
""")


class Cover(BoxLayout):
    """`on_open` is called once it has been held for `HOLD` seconds."""

    time = StringProperty("")
    date = StringProperty("")

    def __init__(self, on_open: Callable[[Any], None]) -> None:
        super().__init__()
        self._open = Clock.create_trigger(on_open, HOLD)
        self._tick()
        self._clock = Clock.schedule_interval(self._tick, 1)
        self.fbind("parent", self._parted)

    def on_touch_down(self, touch: Any) -> bool:
        """Held from now."""
        self._open()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Let go too soon: it stays a clock."""
        self._open.cancel()
        return True

    def _tick(self, *_: Any) -> None:
        now = datetime.now().astimezone()
        self.time, self.date = style.words.time(now), style.words.date(now)

    def _parted(self, _: Any, parent: Any) -> None:
        if parent is None:
            self._clock.cancel()
            self._open.cancel()
