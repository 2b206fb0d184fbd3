"""`rank`: who can help this person, best first, and why everybody else cannot.

Pure: the same request, directory and moment give the same answer on a phone and on a server.
Formats, filters and order are described in `docs/formats/routing.md`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_

from protocols.referral.directory_index import Index
from protocols.referral.filters import (
    EXCLUSIONS,
    HARDNESS,
    STALE_AFTER,
    Asked,
    reasons_against,
)
from protocols.referral.lazily import Lazily
from protocols.referral.looked_at import criteria, failing
from protocols.referral.masks import in_order, mask_of, members
from protocols.referral.opening import TIME_ZONES, zone
from protocols.referral.preferences import left_of, reasons_for, tie_break
from protocols.referral.reasons import Excluded, Ranked, Ranking, Reason, Share
from protocols.referral.request import (
    InvalidDirectoryError,
    InvalidRequestError,
    Person,
    Request,
    RoutingDirectory,
)
from protocols.referral.services import Service, Urgency
from protocols.referral.wording import routing_text, service_text

__all__ = [
    "EXCLUSIONS",
    "STALE_AFTER",
    "Excluded",
    "InvalidDirectoryError",
    "InvalidRequestError",
    "Person",
    "Ranked",
    "Ranking",
    "Reason",
    "Request",
    "RoutingDirectory",
    "Share",
    "Urgency",
    "rank",
    "routing_text",
    "service_text",
    "tie_break",
]

NEAREST = 5
"""So many nearest misses are named at most."""


def rank(request: Request, directory: RoutingDirectory, now: datetime) -> Ranking:
    """Every provider of `directory` once: ranked best first, or excluded with its reason.

    What is ranked and excluded is put in order, and given its reasons, as far as it is looked at.
    `now` must be aware. Raises InvalidRequestError if it is not.
    """
    if now.tzinfo is None:
        raise InvalidRequestError("a time without a zone; pass an aware datetime")
    local = {country: now.astimezone(zone(country)) for country in TIME_ZONES}
    asked = Asked(request, directory.trusted, now, request.bundle, local)
    index = directory.index
    against = failing(index, asked)
    order = _Order(index, asked)
    barred = reduce(or_, (mask for codes in against for mask in codes.values()), 0)
    able = index.everybody & ~barred
    split = _split(order, able)
    met = {service for each in split for service in each.services}
    return Ranking(
        ranked=Lazily(able.bit_count(), map(order.ranked, order.best_first(able))),
        excluded=Lazily(barred.bit_count(), map(order.excluded, _by_reason(against))),
        split=split,
        unmet=tuple(each for each in asked.bundle if each not in met),
        nearest=() if able else _nearest(order, against),
        focal_points=_focal_points(index, asked),
    )


class _Order:
    """One request's order over one directory."""

    def __init__(self, index: Index, asked: Asked) -> None:
        self.index = index
        self.asked = asked
        self._criteria = criteria(index, asked)

    def best_first(self, mask: int) -> Iterator[int]:
        """The places in `mask`, ranked."""
        return in_order(mask, self._criteria, self.tie_break)

    def tie_break(self, place: int) -> bytes:
        """What decides among equals."""
        return tie_break(self.asked.request.referral, self.index.providers[place].id)

    def ranked(self, place: int) -> Ranked:
        """A provider that can be asked, with its reasons."""
        provider, asked = self.index.providers[place], self.asked
        gives = asked.gives(provider)
        left = left_of(asked.bundle, gives)
        return Ranked(provider.id, reasons_for(provider, asked), gives, left)

    def excluded(self, place: int) -> Excluded:
        """A provider that cannot, with its reasons."""
        provider = self.index.providers[place]
        first, *others = reasons_against(provider, self.asked)
        return Excluded(provider.id, first, tuple(others))


def _by_reason(against: Iterable[dict[str, int]]) -> Iterator[int]:
    """Whoever fails a filter, by the first one failed, then by id."""
    told = 0
    for codes in against:
        for code in sorted(codes, key=EXCLUSIONS.index):
            yield from members(codes[code] & ~told)
        told = reduce(or_, codes.values(), told)


def _split(order: _Order, able: int) -> tuple[Share, ...]:
    """Each service to the first provider down the ranking that gives it."""
    index, bundle = order.index, order.asked.bundle
    firsts = (next(order.best_first(able & index.giving.get(each, 0)), None) for each in bundle)
    chosen = mask_of((each for each in firsts if each is not None), len(index.providers))
    met: set[Service] = set()
    shares: list[Share] = []
    for place in order.best_first(chosen):
        provider = index.providers[place]
        new = tuple(each for each in order.asked.gives(provider) if each not in met)
        shares.append(Share(provider.id, new))
        met.update(new)
    return tuple(shares)


def _nearest(order: _Order, against: Iterable[dict[str, int]]) -> tuple[str, ...]:
    """The misses with the least in the way, least first; equal ones by the same keyed hash."""
    away = {0: order.index.everybody}
    for codes in against:
        away = _further(away, codes)
    misses = (
        order.index.providers[place].id
        for distance in sorted(away)
        for place in sorted(members(away[distance]), key=order.tie_break)
    )
    return tuple(islice(misses, NEAREST))


def _further(away: dict[int, int], codes: dict[str, int]) -> dict[int, int]:
    """Who is how far from a match once this filter counts too; those are left out whom it bars
    for a reason that must not be bent."""
    passing = ~reduce(or_, codes.values(), 0)
    found: dict[int, int] = {}
    for distance, mask in away.items():
        steps = [(0, passing), *((HARDNESS[e], codes[e]) for e in codes if e in HARDNESS)]
        for more, who in steps:
            if part := mask & who:
                found[distance + more] = found.get(distance + more, 0) | part
    return found


def _focal_points(index: Index, asked: Asked) -> tuple[str, ...]:
    """The country's active, trusted focal points, save those that must not know of this person."""
    request = asked.request
    mask = index.focal_points & index.alike["country"].get(request.country, 0)
    mask &= index.trusted & ~index.mask(request.excluded_providers)
    return tuple(index.providers[place].id for place in members(mask))
