"""A scrolled column stays where it was put, whatever grows or shrinks in it."""

import time

import pytest
from kivy.uix.widget import Widget

from tests.mobile.window import Stage, idle

from mobile.widgets.scroll import Scroll  # isort: skip


@pytest.fixture
def scroll():
    stage = Stage()
    shown = Scroll()
    shown.add_widget(Widget(size_hint_y=None, height=300))
    yield stage.show(lambda: shown)
    stage.clear()


def settle(seconds=0.4):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        idle(1)


def move(scroll):
    scroll.effect_y.velocity = 4000
    scroll.effect_y.trigger_velocity_update()
    idle(2)


@pytest.mark.parametrize("height", [1500, 3000])
def test_what_changes_its_height_is_not_taken_for_a_pull(scroll, height):
    part = scroll.column.children[0]
    part.height = 2000
    settle(0.1)
    scroll.scroll_y = 0.5
    move(scroll)
    assert scroll.scroll_y != 0.5

    part.height = height
    idle(2)
    there = scroll.scroll_y
    settle()

    assert scroll.scroll_y == there


def test_what_is_shorter_than_the_window_stands_at_its_top(scroll):
    scroll.scroll_y = 0
    settle(0.1)
    top = scroll.column.to_window(0, scroll.column.top)[1]
    assert top == pytest.approx(scroll.to_window(0, scroll.top)[1], abs=1)


def test_the_way_to_the_top_ends_every_movement(scroll):
    scroll.column.children[0].height = 3000
    settle(0.1)
    scroll.scroll_y = 0.5
    move(scroll)
    scroll.to_top()
    settle()
    assert scroll.scroll_y == 1
