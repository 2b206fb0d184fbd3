"""Reads country packages strictly: `country("TN")`.

A package is two files. `data/TN.json` holds the facts, written and edited by people (format
`amana-country/1`, docs/formats/country.md). `data/divisions/TN.json` holds names, time zone,
languages and divisions, written by tools/divisions.py from ISO 3166-2, CLDR and the time zone
database (format `amana-divisions/1`).
"""

from functools import cache
from importlib.resources import files

from attrs import evolve, frozen

from protocols.countries import rules
from protocols.countries.errors import (
    CountryFormatError,
    UnknownCountryError,
    UnknownDivisionError,
)
from protocols.countries.model import (
    Body,
    Country,
    Division,
    DivisionName,
    Gap,
    Hotline,
    Law,
    Mechanism,
    PathwayStep,
    ReflectionPeriod,
    Source,
    Text,
)
from protocols.errors import MalformedError
from protocols.plain import T, from_json

FORMAT = "amana-country/1"
DIVISIONS_FORMAT = "amana-divisions/1"
_CODES = ("EG", "LY", "MA", "TN")


@frozen
class _Facts:
    format: str
    code: str
    version: int
    laws: tuple[Law, ...]
    bodies: tuple[Body, ...]
    mechanism: Mechanism
    pathway: tuple[PathwayStep, ...]
    reflection_period: ReflectionPeriod | None
    hotlines: tuple[Hotline, ...]
    gaps: tuple[Gap, ...]
    division_names: tuple[DivisionName, ...]


@frozen
class _Division:
    code: str
    kind: str
    parent: str | None
    names: dict[str, str | None]


@frozen
class _Places:
    format: str
    code: str
    names: Text
    timezone: str
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    divisions: tuple[_Division, ...]


def codes() -> tuple[str, ...]:
    """ISO 3166-1 codes of the countries that have a package."""
    return _CODES


@cache
def country(code: str) -> Country:
    """The package of that country. Raises UnknownCountryError naming the countries there are,
    or another CountryError if the installed files are damaged."""
    if code not in _CODES:
        raise UnknownCountryError(f"no country {code[:20]!r}; there are {', '.join(_CODES)}")
    return read_country(_data(f"{code}.json"), _data("divisions", f"{code}.json"))


def read_facts(facts: bytes) -> Country:
    """The package that an edited facts file makes with the installed divisions of its country.

    Raises a CountryError whose class names what is wrong and whose message says where.
    """
    code = _read(facts, _Facts, "a country file").code
    return read_country(facts, _data("divisions", f"{country(code).code}.json"))


def read_country(facts: bytes, places: bytes) -> Country:
    """The package that two files make, checked against every rule. Raises CountryError."""
    known = _read(facts, _Facts, "a country file")
    where = _read(places, _Places, "a divisions file")
    _is_format(known.format, FORMAT)
    _is_format(where.format, DIVISIONS_FORMAT)
    if known.code != where.code:
        raise CountryFormatError(
            f"facts of {known.code[:9]!r} with divisions of {where.code[:9]!r}"
        )
    found = Country(
        code=known.code,
        version=known.version,
        names=where.names,
        timezone=where.timezone,
        languages=where.languages,
        laws=known.laws,
        bodies=known.bodies,
        mechanism=known.mechanism,
        pathway=known.pathway,
        reflection_period=known.reflection_period,
        hotlines=known.hotlines,
        gaps=known.gaps,
        divisions=_named(where.divisions, known.division_names),
        places=where.sources,
    )
    rules.hold(found, known.division_names)
    return found


def _data(*path: str) -> bytes:
    return files("protocols.countries").joinpath("data", *path).read_bytes()


def _read(data: bytes, kind: type[T], what: str) -> T:
    try:
        return from_json(data, kind)
    except MalformedError as error:
        raise CountryFormatError(f"not {what}: {error}; correct it") from error


def _is_format(given: str, wanted: str) -> None:
    if given != wanted:
        raise CountryFormatError(f"format {given[:40]!r} is not read; write {wanted}")


def _named(generated: tuple[_Division, ...], own: tuple[DivisionName, ...]) -> tuple[Division, ...]:
    divisions = tuple(
        Division(each.code, each.kind, each.parent, _present(each.names)) for each in generated
    )
    given = {each.code: each.names for each in own}
    if unknown := sorted(set(given) - {each.code for each in divisions}):
        raise UnknownDivisionError(f"division_names: no division {unknown[0][:20]!r}; correct it")
    if len(given) != len(own):
        raise CountryFormatError("division_names: one division is named twice; remove one")
    return tuple(evolve(each, names=each.names | given.get(each.code, {})) for each in divisions)


def _present(names: dict[str, str | None]) -> dict[str, str]:
    return {language: name for language, name in names.items() if name}
