"""What each filter and criterion looks at: groups of providers that it cannot tell apart.

A rule is asked of one provider a group and its answer holds for the group, so ranking costs by the
variety of a directory, not by its size. A test holds this against asking every provider.
"""

from collections.abc import Callable

from protocols.referral.directory_index import Index
from protocols.referral.filters import (
    CLOCK_TOLERANCE,
    FILTERS,
    STALE_AFTER,
    Asked,
)
from protocols.referral.masks import Groups, crossed, divided, first_of
from protocols.referral.preferences import MANY_PLACES, NUMBERS, soon_enough
from protocols.referral.provider import Hours
from protocols.referral.reasons import Reason
from protocols.referral.services import Service

Look = Callable[[Index, Asked], Groups]


def _facet(*names: str) -> Look:
    def look(index: Index, _: Asked) -> Groups:
        groups: Groups = (index.everybody,)
        for each in names:
            groups = crossed(groups, index.groups(each))
        return groups

    return look


def _everybody(index: Index, *by: int) -> Groups:
    return divided((index.everybody,), *by) if index.everybody else ()


def _trusted(index: Index, _: Asked) -> Groups:
    return _everybody(index, index.trusted)


def _gives(index: Index, asked: Asked) -> Groups:
    return _everybody(index, *(index.giving.get(each, 0) for each in asked.bundle))


def _hours(index: Index, asked: Asked) -> Groups:
    """On call, without hours, or with openings that begin within each of the limits: how soon the
    first of them begins follows from that."""
    within: dict[int, int] = {}
    for (country, opening), mask in index.opening.items():
        begins = soon_enough(Hours((opening,)), country, asked)
        within[begins] = within.get(begins, 0) | mask
    groups = crossed(index.groups("on_call"), index.groups("has_hours"))
    return divided(groups, *within.values())


def _protects(index: Index, _: Asked) -> Groups:
    return _everybody(index, index.giving.get(Service.CHILD_PROTECTION, 0))


def _divisions(index: Index, asked: Asked) -> Groups:
    """Every provider's own country; any division it names, any of the person's country; each of
    the places where the person is; the person's division alone."""
    request = asked.request
    by = [index.naming.get(each, 0) for each in request.places]
    by += [index.naming_in.get(each, 0) for each in sorted(index.naming_in)]
    if request.division is not None:
        by += [index.only.get(request.division, 0), index.only_in.get(request.division, 0)]
    return divided(index.groups("country"), *by)


def _languages(index: Index, asked: Asked) -> Groups:
    interprets = index.giving.get(Service.INTERPRETATION, 0)
    return divided(index.groups("languages"), interprets)


def _languages_or_haste(index: Index, asked: Asked) -> Groups:
    return crossed(_languages(index, asked), _gives(index, asked))


def _refused(index: Index, asked: Asked) -> Groups:
    return _everybody(index, index.mask(asked.request.excluded_providers))


def _consented(index: Index, asked: Asked) -> Groups:
    agreed = asked.request.consented
    return _everybody(index) if agreed is None else _everybody(index, index.mask(agreed))


def _places(index: Index, asked: Asked) -> Groups:
    fresh = index.stated_within(asked.now - STALE_AFTER, asked.now + CLOCK_TOLERANCE)
    counts = index.alike["free_places"]
    many = 0
    for count, mask in counts.items():
        if isinstance(count, int) and count >= MANY_PLACES:
            many |= mask
    return _everybody(index, fresh, counts.get(None, 0), counts.get(0, 0), many)


FILTERS_LOOK: tuple[Look, ...] = (
    _facet("status"),
    _trusted,
    _facet("country", "cross_border"),
    _divisions,
    _gives,
    _facet("sexes"),
    _facet("ages"),
    _facet("families"),
    _facet("disability_access"),
    _facet("nationalities"),
    _languages_or_haste,
    _refused,
    _consented,
    _places,
)
"""For each of `FILTERS`."""

NUMBERS_LOOK: tuple[Look, ...] = (
    _facet("country"),
    _gives,
    _hours,
    _protects,
    _gives,
    _facet("sexes", "ages"),
    _divisions,
    _places,
    _languages,
    _facet("response"),
)
"""For each of `NUMBERS`."""


def failing(index: Index, asked: Asked) -> list[dict[str, int]]:
    """For each filter, who fails it, by the code of the reason."""
    found = []
    for check, look in zip(FILTERS, FILTERS_LOOK, strict=True):
        codes: dict[str, int] = {}
        for group in look(index, asked):
            reason: Reason | None = check(index.providers[first_of(group)], asked)
            if reason is not None:
                codes[reason.code] = codes.get(reason.code, 0) | group
        found.append(codes)
    return found


def criteria(index: Index, asked: Asked) -> list[Callable[[], Groups]]:
    """For each number of the ranking order, everybody in groups, best first, once it is asked."""
    return [_once(index, asked, place) for place in range(len(NUMBERS))]


def _once(index: Index, asked: Asked, place: int) -> Callable[[], Groups]:
    made: list[Groups] = []

    def groups() -> Groups:
        if not made:
            found: dict[int, int] = {}
            for group in NUMBERS_LOOK[place](index, asked):
                number = NUMBERS[place](index.providers[first_of(group)], asked)
                found[number] = found.get(number, 0) | group
            made.append([found[number] for number in sorted(found)])
        return made[0]

    return groups
