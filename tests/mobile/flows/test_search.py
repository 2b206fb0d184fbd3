"""Finding by a part of a name, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobile.flows.parts import Option
from mobile.flows.search import find, plain
from mobile.locale.words import names


def countries(language):
    return [Option(key, each[language]) for key, each in names("countries").items()]


@pytest.mark.parametrize(
    ("language", "written", "code"),
    [
        ("ar", "السودان", "SD"),
        ("ar", "اريتريا", "ER"),
        ("ar", "إثيوبي", "ET"),
        ("ar", "الشماليه", "KP"),
        ("fr", "erythree", "ER"),
        ("fr", "COTE D'IV", "CI"),
        ("en", "sud", "SD"),
    ],
)
def test_accents_hamzas_and_capitals_make_no_difference(language, written, code):
    assert code in [each.key for each in find(countries(language), written, 6)]


def test_who_begins_with_it_comes_first():
    found = [each.key for each in find(countries("en"), "guinea", 6)]
    assert found[0] == "GN"
    assert "PG" in found


def test_the_arabic_article_is_nothing_to_begin_with():
    found = find(countries("ar"), "صين", 6)
    assert found[0].key == "CN"


def test_nothing_written_finds_nothing():
    assert find(countries("fr"), "  ", 6) == ()


@given(st.sampled_from(["ar", "fr", "en"]), st.data())
def test_every_country_is_found_by_its_own_name(language, data):
    wanted = data.draw(st.sampled_from(countries(language)))
    assert wanted in find(countries(language), wanted.label.upper(), 6)


@given(st.text(max_size=8), st.integers(0, 5))
def test_what_is_found_holds_what_was_written_and_is_never_too_much(text, most):
    found = find(countries("ar"), text, most)
    assert len(found) <= most
    assert all(plain(text) in plain(each.label) for each in found)
