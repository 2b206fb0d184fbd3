"""The words of a recovery sheet: numbered, in Latin letters, from left to right in every language.

Row after row from the left, as they stand on the paper, also on an Arabic page.
"""

from collections.abc import Sequence
from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import ListProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.gridlayout import GridLayout

from mobile import theme
from mobile.widgets.row import Row
from mobile.widgets.style import style

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<NumberedWord>:
    rtl: False
    spacing: dp(10) if root.role == "title" else dp(5)
    padding: dp(4), 0
    Text:
        text: root.number
        role: "body" if root.role == "title" else "caption"
        colour: "ink_soft"
        align: "end"
        rtl: False
        size_hint_x: None
        width: dp(30 if root.role == "title" else 20) * root.scale
    Text:
        text: root.word
        role: root.role
        rtl: False
""")


class NumberedWord(ButtonBehavior, Row):
    """One of them, at least a finger high."""

    number = StringProperty("")
    word = StringProperty("")
    role = OptionProperty("small", options=["small", "title"])
    scale = NumericProperty(1.0)

    def _grow(self, _: Any, height: float) -> None:
        self.height = max(dp(theme.TARGET), height)


class NumberedWords(GridLayout):
    """`words` are pairs of number and word, `role` a step of the type scale; of larger letters
    fewer than `columns` stand in a row. Event: `on_touch_word(number)`."""

    __events__ = ("on_touch_word",)

    words = ListProperty([])
    columns = NumericProperty(3)
    role = StringProperty("small")

    def __init__(self, **given: Any) -> None:
        given.setdefault("size_hint_y", None)
        super().__init__(height=0, **given)
        self.bind(minimum_height=self.setter("height"))
        for name in ("words", "columns", "role"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        self.cols = max(1, int(self.columns / style.scale))
        for number, word in self._given:
            shown = NumberedWord(number=str(number), word=word, role=self.role, scale=style.scale)
            shown.bind(on_release=lambda pressed: self.dispatch("on_touch_word", pressed.number))
            self.add_widget(shown)

    @property
    def _given(self) -> Sequence[tuple[int, str]]:
        return list(self.words)

    def on_touch_word(self, number: str) -> None:
        """The word of that number was touched."""
