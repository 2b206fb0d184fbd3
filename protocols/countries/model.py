"""A country as the programme knows it: facts with their sources, and where it divides.

Nothing here is a fact of Amana's own. Each fact names where it was read and whether anybody
verified it; what no source gives is None or an empty tuple, and named in `gaps`.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

from attrs import frozen

from protocols.countries.errors import UnknownDivisionError

Text = dict[str, str]
"""Language code (ar, fr, en) -> words."""
LANGUAGES = ("ar", "fr", "en")


class Population(StrEnum):
    """Whom a step of the pathway is for. A person of unknown age is treated as a child."""

    ADULT = "adult"
    CHILD = "child"
    ALL = "all"


class Basis(StrEnum):
    """What a pathway rests on: the country's own mechanism, or only a general order of help in
    which the country's few known facts stand."""

    NATIONAL = "national"
    GENERAL = "general"


class Missing(StrEnum):
    """What a package may lack, and must then say so."""

    SPECIFIC_LAW = "specific_law"
    COORDINATING_BODY = "coordinating_body"
    NATIONAL_PATHWAY = "national_pathway"
    REFLECTION_PERIOD = "reflection_period"
    HOTLINES = "hotlines"


@frozen
class Source:
    """Where a fact was read. `published` is as exact as the source is: 2018, 2018-01, 2018-01-24;
    `read` a full date; `note` how it was read where that matters."""

    title: str
    publisher: str | None
    url: str | None
    published: str | None
    read: str
    note: str | None = None


@frozen(kw_only=True)
class Fact:
    """What every fact carries. `verified` only with a name and a date: somebody who answers for
    it looked it up or tried it then."""

    source: Source
    verified: bool
    verified_by: str | None
    verified_on: str | None


@frozen
class Article:
    """One article of a law that was read, in our own words."""

    number: str
    text: Text


@frozen(kw_only=True)
class Law(Fact):
    """A law or treaty. `specific`: made against trafficking in persons, not only usable for it."""

    key: str
    titles: Text
    about: Text
    specific: bool
    articles: tuple[Article, ...]


@frozen(kw_only=True)
class Body(Fact):
    """A public body and its part. `coordinates`: it is the country's coordinating body."""

    key: str
    names: Text
    role: Text
    coordinates: bool


@frozen(kw_only=True)
class Mechanism(Fact):
    """What the pathway rests on, and in words how much of it is known."""

    basis: Basis
    text: Text


@frozen(kw_only=True)
class PathwayStep(Fact):
    """One step from the first suspicion to help, in `order` from 1. `who` and `within` None: not
    known. `cautions`: what can harm the person at this step."""

    order: int
    texts: Text
    who: Text | None
    within: Text | None
    population: Population
    cautions: Text | None


@frozen(kw_only=True)
class ReflectionPeriod(Fact):
    """How long a presumed victim may recover and think, undisturbed, and by which rule."""

    days: int
    about: Text


@frozen(kw_only=True)
class Hotline(Fact):
    """A number to call. `published`: when it was made known, as exact as the source is."""

    number: str
    operator: Text
    purpose: Text
    published: str
    free: bool | None


@frozen(kw_only=True)
class DivisionName(Fact):
    """A division's name that the country gives itself; it goes before the generated one."""

    code: str
    names: Text


@frozen
class Gap:
    """What is not known, and what to do instead, in words."""

    missing: Missing
    text: Text


@frozen
class Division:
    """A part of a country: `code` and `kind` of ISO 3166-2, `parent` the code of the division it
    lies in or None, `names` by language, only those that are known."""

    code: str
    kind: str
    parent: str | None
    names: dict[str, str]

    def name(self, language: str) -> str:
        """The name in `language`, else the English, French or any one, else the code."""
        known = [self.names.get(each) for each in (language, "en", "fr", "ar")]
        return next((each for each in known if each), self.code)


@frozen(slots=False)
class Country:
    """A country package. `timezone` is an IANA name, `languages` those with a standing in public
    offices (BCP 47), `names` by language."""

    code: str
    version: int
    names: Text
    timezone: str
    languages: tuple[str, ...]
    laws: tuple[Law, ...]
    bodies: tuple[Body, ...]
    mechanism: Mechanism
    pathway: tuple[PathwayStep, ...]
    reflection_period: ReflectionPeriod | None
    hotlines: tuple[Hotline, ...]
    gaps: tuple[Gap, ...]
    divisions: tuple[Division, ...]
    places: tuple[Source, ...]
    """The sources of names, time zone, languages and divisions."""

    def name(self, language: str) -> str:
        """The country's name in `language`, else in English."""
        return self.names.get(language) or self.names["en"]

    def division(self, code: str) -> Division:
        """The division of that ISO 3166-2 code. Raises UnknownDivisionError."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownDivisionError(
                f"{self.code} has no division {code[:20]!r}; "
                f"`amana country show {self.code} --divisions` lists them"
            ) from None

    @property
    def places_to_choose(self) -> tuple[Division, ...]:
        """The divisions in which none other lies: what a worker chooses from."""
        parents = {each.parent for each in self.divisions}
        return tuple(each for each in self.divisions if each.code not in parents)

    def lineage(self, code: str) -> tuple[str, ...]:
        """`code` and then the divisions it lies in, from near to far. Raises
        UnknownDivisionError."""
        found = [self.division(code)]
        while found[-1].parent is not None:
            found.append(self.division(found[-1].parent))
        return tuple(each.code for each in found)

    def steps(self, population: str) -> tuple[PathwayStep, ...]:
        """The steps for an "adult" or a "child", in order."""
        return tuple(each for each in self.pathway if each.population in (population, "all"))

    def untranslated(self, language: str) -> tuple[str, ...]:
        """Codes of the divisions that have no name in `language`."""
        return tuple(each.code for each in self.divisions if language not in each.names)

    @property
    def hotlines_known(self) -> bool:
        """False: no number was read anywhere; that does not mean that there is none."""
        return all(each.missing is not Missing.HOTLINES for each in self.gaps)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """(place in the file, fact) of every fact."""
        for law in self.laws:
            yield f"laws.{law.key}", law
        for body in self.bodies:
            yield f"bodies.{body.key}", body
        yield "mechanism", self.mechanism
        for step in self.pathway:
            yield f"pathway.{step.order}", step
        if self.reflection_period is not None:
            yield "reflection_period", self.reflection_period
        for line in self.hotlines:
            yield f"hotlines.{line.number}", line

    @cached_property
    def _by_code(self) -> dict[str, Division]:
        return {each.code: each for each in self.divisions}
