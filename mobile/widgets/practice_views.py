"""What a practised interview found, beside the reference; and what its case is modelled on."""

from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.card import Card
from mobile.widgets.row import Column
from mobile.widgets.text import Text

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Row mobile.widgets.row.Row

<FoundCard>:
    spacing: dp(6)
    Text:
        text: root.heading
        role: "strong"
    Text:
        text: root.forms
        role: "small"
    Row:
        rise: 1
        Icon:
            name: "check" if root.agrees else "alert"
            colour: "good" if root.agrees else "danger"
            extent: 18
        Text:
            text: root.standing
            role: "small"
            colour: "good" if root.agrees else "danger"
    Text:
        text: root.note
        role: "small"
""")


class FoundCard(Card):
    """One finding; sign and words both say whether it agrees."""

    heading = StringProperty("")
    forms = StringProperty("")
    standing = StringProperty("")
    agrees = BooleanProperty(True)
    note = StringProperty("")


class FoundList(Column):
    """`findings` are `mobile.flows.practice_feedback.FoundView`s."""

    findings = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("findings", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.findings:
            self.add_widget(
                FoundCard(
                    heading=each.title,
                    forms=each.forms,
                    standing=each.mark,
                    agrees=each.agrees,
                    note=each.note,
                )
            )


class PatternList(Column):
    """`patterns` are `mobile.flows.practice_feedback.PatternView`s; titles stay as published, in
    Latin letters."""

    patterns = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("patterns", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.patterns:
            card = Card(spacing=dp(6))
            card.add_widget(Text(text=each.title, role="small", rtl=False))
            card.add_widget(Text(text=each.shows))
            card.add_widget(Text(text=each.standing, role="caption", colour="ink_soft"))
            self.add_widget(card)
