"""Arabic laid out for a renderer that knows nothing of it. Widths here: one unit a character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.widgets.bidi import keep_numbers, lay_out, right_to_left, typed


def drawn(text, width=None, rtl=True):
    return lay_out(text, width, len, rtl=rtl)


def test_letters_are_joined_and_run_from_the_right():
    assert drawn("إحالة") == ("\ufe94\ufedf\ufe8e\ufea3\ufe87",)


def test_lam_and_alef_become_one_letter_but_alef_and_lam_do_not():
    assert drawn("لا") == ("\ufefb",)
    assert drawn("ال") == ("\ufedd\ufe8d",)


def test_a_name_in_latin_and_a_date_keep_their_own_order_in_an_arabic_sentence():
    assert drawn("مع Jean-Pierre يوم 12/05") == (
        "12/05 \ufee1\ufeee\ufef3 Jean-Pierre \ufeca\ufee3",
    )


@pytest.mark.parametrize(
    "number",
    ["+20 100 123-4567", "80 104 748", "12/05/2026", "2026-11-24", "09:05", "*123#", "٠١٠ ٢٣٤"],
)
def test_a_number_reads_the_same_in_an_arabic_sentence(number):
    line = drawn(f"اتصل {number} الآن")[0].replace("\u00a0", " ")

    assert f" {number} " in line


def test_a_number_is_not_broken_between_two_lines():
    lines = drawn("اتصلوا على +20 100 123", 13)

    assert any("+20\u00a0100\u00a0123" in line for line in lines)


def test_two_numbers_beside_each_other_follow_the_sentence():
    assert drawn("24/11, 09:05") == ("09:05 ,24/11",)
    assert drawn("24/11, 09:05", rtl=False) == ("24/11, 09:05",)


def test_brackets_and_quotes_turn_with_the_line():
    assert drawn("(نعم)") == ("(\ufee2\ufecc\ufee7)",)
    assert drawn("سؤال (5 من 8)")[0].startswith("(8 ")


@pytest.mark.parametrize("width", [None, 16, 12])
def test_a_latin_name_keeps_its_bracket_on_whatever_line_it_stands(width):
    lines = drawn("من Shelter Sfax (fictional)", width)

    assert lines[-1].startswith(("Shelter", "Sfax", "(fictional)"))
    assert "(fictional)" in lines[-1]


def test_brackets_follow_the_sentence_where_its_letters_are_inside():
    assert drawn("Ali (نعم)") == ("(\ufee2\ufecc\ufee7) Ali",)
    assert drawn("نعم (Ali)") == ("(Ali) \ufee2\ufecc\ufee7",)
    assert drawn("(a [b) c]", rtl=False) == ("(a [b) c]",)


def test_spaces_at_the_end_of_a_line_stand_at_its_end():
    assert drawn("نعم Ali ") == (" Ali \ufee2\ufecc\ufee7",)


def test_lines_stand_from_top_to_bottom_in_the_order_of_reading():
    lines = drawn("واحد اثنان ثلاثة أربعة", 12)

    assert len(lines) == 2
    assert lines[0] == drawn("واحد اثنان")[0]
    assert lines[1] == drawn("ثلاثة أربعة")[0]


def test_a_word_longer_than_a_line_is_cut_and_nothing_is_lost():
    assert drawn("abcdefgh", 3, rtl=False) == ("abc", "def", "gh")


def test_paragraphs_and_empty_lines_stay():
    assert drawn("a\n\nb", 5, rtl=False) == ("a", "", "b")
    assert drawn("") == ("",)


def test_a_foreign_sentence_keeps_its_direction():
    assert drawn("Bonjour, Ali.") == ("Bonjour, Ali.",)
    assert drawn("نعم.", rtl=False) == (".\ufee2\ufecc\ufee7",)
    assert right_to_left("12/05", True)
    assert not right_to_left("12/05", False)


@pytest.mark.parametrize("forged", ["\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\x00"])
def test_a_name_cannot_turn_the_words_around_it(forged):
    assert drawn(f"ab{forged}cd", rtl=False) == ("abcd",)


def test_isolates_of_the_words_themselves_are_honoured():
    assert drawn("من \u2068Ali B.\u2069 إلى") == drawn("من \u202aAli B.\u202c إلى")


def test_french_spaces_that_no_font_has_become_ones_that_do_not_break():
    assert drawn("1\u202f000 jours\u00a0?", rtl=False) == ("1\u00a0000 jours\u00a0?",)


@pytest.mark.parametrize(
    "text", ["pas envoyé : ici", "Qui décide ?", "le « Téléphone »", "non ; oui"]
)
@pytest.mark.parametrize("width", range(13, 20))
def test_no_line_begins_with_a_french_sign_or_ends_with_an_opening_one(text, width):
    lines = lay_out(text, width, len, rtl=False)
    assert not any(line[:1] in tuple(":;?!»") or line.endswith("«") for line in lines)


def test_vowel_marks_are_left_out():
    assert drawn("مُلَا") == drawn("ملا")


def test_a_single_number_is_left_as_it_is():
    assert keep_numbers("رقم 16000", True) == "رقم 16000"


def test_what_is_typed_loses_what_cannot_be_seen():
    assert typed("a\u200eb\x00c\u202ed\r\ne\tf") == "abcd\ne f"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.integers(1, 20), st.booleans())
def test_any_text_is_laid_out_within_its_width(text, width, rtl):
    lines = lay_out(text, width, len, rtl=rtl)

    assert lines
    assert all(len(line) <= width for line in lines)


@settings(max_examples=100, deadline=None)
@given(st.text("ابتثلمنه ABC 12/+-.", max_size=40), st.integers(8, 30))
def test_wrapping_loses_no_letter(text, width):
    def letters(lines):
        return sorted("".join(lines).replace(" ", "").replace("\u00a0", ""))

    assert letters(lay_out(text, width, len, rtl=True)) == letters(
        lay_out(text, None, len, rtl=True)
    )
