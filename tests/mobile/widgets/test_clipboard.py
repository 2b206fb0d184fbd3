"""What is written in the app is on no clipboard: not copied, not cut, not by selecting it."""

import pytest

from tests.mobile.window import Stage, idle

from kivy.clock import Clock  # isort: skip
from kivy.uix import textinput  # isort: skip
from mobile.widgets.text_input import Entry  # isort: skip

CANARY = "CANARY fictional name"


class FictionalClipboard:
    """Remembers everything that it is given."""

    def __init__(self):
        self.given, self.holds = [], "pasted"

    def copy(self, data=""):
        self.given.append(data)

    def set_cutbuffer(self, data):
        self.given.append(data)

    def get_cutbuffer(self):
        return self.holds

    def paste(self):
        return self.holds


@pytest.fixture
def clipboard(monkeypatch):
    made = FictionalClipboard()
    monkeypatch.setattr(textinput, "Clipboard", made)
    monkeypatch.setattr(textinput, "CutBuffer", made)
    return made


@pytest.fixture
def entry(clipboard):
    stage = Stage()
    shown = stage.show(Entry(text=CANARY))
    yield shown
    stage.clear()


def test_copying_cutting_and_selecting_put_nothing_there_and_take_nothing_away(entry, clipboard):
    entry.focus = True
    entry.select_all()
    for _ in range(3):
        Clock.tick()
        idle(1)
    for letter, code in (("c", 99), ("x", 120)):
        entry.keyboard_on_key_down(None, (code, letter), letter, ["ctrl"])
    entry.copy()
    entry.cut()
    idle()
    assert clipboard.given == []
    assert entry.text == CANARY


def test_an_invitation_can_still_be_pasted(entry, clipboard):
    entry.select_all()
    entry.paste()
    assert entry.text == clipboard.holds
