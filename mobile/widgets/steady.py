"""What is touched stays under the finger, whatever grows above it or below."""

from typing import Any

from kivy.clock import Clock
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

SETTLED = 24
"""Frames in a row without growth after which nothing grows any more: frames, not seconds, because
a slow phone takes its time to lay out."""


def hold(widget: Widget) -> None:
    """Call before a change: until the layout has settled or the next touch, `widget` is kept where
    it is in the window, as far as there is anything to scroll."""
    for each in tuple(_held):
        each.release()
    scroll = _scroll_of(widget)
    if scroll is not None:
        _held.append(_Hold(widget, scroll))


class _Hold:
    def __init__(self, widget: Widget, scroll: ScrollView) -> None:
        self._widget, self._scroll = widget, scroll
        self._content: Widget = scroll.children[0]
        self._top = self._now()
        self._at_once = Clock.create_trigger(self._restore, -1)
        self._after = Clock.create_trigger(self._restore, 0)
        self._left = SETTLED
        self._end = Clock.schedule_interval(self._frame, 0)
        self._content.bind(height=self._grown)
        scroll.bind(on_touch_down=self.release)

    def release(self, *_: Any) -> None:
        self._content.unbind(height=self._grown)
        self._scroll.unbind(on_touch_down=self.release)
        for each in (self._at_once, self._after, self._end):
            each.cancel()
        if self in _held:
            _held.remove(self)

    def _frame(self, *_: Any) -> None:
        self._left -= 1
        if self._left <= 0:
            self.release()

    def _grown(self, *_: Any) -> None:
        self._left = SETTLED
        self._at_once()
        self._after()

    def _now(self) -> float:
        return float(self._widget.to_window(self._widget.x, self._widget.top)[1])

    def _restore(self, *_: Any) -> None:
        room = self._content.height - self._scroll.height
        if room > 0 and self._widget.parent is not None:
            moved = self._now() - self._top
            self._scroll.scroll_y = min(1.0, max(0.0, self._scroll.scroll_y + moved / room))


_held: list[_Hold] = []


def _scroll_of(widget: Widget) -> ScrollView | None:
    above = widget.parent
    while above is not None and above is not above.parent:
        if isinstance(above, ScrollView):
            return above
        above = above.parent
    return None
