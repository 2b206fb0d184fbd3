"""What somebody will be able to read, block by block; long blocks open on touch."""

from typing import Any

from kivy.properties import ListProperty, NumericProperty

from mobile.widgets.bidi import right_to_left
from mobile.widgets.fold import Fold
from mobile.widgets.lines import Lines
from mobile.widgets.row import Column
from mobile.widgets.style import style
from mobile.widgets.text import Text


class Sections(Column):
    """`sections` are `mobile.flows.parts.Section`s; one of more than `most` lines is folded."""

    sections = ListProperty([])
    most = NumericProperty(8)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("sections", "most"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.sections:
            turned = right_to_left("\n".join(each.lines), style.rtl)
            lines = Lines(lines=each.lines, rtl=turned)
            if len(each.lines) > self.most:
                block = Fold(title=each.title)
            else:
                block = Column()
                block.add_widget(Text(text=each.title, role="label", colour="primary"))
            block.add_widget(lines)
            self.add_widget(block)
