"""What each provider may be told: a card a provider, a tick a kind of information."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import ListProperty, StringProperty

from mobile.widgets.card import Card
from mobile.widgets.row import Column
from mobile.widgets.steady import hold

Builder.load_string("""
#:import ChoiceList mobile.widgets.choice.ChoiceList
#:import Text mobile.widgets.text.Text

<RecipientCard>:
    spacing: dp(12)
    Text:
        text: root.text
        role: "strong"
    ChoiceList:
        several: True
        options: root.kinds
        on_choose: root.choose(args[1])
""")


class RecipientCard(Card):
    """One provider. Event: `on_choose(kind)`."""

    __events__ = ("on_choose",)

    key = StringProperty("")
    text = StringProperty("")
    kinds = ListProperty([])

    def choose(self, kind: str) -> None:
        """A kind was touched."""
        hold(self)
        self.dispatch("on_choose", kind)

    def on_choose(self, kind: str) -> None:
        """`kind` was touched."""


class Recipients(Column):
    """`recipients` are `mobile.flows.consent.RecipientView`s. Event: `on_choose(id, kind)`."""

    __events__ = ("on_choose",)

    recipients = ListProperty([])

    def __init__(self, **given: Any) -> None:
        self._cards: dict[str, RecipientCard] = {}
        super().__init__(**given)
        self.fbind("recipients", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        if list(self._cards) != [each.id for each in self.recipients]:
            self.clear_widgets()
            self._cards = {each.id: RecipientCard(key=each.id) for each in self.recipients}
            for card in self._cards.values():
                card.bind(on_choose=lambda card, kind: self.dispatch("on_choose", card.key, kind))
                self.add_widget(card)
        for each in self.recipients:
            card = self._cards[each.id]
            card.text, card.kinds = each.name, list(each.kinds)

    def on_choose(self, key: str, kind: str) -> None:
        """Provider `key` may or may not be told `kind`."""
