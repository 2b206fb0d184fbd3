"""The rules that a country package must hold before anybody relies on it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from protocols.countries.errors import (
    CountryDoubleError,
    CountryFormatError,
    CountryTextError,
    GapError,
    NumberInTextError,
    SourceError,
    VerificationError,
)
from protocols.countries.model import (
    LANGUAGES,
    Basis,
    Country,
    DivisionName,
    Fact,
    Missing,
    Population,
    Source,
    Text,
)

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NUMBER = re.compile(r"\+?[0-9]([0-9 ]{0,18}[0-9])")
_DIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_TIMEZONE = re.compile(r"[A-Z][A-Za-z]+(/[A-Z][A-Za-z_]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_CALLABLE = re.compile(r"\d( ?\d){4,}|\d([ .\-]?\d){7,}")
_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")


def hold(country: Country, own_names: Iterable[DivisionName] = ()) -> None:
    """Raises the CountryError of the first rule that the package breaks."""
    facts = [*country.facts(), *((f"division_names.{each.code}", each) for each in own_names)]
    for where, text in _texts(country):
        _complete(where, text)
        _no_number(where, text)
    for where, fact in facts:
        _sourced(where, fact.source)
        _verification(where, fact)
    for place in country.places:
        _sourced("places", place)
    _shape(country)
    _pathway(country)
    _divisions(country)
    _gaps(country)


def _texts(country: Country) -> Iterator[tuple[str, Text]]:
    yield "names", country.names
    yield "mechanism.text", country.mechanism.text
    for law in country.laws:
        yield f"laws.{law.key}.titles", law.titles
        yield f"laws.{law.key}.about", law.about
        for article in law.articles:
            yield f"laws.{law.key}.{article.number}", article.text
    for body in country.bodies:
        yield f"bodies.{body.key}.names", body.names
        yield f"bodies.{body.key}.role", body.role
    for step in country.pathway:
        yield f"pathway.{step.order}.texts", step.texts
        for name, text in (("who", step.who), ("within", step.within), ("cautions", step.cautions)):
            if text is not None:
                yield f"pathway.{step.order}.{name}", text
    if country.reflection_period is not None:
        yield "reflection_period.about", country.reflection_period.about
    for line in country.hotlines:
        yield f"hotlines.{line.number}.operator", line.operator
        yield f"hotlines.{line.number}.purpose", line.purpose
    for gap in country.gaps:
        yield f"gaps.{gap.missing}", gap.text


def _complete(where: str, text: Text) -> None:
    missing = [each for each in LANGUAGES if not text.get(each, "").strip()]
    if missing:
        raise CountryTextError(f"{where}: no words in {', '.join(missing)}; add them")
    if extra := sorted(set(text) - set(LANGUAGES)):
        raise CountryTextError(f"{where}: {', '.join(extra)} is not ar, fr or en; remove it")


def _no_number(where: str, text: Text) -> None:
    for words in text.values():
        if _CALLABLE.search(words):
            raise NumberInTextError(f"{where}: move the telephone number to `hotlines`")


def _whole_date(where: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise SourceError(f"{where}: {text[:20]!r} is not a date like 2026-11-24; write one")
    return found


def _partial_date(where: str, text: str) -> None:
    if not _PARTIAL_DATE.fullmatch(text):
        raise SourceError(f"{where}: {text[:20]!r} is not like 2018, 2018-01 or 2018-01-24")
    _whole_date(where, text + "-01" * ((10 - len(text)) // 3))


def _sourced(where: str, source: Source) -> None:
    if not source.title.strip():
        raise SourceError(f"{where}: a source without a title; name what was read")
    if source.url is not None and not _ADDRESS.fullmatch(source.url):
        raise SourceError(f"{where}: {source.url[:60]!r} is no web address; correct it or use null")
    if source.published is not None:
        _partial_date(f"{where}.published", source.published)
    _whole_date(f"{where}.read", source.read)


def _verification(where: str, fact: Fact) -> None:
    named = fact.verified_by is not None and fact.verified_by.strip() != ""
    if fact.verified and not (named and fact.verified_on):
        raise VerificationError(f"{where}: verified, but not by whom and when; add both")
    if not fact.verified and (fact.verified_by is not None or fact.verified_on is not None):
        raise VerificationError(
            f"{where}: names a verifier or a date but says it is not verified; correct one"
        )
    if fact.verified_on is not None:
        _whole_date(f"{where}.verified_on", fact.verified_on)


def _unique(kind: str, keys: Iterable[str]) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            raise CountryDoubleError(f"{kind}: {key} stands {times} times; remove or rename one")


def _shape(country: Country) -> None:
    for key in (*(each.key for each in country.laws), *(each.key for each in country.bodies)):
        if not _KEY.fullmatch(key):
            raise CountryFormatError(f"{key[:60]!r} is not a key like `national_committee`")
    for law in country.laws:
        _unique(f"laws.{law.key}", (each.number for each in law.articles))
        if any(not each.number.strip() for each in law.articles):
            raise CountryFormatError(f"laws.{law.key}: an article without a number; add it")
    for line in country.hotlines:
        if not _NUMBER.fullmatch(line.number):
            raise CountryFormatError(
                f"hotlines: {line.number[:30]!r} cannot be dialled; correct it"
            )
        _partial_date(f"hotlines.{line.number}.published", line.published)
    _unique("laws", (each.key for each in country.laws))
    _unique("bodies", (each.key for each in country.bodies))
    _unique("hotlines", (each.number.replace(" ", "") for each in country.hotlines))
    if country.version < 1 or not _TIMEZONE.fullmatch(country.timezone):
        raise CountryFormatError(f"{country.code}: version from 1, time zone like Africa/Tunis")
    if not country.languages or not all(map(_LANGUAGE.fullmatch, country.languages)):
        raise CountryFormatError(f"{country.code}: languages are codes like ar, at least one")
    if country.reflection_period is not None and country.reflection_period.days < 1:
        raise CountryFormatError("reflection_period: days from 1; null where not known")


def _pathway(country: Country) -> None:
    orders = [each.order for each in country.pathway]
    if orders != list(range(1, len(orders) + 1)):
        raise CountryFormatError(f"pathway: order {orders}; number the steps 1, 2, 3 … in place")
    for population in (Population.ADULT, Population.CHILD):
        if not country.steps(population):
            raise CountryFormatError(f"pathway: no step for {population}; add one")


def _divisions(country: Country) -> None:
    codes = [each.code for each in country.divisions]
    _unique("divisions", codes)
    for each in country.divisions:
        if not _DIVISION.fullmatch(each.code) or not each.code.startswith(f"{country.code}-"):
            raise CountryFormatError(f"divisions: {each.code[:20]!r} is not of {country.code}")
        if each.parent is not None and (each.parent not in codes or each.parent == each.code):
            raise CountryFormatError(f"divisions.{each.code}: lies in unknown {each.parent[:20]!r}")
        if not each.names or set(each.names) - set(LANGUAGES):
            raise CountryTextError(f"divisions.{each.code}: names in ar, fr or en, at least one")
    by_code = {each.code: each.parent for each in country.divisions}
    for code in codes:
        above, steps = by_code[code], 0
        while above is not None:
            above, steps = by_code[above], steps + 1
            if steps > len(codes):
                raise CountryFormatError(f"divisions.{code}: lies in itself; correct its parent")
    if not codes:
        raise CountryFormatError(f"{country.code}: no divisions; run tools/divisions.py")


def _gaps(country: Country) -> None:
    _unique("gaps", (each.missing for each in country.gaps))
    empty = {
        Missing.SPECIFIC_LAW: not any(each.specific for each in country.laws),
        Missing.COORDINATING_BODY: not any(each.coordinates for each in country.bodies),
        Missing.NATIONAL_PATHWAY: country.mechanism.basis is not Basis.NATIONAL,
        Missing.REFLECTION_PERIOD: country.reflection_period is None,
        Missing.HOTLINES: not country.hotlines,
    }
    said = {each.missing for each in country.gaps}
    for missing, is_empty in empty.items():
        if is_empty and missing not in said:
            raise GapError(f"gaps: say in words that {missing} is not known, and what to do")
        if not is_empty and missing in said:
            raise GapError(f"gaps: {missing} is given, so remove what says that it is not known")
