"""Titled blocks to read, each folded away until it is wanted."""

from typing import Any

from kivy.metrics import dp
from kivy.properties import ListProperty

from mobile.widgets.fold import Fold
from mobile.widgets.lines import Lines
from mobile.widgets.row import Column


class SectionFolds(Column):
    """`sections` are `mobile.flows.parts.Section`s."""

    sections = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("sections", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.sections:
            block = Fold(title=each.title)
            block.add_widget(Lines(lines=list(each.lines), role="body", spacing=dp(12)))
            self.add_widget(block)
