"""What happened when, one step above another: who, how long after the one before, how proven."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.row import Column, Row

Builder.load_string("""
#:import Icon mobile.widgets.icon.Icon
#:import Mark mobile.widgets.card.Mark
#:import Text mobile.widgets.text.Text

<TimelineStep>:
    rise: 1
    spacing: dp(12)
    Widget:
        size_hint: None, 1
        width: dp(28)
        canvas:
            Color:
                rgba: colour("outline", 0 if root.last else 1)
            Rectangle:
                pos: self.center_x - dp(1), self.y - dp(2)
                size: dp(2), max(0, self.height - dp(22))
            Color:
                rgba: colour(root.ground)
            SmoothEllipse:
                pos: self.x, self.top - dp(28)
                size: dp(28), dp(28)
            Color:
                rgba: colour(root.ink)
            SmoothLine:
                circle: self.center_x, self.top - dp(14), dp(13.5)
                width: dp(0.7)
        Icon:
            name: root.sign
            colour: root.ink
            extent: 17
            pos: self.parent.center_x - self.width / 2, self.parent.top - dp(14) - self.height / 2
    Column:
        spacing: dp(3)
        padding: 0, dp(1), 0, 0 if root.last else dp(20)
        Text:
            text: root.text
            role: "strong"
        Text:
            text: root.who
            role: "small"
        Text:
            text: root.when
            role: "small"
            colour: "danger" if root.late else "ink_soft"
        Text:
            text: root.reason
            role: "small"
        Row:
            Mark:
                text: root.proof
                ground: root.ground
                ink: root.ink
            Mark:
                text: style.words("late") if root.late else ""
                ground: "danger_soft"
                ink: "danger"
            Space:
                size_hint_y: None
                height: 0
""")

_PROVEN = ("check", "good", "good_soft")
_NOT_PROVEN = ("clock", "notice", "notice_soft")


class TimelineStep(Row):
    """One event: sign, words, and the line that leads to the next."""

    text = StringProperty("")
    who = StringProperty("")
    when = StringProperty("")
    reason = StringProperty("")
    late = BooleanProperty(False)
    proof = StringProperty("")
    proven = BooleanProperty(False)
    last = BooleanProperty(False)
    sign = StringProperty("clock")
    ink = StringProperty("notice")
    ground = StringProperty("notice_soft")

    def on_proven(self, _: Any, proven: bool) -> None:
        """Sign and colours say the same as the words."""
        self.sign, self.ink, self.ground = _PROVEN if proven else _NOT_PROVEN


class Timeline(Column):
    """`steps`, oldest first, are `mobile.flows.timeline.StepView`s."""

    steps = ListProperty([])

    def __init__(self, **given: Any) -> None:
        given.setdefault("spacing", 0)
        super().__init__(**given)
        self.fbind("steps", self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for place, each in enumerate(self.steps, start=1):
            self.add_widget(
                TimelineStep(
                    text=each.what,
                    who=each.who,
                    when=" · ".join(filter(None, (each.when, each.after))),
                    reason=each.reason,
                    late=each.late,
                    proof=each.proof,
                    proven=each.proven,
                    last=place == len(self.steps),
                )
            )
