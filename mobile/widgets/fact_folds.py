"""What is known, by kind, each kind folded away until it is wanted; each fact with its standing."""

from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.fold import Fold
from mobile.widgets.row import Column

Builder.load_string("""
#:import Banner mobile.widgets.banner.Banner
#:import Icon mobile.widgets.icon.Icon
#:import Row mobile.widgets.row.Row
#:import Text mobile.widgets.text.Text

<FactRow>:
    spacing: dp(4)
    Text:
        text: root.title
        role: "strong"
    Text:
        text: root.text
    Banner:
        kind: "notice"
        role: "small"
        text: root.caution
    Row:
        rise: 1
        spacing: dp(8) if root.standing else 0
        Icon:
            name: "check" if root.verified else "info"
            colour: "good" if root.verified else "notice"
            extent: 18 if root.standing else 0
        Text:
            text: root.standing
            role: "small"
            colour: "good" if root.verified else "notice"
""")


class FactRow(Column):
    """One fact."""

    title = StringProperty("")
    text = StringProperty("")
    standing = StringProperty("")
    caution = StringProperty("")
    verified = BooleanProperty(False)


class FactFolds(Column):
    """`sections` are `mobile.flows.info.FactsView`s."""

    sections = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("sections", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for section in self.sections:
            block = Fold(title=section.title)
            facts = Column(spacing=dp(18))
            for each in section.facts:
                facts.add_widget(
                    FactRow(
                        title=each.title,
                        text=each.text,
                        standing=each.standing,
                        caution=each.caution,
                        verified=each.verified,
                    )
                )
            block.add_widget(facts)
            self.add_widget(block)
