"""Dates, numbers, durations and plurals as their readers write them."""

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from mobile.locale import LANGUAGES, Words, mark, words
from mobile.locale.calendars import DAYS, MONTHS
from protocols.plain import load_json

ROOT = Path(__file__).resolve().parents[3]
MOMENT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
TUNIS = ZoneInfo("Africa/Tunis")


def test_a_date_has_its_reader_s_names_and_western_digits():
    assert Words("fr", zone=TUNIS).date(MOMENT) == "mardi 24 novembre 2026"
    assert Words("en", zone=TUNIS).date(MOMENT) == "Tuesday 24 November 2026"
    assert Words("ar", zone=TUNIS).date(MOMENT) == "الثلاثاء 24 نوفمبر 2026"
    assert Words("ar", country="MA", zone=TUNIS).date(MOMENT) == "الثلاثاء 24 نونبر 2026"


def test_a_time_is_local():
    assert Words("fr", zone=TUNIS).time(MOMENT) == "09:05"
    assert Words("fr", zone=TUNIS).moment(MOMENT) == "mardi 24 novembre 2026, 09:05"
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert Words("en", zone=TUNIS).date(late) == "Wednesday 25 November 2026"


@pytest.mark.parametrize(("key", "months"), MONTHS.items())
def test_months_are_those_of_cldr(key, months):
    locale = Locale.parse(key.replace("-", "_"))
    assert months == tuple(locale.months["format"]["wide"].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_those_of_cldr(language):
    days = Locale.parse(language).days["format"]["wide"]
    assert DAYS[language] == tuple(days[each] for each in range(7))


def test_names_of_countries_and_languages_are_those_of_the_tool():
    spec = importlib.util.spec_from_file_location("names", ROOT / "tools" / "names.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert load_json((ROOT / "mobile/locale/names.json").read_bytes()) == tool.names()
    assert words("fr").country("SD") == "Soudan"
    assert words("ar").tongue("ar-TN") == "العربية"
    assert words("en").tongue("xx") == "xx"


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0, "0 s", "0 seconds"),
        (59, "59 s", "59 seconds"),
        (60, "1 min", "1 minute"),
        (7500, "2 h 5 min", "2 hours 5 minutes"),
        (86_400, "1 jour", "1 day"),
        (2 * 86_400 + 3 * 3600 + 240, "2 jours 3 h", "2 days 3 hours"),
    ],
)
def test_a_duration_has_two_units_at_most(seconds, french, english):
    duration = timedelta(seconds=seconds)
    assert words("fr").duration(duration) == french
    assert words("en").duration(duration) == english


def test_arabic_counts_in_six_forms():
    say = words("ar").plural
    found = [say("{n} day", "{n} days", n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)]
    assert found == [
        "0 يوم",
        "يوم واحد",
        "يومين",
        "3 أيام",
        "10 أيام",
        "11 يومًا",
        "99 يومًا",
        "100 يوم",
        "102 يوم",
        "103 أيام",
        "111 يومًا",
    ]
    assert words("ar").duration(timedelta(hours=2, minutes=5)) == "ساعتين و5 دقائق"


@given(st.integers(0, 10**9), st.sampled_from(LANGUAGES))
def test_a_plural_is_always_said(n, language):
    text = words(language).plural("{n} hour", "{n} hours", n)
    assert text
    assert "{" not in text


def test_a_number_keeps_together():
    assert words("fr").number(1234567) == "1\u202f234\u202f567"


def test_only_known_languages_have_words():
    with pytest.raises(ValueError, match="no words in 'de'"):
        words("de")
    assert words("ar").rtl
    assert not words("fr").rtl
    assert mark("x") == "x"
