"""The ranking order among providers that pass every filter: one number a criterion, less is better.

A provider's numbers depend on nothing but itself, the request and the moment. So adding a provider
never removes another and never swaps two others.
"""

import hmac
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from protocols.referral.filters import Asked, fresh_places, languages_meet, named_here
from protocols.referral.opening import reach
from protocols.referral.provider import Capacity, Eligibility, Hours, Provider
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


Number = Callable[[Provider, Asked], int]


def reasons_for(provider: Provider, asked: Asked) -> tuple[Reason, ...]:
    """What speaks for and against a provider that passed the filters, in the order of `NUMBERS`."""
    return (
        *_border_reasons(provider, asked),
        _reach_reason(provider, asked),
        *_fit_reasons(provider, asked),
        *_distance_reasons(provider, asked),
        _places_reason(provider.capacity, asked.now),
        *_language_reasons(provider, asked.request.person),
        *_response_reasons(provider),
    )


def left_of(bundle: Iterable[Service], gives: Container[Service]) -> tuple[Service, ...]:
    """The services of the bundle that a provider does not give."""
    return tuple(each for each in bundle if each not in gives)


def tie_break(referral: str, provider: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104), key the referral's id, message the provider's, both UTF-8.

    Spreads equal providers over referrals; whoever knows the referral's id can check the order.
    """
    return hmac.digest(referral.encode(), provider.encode(), "sha256")


def _bucket(value: int | None, limits: tuple[int, ...]) -> int:
    """The first limit that holds `value`; unknown after the last, beyond all after unknown."""
    if value is None:
        return len(limits)
    within = (place for place, limit in enumerate(limits) if value <= limit)
    return next(within, len(limits) + 1)


def _border(provider: Provider, asked: Asked) -> int:
    """Nobody is sent across a border while somebody at home can be asked."""
    return int(provider.country != asked.request.country)


def _border_reasons(provider: Provider, asked: Asked) -> tuple[Reason, ...]:
    if not _border(provider, asked):
        return ()
    return (Reason("cross_border", {"country": provider.country}),)


def _cannot_wait(provider: Provider, asked: Asked) -> int:
    """Who gives the help that cannot wait."""
    return -len(CANNOT_WAIT & set(asked.gives(provider)))


def _reached(provider: Provider, asked: Asked) -> int:
    """Who can be reached soon enough."""
    return soon_enough(provider.hours, provider.country, asked)


def soon_enough(hours: Hours, country: str, asked: Asked) -> int:
    """Within which of the limits somebody with these hours can be reached."""
    found = reach(hours, asked.local[country])
    return _bucket(found.minutes, SOON_ENOUGH[asked.request.urgency])


def _reach_reason(provider: Provider, asked: Asked) -> Reason:
    found = reach(provider.hours, asked.local[provider.country])
    code = {"open": "open_now", "opens": "opens_in", "unknown": "hours_unknown"}
    values = {"minutes": str(found.minutes)} if found.state == "opens" else {}
    return Reason(code.get(found.state, found.state), values)


def _protects(provider: Provider, asked: Asked) -> int:
    """Child protection for a child."""
    return -int(asked.request.person.child and Service.CHILD_PROTECTION in provider.services)


def _share(provider: Provider, asked: Asked) -> int:
    """How much of the bundle it gives."""
    return -len(asked.gives(provider))


def _made_for(provider: Provider, asked: Asked) -> int:
    """Whom it is made for."""
    return -len(_specialities(provider.eligibility, asked.request.person))


def _fit_reasons(provider: Provider, asked: Asked) -> list[Reason]:
    person, gives = asked.request.person, asked.gives(provider)
    reasons = [Reason("gives", {"services": ",".join(gives)})]
    if left := left_of(asked.bundle, gives):
        reasons.append(Reason("leaves", {"services": ",".join(left)}))
    if _protects(provider, asked):
        reasons.append(Reason("child_protection"))
    if person.age is None:
        reasons.append(Reason("age_unknown"))
    return [*reasons, *_specialities(provider.eligibility, person)]


def _specialities(limit: Eligibility, person: Person) -> list[Reason]:
    """What the provider is made for in this person. That it may take the person is known."""
    found = []
    if len(limit.sexes) == 1:
        found.append(Reason("made_for_sex", {"sex": person.sex.value}))
    if person.child and limit.max_age is not None and limit.max_age < ADULT_AGE:
        found.append(Reason("made_for_children"))
    return found


def _distance(provider: Provider, asked: Asked) -> int:
    """Made for this very division, naming it or a larger one, or for the whole country."""
    here = named_here(provider, asked.request)
    if here == (asked.request.division,):
        return 0
    return 1 if here else 2


def _distance_reasons(provider: Provider, asked: Asked) -> tuple[Reason, ...]:
    here, distance = named_here(provider, asked.request), _distance(provider, asked)
    if distance == 0:
        return (Reason("same_division", {"division": here[0]}),)
    if distance == 1:
        nearest = next((each for each in asked.request.places if each in here), "")
        return (Reason("named_area", {"division": nearest}),)
    if _border(provider, asked):
        return ()
    return (Reason("whole_country", {"country": provider.country}),)


def _places(provider: Provider, asked: Asked) -> int:
    """Places that can be relied on."""
    places = fresh_places(provider.capacity, asked.now)
    if places is None:
        return 2
    return 0 if places >= MANY_PLACES else 1


def _places_reason(stated: Capacity, now: datetime) -> Reason:
    places = fresh_places(stated, now)
    if places is not None:
        values = {"places": str(places), "hours": _hours(stated.stated, now)}
        return Reason("free_places", values)
    if stated.free_places is None:
        return Reason("places_unknown")
    values = {"places": str(stated.free_places)}
    if stated.stated is not None:
        values["hours"] = _hours(stated.stated, now)
    return Reason("places_stale", values)


def _hours(stated: datetime | None, now: datetime) -> str:
    """Whole hours since a count was stated; none from a clock that is ahead."""
    return "" if stated is None else str(max(0, int((now - stated).total_seconds() // 3600)))


def _language(provider: Provider, asked: Asked) -> int:
    """A common language, an interpreter of its own, not known, none."""
    person, theirs = asked.request.person, provider.eligibility.languages
    if not person.languages or languages_meet(person.languages, theirs):
        return 0
    if Service.INTERPRETATION in provider.services:
        return 1
    return 3 if theirs else 2


def _language_reasons(provider: Provider, person: Person) -> tuple[Reason, ...]:
    theirs = provider.eligibility.languages
    if not person.languages:
        return ()
    if common := languages_meet(person.languages, theirs):
        return (Reason("speaks", {"languages": ",".join(common)}),)
    if Service.INTERPRETATION in provider.services:
        return (Reason("interprets"),)
    if not theirs:
        return (Reason("languages_unknown"),)
    return (Reason("bring_interpreter", {"languages": ",".join(theirs)}),)


def _response(provider: Provider, _: Asked) -> int:
    """How soon it usually answers."""
    return _bucket(provider.typical_response_minutes, PROMPT)


def _response_reasons(provider: Provider) -> tuple[Reason, ...]:
    minutes = provider.typical_response_minutes
    return () if minutes is None else (Reason("responds_in", {"minutes": str(minutes)}),)


NUMBERS: tuple[Number, ...] = (
    _border,
    _cannot_wait,
    _reached,
    _protects,
    _share,
    _made_for,
    _distance,
    _places,
    _language,
    _response,
)
"""In the documented order; less is better."""
