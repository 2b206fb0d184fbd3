"""One question a screen."""

from attrs import evolve
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from mobile.flows.interview import InterviewFlow
from mobile.screens.base import Navigator, Screen, load_rule

load_rule(__file__)

ONE_OF = ("single", "yes_no_unknown")
WRITTEN = ("number", "date", "text")


class InterviewScreen(Screen):
    """`picked`: the choice touched and not yet confirmed. `stopping`: the reasons to stop are
    shown."""

    options = ListProperty([])
    picked = StringProperty("")
    stopping = BooleanProperty(False)
    ready = BooleanProperty(True)
    writes = BooleanProperty(False)

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> InterviewFlow:
        """About the screening `record`."""
        assert record is not None
        return InterviewFlow(navigator.phone, navigator.words, record, navigator.run)

    def __init__(self, navigator: Navigator, presenter: InterviewFlow) -> None:
        super().__init__(navigator, presenter)
        self._asked: str | None = None
        self._ask()

    def refresh(self) -> None:
        """The next question begins at its top, with nothing picked."""
        super().refresh()
        self._ask()

    def choose(self, key: str) -> None:
        """A choice was touched: picked, or of several turned on or off."""
        if self.view.kind == "multiple":
            self.attempt(self.presenter.toggle, key)
        else:
            self.picked = key
            self._offer()

    def next(self) -> None:
        """Answer with what is picked or written, and go on."""
        kind, flow = self.view.kind, self.presenter
        if kind == "multiple":
            self.attempt(flow.confirm)
        elif kind in ONE_OF:
            self.attempt(flow.answer, self.picked)
        elif kind in WRITTEN:
            self.attempt(flow.answer, self.ids.written.text)
        else:
            self.attempt(flow.next)

    def skip(self) -> None:
        """Go on without an answer."""
        self.attempt(self.presenter.skip)

    def stop(self, reason: str) -> None:
        """Stop asking, for that reason."""
        self.stopping = False
        self.attempt(self.presenter.stop, reason)

    def go_back(self) -> bool:
        """The question before; from the first one, the screen before."""
        if self.stopping:
            self.stopping = False
            return True
        if self.view.can_go_back:
            return self.attempt(self.presenter.back)
        return super().go_back()

    def _ask(self) -> None:
        question = self.presenter.record.interview.current
        asked = question.key if question else ""
        if asked != self._asked:
            self._asked = asked
            self.picked = next((each.key for each in self.view.choices if each.chosen), "")
            self.writes = self.view.kind in WRITTEN
            self.ids.written.text = self.view.value if self.writes else ""
            self.ids.scroll.scroll_y = 1
        self._offer()

    def _offer(self) -> None:
        single = self.view.kind in ONE_OF
        self.options = [
            evolve(each, chosen=each.key == self.picked) if single else each
            for each in self.view.choices
        ]
        chosen = any(each.chosen for each in self.options)
        self.ready = chosen if single or self.view.kind == "multiple" else True
