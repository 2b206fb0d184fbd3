"""A window without a display for tests that draw and touch, or an open skip where it can't be had.

Import this before anything of Kivy's: it sets Kivy up. One window serves all tests of a process.
"""

import pytest

from mobile.device.display import lacking, prepare

if packages := lacking():
    pytest.skip(
        f"the app can't be drawn here: apt-get install {' '.join(packages)}",
        allow_module_level=True,
    )
prepare((360, 740), density=1, seen=False)

from kivy.base import EventLoop, stopTouchApp  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.tests.common import UnitTestTouch  # noqa: E402
from kivy.uix.boxlayout import BoxLayout  # noqa: E402

from mobile.app import AmanaApp  # noqa: E402
from mobile.flows.flow import at_once  # noqa: E402
from mobile.locale import words  # noqa: E402
from mobile.widgets.style import style  # noqa: E402


def idle(frames=4):
    for _ in range(frames):
        EventLoop.idle()


class Stage:
    """Shows single widgets, in a language."""

    def __init__(self):
        EventLoop.ensure_window()
        self._shown = []

    def show(self, widget, language="ar", width=300):
        style.use(words(language))
        holder = BoxLayout(size_hint=(None, None), size=(width, 600))
        Window.add_widget(holder)
        self._shown.append(holder)
        holder.add_widget(widget() if callable(widget) else widget)
        idle()
        return holder.children[0]

    def clear(self):
        for holder in self._shown:
            Window.remove_widget(holder)
        style.use(words("en"))


class Driver:
    """A phone's app, driven as by a hand."""

    def __init__(self, phone, language, run=at_once, **given):
        Clock.tick()  # after minutes of other tests the app would take itself for left idle
        self.app = AmanaApp(phone, language, run, **given)
        self.app._run_prepare()
        idle()

    @property
    def screen(self):
        return type(self.app.screen).__name__

    @property
    def view(self):
        return self.app.screen.view

    def find(self, kind, text=None):
        """The shown widget of that class, and with that text where one is said."""
        found = [
            each
            for each in self.app.frame.walk()
            if type(each).__name__ == kind and (text is None or each.text == text)
        ]
        assert found, f"no {kind} {text or ''} on {self.screen}"
        return found[0]

    def tap(self, kind, text=None):
        widget = self.find(kind, text)
        touch = UnitTestTouch(*widget.to_window(*widget.center))
        touch.touch_down()
        idle(1)
        touch.touch_up()
        idle()

    def type(self, text):
        for char in text:
            Window.dispatch("on_textinput", char)
        idle()

    def stop(self):
        self.app.stop()
        stopTouchApp()
        for child in list(Window.children):
            Window.remove_widget(child)
        style.use(words("en"))
