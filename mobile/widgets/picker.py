"""Choosing from a list too long to show: what is chosen stays in sight, the rest is found by
writing a part of its name."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.flows.search import find
from mobile.widgets.row import Column

MOST = 6
"""Names found that are shown at once."""

Builder.load_string("""
#:import ChoiceList mobile.widgets.choice.ChoiceList
#:import Field mobile.widgets.text_input.Field

<Picker>:
    spacing: dp(10)
    ChoiceList:
        options: root.picked
        several: root.several
        on_choose: root.choose(args[1])
    Field:
        id: sought
        example: root.example
    ChoiceList:
        options: root.found
        several: root.several
        on_choose: root.choose(args[1])
""")


class Picker(Column):
    """`options` are `mobile.flows.parts.Option`s; `example` is shown in the empty field. Event:
    `on_choose(key)`."""

    __events__ = ("on_choose",)

    options = ListProperty([])
    several = BooleanProperty(False)
    example = StringProperty("")
    picked = ListProperty([])
    found = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("options", self._show)
        self._show()

    def on_kv_post(self, _: Any) -> None:
        """The field is there now."""
        self.ids.sought.ids.entry.bind(text=self._show)

    def choose(self, key: str) -> None:
        """One was touched: the search is over."""
        self.ids.sought.text = ""
        self.dispatch("on_choose", key)

    def on_choose(self, key: str) -> None:
        """`key` was touched."""

    def _show(self, *_: Any) -> None:
        self.picked = [each for each in self.options if each.chosen]
        text = self.ids.sought.text if "sought" in self.ids else ""
        left = [each for each in self.options if not each.chosen]
        self.found = find(left, text, MOST)
