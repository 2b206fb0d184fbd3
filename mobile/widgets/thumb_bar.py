"""What may be done now, at the thumb: the first action largest, one or two beside it in words, and
more than that behind one more touch."""

from typing import Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.button import Action
from mobile.widgets.row import Column, Row

BESIDE = 2
"""How many further actions are named beside the first one."""


class ThumbBar(Column):
    """`actions` are `mobile.flows.parts.Option`s; `more` are the words of the button that stands
    for the rest where there are many. Events: `on_act(key)`, `on_rest`."""

    __events__ = ("on_act", "on_rest")

    actions = ListProperty([])
    more = StringProperty("")
    resting = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        given.setdefault("spacing", dp(10))
        super().__init__(**given)
        for name in ("actions", "more", "resting"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        first, rest = self.actions[:1], self.actions[1:]
        if 0 < len(rest) <= BESIDE:
            beside = Row()
            for each in rest:
                beside.add_widget(self._action(each.key, each.label, "plain"))
            self.add_widget(beside)
        elif rest:
            more = Action(text=self.more, kind="plain", disabled=self.resting)
            more.bind(on_release=lambda _: self.dispatch("on_rest"))
            self.add_widget(more)
        for each in first:
            self.add_widget(self._action(each.key, each.label, "primary"))

    def _action(self, key: str, label: str, kind: str) -> Action:
        made = Action(text=label, kind=kind, disabled=self.resting)
        made.bind(on_release=lambda _: self.dispatch("on_act", key))
        return made

    def on_act(self, key: str) -> None:
        """The action `key` was pressed."""

    def on_rest(self) -> None:
        """The further actions were asked for."""
