"""How practice went: each attempt with its date, its count in words and a plain bar."""

from typing import Any

from kivy.properties import ListProperty

from mobile.widgets.card import Card
from mobile.widgets.progress import Progress
from mobile.widgets.row import Column
from mobile.widgets.text import Text


class AttemptList(Column):
    """`attempts` are `mobile.flows.practice_progress.AttemptView`s, newest first."""

    attempts = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("attempts", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.attempts:
            card = Card()
            card.add_widget(Text(text=each.title, role="strong"))
            card.add_widget(Text(text=each.date, role="small", colour="ink_soft"))
            card.add_widget(Progress(value=each.share, text=each.text))
            self.add_widget(card)
