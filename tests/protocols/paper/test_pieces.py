"""Paragraphs, stacks and frames before they stand on a page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.paper.errors import PaperWidthError
from protocols.paper.pieces import Line, Piece, Span, Style, beside, mirrored, paragraph, stack
from protocols.paper.setting import Setting
from protocols.paper.sheet import drawn_width

WORDS = st.lists(st.text("abcdeأبتثج", min_size=1, max_size=8), min_size=1, max_size=25)


def lines(piece: Piece) -> list[Line]:
    return [each for each in piece.boxes if isinstance(each, Line)]


@settings(max_examples=60, deadline=None)
@given(WORDS, st.booleans())
def test_lines_hold_every_word_in_order_within_the_width(words: list[str], rtl: bool) -> None:
    piece = paragraph(" ".join(words), 120, Style(10), rtl)
    assert " ".join(each.text for each in lines(piece)).split(" ") == words
    for each in lines(piece):
        assert each.x + each.width <= 120.001
        assert drawn_width(each) == pytest.approx(each.width, abs=0.8)
        assert len(each.bolds) == len(each.text)


def test_a_word_too_wide_for_its_column_is_named() -> None:
    with pytest.raises(PaperWidthError, match=r"'abcabc.*too wide.*spaces"):
        paragraph("abc" * 30, 50, Style(10), False)
    with pytest.raises(PaperWidthError, match="too wide"):
        paragraph("a" * 500_000, 500, Style(10), False)


def test_no_line_breaks_within_held_words() -> None:
    piece = paragraph([Span("aaaa bbbb", held=True), Span("cccc")], 55, Style(10), False)
    assert [each.text for each in lines(piece)] == ["aaaa\u00a0bbbb", "cccc"]


def test_what_is_mirrored_twice_is_in_its_place() -> None:
    piece = paragraph("تونس و Tunis", 100, Style(10), True)
    (twice,) = mirrored(mirrored(piece.boxes, 500), 500)
    assert twice.x == pytest.approx(0)
    (line,) = mirrored(piece.boxes, 500)
    assert line.x + line.width == pytest.approx(500)


def test_pieces_stand_under_and_beside_each_other() -> None:
    one, two = Piece(10, 5), Piece(20, 8)
    assert (stack((one, two), 3).width, stack((one, two), 3).height) == (20, 16)
    assert (beside(one, two, 15).width, beside(one, two, 15).height) == (35, 8)
    assert stack(()).height == 0


def test_a_frame_is_as_wide_as_it_was_asked_to_be() -> None:
    setting = Setting("fr", 9)
    box = setting.box(setting.text("Éàü", setting.inside(100)), 100)
    assert box.width == 100
    assert all(each.x >= 0 and each.x + each.width <= 100 for each in box.boxes)
