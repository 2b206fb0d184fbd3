"""Answers that differ from a practice case, each a card that opens on touch: what the person said,
what was chosen, what would have fitted, and what hung on it."""

from typing import Any

from kivy.metrics import dp
from kivy.properties import ListProperty

from mobile.widgets.fold import Fold
from mobile.widgets.lines import Lines
from mobile.widgets.row import Column
from mobile.widgets.text import Text


class DifferenceGroups(Column):
    """`groups` are (title, `mobile.flows.difference_words.DifferenceView`s) pairs; the first card
    of all is open."""

    groups = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("groups", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        first = True
        for title, differences in self.groups:
            self.add_widget(Text(text=title, role="heading"))
            for each in differences:
                self.add_widget(DifferenceCard(each, opened=first))
                first = False


class DifferenceCard(Fold):
    """One question; its head says what hung on it."""

    def __init__(self, difference: Any, **given: Any) -> None:
        points = (*difference.missed, *difference.added)
        super().__init__(title=difference.question, detail="\n".join(points), **given)
        self._difference = difference
        self._filled = False
        self.fbind("opened", self._fill)
        self._fill()

    def _fill(self, *_: Any) -> None:
        """Only once it is opened: there are many words in it."""
        if self._filled or not self.opened:
            return
        self._filled = True
        told = self._difference
        for title, text in (told.said, told.chosen, told.fitting):
            if text:
                block = Column(spacing=dp(4))
                block.add_widget(Text(text=title, role="label", colour="primary"))
                block.add_widget(Text(text=text))
                self.add_widget(block)
        self.add_widget(Text(text=told.because, role="strong"))
        for title, points in ((told.missed_title, told.missed), (told.added_title, told.added)):
            if points and told.listed:
                self.add_widget(Text(text=title, role="label", colour="danger"))
                self.add_widget(Lines(lines=points, role="small", bullets=True))
