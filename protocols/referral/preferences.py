"""The ranking order among providers that pass every filter: one number a criterion, less is better.

A provider's numbers depend on nothing but itself, the request and the moment. So adding a provider
never removes another and never swaps two others.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import frozen

from protocols.referral.filters import Asked, fresh_places, languages_meet, named_here
from protocols.referral.opening import Reach, reach
from protocols.referral.provider import Eligibility, Provider
from protocols.referral.reasons import Reason
from protocols.referral.request import ADULT_AGE, Person
from protocols.referral.services import CANNOT_WAIT, Service, Urgency

SOON_ENOUGH: Mapping[Urgency, tuple[int, ...]] = MappingProxyType(
    {
        Urgency.IMMEDIATE: (0, 60, 240, 1440),
        Urgency.URGENT: (240, 1440),
        Urgency.ROUTINE: (4320,),
    }
)
"""Minutes until a provider can be reached: waits up to the same limit count alike. Unknown hours
come after the last limit, and later openings after those."""
PROMPT = (60, 240, 1440)
"""Minutes of typical response: up to the same limit count alike; unknown comes after the last."""
MANY_PLACES = 3
"""From so many free places on, more do not count: the load spreads instead."""


@frozen
class Weighed:
    """A provider that passed the filters. `key` sorts, best first; `reasons` in the same order."""

    provider: Provider
    key: tuple[int | bytes, ...]
    reasons: tuple[Reason, ...]
    services: tuple[Service, ...]
    left: tuple[Service, ...]


def weigh(provider: Provider, asked: Asked, local: datetime) -> Weighed:
    """What speaks for and against a provider that passed the filters. `local`: now, in its zone."""
    gives = asked.gives(provider)
    left = tuple(each for each in asked.bundle if each not in gives)
    criteria = (
        _border(provider, asked),
        _urgent(gives, reach(provider.hours, local), asked.request.urgency),
        _fit(provider, asked, gives, left),
        _distance(provider, asked),
        _places(provider, asked.now),
        _language(provider, asked.request.person),
        _response(provider.typical_response_minutes),
    )
    numbers = [number for key, _ in criteria for number in key]
    return Weighed(
        provider,
        (*numbers, tie_break(asked.request.referral, provider.id)),
        tuple(reason for _, reasons in criteria for reason in reasons),
        gives,
        left,
    )


def tie_break(referral: str, provider: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104), key the referral's id, message the provider's, both UTF-8.

    Spreads equal providers over referrals; whoever knows the referral's id can check the order.
    """
    return hmac.digest(referral.encode(), provider.encode(), "sha256")


Criterion = tuple[tuple[int, ...], tuple[Reason, ...]]


def _bucket(value: int | None, limits: tuple[int, ...]) -> int:
    """The first limit that holds `value`; unknown after the last, beyond all after unknown."""
    if value is None:
        return len(limits)
    within = (place for place, limit in enumerate(limits) if value <= limit)
    return next(within, len(limits) + 1)


def _border(provider: Provider, asked: Asked) -> Criterion:
    """Nobody is sent across a border while somebody at home can be asked."""
    if provider.country == asked.request.country:
        return (0,), ()
    return (1,), (Reason("cross_border", {"country": provider.country}),)


def _urgent(gives: tuple[Service, ...], found: Reach, urgency: Urgency) -> Criterion:
    """Who gives the help that cannot wait, then who can be reached soon enough."""
    code = {"open": "open_now", "opens": "opens_in", "unknown": "hours_unknown"}
    values = {"minutes": str(found.minutes)} if found.state == "opens" else {}
    reason = Reason(code.get(found.state, found.state), values)
    return (-len(CANNOT_WAIT & set(gives)), _bucket(found.minutes, SOON_ENOUGH[urgency])), (reason,)


def _fit(
    provider: Provider, asked: Asked, gives: tuple[Service, ...], left: tuple[Service, ...]
) -> Criterion:
    """Child protection for a child, then how much of the bundle, then for whom it is made."""
    person = asked.request.person
    reasons = [Reason("gives", {"services": ",".join(gives)})]
    if left:
        reasons.append(Reason("leaves", {"services": ",".join(left)}))
    protects = person.child and Service.CHILD_PROTECTION in provider.services
    if protects:
        reasons.append(Reason("child_protection"))
    special = _specialities(provider.eligibility, person)
    if person.age is None:
        reasons.append(Reason("age_unknown"))
    return (-int(protects), -len(gives), -len(special)), (*reasons, *special)


def _specialities(limit: Eligibility, person: Person) -> list[Reason]:
    """What the provider is made for in this person. That it may take the person is known."""
    found = []
    if len(limit.sexes) == 1:
        found.append(Reason("made_for_sex", {"sex": person.sex.value}))
    if person.child and limit.max_age is not None and limit.max_age < ADULT_AGE:
        found.append(Reason("made_for_children"))
    return found


def _distance(provider: Provider, asked: Asked) -> Criterion:
    here = named_here(provider, asked.request)
    if here == (asked.request.division,):
        return (0,), (Reason("same_division", {"division": here[0]}),)
    if here:
        nearest = next((each for each in asked.request.places if each in here), "")
        return (1,), (Reason("named_area", {"division": nearest}),)
    if provider.country != asked.request.country:
        return (2,), ()
    return (2,), (Reason("whole_country", {"country": provider.country}),)


def _places(provider: Provider, now: datetime) -> Criterion:
    stated = provider.capacity
    places = fresh_places(stated, now)
    if places is not None:
        values = {"places": str(places), "hours": _hours(stated.stated, now)}
        return (0 if places >= MANY_PLACES else 1,), (Reason("free_places", values),)
    if stated.free_places is None:
        return (2,), (Reason("places_unknown"),)
    values = {"places": str(stated.free_places)}
    if stated.stated is not None:
        values["hours"] = _hours(stated.stated, now)
    return (2,), (Reason("places_stale", values),)


def _hours(stated: datetime | None, now: datetime) -> str:
    """Whole hours since a count was stated; none from a clock that is ahead."""
    return "" if stated is None else str(max(0, int((now - stated).total_seconds() // 3600)))


def _language(provider: Provider, person: Person) -> Criterion:
    if not person.languages:
        return (0,), ()
    theirs = provider.eligibility.languages
    if common := languages_meet(person.languages, theirs):
        return (0,), (Reason("speaks", {"languages": ",".join(common)}),)
    if Service.INTERPRETATION in provider.services:
        return (1,), (Reason("interprets"),)
    if not theirs:
        return (2,), (Reason("languages_unknown"),)
    return (3,), (Reason("bring_interpreter", {"languages": ",".join(theirs)}),)


def _response(minutes: int | None) -> Criterion:
    if minutes is None:
        return (_bucket(None, PROMPT),), ()
    return (_bucket(minutes, PROMPT),), (Reason("responds_in", {"minutes": str(minutes)}),)
