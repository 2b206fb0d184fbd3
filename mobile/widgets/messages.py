"""Sealed messages as a talk: one's own on the far side, the others' on the near."""

from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.bidi import right_to_left
from mobile.widgets.card import Card
from mobile.widgets.row import Column, Row, Space
from mobile.widgets.style import style

Builder.load_string("""
#:import Text mobile.widgets.text.Text

<MessageCard>:
    ground: "primary_soft" if self.own else "surface"
    edge: "primary" if self.own else "outline"
    spacing: dp(4)
    Text:
        text: root.head
        role: "caption"
        colour: "ink_soft"
    Text:
        text: root.text
        rtl: root.turned
    Text:
        text: root.when
        role: "caption"
        colour: "ink_soft"
    Text:
        text: root.sealing
        role: "caption"
        colour: "ink_soft"
""")


class MessageCard(Card):
    """One message. `turned`: its text is written from right to left."""

    head = StringProperty("")
    text = StringProperty("")
    when = StringProperty("")
    sealing = StringProperty("")
    own = BooleanProperty(False)
    turned = BooleanProperty(False)


class Messages(Column):
    """`messages` are `mobile.flows.timeline.MessageView`s, oldest first."""

    messages = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("messages", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.messages:
            card = MessageCard(
                head=" · ".join(filter(None, (each.what, each.who))),
                text=each.text,
                when=each.when,
                sealing=each.sealing,
                own=each.own,
                turned=right_to_left(each.text, style.rtl),
            )
            aside = Space(size_hint=(None, None), size=(dp(36), 0))
            row = Row()
            for part in (aside, card) if each.own else (card, aside):
                row.add_widget(part)
            self.add_widget(row)
