"""Widgets in a real window, without a display."""

import pytest
from attrs import frozen

from tests.mobile.window import Stage, Window, idle

from mobile.widgets.choice import ChoiceList  # isort: skip
from mobile.widgets.row import Column, Row, When  # isort: skip
from mobile.widgets.text import Text  # isort: skip
from mobile.widgets.text_input import Field  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

LONG = "تحدثت مع Jean-Pierre يوم 12/05 في مكان آمن ثم ذهبنا معا إلى الملجأ الخيالي"


@frozen
class Offered:
    key: str
    label: str
    chosen: bool = False
    detail: str = ""


@pytest.fixture
def stage():
    stage = Stage()
    yield stage
    stage.clear()


def test_a_text_wraps_within_its_width_and_grows(stage):
    text = stage.show(lambda: Text(text=LONG))
    one = stage.show(lambda: Text(text="نعم"))

    assert len(text.lines) > 1
    assert text.height == pytest.approx(one.height * len(text.lines), rel=0.1)
    assert "Jean-Pierre" in text.lines[0]


def test_without_words_a_text_takes_no_room(stage):
    assert stage.show(lambda: Text(text="")).height == 0


@pytest.mark.parametrize(("language", "first_is_left"), [("ar", False), ("en", True)])
def test_a_row_begins_on_the_readers_side(stage, language, first_is_left):
    def build():
        row = Row()
        row.add_widget(Widget(size_hint=(None, None), size=(40, 40)))
        row.add_widget(Widget(size_hint=(1, None), height=60))
        return row

    row = stage.show(build, language)
    first, second = reversed(row.children)

    assert (first.x < second.x) == first_is_left
    assert row.height == 60
    assert first.center_y == second.center_y


def test_what_is_empty_gets_no_spacing(stage):
    def build():
        column = Column(spacing=10)
        for height in (20, 0, 30):
            column.add_widget(Widget(size_hint_y=None, height=height))
        return column

    assert stage.show(build).height == 60


def test_what_is_not_shown_is_not_there(stage):
    def build():
        hidden = When(shown=False)
        hidden.add_widget(Widget(size_hint_y=None, height=50))
        return hidden

    hidden = stage.show(build)
    assert (hidden.height, hidden.children) == (0, [])

    hidden.shown = True
    idle()

    assert hidden.height == 50


def field(stage, language="ar", **given):
    shown = stage.show(lambda: Field(label="ملاحظات", **given), language)
    entry = shown.ids.entry
    entry.focus = True
    idle(1)
    return shown, entry


def write(text):
    for char in text:
        Window.dispatch("on_textinput", char)
    idle()


def test_what_is_typed_in_arabic_stays_in_the_order_of_reading(stage):
    shown, entry = field(stage, one_line=False)

    write(LONG)

    assert shown.text == LONG
    assert len(entry._lines) > 1
    assert "".join(entry._lines) == LONG


def test_the_caret_stands_at_the_left_of_what_was_typed_in_arabic(stage):
    _, entry = field(stage)
    begin = entry.cursor_pos[0]

    write("نعم")

    assert entry.cursor_pos[0] < begin
    left = entry.right - entry.padding[2] - entry._shaped("نعم").width
    assert entry.cursor_pos[0] == pytest.approx(left, abs=1)


def test_a_touch_in_arabic_sets_the_caret_where_it_was(stage):
    _, entry = field(stage)
    write("نعم لا")
    right = entry.right - entry.padding[2]

    assert entry.get_cursor_from_xy(right - 1, entry.center_y)[0] == 0
    assert entry.get_cursor_from_xy(entry.x, entry.center_y)[0] == len("نعم لا")


def test_taking_back_removes_the_last_letter_typed(stage):
    shown, entry = field(stage)
    write("نعم")

    entry.do_backspace()

    assert shown.text == "نع"


def test_a_selection_covers_what_it_says(stage):
    _, entry = field(stage)
    write("مع Ali نعم")

    entry.select_text(3, 6)
    idle()

    assert entry.selection_text == "Ali"


def test_what_cannot_be_seen_is_not_taken(stage):
    shown, _ = field(stage)

    write("a\u202eb\u200fc")

    assert shown.text == "abc"


def test_a_secret_is_not_drawn(stage):
    shown, entry = field(stage, password=True)

    write("482913")

    assert shown.text == "482913"
    assert entry.password_mask == "•"
    assert entry.cursor_col == 6


def test_a_choice_that_is_chosen_says_so_and_keeps_its_place(stage):
    listed = stage.show(lambda: ChoiceList(options=[Offered("a", "نعم"), Offered("b", "لا")]))
    before = list(listed.children)

    listed.options = [Offered("a", "نعم"), Offered("b", "لا", chosen=True)]

    assert listed.children == before
    assert [each.chosen for each in listed.children] == [True, False]
