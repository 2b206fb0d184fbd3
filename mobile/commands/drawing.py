"""Drawing the app's screens into pictures. Imported only after `mobile.device.display.prepare`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import evolve
from kivy.base import EventLoop
from kivy.core.window import Window

from mobile.app import AmanaApp
from mobile.casework.phone import Phone
from mobile.commands import practising
from mobile.commands.pictures_wanted import CASE, LED, UNDER_WAY, Wanted
from mobile.flows.flow import at_once
from mobile.widgets.scroll import Scroll

FRAMES = 12
"""Frames after which even deeply nested boxes have found their size."""


def draw(
    folder: Path,
    language: str,
    screens: Iterable[Wanted],
    out: Path,
    *,
    pin: str | None = None,
    dark: bool = False,
    scale: float = 1.0,
) -> list[Path]:
    """Draw `screens` of the phone in `folder` as `out/FILE-LANGUAGE.png` (`-dark` where it is), in
    the size that was prepared. `pin` unlocks the phone for what needs it. The phone may change:
    hand in a copy."""
    phone = Phone(folder)
    app = AmanaApp(phone, language, at_once, dark=dark, scale=scale, lock_after=3600)
    app._run_prepare()
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for wanted in screens:
        if wanted.screen == "unlock":
            phone.lock()
        elif pin is not None:
            phone.unlock(pin)
        _open(app, wanted)
        path = out / f"{wanted.file}-{language}{'-dark' if dark else ''}.png"
        _shoot(app, wanted.scroll, path)
        made.append(path)
    app.stop()
    return made


def _open(app: AmanaApp, wanted: Wanted) -> None:
    record = _about(app, wanted)
    app.go("unlock" if wanted.screen == "unlock" else "home")
    if wanted.screen in ("home", "unlock"):
        return
    if wanted.screen == "interview" and wanted.record is None:
        _rewind(app.phone, record)
    app.go(wanted.screen, record)


def _about(app: AmanaApp, wanted: Wanted) -> str | None:
    """What the screen is about; practice is led as far as the picture needs it."""
    if wanted.record == UNDER_WAY:
        return practising.under_way(app.phone, CASE, app.words.language)
    if wanted.record == LED:
        return practising.led(app.phone, CASE, app.words.language)
    return wanted.record or _newest(app.phone, wanted.screen)


def _newest(phone: Phone, screen: str) -> str | None:
    """What a screen is about where nobody says it: the newest of its kind."""
    if screen in ("interview", "findings", "person", "providers", "consent", "review"):
        practised = phone.practice.runs()
        real = (each.id for each in phone.screenings.list() if each.id not in practised)
        return next(real, None)
    if screen == "sent":
        return next((each.id for each in phone.referrals.list()), None)
    if screen == "referral":
        return next((each.referral for each in phone.inbox.list()), None)
    return None


def _rewind(phone: Phone, screening: str | None) -> None:
    """Set a finished interview back to its longest list of answers, to show one that was given."""
    if screening is None:
        return
    record = phone.screenings.get(screening)
    interview = record.interview
    interview = interview.back() if interview.can_go_back else interview
    best = interview
    while interview.can_go_back:
        interview = interview.back()
        if _shows_well(interview) > _shows_well(best):
            best = interview
    phone.screenings.save(evolve(record, interview=best, sent=False))


def _shows_well(interview: Any) -> int:
    question = interview.current
    if question is None or not isinstance(interview.given_here, tuple):
        return 0
    return 10 * len(interview.given_here) + min(len(question.choices), 6)


def _shoot(app: AmanaApp, scroll: float, path: Path) -> None:
    """Wait until everything has its place, then write exactly `path`; Kivy would put a number into
    its name."""
    for _ in range(FRAMES):
        EventLoop.idle()
    for each in app.frame.walk():
        if isinstance(each, Scroll) and scroll < 1.0:
            each.scroll_y = scroll
            EventLoop.idle()
            EventLoop.idle()
    Path(Window.screenshot(str(path))).replace(path)
