"""What is touched stays under the finger, whatever grows above it or below."""

from typing import Any

from kivy.clock import Clock
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

SETTLED = 0.25
"""Seconds after which nothing grows any more."""


def hold(widget: Widget) -> None:
    """Call before a change: until the layout has settled, `widget` is kept where it is in the
    window, as far as there is anything to scroll."""
    scroll = _scroll_of(widget)
    if scroll is None:
        return
    content = scroll.children[0]
    top = widget.to_window(widget.x, widget.top)[1]

    def restore(*_: Any) -> None:
        room = content.height - scroll.height
        if room > 0 and widget.parent is not None:
            moved = widget.to_window(widget.x, widget.top)[1] - top
            scroll.scroll_y = min(1.0, max(0.0, scroll.scroll_y + moved / room))

    again = Clock.create_trigger(restore, -1)

    def settle(_: float) -> None:
        content.unbind(height=again)
        restore()

    content.bind(height=again)
    Clock.schedule_once(restore, 0)
    Clock.schedule_once(settle, SETTLED)


def _scroll_of(widget: Widget) -> ScrollView | None:
    above = widget.parent
    while above is not None and above is not above.parent:
        if isinstance(above, ScrollView):
            return above
        above = above.parent
    return None
