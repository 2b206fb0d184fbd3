"""The languages side by side, each by its own name, the one in use marked by a line under it."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from mobile.widgets.row import Row

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<Language>:
    size_hint_y: None
    height: dp(theme.TARGET)
    canvas.before:
        Color:
            rgba: colour("primary_soft", 1 if self.state == "down" else 0)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour("primary", 1 if self.chosen else 0)
        SmoothRoundedRectangle:
            pos: self.center_x - dp(22), self.y + dp(4)
            size: dp(44), dp(3)
            radius: [dp(1.5)]
    Text:
        text: root.text
        role: "label" if root.chosen else "small"
        colour: "primary" if root.chosen else "ink_soft"
        align: "center"
""")


class Language(ButtonBehavior, Row):
    """One language."""

    key = StringProperty("")
    text = StringProperty("")
    chosen = BooleanProperty(False)

    def _grow(self, *_: object) -> None:
        """Its height is ruled above."""


class LanguageRow(Row):
    """`languages` are `mobile.flows.parts.Option`s. Event: `on_choose(key)`."""

    __events__ = ("on_choose",)

    languages = ListProperty([])

    def on_languages(self, *_: Any) -> None:
        """Show them."""
        self.clear_widgets()
        for each in self.languages:
            shown = Language(key=each.key, text=each.label, chosen=each.chosen)
            shown.bind(on_release=lambda pressed: self.dispatch("on_choose", pressed.key))
            self.add_widget(shown)

    def on_choose(self, key: str) -> None:
        """`key` was pressed."""
