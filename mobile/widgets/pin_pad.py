"""Ten digits and an eraser at the thumb; in every language in the order of telephones."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from mobile.widgets.button import IconAction

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<PinPad>:
    cols: 3
    spacing: dp(10)
    size_hint_y: None
    height: self.minimum_height

<Digit>:
    size_hint_y: None
    height: dp(52)
    canvas.before:
        Color:
            rgba: colour("primary_soft" if self.state == "down" else "surface")
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour("line")
        SmoothLine:
            rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                dp(theme.RADIUS)
            width: dp(0.6)
    Text:
        text: root.text
        role: "title"
        align: "center"
        pos_hint: {"center_y": 0.5}
""")


class Digit(ButtonBehavior, BoxLayout):
    """One key."""

    text = StringProperty("")


class PinPad(GridLayout):
    """Events: `on_digit(digit)`, `on_erase()`."""

    __events__ = ("on_digit", "on_erase")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for digit in "123456789":
            self._add(digit)
        self.add_widget(Widget(size_hint_y=None, height=0))
        self._add("0")
        erase = IconAction(icon="erase", size_hint=(1, None), extent=28)
        erase.bind(on_release=lambda _: self.dispatch("on_erase"))
        self.add_widget(erase)

    def _add(self, digit: str) -> None:
        key = Digit(text=digit)
        key.bind(on_release=lambda pressed: self.dispatch("on_digit", pressed.text))
        self.add_widget(key)

    def on_digit(self, digit: str) -> None:
        """`digit` was pressed."""

    def on_erase(self) -> None:
        """The eraser was pressed."""
