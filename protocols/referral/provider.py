"""A provider of help as the directory describes it: what, where, for whom, when, and how much.

All classes are wire values (see `protocols.plain`). Only `id`, `country` and `services` of a
provider must be given; every other field has a default, stated with the field.
"""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from protocols.errors import MalformedError
from protocols.referral.services import Service

COUNTRIES = ("EG", "LY", "MA", "TN")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")

Check = Callable[[Any, "Attribute[Any]", Any], None]


def _shaped(pattern: re.Pattern[str], example: str) -> Check:
    def check(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        for text in value if isinstance(value, tuple) else (value,):
            if text is not None and not pattern.fullmatch(text):
                raise MalformedError(f"{attribute.name}: {text[:40]!r} is not like {example!r}")

    return check


is_id = _shaped(_ID, "demo-shelter-sfax")
is_division = _shaped(_DIVISION, "TN-61")
is_nationality = _shaped(_COUNTRY, "SD")
is_language = _shaped(_LANGUAGE, "ar")
_is_clock = _shaped(_CLOCK, "08:30")


def is_country(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """attrs validator: one of the four programme countries."""
    if value not in COUNTRIES:
        raise MalformedError(f"{attribute.name}: {value!r} is not one of {', '.join(COUNTRIES)}")


def is_count(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """attrs validator: None or a whole number from zero up."""
    if value is not None and value < 0:
        raise MalformedError(f"{attribute.name}: {value} is less than zero")


class Sex(StrEnum):
    """A person's sex as said by the person; `unknown` where not said."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Whether a provider takes referrals at all. Only active ones are ever ranked."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class Day(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@frozen
class Eligibility:
    """Whom a provider takes. An empty tuple and None mean no limit; `families` (a person with
    children along) and `disability_access` (step-free and with help at hand) are only true if
    stated. Ages are whole years, both ends included. `languages` are spoken there (BCP 47),
    `nationalities` ISO 3166-1 alpha-2."""

    sexes: tuple[Sex, ...] = ()
    min_age: int | None = field(default=None, validator=is_count)
    max_age: int | None = field(default=None, validator=is_count)
    families: bool = False
    disability_access: bool = False
    nationalities: tuple[str, ...] = field(default=(), validator=is_nationality)
    languages: tuple[str, ...] = field(default=(), validator=is_language)


@frozen
class Capacity:
    """How many more people the provider can take now, and when it said so. `free_places` None:
    it does not count places, or has not said."""

    free_places: int | None = field(default=None, validator=is_count)
    stated: datetime | None = None


@frozen
class Opening:
    """One weekly opening in the provider's local time: HH:MM, `closes` up to "24:00". An opening
    that closes at or before it opens runs past midnight into the next day."""

    day: Day
    opens: str = field(validator=_is_clock)
    closes: str = field(validator=_is_clock)


@frozen
class Hours:
    """Weekly openings in the local time of the provider's country. No openings and not on call:
    hours not known. `on_call`: reachable at any hour."""

    weekly: tuple[Opening, ...] = ()
    on_call: bool = False


@frozen
class Provider:
    """An organisation that gives help.

    `id` is its organisation id (the subject of its certificate), `names` by language, `divisions`
    ISO 3166-2 codes it serves (empty: its whole country), `cross_border` whether it also takes
    people who are in another country, `focal_point` whether it is its country's focal point.
    """

    id: str = field(validator=is_id)
    country: str = field(validator=is_country)
    services: tuple[Service, ...]
    names: dict[str, str] = field(factory=dict)
    divisions: tuple[str, ...] = field(default=(), validator=is_division)
    cross_border: bool = False
    eligibility: Eligibility = Eligibility()
    capacity: Capacity = Capacity()
    hours: Hours = Hours()
    typical_response_minutes: int | None = field(default=None, validator=is_count)
    status: Status = Status.ACTIVE
    focal_point: bool = False

    def name(self, language: str) -> str:
        """The name in `language`, else in English, else in any, else the id."""
        in_any = next(iter(self.names.values()), self.id)
        return self.names.get(language) or self.names.get("en") or in_any
