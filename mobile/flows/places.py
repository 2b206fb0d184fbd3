"""Divisions of a country, as choices."""

from mobile.flows.parts import Option
from mobile.locale import Words
from protocols.countries.country import country
from protocols.countries.errors import CountryError


def divisions(words: Words, code: str, chosen: str | None) -> tuple[Option, ...]:
    """The divisions to choose from, by name. Raises UnknownCountryError."""
    found = country(code).places_to_choose
    named = sorted((each.name(words.language), each.code) for each in found)
    return tuple(Option(key, name, key == chosen) for name, key in named)


def division_name(words: Words, code: str, division: str | None) -> str:
    """A division's name, else its code; empty for none."""
    if division is None:
        return ""
    try:
        return country(code).division(division).name(words.language)
    except CountryError:
        return division
