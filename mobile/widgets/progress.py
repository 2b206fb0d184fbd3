"""How far along: a bar that fills in the direction of reading, and the same in words."""

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from mobile.widgets.row import Column
from mobile.widgets.style import style

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<Progress>:
    spacing: dp(6)
    Widget:
        size_hint_y: None
        height: dp(6)
        canvas:
            Color:
                rgba: colour("sunken")
            SmoothRoundedRectangle:
                pos: self.pos
                size: self.size
                radius: [dp(3)]
            Color:
                rgba: colour("primary")
            SmoothRoundedRectangle:
                pos: (self.right - root.share * self.width) if root.turned else self.x, self.y
                size: max(root.share * self.width, dp(6)), self.height
                radius: [dp(3)]
    Text:
        text: root.text
        role: "caption"
        colour: "ink_soft"
""")


class Progress(Column):
    """`value` from 0 to 1."""

    value = NumericProperty(0.0)
    text = StringProperty("")
    share = NumericProperty(0.0)
    turned = BooleanProperty(False)

    def __init__(self, **given: object) -> None:
        given.setdefault("turned", style.rtl)
        super().__init__(**given)

    def on_value(self, _: object, value: float) -> None:
        """Kept within its bounds."""
        self.share = min(1.0, max(0.0, value))
