"""The published indicator tables and the published rule for a dimension.

Source: ILO and European Commission, Operational indicators of trafficking in human beings (2009,
WCMS_105023). Data and how each strength was obtained: `protocols/screening/indicators/*.json`.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import field, frozen

from protocols.plain import from_plain, load_json
from protocols.screening.errors import UnknownIndicatorError, UnknownSetError

SETS = ("adult-labour", "adult-sexual", "child-labour", "child-sexual")
DIMENSIONS = (
    "deceptive_recruitment",
    "coercive_recruitment",
    "recruitment_by_abuse_of_vulnerability",
    "exploitation",
    "coercion_at_destination",
    "abuse_of_vulnerability_at_destination",
)
MEANS = tuple(name for name in DIMENSIONS if name != "exploitation")
SEXUAL_EXPLOITATION = "exploitation.sexual_exploitation"
NEAREST = 5


class Strength(StrEnum):
    """How much one indicator says about its dimension."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


@frozen
class Indicator:
    """One sign of a dimension. `strength` None: no source at hand confirms it. `origin` says where
    an indicator comes from when it is not of the ILO/EC list."""

    key: str
    strength: Strength | None
    origin: str = "ilo_ec_2009"


@frozen
class Source:
    """Where a table was published."""

    title: str
    publisher: str
    date: str
    document: str
    url: str | None

    @property
    def citation(self) -> str:
        """One line that names it."""
        return f"{self.publisher}, {self.title} ({self.date[:4]}), {self.document}"


@frozen
class IndicatorSet:
    """One of the four published sets. `decided_by`: "strengths" (the published rule) or
    "palermo_elements" (any one indicator, because strengths are unconfirmed)."""

    set: str
    population: str
    exploitation_form: str
    source: Source
    definitions: str
    decided_by: str
    how_obtained: str
    confirmed: str
    dimensions: dict[str, tuple[Indicator, ...]]


@frozen
class Branch:
    """One way in which a dimension is positive: at least these many indicators."""

    name: str
    strong: int
    medium: int
    weak: int
    medium_or_weak: int


@frozen
class Rule:
    """The published rule: a dimension is positive when any branch is met."""

    source: Source
    how_obtained: str
    branches: tuple[Branch, ...] = field()


def package_json(*path: str) -> Any:
    """A JSON file of this package, parsed strictly."""
    return load_json(files("protocols.screening").joinpath(*path).read_bytes())


@cache
def indicator_set(name: str) -> IndicatorSet:
    """The set of that name. Raises UnknownSetError naming the sets there are."""
    if name not in SETS:
        raise UnknownSetError(f"no indicator set {name[:60]!r}; the sets are {', '.join(SETS)}")
    return from_plain(package_json("indicators", f"{name}.json"), IndicatorSet)


@cache
def rule() -> Rule:
    """The published rule for a dimension."""
    return from_plain(package_json("indicators", "rule.json"), Rule)


def tables() -> Mapping[str, Mapping[str, tuple[Indicator, ...]]]:
    """set -> dimension -> its indicators, in published order."""
    return {name: indicator_set(name).dimensions for name in SETS}


def references(name: str) -> frozenset[str]:
    """Every "dimension.key" of a set."""
    dimensions = indicator_set(name).dimensions
    return frozenset(
        f"{dimension}.{each.key}" for dimension in dimensions for each in dimensions[dimension]
    )


def resolve(name: str, keys: Iterable[str]) -> dict[str, tuple[Indicator, ...]]:
    """dimension -> the indicators of `keys` in it, without doubles, in published order.

    A bare "key" counts in every dimension of the set that has it; "dimension.key" in that one.
    Raises UnknownSetError, or UnknownIndicatorError naming the nearest valid keys.
    """
    dimensions = indicator_set(name).dimensions
    known = references(name)
    bare = {reference.partition(".")[2] for reference in known}
    wanted = set(keys)
    for key in sorted(wanted):
        if key not in known and key not in bare:
            raise UnknownIndicatorError(_unknown(name, key, known | bare))
    return {
        dimension: tuple(
            each for each in indicators if {each.key, f"{dimension}.{each.key}"} & wanted
        )
        for dimension, indicators in dimensions.items()
    }


def _unknown(name: str, key: str, valid: frozenset[str]) -> str:
    near = get_close_matches(key[:80], sorted(valid), n=NEAREST, cutoff=0.4)
    hint = f"nearest: {', '.join(near)}" if near else "none is near"
    return (
        f"the set {name} has no indicator {key[:80]!r}; {hint}. "
        "`amana assess --list` prints every valid key"
    )


def branch_met(indicators: Iterable[Indicator]) -> str | None:
    """The name of the first branch of the published rule that `indicators` meet, or None.

    Indicators of unconfirmed strength count in no branch. Adding an indicator never unmeets one.
    """
    strengths = [each.strength for each in indicators]
    strong, medium, weak = (strengths.count(each) for each in Strength)
    for branch in rule().branches:
        if (
            strong >= branch.strong
            and medium >= branch.medium
            and weak >= branch.weak
            and medium + weak >= branch.medium_or_weak
        ):
            return branch.name
    return None
