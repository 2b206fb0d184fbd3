"""Fields to write in, each kept soon after the last letter, so that little is lost to a kill."""

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty

from mobile.widgets.row import Column
from mobile.widgets.text_input import Field

PAUSE = 0.8
"""Seconds without a letter after which what was written is kept."""

Keep = Callable[[str, str], bool]
"""Given a field's key and its text; False if it was refused."""


class FieldList(Column):
    """`fields` are `mobile.flows.parts.Field`s; while their keys stay the same, what stands in
    them is the writer's. `keep` is called after a pause, on leaving a field, and by `flush`."""

    fields = ListProperty([])
    digits = BooleanProperty(False)
    keep = ObjectProperty(None)

    def __init__(self, **given: Any) -> None:
        given.setdefault("spacing", dp(14))
        self._shown: dict[str, Field] = {}
        self._waiting: dict[str, str] = {}
        super().__init__(**given)
        self._paused = Clock.create_trigger(lambda _: self.flush(), PAUSE)
        self.fbind("fields", self._show)
        self._show()

    def flush(self) -> bool:
        """Keep what waits; False if any of it was refused, which then waits on."""
        self._paused.cancel()
        for key, text in list(self._waiting.items()):
            if self.keep(key, text):
                self._waiting.pop(key, None)
        return not self._waiting

    def written(self, key: str) -> str:
        """What stands in a field now."""
        return self._shown[key].text

    def _show(self, *_: Any) -> None:
        if list(self._shown) == [each.key for each in self.fields]:
            return
        self.clear_widgets()
        self._shown = {each.key: self._field(each) for each in self.fields}
        for field in self._shown.values():
            self.add_widget(field)

    def _field(self, given: Any) -> Field:
        field = Field(
            label=given.label,
            hint=given.hint,
            one_line=not given.multiline,
            room=110 if given.multiline else 0,
            input_type="number" if self.digits else "text",
            text=given.value,
        )
        key = given.key
        field.ids.entry.bind(text=lambda _, text: self._written(key, text))
        field.bind(writing=lambda _, writing: writing or self.flush())
        return field

    def _written(self, key: str, text: str) -> None:
        self._waiting[key] = text
        self._paused()
