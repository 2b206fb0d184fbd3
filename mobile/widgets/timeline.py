"""What happened when, one step above another: who, how long after the one before, how proven."""

from typing import Any

from attrs import frozen
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, OptionProperty, StringProperty

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
            colour: "ink_soft"
        Text:
            text: root.waited
            role: "small"
            colour: "danger" if root.late else "ink_soft"
        Row:
            size_hint_y: None
            Mark:
                text: root.proof_text
                ground: root.ground
                ink: root.ink
            Space:
                size_hint_y: None
                height: 0
""")

_LOOKS = {
    "proven": ("check", "good", "good_soft"),
    "waiting": ("clock", "notice", "notice_soft"),
    "unproven": ("alert", "danger", "danger_soft"),
}


@frozen
class Step:
    """One event in finished words. `proof`: proven, waiting or unproven; `proof_text` says it."""

    text: str
    who: str
    when: str
    waited: str
    late: bool
    proof: str
    proof_text: str


class TimelineStep(Row):
    """One event: sign, words, and the line that leads to the next."""

    text = StringProperty("")
    who = StringProperty("")
    when = StringProperty("")
    waited = StringProperty("")
    late = BooleanProperty(False)
    proof = OptionProperty("waiting", options=list(_LOOKS))
    proof_text = StringProperty("")
    last = BooleanProperty(False)
    sign = StringProperty("clock")
    ink = StringProperty("notice")
    ground = StringProperty("notice_soft")

    def on_proof(self, _: Any, proof: str) -> None:
        """Sign and colours say the same as the words."""
        self.sign, self.ink, self.ground = _LOOKS[proof]


class Timeline(Column):
    """`steps`, oldest first: objects with the attributes of `Step`."""

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
                    text=each.text,
                    who=each.who,
                    when=each.when,
                    waited=each.waited,
                    late=each.late,
                    proof=each.proof,
                    proof_text=each.proof_text,
                    last=place == len(self.steps),
                )
            )
