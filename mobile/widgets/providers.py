"""Providers to choose from, best first, each with every reason; touched in the order of asking."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from mobile.widgets.button import Action
from mobile.widgets.card import Card
from mobile.widgets.row import Column
from mobile.widgets.steady import hold

MOST = 6
"""Cards shown before anybody asks for more."""

Builder.load_string("""
#:import Lines mobile.widgets.lines.Lines
#:import Mark mobile.widgets.card.Mark
#:import Row mobile.widgets.row.Row
#:import Space mobile.widgets.row.Space
#:import Text mobile.widgets.text.Text
#:import Tick mobile.widgets.choice.Tick

<ProviderCard>:
    ground: "primary_soft" if self.chosen or self.state == "down" else "surface"
    edge: "primary" if self.chosen else "outline"
    Row:
        rise: 1
        spacing: dp(12)
        Tick:
            chosen: root.chosen
            several: True
        Column:
            spacing: dp(6)
            Text:
                text: root.text
                role: "strong"
            Row:
                Mark:
                    text: root.place
                    ground: "primary"
                    ink: "on_primary"
                Space:
                    size_hint_y: None
                    height: 0
            Lines:
                lines: root.reasons
                role: "small"
                colour: "ink_soft"
                bullets: True
                spacing: dp(3)
""")


class ProviderCard(ButtonBehavior, Card):
    """One provider. `place`: "First choice", "Fallback 1"; empty while not chosen."""

    key = StringProperty("")
    text = StringProperty("")
    place = StringProperty("")
    reasons = ListProperty([])
    chosen = BooleanProperty(False)


class ProviderCards(Column):
    """`providers` are `mobile.flows.providers.ProviderView`s. The first few and all chosen ones
    are shown, the rest on `more`. Event: `on_choose(id)`."""

    __events__ = ("on_choose",)

    providers = ListProperty([])
    more = StringProperty("")
    whole = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        self._cards: dict[str, ProviderCard] = {}
        super().__init__(**given)
        for name in ("providers", "more", "whole"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        shown = {
            each.id: each
            for place, each in enumerate(self.providers)
            if self.whole or place < MOST or each.place
        }
        if list(self._cards) != list(shown) or self._left(shown) != self._offers_more:
            self._build(shown)
        for key, card in self._cards.items():
            each = shown[key]
            card.text, card.place = each.name, each.place_text
            card.reasons, card.chosen = list(each.reasons), bool(each.place)

    def _build(self, shown: dict[str, Any]) -> None:
        self.clear_widgets()
        self._cards = {key: ProviderCard(key=key) for key in shown}
        for card in self._cards.values():
            card.bind(on_release=self._choose)
            self.add_widget(card)
        if self._left(shown):
            more = Action(kind="quiet", text=self.more)
            more.bind(on_release=lambda _: setattr(self, "whole", True))
            self.add_widget(more)

    def _left(self, shown: dict[str, Any]) -> bool:
        return bool(self.more) and len(shown) < len(self.providers)

    @property
    def _offers_more(self) -> bool:
        return len(self.children) > len(self._cards)

    def _choose(self, card: ProviderCard) -> None:
        hold(card)
        self.dispatch("on_choose", card.key)

    def on_choose(self, key: str) -> None:
        """`key` was touched."""
