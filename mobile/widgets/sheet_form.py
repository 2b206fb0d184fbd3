"""Where a recovery sheet is entered: word by word, with what each may be, and what came before."""

from collections.abc import Callable
from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import ObjectProperty

from mobile.widgets.numbered_words import NumberedWords
from mobile.widgets.row import Column

Builder.load_string("""
#:import ChoiceList mobile.widgets.choice.ChoiceList
#:import Field mobile.widgets.text_input.Field
#:import NumberedWords mobile.widgets.numbered_words.NumberedWords
#:import Text mobile.widgets.text.Text

<SheetForm>:
    Text:
        text: root.entry.progress if root.entry else ""
        role: "heading"
    Field:
        id: word
        label: root.entry.word_label if root.entry else ""
        hint: root.entry.word_hint if root.entry else ""
        rtl: False
        on_done: self.text += " "
    ChoiceList:
        options: root.entry.completions if root.entry else []
        rtl: False
        on_choose: root.choose(args[1])
    Text:
        text: root.entry.words_title if root.entry else ""
        role: "small"
        colour: "ink_soft"
    NumberedWords:
        words: root.entry.words if root.entry else []
        on_touch_word: root.dispatch("on_edit", int(args[1]))
""")

WIDGETS = (NumberedWords,)
Write = Callable[[str], str]
"""Given what stands in the field; returns what is left in it."""


def unlearned(entry: Any) -> None:
    """Ask the phone's keyboard to neither suggest nor learn what is written here."""
    entry.keyboard_suggestions = False


class SheetForm(Column):
    """`entry` is a `mobile.flows.sheet_entry.EntryView`, `write` takes what is written. Event:
    `on_edit(number)`: a word was touched."""

    __events__ = ("on_edit",)

    entry = ObjectProperty(None, allownone=True, rebind=True)
    write = ObjectProperty(None)

    def __init__(self, **given: Any) -> None:
        given.setdefault("spacing", dp(12))
        super().__init__(**given)

    def on_kv_post(self, _: Any) -> None:
        """The field is there now."""
        entry = self.ids.word.ids.entry
        entry.bind(text=self._written)
        unlearned(entry)

    def choose(self, word: str) -> None:
        """A completion was touched."""
        self.ids.word.text = f"{word} "

    def forget(self) -> None:
        """Nothing that was written stays."""
        self.ids.word.text = ""

    def on_edit(self, number: int) -> None:
        """The word of that number is to be written anew."""

    def _written(self, entry: Any, text: str) -> None:
        if not text:
            return
        left = self.write(text)
        if left != text:
            entry.text = left
