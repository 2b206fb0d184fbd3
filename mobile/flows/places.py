"""Divisions of a country as choices, and the list of providers as it stands on this phone."""

from mobile.casework.errors import NoDirectoryError, NotEnrolledError
from mobile.casework.phone import Phone
from mobile.casework.views import DirectoryView
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


def directory_of(phone: Phone) -> DirectoryView | None:
    """The list of providers, None before the first sync and on a phone that has not joined."""
    try:
        return phone.directory
    except (NoDirectoryError, NotEnrolledError):
        return None


def directory_text(words: Words, directory: DirectoryView | None) -> str:
    """How old the list of providers is, and what to do about it."""
    if directory is None:
        return words("No list of providers yet: sync once.")
    if directory.expired:
        return words("The list of providers is too old: sync before you refer anybody.")
    if directory.age_days == 0:
        return words("The list of providers is from today.")
    return words.plural(
        "The list of providers is {n} day old.",
        "The list of providers is {n} days old.",
        directory.age_days,
    )
