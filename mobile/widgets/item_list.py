"""Lines that open something, such as a referral; each says in words how it stands."""

from typing import Any

from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from mobile.widgets.row import Column, Row
from mobile.widgets.text import Text

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Mark mobile.widgets.card.Mark

<Item>:
    padding: dp(16), dp(13)
    spacing: dp(12)
    canvas.before:
        Color:
            rgba: colour("primary_soft" if self.state == "down" else "surface")
        SmoothRoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(theme.RADIUS)]
        Color:
            rgba: colour("danger" if self.urgent else "line")
        SmoothLine:
            rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                dp(theme.RADIUS)
            width: dp(0.9 if self.urgent else 0.6)
    Column:
        spacing: dp(4)
        Text:
            text: root.text
            role: "strong"
        Text:
            text: root.detail
            role: "small"
            colour: "ink_soft"
        Row:
            Mark:
                text: root.mark
                ground: "danger_soft" if root.urgent else "sunken"
                ink: "danger" if root.urgent else "ink_soft"
            Space:
                size_hint_y: None
                height: 0
    Icon:
        name: "forward" if root.opens else ""
        colour: "ink_soft"
        extent: 20 if root.opens else 0
""")


class Item(ButtonBehavior, Row):
    """One line; `urgent` rings it and colours its mark."""

    item = ObjectProperty(None)
    text = StringProperty("")
    detail = StringProperty("")
    mark = StringProperty("")
    urgent = BooleanProperty(False)
    opens = BooleanProperty(True)

    def _grow(self, _: Any, height: float) -> None:
        self.height = max(dp(54), height)


class ItemList(Column):
    """`items` are `mobile.flows.parts.Row`s. Event: `on_open(item)`, for those that lead
    somewhere."""

    __events__ = ("on_open",)

    items = ListProperty([])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.fbind("items", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for each in self.items:
            row = Item(
                item=each,
                text=each.title,
                detail=each.detail,
                mark=each.mark,
                urgent=each.urgent,
                opens=each.goto is not None,
            )
            row.bind(on_release=self._open)
            self.add_widget(row)

    def _open(self, row: Item) -> None:
        if row.opens:
            self.dispatch("on_open", row.item)

    def on_open(self, item: Any) -> None:
        """A line that leads somewhere was pressed."""


class ItemGroups(Column):
    """`groups` are (title, items) pairs, each a heading over an `ItemList`. Event: `on_open`."""

    __events__ = ("on_open",)

    groups = ListProperty([])

    def __init__(self, **given: Any) -> None:
        given.setdefault("spacing", dp(20))
        super().__init__(**given)
        self.fbind("groups", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for title, items in self.groups:
            group = Column(spacing=dp(10))
            group.add_widget(Text(text=title, role="heading"))
            listed = ItemList(items=items)
            listed.bind(on_open=lambda _, item: self.dispatch("on_open", item))
            group.add_widget(listed)
            self.add_widget(group)

    def on_open(self, item: Any) -> None:
        """A line that leads somewhere was pressed."""
