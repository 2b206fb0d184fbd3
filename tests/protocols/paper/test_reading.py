"""The order in which a line stands on paper: Latin names and numbers inside Arabic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.paper.reading import right_to_left, runs

NBSP = "\u00a0"


def seen(text: str, rtl: bool = True) -> list[tuple[str, bool]]:
    return [(each.text, each.rtl) for each in runs(text, [False] * len(text), rtl)]


def test_a_law_and_its_year_stand_where_arabic_puts_them() -> None:
    assert seen("القانون عدد 61 لسنة 2016") == [
        ("2016", False),
        (" لسنة ", True),
        ("61", False),
        ("القانون عدد ", True),
    ]


@pytest.mark.parametrize(
    "number",
    [
        f"80{NBSP}104{NBSP}748",
        "+216 80".replace(" ", NBSP),
        "2026-11-24",
        "418-420",
        "448-1",
        "1.16.127",
        "2023–2030",
        "[12]",
    ],
)
def test_a_number_is_read_from_left_to_right(number: str) -> None:
    assert (number, False) in seen(f"الرقم {number} هنا")


def test_a_number_stays_with_the_latin_words_it_follows() -> None:
    order = [text for text, _ in seen("قانون Law 27-14 هنا")]
    assert "Law 27-14" in "".join(order)


def test_latin_letters_and_their_brackets_keep_their_place() -> None:
    assert seen("اللجنة (NCCPIM&TIP):") == [
        ("):", True),
        ("NCCPIM&TIP", False),
        ("اللجنة (", True),
    ]


def test_bold_words_make_runs_of_their_own() -> None:
    bolds = [True] * 4 + [False] * 8
    found = runs("Who: not known", [*bolds, False, False], False)
    assert [(each.text, each.bold) for each in found] == [("Who:", True), (" not known", False)]


def test_a_foreign_sentence_keeps_its_direction() -> None:
    assert not right_to_left("Council of Europe. 2021.", True)
    assert right_to_left("2021", True) and not right_to_left("2021", False)
    assert right_to_left("تقرير 2019 (TIP)", True)


@settings(max_examples=60, deadline=None)
@given(st.text("abأبتNo12 0.-(){}[]○،:", max_size=30), st.booleans())
def test_no_character_is_lost_or_doubled(text: str, rtl: bool) -> None:
    drawn = "".join(each.text for each in runs(text, [False] * len(text), rtl))
    assert sorted(drawn) == sorted(text)
