"""Findings as cards: what, how sure, and on touch the rule and the answers behind it."""

from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.widgets.button import Action
from mobile.widgets.card import Card
from mobile.widgets.lines import Lines
from mobile.widgets.row import Column, When
from mobile.widgets.text import Text

Builder.load_string("""
#:import Banner mobile.widgets.banner.Banner

<FindingCard>:
    ground: "surface"
    spacing: dp(10)
    Text:
        text: root.heading
        role: "heading"
    Text:
        text: root.forms
        role: "strong"
        colour: "primary"
    Text:
        text: root.text
    Banner:
        kind: "notice"
        role: "small"
        text: root.caution
""")


class FindingCard(Card):
    """One finding; `why` opens and closes what stands behind it."""

    heading = StringProperty("")
    forms = StringProperty("")
    text = StringProperty("")
    caution = StringProperty("")


class Findings(Column):
    """`findings` are `mobile.flows.findings.FindingView`s, the most pressing first and ringed."""

    findings = ListProperty([])
    reasons_title = StringProperty("")
    answers_title = StringProperty("")
    open_all = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in ("findings", "reasons_title", "answers_title", "open_all"):
            self.fbind(name, self._show)
        self._show()

    def _show(self, *_: Any) -> None:
        self.clear_widgets()
        for place, each in enumerate(self.findings):
            card = FindingCard(
                heading=each.title,
                forms=each.forms,
                text=each.text,
                caution=each.unconfirmed,
                edge="primary" if place == 0 else "line",
            )
            self.add_widget(card)
            if each.reasons or each.open_questions:
                self._explain(card, each)

    def _explain(self, card: FindingCard, finding: Any) -> None:
        behind = When(shown=False)

        def turn(*_: Any) -> None:
            if not behind.children and not behind.shown:
                self._fill(behind, finding)
            behind.shown = not behind.shown

        why = Action(kind="link", text=self.reasons_title)
        why.bind(on_release=turn)
        card.add_widget(why)
        card.add_widget(behind)
        if self.open_all:
            turn()

    def _fill(self, behind: When, finding: Any) -> None:
        """Only once they are asked for: there are many words in them."""
        behind.forget()
        for reason in finding.reasons:
            behind.add_widget(Text(text=reason.rule, role="body"))
            behind.add_widget(Text(text=reason.source, role="caption", colour="ink_soft"))
            if reason.answers:
                behind.add_widget(Text(text=self.answers_title, role="label"))
                behind.add_widget(Lines(lines=reason.answers, role="small", bullets=True))
        if finding.open_questions:
            behind.add_widget(Text(text=finding.open_title, role="label"))
            asked = [each.title for each in finding.open_questions]
            behind.add_widget(Lines(lines=asked, role="small", bullets=True))
