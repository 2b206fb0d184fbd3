"""The hard filters: what keeps a provider from being asked, in the order in which it is stated.

What is not known does not meet a limit, save age: unknown age is a child's (0 to 17).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from attrs import frozen

from protocols.referral.provider import Capacity, Eligibility, Provider, Status
from protocols.referral.reasons import Reason
from protocols.referral.request import ADULT_AGE, Person, Request
from protocols.referral.services import CANNOT_WAIT, Service

STALE_AFTER = timedelta(hours=24)
"""A count of free places older than this says nothing. Places change by the day."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""A count stated further in the future than this comes from a wrong clock and says nothing."""


@frozen
class Asked:
    """One request against one directory at one moment, prepared once for all providers."""

    request: Request
    trusted: frozenset[str]
    now: datetime
    bundle: tuple[Service, ...]
    local: Mapping[str, datetime]
    """Now, in the zone of each country."""

    def gives(self, provider: Provider) -> tuple[Service, ...]:
        """The services of the bundle that `provider` gives, most urgent first."""
        return tuple(each for each in self.bundle if each in provider.services)


Filter = Callable[[Provider, Asked], Reason | None]


def fresh_places(capacity: Capacity, now: datetime) -> int | None:
    """The free places if the count can be relied on at `now`, else None."""
    if capacity.stated is None:
        return None
    age = now - capacity.stated
    return capacity.free_places if -CLOCK_TOLERANCE <= age <= STALE_AFTER else None


def languages_meet(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """The languages that both have, by primary subtag: "ar-TN" meets "ar"."""
    spoken = {each.partition("-")[0] for each in other}
    return tuple(sorted({each.partition("-")[0] for each in one} & spoken))


def reasons_against(provider: Provider, asked: Asked) -> tuple[Reason, ...]:
    """Every hard filter that `provider` fails, in order; empty if it can be asked."""
    found = (check(provider, asked) for check in FILTERS)
    return tuple(each for each in found if each is not None)


def _status(provider: Provider, _: Asked) -> Reason | None:
    if provider.status is Status.ACTIVE:
        return None
    return Reason("not_active", {"status": provider.status.value})


def _certificate(provider: Provider, asked: Asked) -> Reason | None:
    return None if provider.id in asked.trusted else Reason("no_certificate")


def _country(provider: Provider, asked: Asked) -> Reason | None:
    if provider.country == asked.request.country or provider.cross_border:
        return None
    return Reason("other_country", {"country": provider.country})


def _division(provider: Provider, asked: Asked) -> Reason | None:
    here = named_here(provider, asked.request)
    if not here or set(here) & set(asked.request.places):
        return None
    return Reason("outside_area", {"divisions": ",".join(here)})


def named_here(provider: Provider, request: Request) -> tuple[str, ...]:
    """The divisions to which `provider` limits itself where the person is. Empty: no limit. A
    cross-border provider that names only divisions of its own country has none elsewhere."""
    return tuple(
        each
        for each in provider.divisions
        if provider.country == request.country or each.startswith(f"{request.country}-")
    )


def _service(provider: Provider, asked: Asked) -> Reason | None:
    return None if asked.gives(provider) else Reason("service_not_given")


def _sex(provider: Provider, asked: Asked) -> Reason | None:
    limit, sex = provider.eligibility.sexes, asked.request.person.sex
    if not limit or sex in limit:
        return None
    return Reason("sex", {"takes": ",".join(limit), "person": sex.value})


def _age(provider: Provider, asked: Asked) -> Reason | None:
    """Limits that contradict each other (from 30 to 20) take nobody."""
    limit, person = provider.eligibility, asked.request.person
    low, high = (0, ADULT_AGE - 1) if person.age is None else (person.age, person.age)
    if limit.max_age is not None:
        if low > limit.max_age:
            return Reason("too_old", _ages(limit, person))
        high = min(high, limit.max_age)
    if limit.min_age is None or high >= limit.min_age:
        return None
    for_adults = person.child and limit.min_age >= ADULT_AGE
    return Reason("adults_only" if for_adults else "too_young", _ages(limit, person))


def _ages(limit: Eligibility, person: Person) -> dict[str, str]:
    known = {"from": limit.min_age, "to": limit.max_age, "age": person.age}
    return {name: str(value) for name, value in known.items() if value is not None}


def _families(provider: Provider, asked: Asked) -> Reason | None:
    if not asked.request.person.families or provider.eligibility.families:
        return None
    return Reason("no_families")


def _disability(provider: Provider, asked: Asked) -> Reason | None:
    if not asked.request.person.disability or provider.eligibility.disability_access:
        return None
    return Reason("no_disability_access")


def _nationality(provider: Provider, asked: Asked) -> Reason | None:
    limit, nationality = provider.eligibility.nationalities, asked.request.person.nationality
    if not limit or nationality in limit:
        return None
    return Reason("nationality", {"takes": ",".join(limit), "person": nationality or "unknown"})


def _language(provider: Provider, asked: Asked) -> Reason | None:
    """Never keeps away help that cannot wait: a clinic without the language is better than none."""
    theirs, ours = provider.eligibility.languages, asked.request.person.languages
    if not theirs or not ours or languages_meet(ours, theirs):
        return None
    if Service.INTERPRETATION in provider.services or CANNOT_WAIT & set(asked.gives(provider)):
        return None
    return Reason("no_common_language", {"speaks": ",".join(theirs), "person": ",".join(ours)})


def _conflict(provider: Provider, asked: Asked) -> Reason | None:
    refused = provider.id in asked.request.excluded_providers
    return Reason("conflict_of_interest") if refused else None


def _consent(provider: Provider, asked: Asked) -> Reason | None:
    agreed = asked.request.consented
    return None if agreed is None or provider.id in agreed else Reason("not_consented")


def _places(provider: Provider, asked: Asked) -> Reason | None:
    return Reason("full") if fresh_places(provider.capacity, asked.now) == 0 else None


FILTERS: tuple[Filter, ...] = (
    _status,
    _certificate,
    _country,
    _division,
    _service,
    _sex,
    _age,
    _families,
    _disability,
    _nationality,
    _language,
    _conflict,
    _consent,
    _places,
)
"""In the documented order: the first one failed is the reason stated."""

EXCLUSIONS = (
    "not_active",
    "no_certificate",
    "other_country",
    "outside_area",
    "service_not_given",
    "sex",
    "adults_only",
    "too_young",
    "too_old",
    "no_families",
    "no_disability_access",
    "nationality",
    "no_common_language",
    "conflict_of_interest",
    "not_consented",
    "full",
)
"""The codes that the filters give, in their order."""

HARDNESS: Mapping[str, int] = MappingProxyType(
    {
        "full": 1,
        "no_common_language": 1,
        "outside_area": 2,
        "no_families": 2,
        "no_disability_access": 2,
        "nationality": 3,
        "other_country": 3,
        "sex": 4,
        "too_young": 4,
        "too_old": 4,
    }
)
"""How far a miss is from a match, by reason code; several add up. A code that is not here is never
a nearest miss: what is unsafe, refused, shut, for adults only, or gives nothing that is needed."""
