"""What can be printed, and how wide it is."""

import pytest

from protocols.paper.errors import PaperTextError
from protocols.paper.typeface import NBSP, plain, width


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a\u200fb", "a\nb", "a\x00b", "a\u2066b", "a\ufeffb", "a\ud800b"]
)
def test_what_steers_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(PaperTextError, match=r"U\+[0-9A-F]{4} after 'a'.*take it out"):
        plain(text)


def test_what_the_typeface_lacks_is_refused_not_left_out() -> None:
    with pytest.raises(PaperTextError, match=r"漢.*another way"):
        plain("before 漢 after")


def test_heaps_of_marks_are_refused_and_a_vowelled_word_is_not() -> None:
    assert plain("تُحقِّقَ") == "تُحقِّقَ"
    with pytest.raises(PaperTextError, match="too many marks"):
        plain("ت" + "\u0651" * 9)


def test_french_signs_and_days_keep_to_their_words() -> None:
    assert plain("Qui ? « oui » ; n° 5, le 3 août  2016") == (
        f"Qui{NBSP}? «{NBSP}oui{NBSP}»{NBSP}; n°{NBSP}5, le 3{NBSP}août 2016"
    )


def test_joined_letters_are_narrower_than_letters_apart() -> None:
    apart = sum(width(each, False, True) for each in "بيبي")
    assert 0 < width("بيبي", False, True) < apart


def test_marks_take_no_width() -> None:
    assert width("تُحقّق", False, True) == pytest.approx(width("تحقق", False, True))
