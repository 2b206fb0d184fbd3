"""Something the person must know now: a sign, and words that say what to do."""

from kivy.lang import Builder
from kivy.properties import OptionProperty, StringProperty

from mobile.widgets.row import Row

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Text mobile.widgets.text.Text

<Banner>:
    padding: (dp(14), dp(12)) if self.text else 0
    spacing: dp(12)
    rise: 1
    canvas.before:
        Color:
            rgba: colour(self.kind + "_soft", 1 if self.text else 0)
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
    Icon:
        name: {"danger": "alert", "notice": "info", "good": "check", "primary": "info"}[root.kind]
        colour: root.kind
        extent: 24 if root.text else 0
    Text:
        text: root.text
        role: root.role
        rtl: root.rtl
""")


class Banner(Row):
    """`kind`: danger, notice, good, or primary (plain information). Without text it takes no
    room."""

    text = StringProperty("")
    role = StringProperty("body")
    kind = OptionProperty("notice", options=["danger", "notice", "good", "primary"])
