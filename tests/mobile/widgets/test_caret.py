"""The caret in joined and reordered lines. Widths here: one unit a character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.widgets.bidi import lay_out
from mobile.widgets.caret import ShapedLine


def line(text, rtl=True):
    return ShapedLine(text, len, rtl=rtl)


def carets(text, rtl=True):
    return [line(text, rtl).caret(place) for place in range(len(text) + 1)]


def test_in_arabic_the_caret_moves_to_the_left():
    assert carets("نعم") == [3, 2, 1, 0]


def test_in_french_it_moves_to_the_right():
    assert carets("oui", rtl=False) == [0, 1, 2, 3]


def test_inside_a_latin_name_it_moves_to_the_right_again():
    assert carets("مع Ali") == [6, 5, 4, 3, 1, 2, 3]


def test_lam_alef_is_two_characters_of_one_drawing():
    assert carets("لا") == [1, 0.5, 0]


def test_a_vowel_mark_moves_nothing():
    assert carets("مُن") == [2, 1, 1, 0]


def test_a_number_alone_runs_to_the_right_even_in_arabic():
    assert carets("12") == [0, 1, 2]


def test_a_touch_finds_the_nearest_place():
    shaped = line("نعم")

    assert [shaped.place(x) for x in (9, 2.1, 0.4, -3)] == [0, 1, 3, 3]


def test_a_selection_over_both_directions_is_two_pieces():
    assert line("مع Ali").spans(0, 4) == ((0, 1), (3, 6))
    assert line("نعم").spans(1, 2) == ((1, 2),)
    assert line("نعم").spans(1, 1) == ()


@pytest.mark.parametrize("text", ["سلام Ali 12/05", "اتصل +20 100 123", "أ(ب) لا", "24/11, 09:05"])
def test_what_is_written_looks_like_what_is_read(text):
    if any(char.isalpha() for char in text):
        assert line(text).visual == lay_out(text, None, len, rtl=True)[0]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.booleans())
def test_every_place_of_any_text_has_a_caret_within_the_line(text, rtl):
    shaped = line(text.replace("\n", ""), rtl)

    for place in range(len(shaped.text) + 1):
        assert 0 <= shaped.caret(place) <= shaped.width


@settings(max_examples=100, deadline=None)
@given(st.text("ابتلمن ABC 12/+", min_size=1, max_size=20), st.data())
def test_a_touch_on_a_caret_comes_back_to_it(text, data):
    shaped = line(text)
    place = data.draw(st.integers(0, len(text)))

    assert shaped.caret(shaped.place(shaped.caret(place))) == shaped.caret(place)
