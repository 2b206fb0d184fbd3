"""What each provider will see, a card a provider."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import ListProperty, StringProperty

from mobile.widgets.card import Card
from mobile.widgets.row import Column
from mobile.widgets.sections import Sections

Builder.load_string("""
#:import Mark mobile.widgets.card.Mark
#:import Row mobile.widgets.row.Row
#:import Space mobile.widgets.row.Space
#:import Text mobile.widgets.text.Text

<PartCard>:
    spacing: dp(12)
    Column:
        spacing: dp(6)
        Row:
            Mark:
                text: root.place
                ground: "primary"
                ink: "on_primary"
            Space:
                size_hint_y: None
                height: 0
        Text:
            text: root.text
            role: "heading"
        Text:
            text: root.sealing
            role: "small"
            colour: "ink_soft"
    Sections:
        spacing: dp(14)
        sections: root.sections
""")

BLOCKS = Sections


class PartCard(Card):
    """One provider's part. `place`: "First choice", "Fallback 1"; `sealing`: how strongly."""

    text = StringProperty("")
    place = StringProperty("")
    sealing = StringProperty("")
    sections = ListProperty([])


class PartCards(Column):
    """`parts` are `mobile.flows.review.PartView`s."""

    parts = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("parts", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.parts:
            self.add_widget(
                PartCard(
                    text=each.name,
                    place=each.place,
                    sealing=each.sealing,
                    sections=list(each.sections),
                )
            )
