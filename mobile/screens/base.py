"""What every screen is: it shows its presenter's `view` and hands what is pressed to it.

A screen `sample` is a pair of files: `sample.py` with a class `SampleScreen` and `sample.kv` with
its rule. In the rule `root.view` holds finished words; nothing is decided there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Protocol

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from mobile.casework.phone import Phone
from mobile.flows.errors import explain
from mobile.flows.flow import Flow, Run
from mobile.flows.parts import Goto
from mobile.locale import Words
from mobile.widgets import kit
from protocols.errors import AmanaError

KIT = kit.NAMES


class Navigator(Protocol):
    """What a screen may ask of the app."""

    phone: Phone
    words: Words
    run: Run

    def go(self, screen: str, record: str | None = None) -> None:
        """Show another screen; back leads here again."""

    def lead(self, goto: Goto) -> None:
        """Show what a presenter leads to, in place of a screen that is done."""

    def back(self) -> bool:
        """Show the screen before; False where there is none."""

    def leave(self) -> None:
        """Turn to a harmless screen at once, and lock."""

    def speak(self, language: str) -> None:
        """Another language from now on."""

    @property
    def can_go_back(self) -> bool:
        """Whether there is a screen before."""


class Screen(BoxLayout):
    """`trouble`: what was refused or went wrong, in words, empty for nothing. `busy`: slow work is
    under way. `passing`: it makes way for what it leads to, so that back does not return here.
    `needs_pin` False: may be shown on a locked phone; `goes_when_idle`: even there it gives way to
    the PIN when nobody has touched it for a while."""

    passing: ClassVar[bool] = True
    needs_pin: ClassVar[bool] = True
    goes_when_idle: ClassVar[bool] = False

    navigator = ObjectProperty(None)
    presenter = ObjectProperty(None)
    view = ObjectProperty(None, rebind=True)
    trouble = StringProperty("")
    busy = BooleanProperty(False)
    can_go_back = BooleanProperty(False)

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> Flow:
        """The presenter of this screen, about `record` where it is about one."""
        raise NotImplementedError

    def __init__(self, navigator: Navigator, presenter: Flow) -> None:
        super().__init__(
            orientation="vertical",
            navigator=navigator,
            presenter=presenter,
            view=presenter.view,
            can_go_back=navigator.can_go_back,
        )
        presenter.changed = self.refresh
        self._said = ""
        self._settle()

    def refresh(self) -> None:
        """Show the presenter's view as it is now, and go where it leads."""
        if self.presenter.changed != self.refresh:
            return
        self.view = self.presenter.view
        self._settle()
        leads_to = getattr(self.view, "leads_to", None)
        if leads_to is not None:
            self.navigator.lead(leads_to)

    def attempt(self, action: Callable[..., Any], *given: Any) -> bool:
        """Do an action of the presenter and show what came of it, a refusal in words."""
        self._said = ""
        try:
            action(*given)
        except AmanaError as refusal:
            self.say(refusal)
            return False
        self.refresh()
        return True

    def say(self, refusal: AmanaError) -> None:
        """Tell in words what was refused."""
        self._said = explain(self.navigator.words, refusal)
        self._settle()

    def go_back(self) -> bool:
        """Back was pressed, here or on the phone's own button."""
        return self.navigator.back()

    def gone(self) -> None:
        """The screen is no longer shown."""
        self.presenter.changed = lambda: None

    def _settle(self) -> None:
        self.trouble = self._said or getattr(self.view, "problem", None) or ""
        self.busy = bool(self.presenter.busy)


def load_rule(module: str) -> None:
    """Read the kv file beside a screen's module (its `__file__`), once."""
    path = str(Path(module).with_suffix(".kv"))
    if path not in Builder.files:
        Builder.load_file(path)
