"""Things to press: one primary action a screen, quiet ones beside it, danger said in words too."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import NumericProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from mobile.widgets.row import Row

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Text mobile.widgets.text.Text

<Action>:
    size_hint_y: None
    height: max(dp(theme.BUTTON), said.height + dp(20))
    padding: dp(16), 0
    canvas.before:
        Color:
            rgba: colour(self.fill)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour(self.edge)
        SmoothLine:
            rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                dp(theme.RADIUS)
            width: dp(0.8)
    Icon:
        name: root.icon
        colour: root.ink
        extent: 22 if root.icon else 0
    Text:
        id: said
        text: root.text
        role: "label"
        colour: root.ink
        align: "center"
    Icon:
        extent: 22 if root.icon else 0

<IconAction>:
    size_hint: None, None
    size: dp(theme.TARGET), dp(theme.TARGET)
    canvas.before:
        Color:
            rgba: colour(self.ground, 1 if self.state == "down" else 0)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
    Icon:
        name: root.icon
        colour: root.colour
        extent: root.extent
        size_hint: 1, 1
""")

_RESTING = {
    "primary": ("primary", "primary", "on_primary"),
    "quiet": ("surface", "outline", "primary"),
    "danger": ("surface", "danger", "danger"),
    "plain": ("paper", "paper", "primary"),
    "link": ("surface", "surface", "primary"),
}
_DOWN = {
    "primary": ("primary_down", "primary_down", "on_primary"),
    "quiet": ("primary_soft", "primary", "primary"),
    "danger": ("danger_soft", "danger", "danger"),
    "plain": ("primary_soft", "primary_soft", "primary"),
    "link": ("primary_soft", "primary_soft", "primary"),
}


class Action(ButtonBehavior, Row):
    """A button with words. `kind`: primary, quiet, danger, plain (words alone) or link (the
    same on a card)."""

    text = StringProperty("")
    icon = StringProperty("")
    kind = OptionProperty("primary", options=list(_RESTING))
    fill = StringProperty("primary")
    edge = StringProperty("primary")
    ink = StringProperty("on_primary")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("kind", "state", "disabled"):
            self.fbind(name, self._dress)
        self._dress()

    def _grow(self, *_: Any) -> None:
        """Its height is ruled below."""

    def _dress(self, *_: Any) -> None:
        if self.disabled:
            self.fill, self.edge, self.ink = "off", "off", "on_off"
        else:
            looks = _DOWN if self.state == "down" else _RESTING
            self.fill, self.edge, self.ink = looks[self.kind]


class IconAction(ButtonBehavior, BoxLayout):
    """A button that is a sign, for what needs no words."""

    icon = StringProperty("")
    colour = StringProperty("ink")
    ground = StringProperty("primary_soft")
    extent = NumericProperty(24)
