"""A directory prepared once for ranking: who is alike in what."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from datetime import datetime
from itertools import accumulate
from operator import or_
from typing import TypeVar

from attrs import field, frozen

from protocols.referral.masks import Groups, mask_of
from protocols.referral.provider import Opening, Provider, Status
from protocols.referral.services import Service

FACETS: Mapping[str, Callable[[Provider], Hashable]] = {
    "status": lambda each: each.status,
    "country": lambda each: each.country,
    "cross_border": lambda each: each.cross_border,
    "on_call": lambda each: each.hours.on_call,
    "has_hours": lambda each: each.hours.weekly != (),
    "sexes": lambda each: each.eligibility.sexes,
    "ages": lambda each: (each.eligibility.min_age, each.eligibility.max_age),
    "families": lambda each: each.eligibility.families,
    "disability_access": lambda each: each.eligibility.disability_access,
    "nationalities": lambda each: each.eligibility.nationalities,
    "languages": lambda each: each.eligibility.languages,
    "free_places": lambda each: each.capacity.free_places,
    "response": lambda each: each.typical_response_minutes,
}
"""What rules look at that stands in the directory as one value."""
STRIDE = 64
Value = TypeVar("Value", bound=Hashable)


@frozen(eq=False)
class Index:
    """`providers` in the order of their ids, and masks over their places in it.

    `alike[facet]` holds the places by the facet's value; `opening` those of a country that have an
    opening among others; `giving` those that give a service;
    `naming` those that limit themselves to a division among others, `naming_in` to some division
    of a country; `only` to this division alone, `only_in` to no other of its country.
    """

    providers: tuple[Provider, ...]
    place: Mapping[str, int] = field(repr=False)
    everybody: int = field(repr=False)
    trusted: int = field(repr=False)
    alike: Mapping[str, Mapping[Hashable, int]] = field(repr=False)
    opening: Mapping[tuple[str, Opening], int] = field(repr=False)
    giving: Mapping[Service, int] = field(repr=False)
    naming: Mapping[str, int] = field(repr=False)
    naming_in: Mapping[str, int] = field(repr=False)
    only: Mapping[str, int] = field(repr=False)
    only_in: Mapping[str, int] = field(repr=False)
    focal_points: int = field(repr=False)
    _stated: tuple[datetime, ...] = field(repr=False)
    _stated_by: tuple[int, ...] = field(repr=False)
    _stated_before: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, given: Iterable[Provider], trusted: Container[str]) -> "Index":
        """The index of a directory's providers, each with an id of its own, of whom those among
        `trusted` have a certificate that holds."""
        providers = tuple(sorted(given, key=lambda each: each.id))
        masks = _Masks(providers)
        stated = sorted(
            (each.capacity.stated, place)
            for place, each in enumerate(providers)
            if each.capacity.stated is not None
        )
        by = tuple(place for _, place in stated)
        chunks = (mask_of(by[at : at + STRIDE], len(providers)) for at in range(0, len(by), STRIDE))
        return cls(
            providers=providers,
            place={each.id: place for place, each in enumerate(providers)},
            everybody=(1 << len(providers)) - 1,
            trusted=masks.where(lambda each: each.id in trusted),
            alike={name: masks.by(facet) for name, facet in FACETS.items()},
            opening=masks.by_each(lambda each: [(each.country, e) for e in each.hours.weekly]),
            giving=masks.by_each(lambda each: each.services),
            naming=masks.by_each(lambda each: each.divisions),
            naming_in=masks.by_each(lambda each: {_country(e) for e in each.divisions}),
            only=masks.by_each(lambda each: each.divisions if len(each.divisions) == 1 else ()),
            only_in=masks.by_each(_alone_in_country),
            focal_points=masks.where(
                lambda each: each.focal_point and each.status is Status.ACTIVE
            ),
            stated=tuple(moment for moment, _ in stated),
            stated_by=by,
            stated_before=(0, *accumulate(chunks, or_)),
        )

    def groups(self, facet: str) -> Groups:
        """Everybody, by one facet."""
        return tuple(self.alike[facet].values())

    def mask(self, ids: Iterable[str]) -> int:
        """Those of `ids` that are in the directory."""
        places = (self.place[each] for each in ids if each in self.place)
        return mask_of(places, len(self.providers))

    def stated_within(self, earliest: datetime, latest: datetime) -> int:
        """Who stated free places between these moments, both included."""
        start, end = bisect_left(self._stated, earliest), bisect_right(self._stated, latest)
        return self._stated_first(end) & ~self._stated_first(start)

    def _stated_first(self, count: int) -> int:
        whole = count // STRIDE
        rest = self._stated_by[whole * STRIDE : count]
        return self._stated_before[whole] | mask_of(rest, len(self.providers))


class _Masks:
    """Makes masks over providers."""

    def __init__(self, providers: tuple[Provider, ...]) -> None:
        self._providers = providers

    def by(self, facet: Callable[[Provider], Value]) -> dict[Value, int]:
        return self._made((facet(each),) for each in self._providers)

    def by_each(self, values: Callable[[Provider], Iterable[Value]]) -> dict[Value, int]:
        return self._made(values(each) for each in self._providers)

    def where(self, holds: Callable[[Provider], bool]) -> int:
        return self.by(holds).get(True, 0)

    def _made(self, values: Iterable[Iterable[Value]]) -> dict[Value, int]:
        found: dict[Value, list[int]] = {}
        for place, mine in enumerate(values):
            for each in mine:
                found.setdefault(each, []).append(place)
        return {each: mask_of(places, len(self._providers)) for each, places in found.items()}


def _country(division: str) -> str:
    return division.partition("-")[0]


def _alone_in_country(provider: Provider) -> list[str]:
    """The divisions of which it names no other of the same country."""
    countries = [_country(each) for each in provider.divisions]
    return [each for each in provider.divisions if countries.count(_country(each)) == 1]
