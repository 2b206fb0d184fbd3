"""No link leads nowhere: whatever presenters lead to, and whatever home offers, has its screen."""

import ast
from pathlib import Path

import pytest

from mobile import flows
from mobile.flows.home import HomeFlow
from mobile.locale import words

from mobile.app import screen_class  # isort: skip
from mobile.screens.base import Screen  # isort: skip

LEADING = ("Goto", "_lead_to")


def named():
    """(file, screen) for every screen's name that a presenter writes where it leads on."""
    for path in sorted(Path(flows.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node) in LEADING:
                for each in ast.walk(node.args[0]):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield path.name, each.value


def _called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def is_screen(name):
    kind = screen_class(name)
    return issubclass(kind, Screen) and Path(kind.__module__.replace(".", "/")).name == name


def test_the_presenters_name_screens_at_all():
    assert {screen for _, screen in named()} >= {"referral", "coordination", "sent", "home"}


@pytest.mark.parametrize(("file", "screen"), sorted(set(named())))
def test_what_a_presenter_leads_to_has_its_screen(file, screen):
    assert is_screen(screen)


@pytest.mark.parametrize("role", ["worker", "shelter", "coordinator"])
def test_everything_home_offers_opens_and_leads_back(role, request, drive, worker):
    phone = request.getfixturevalue(role)
    offered = [each.key for each in HomeFlow(phone, words("ar")).view.actions]
    assert len(offered) == (5 if role == "coordinator" else 4)
    hand = drive(phone)
    for key in offered:
        label = next(each.label for each in hand.view.actions if each.key == key)
        hand.touch("Action", label)
        assert hand.screen == screen_class(key).__name__
        assert hand.app.screen.go_back()
        assert hand.screen == "HomeScreen"
