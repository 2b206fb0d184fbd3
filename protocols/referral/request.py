"""What a provider is looked for: the person as far as routing needs to know, and the directory.

`Person` and `Request` hold no name, number or story; they never leave the phone.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from attrs import field, frozen

from protocols.errors import AmanaError
from protocols.referral.directory_index import Index
from protocols.referral.provider import (
    Provider,
    Sex,
    is_count,
    is_country,
    is_division,
    is_id,
    is_language,
    is_nationality,
)
from protocols.referral.services import Service, Urgency, services_for

ADULT_AGE = 18
_REFERRAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


class InvalidRequestError(AmanaError):
    """A request that cannot be ranked for."""

    code = "invalid_routing_request"


class InvalidDirectoryError(AmanaError):
    """A directory that contradicts itself."""

    code = "invalid_routing_directory"


@frozen
class Person:
    """The person who needs help.

    `age` in whole years; None is not known, and is treated as a child wherever it matters.
    `families`: comes with children. `disability`: needs step-free access and help at hand.
    `nationality` ISO 3166-1 alpha-2, None not known. `languages` BCP 47, empty not known.
    """

    sex: Sex = field(default=Sex.UNKNOWN, converter=Sex)
    age: int | None = field(default=None, validator=is_count)
    families: bool = False
    disability: bool = False
    nationality: str | None = field(default=None, validator=is_nationality)
    languages: tuple[str, ...] = field(default=(), validator=is_language)

    @property
    def child(self) -> bool:
        """Under 18, or of unknown age."""
        return self.age is None or self.age < ADULT_AGE


@frozen(kw_only=True)
class Request:
    """What is asked of the directory for one referral.

    `referral`: its id, which also breaks ties. `country` and `division`: where the person is
    (ISO 3166-2; None not known), `within`: the larger divisions in which that one lies, so that a
    provider of a whole region serves its provinces. `services`: what is needed, any order, a
    double counts once. `excluded_providers`: ids that must not get this person, for conflict of
    interest or safety.
    `consented`: the only ids the person agrees to, None while not asked yet.
    Raises InvalidRequestError, MalformedError.
    """

    referral: str
    country: str = field(validator=is_country)
    services: tuple[Service, ...]
    division: str | None = field(default=None, validator=is_division)
    within: tuple[str, ...] = field(default=(), validator=is_division)
    urgency: Urgency = field(default=Urgency.ROUTINE, converter=Urgency)
    person: Person = Person()
    excluded_providers: tuple[str, ...] = field(default=(), validator=is_id)
    consented: tuple[str, ...] | None = field(default=None, validator=is_id)

    def __attrs_post_init__(self) -> None:
        if not _REFERRAL.fullmatch(self.referral):
            raise InvalidRequestError(
                "referral: not like 'demo-referral-1'; give the referral's id"
            )
        if not self.services:
            raise InvalidRequestError("services: none is asked for; name at least one")
        for each in self.places:
            if not each.startswith(f"{self.country}-"):
                raise InvalidRequestError(
                    f"division: {each} is not in {self.country}; give where the person is"
                )

    @property
    def places(self) -> tuple[str, ...]:
        """Where the person is, from near to far; empty if not known."""
        return self.within if self.division is None else (self.division, *self.within)

    @property
    def bundle(self) -> tuple[Service, ...]:
        """The services asked for, most urgent first, each once."""
        return services_for(self.services)


def _providers(given: Iterable[Provider]) -> tuple[Provider, ...]:
    return tuple(given)


def _ids(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


@frozen
class RoutingDirectory:
    """The providers to choose from and the ids whose certificates hold now.

    Raises InvalidDirectoryError if two providers have one id.
    """

    providers: tuple[Provider, ...] = field(converter=_providers)
    trusted: frozenset[str] = field(converter=_ids)

    def __attrs_post_init__(self) -> None:
        counted = Counter(each.id for each in self.providers)
        if doubles := sorted(each for each, count in counted.items() if count > 1):
            raise InvalidDirectoryError(
                f"the directory has two providers called {', '.join(doubles[:5])}; correct it"
            )

    @cached_property
    def index(self) -> Index:
        """Made on first use: a tenth of a second for ten thousand providers."""
        return Index.of(self.providers, self.trusted)
