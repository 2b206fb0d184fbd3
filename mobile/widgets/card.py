"""A quiet surface that holds what belongs together, and a small mark in words."""

from kivy.lang import Builder
from kivy.properties import StringProperty

from mobile.widgets.row import Column, Row

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<Card>:
    padding: dp(16), dp(14)
    spacing: dp(8)
    canvas.before:
        Color:
            rgba: colour(self.ground)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour(self.edge)
        SmoothLine:
            rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                dp(theme.RADIUS)
            width: dp(0.6)

<Mark>:
    size_hint: None, None
    width: said.width + dp(18) if self.text else 0
    height: said.height + dp(4) if self.text else 0
    padding: dp(9), 0
    canvas.before:
        Color:
            rgba: colour(self.ground, 1 if self.text else 0)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(8)]
    Text:
        id: said
        text: root.text
        role: "caption"
        colour: root.ink
        hug: True
        pos_hint: {"center_y": 0.5}
""")


class Card(Column):
    """`ground` and `edge` are names of the palette."""

    ground = StringProperty("surface")
    edge = StringProperty("line")


class Mark(Row):
    """One or two words on how something stands, such as "late"."""

    text = StringProperty("")
    ground = StringProperty("sunken")
    ink = StringProperty("ink_soft")

    def _grow(self, *_: object) -> None:
        """Its height is ruled above."""
