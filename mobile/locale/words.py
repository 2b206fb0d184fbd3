"""Words: one language's catalogue, with dates, numbers and durations as its readers write them.

Digits are 0-9 in every language, as the Maghreb writes them and as the phones' keyboards type them.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Any

from mobile.locale.calendars import DAYS, months

LANGUAGES = ("ar", "fr", "en")
NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
"""Each language's name in itself."""
FALLBACK = "en"


def mark(text: str) -> str:
    """The text as it is. Marks a text of a table for translation, where it is not yet said."""
    return text


class Words:
    """The words of `language`. `zone`: the time zone of dates (None: the phone's own);
    `country`: whose names of the months are used."""

    def __init__(
        self, language: str, *, country: str | None = None, zone: tzinfo | None = None
    ) -> None:
        self.language = language
        self.rtl = language == "ar"
        self._country = country
        self._zone = zone
        self._catalogue = _catalogue(language)

    def __call__(self, text: str, **values: Any) -> str:
        """`text` (English) in this language, with `values` in its {places}."""
        return self._catalogue.gettext(text).format(**values)

    def plural(self, one: str, many: str, n: int, **values: Any) -> str:
        """The form that fits `n` things; {n} is the number."""
        found = self._catalogue.ngettext(one, many, n)
        return found.format(n=self.number(n), **values)

    def number(self, n: int) -> str:
        """A whole number, its thousands set apart by a narrow space that does not break."""
        return f"{n:,}".replace(",", "\u202f")

    def date(self, moment: datetime) -> str:
        """The day of an aware moment: "mardi 24 novembre 2026"."""
        local = moment.astimezone(self._zone)
        day = DAYS[self.language][local.weekday()]
        month = months(self.language, self._country)[local.month - 1]
        return f"{day} {local.day} {month} {local.year}"

    def time(self, moment: datetime) -> str:
        """The hour and minute of an aware moment: "09:05"."""
        return f"{moment.astimezone(self._zone):%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Day and time together."""
        return self("{date}, {time}", date=self.date(moment), time=self.time(moment))

    def duration(self, duration: timedelta) -> str:
        """A duration by its two largest units; the seconds only below a minute."""
        seconds = max(0, int(duration.total_seconds()))
        if seconds < 60:
            return self.plural("{n} second", "{n} seconds", seconds)
        days, rest = divmod(seconds, 86_400)
        hours, rest = divmod(rest, 3600)
        counted = (
            self.plural("{n} day", "{n} days", days) if days else None,
            self.plural("{n} hour", "{n} hours", hours) if hours else None,
            self.plural("{n} minute", "{n} minutes", rest // 60) if rest >= 60 else None,
        )
        parts = [each for each in counted if each][: 2 if days or hours else 1]
        return parts[0] if len(parts) == 1 else self("{one} {other}", one=parts[0], other=parts[1])

    def country(self, code: str) -> str:
        """A country's name by its ISO 3166-1 alpha-2 code, else the code."""
        return names("countries").get(code, {}).get(self.language, code)

    def tongue(self, code: str) -> str:
        """A language's name by its code, a variant ("ar-TN") by its language's, else the code."""
        found = names("languages")
        return found.get(code, found.get(code.partition("-")[0], {})).get(self.language, code)

    def list(self, items: Iterable[str]) -> str:
        """Items in a row: "shelter, legal aid"."""
        return self(", ").join(items)


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == FALLBACK:
        return NullTranslations()
    with files("mobile.locale").joinpath(f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)


@cache
def names(kind: str) -> dict[str, dict[str, str]]:
    """Every one of "countries" or "languages": code -> language -> name (Unicode CLDR)."""
    data = files("mobile.locale").joinpath("names.json").read_bytes()
    found: dict[str, dict[str, str]] = json.loads(data)[kind]
    return found


@cache
def words(language: str, country: str | None = None) -> Words:
    """The words of "ar", "fr" or "en". Raises ValueError for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"no words in {language!r}; choose one of {', '.join(LANGUAGES)}")
    return Words(language, country=country)
