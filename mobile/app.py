"""The app: which screen is shown, in which language, and when everything is locked away.

Only what the first frame needs is imported with this module; vault, presenters and screens come
after it, off the interface's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any

from attrs import frozen
from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.cover import Cover
from mobile.device.window import keep_out_of_pictures
from mobile.locale import words
from mobile.widgets.style import colour, style
from mobile.widgets.text import forget_lines
from mobile.widgets.text_input import forget_written
from protocols.errors import AmanaError

if TYPE_CHECKING:
    from mobile.casework.phone import Phone
    from mobile.flows.flow import Run
    from mobile.flows.parts import Goto
    from mobile.locale import Words
    from mobile.screens.base import Screen

LOCK_AFTER = 180.0
"""Seconds without a touch after which the phone locks itself, until its vault says otherwise."""
BACK_KEY = 27


@frozen
class Stop:
    """A place on the way back: a screen and what it is about."""

    screen: str
    record: str | None = None


class AmanaApp(App):
    """`phone`: a phone, or what makes one (called off the interface's thread after the first
    frame). `run`: how slow work is done (None: on a worker thread). `remember` is told each
    language that is chosen; `lock_after`: seconds (None: what is chosen in the settings)."""

    title = "Amana"

    def __init__(
        self,
        phone: Phone | Callable[[], Phone],
        language: str,
        run: Run | None = None,
        *,
        dark: bool = False,
        scale: float = 1.0,
        lock_after: float | None = None,
        remember: Callable[[str], object] = lambda _: None,
    ) -> None:
        super().__init__()
        self._made = phone
        self.phone: Phone
        self.words: Words = words(language)
        self.run: Run = run or self._run
        self.screen: Screen | None = None
        self._dark, self._scale, self._remember = dark, scale, remember
        self._way: list[Stop] = []
        self._parted: list[Stop] = []
        self._parted_of: int | None = None
        self._paused = False
        self._turn = 0
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="amana")
        self._lock_after = lock_after
        self._idle = Clock.create_trigger(lambda _: self.lock(), lock_after or LOCK_AFTER)

    def start(self) -> None:
        """Show the window until it is closed. (Kivy's own `run` is behind the presenters'.)"""
        App.run(self)

    def build(self) -> Widget:
        """An empty, harmless frame; the rest follows it."""
        self._dress()
        keep_out_of_pictures()
        Window.bind(on_keyboard=self._key, on_touch_down=self._awake, on_textinput=self._awake)
        Window.softinput_mode = "below_target"
        self.frame = BoxLayout()
        self.frame.add_widget(Cover(on_open=lambda _: None))
        if callable(self._made):
            self._run(self._make, self._begin, self._refused)
        else:
            self._begin(self._made)
        return self.frame

    def on_stop(self) -> None:
        """The keys leave memory with the app."""
        Window.unbind(on_keyboard=self._key, on_touch_down=self._awake, on_textinput=self._awake)
        self._idle.cancel()
        self._turn += 1
        if hasattr(self, "phone"):
            self.phone.lock()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def on_pause(self) -> bool:
        """Sent to the background, the phone is locked and its picture among the open apps is
        harmless. What was left by the quick way out stays left."""
        if self.screen is not None:
            parted = self._way
            self._cover()
            self._lock()
            self._parted, self._paused = parted, True
        return True

    def on_resume(self) -> None:
        """Back from the background: the PIN, then where one was."""
        if self._paused:
            parted, self._paused = self._parted, False
            self.go("unlock")
            self._parted = parted

    def go(self, screen: str, record: str | None = None) -> None:
        """Show `screen`; back leads to the present one. Home, the PIN and enrolment begin a new
        way."""
        stop = Stop(screen, record)
        if screen in ("home", "unlock", "enrol"):
            self._way = [stop]
        elif stop in self._way:
            self._way = self._way[: self._way.index(stop) + 1]
        else:
            self._way.append(stop)
        self._show()

    def lead(self, goto: Goto) -> None:
        """Show what the present screen leads to, in its place where it is done."""
        if goto.screen == "home" and self._parted and self.phone.which == self._parted_of:
            self._way, self._parted = self._parted, []
            self._show()
            return
        if self.screen is not None and self.screen.passing and self._way:
            self._way.pop()
        self.go(goto.screen, goto.record)

    def back(self) -> bool:
        """Show the screen before; False where there is none."""
        if not self.can_go_back:
            return False
        self._way.pop()
        self._show()
        return True

    @property
    def can_go_back(self) -> bool:
        """Whether there is a screen before."""
        return len(self._way) > 1

    def lock(self) -> None:
        """Lock, and ask for the PIN; after it everything stands where it was left."""
        if not hasattr(self, "phone"):
            return
        if self.phone.unlocked:
            parted = self._way
        elif self.screen is not None and self.screen.goes_when_idle:
            parted = self._parted
        else:
            return
        self._lock()
        self.go("unlock")
        self._parted = parted

    def leave(self) -> None:
        """Turn to a harmless screen at once, and lock. Nothing on it leads back but holding it."""
        self._cover()
        self._lock()

    def speak(self, language: str) -> None:
        """Another language from now on; every screen is built anew."""
        self.words = words(language)
        self._remember(language)
        self._dress()
        self._show()

    def _make(self) -> Phone:
        import_module("mobile.flows.unlock")
        made: Callable[[], Phone] = self._made
        return made()

    def _begin(self, phone: Phone) -> None:
        self.phone = phone
        self._idle()
        if phone.unlocked:
            self.go("home" if phone.identity is not None else "enrol")
        else:
            self.go("unlock")

    def _refused(self, error: AmanaError) -> None:
        raise error

    def _dress(self) -> None:
        style.use(self.words, dark=self._dark, scale=self._scale)
        Window.clearcolor = colour("paper")

    def _cover(self) -> None:
        self._part()
        self._way, self._parted = [], []
        self._set(Cover(on_open=lambda _: self.go("unlock")))

    def _lock(self) -> None:
        """Keys leave memory, and so do the words that were shown."""
        self._part()
        self._parted_of = self.phone.which or self._parted_of
        self.phone.lock()
        forget_lines()
        forget_written()

    def _part(self) -> None:
        """Leave the present screen; what its slow work still brings is let go."""
        self._turn += 1
        if self.screen is not None:
            self.screen.gone()
            self.screen = None

    def _show(self) -> None:
        stop = self._way[-1]
        kind = screen_class(stop.screen)
        self._part()
        if kind.needs_pin and not self.phone.unlocked:
            self._way = [Stop("unlock")]
            kind, stop = screen_class("unlock"), self._way[-1]
        try:
            self.screen = kind(self, kind.flow(self, stop.record))
        except AmanaError as refusal:
            self._show_home_instead(stop, refusal)
            return
        self._set(self.screen)

    def _show_home_instead(self, stop: Stop, refusal: AmanaError) -> None:
        """What a screen is about may be gone by the time it is shown: home then says so."""
        if stop.screen == "home":
            raise refusal
        self._way = [Stop("home")]
        self._show()
        if self.screen is not None:
            self.screen.say(refusal)

    def _set(self, widget: Widget) -> None:
        self.frame.clear_widgets()
        self.frame.add_widget(widget)

    def _key(self, _: Any, key: int, *__: Any) -> bool:
        """The phone's own back button."""
        if key != BACK_KEY or self.screen is None:
            return False
        return self.screen.go_back()

    def _awake(self, *_: Any) -> None:
        self._idle.cancel()
        self._idle.timeout = self._lock_after or self._chosen_lock()
        self._idle()

    def _chosen_lock(self) -> float:
        """A key file that cannot be read is told where the PIN is asked for, not here."""
        try:
            return self.phone.terms.lock_after if hasattr(self, "phone") else LOCK_AFTER
        except AmanaError:
            return LOCK_AFTER

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[AmanaError], None],
    ) -> None:
        """Slow work on the worker thread, its result on this one. What comes for a screen that is
        gone is dropped, and a phone that was opened behind a locked screen is locked again."""
        turn = self._turn

        def settle(future: Future[Any]) -> None:
            if turn != self._turn:
                if not self._way or self._way[-1].screen == "unlock":
                    self.phone.lock()
                return
            try:
                result = future.result()
            except AmanaError as error:
                failed(error)
            else:
                done(result)

        self._worker.submit(work).add_done_callback(
            lambda future: Clock.schedule_once(lambda _: settle(future))
        )


def screen_class(name: str) -> type[Screen]:
    """The class of the screen `name`: `new_screening` is `NewScreeningScreen` in
    `mobile.screens.new_screening`."""
    words_of_name = "".join(part.capitalize() for part in name.split("_"))
    module = import_module(f"mobile.screens.{name}")
    found: type[Screen] = getattr(module, f"{words_of_name}Screen")
    return found
