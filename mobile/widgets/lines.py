"""Paragraphs to read, and telephone numbers that say whether anybody tried them."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.card import Card
from mobile.widgets.row import Column
from mobile.widgets.text import Text

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Row mobile.widgets.row.Row

<Hotline>:
    spacing: dp(4)
    Row:
        spacing: dp(10)
        Icon:
            name: "call"
            colour: "primary"
            extent: 22
        Text:
            text: root.number
            role: "title"
            colour: "primary"
    Text:
        text: root.who
        role: "strong"
    Text:
        text: root.purpose
    Row:
        rise: 1
        spacing: dp(8)
        Icon:
            name: "check" if root.verified else "info"
            colour: "good" if root.verified else "notice"
            extent: 18
        Text:
            text: root.standing
            role: "small"
            colour: "good" if root.verified else "notice"
""")


class Lines(Column):
    """`lines` as paragraphs; with `bullets` each begins with a dash. `rtl` None: as the interface
    is."""

    lines = ListProperty([])
    role = StringProperty("body")
    colour = StringProperty("ink")
    bullets = BooleanProperty(False)
    rtl = BooleanProperty(None, allownone=True)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("lines", "role", "colour", "bullets", "rtl"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for line in self.lines:
            said = f"– {line}" if self.bullets else line
            self.add_widget(Text(text=said, role=self.role, colour=self.colour, rtl=self.rtl))


class Hotline(Card):
    """A number to call, with who answers, what for, and its standing in words."""

    number = StringProperty("")
    who = StringProperty("")
    purpose = StringProperty("")
    standing = StringProperty("")
    verified = BooleanProperty(False)


class HotlineList(Column):
    """`hotlines` are `mobile.flows.info.HotlineView`s."""

    hotlines = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("hotlines", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.hotlines:
            purpose = " · ".join(filter(None, (each.purpose, each.free)))
            self.add_widget(
                Hotline(
                    number=each.number,
                    who=each.name,
                    purpose=purpose,
                    standing=each.standing,
                    verified=each.verified,
                )
            )
