"""Fictional directories of any size and requests, with everything that rules look at."""

from datetime import UTC, datetime, timedelta
from random import Random

from protocols.referral.provider import (
    Capacity,
    Day,
    Eligibility,
    Hours,
    Opening,
    Provider,
    Sex,
    Status,
)
from protocols.referral.request import Person, Request, RoutingDirectory
from protocols.referral.services import Service, Urgency

START = datetime(2026, 1, 1, tzinfo=UTC)
DIVISIONS = (*(f"TN-{number}" for number in range(11, 84)), "LY-TB", "LY-BA")
CLOCKS = ("07:00", "08:00", "17:00", "23:30", "02:00")
OFTEN = 0.85


def _mostly(drawn: Random, usual: object, *others: object) -> object:
    return usual if drawn.random() < OFTEN else drawn.choice(others)


def _some(drawn: Random, values: tuple, most: int) -> tuple:
    return tuple(drawn.sample(values, drawn.randint(1, most)))


def fictional_directory(size: int, drawn: Random) -> RoutingDirectory:
    """`size` providers, one in fifty without a certificate."""
    providers = tuple(fictional_provider(number, drawn) for number in range(size))
    return RoutingDirectory(providers, {e.id for e in providers if drawn.random() < 0.98})


def fictional_provider(number: int, drawn: Random) -> Provider:
    """One provider."""
    days = drawn.sample(list(Day), drawn.randint(0, 6))
    stated = START + timedelta(minutes=drawn.randrange(600_000))
    return Provider(
        id=f"demo-many-{number}",
        country=drawn.choice(("TN", "TN", "TN", "LY")),
        services=_some(drawn, tuple(Service), 6),
        divisions=drawn.choice(((), (), ("TN-81",), _some(drawn, DIVISIONS, 5))),
        cross_border=drawn.random() < 0.5,
        eligibility=Eligibility(
            sexes=_mostly(drawn, (), (Sex.FEMALE,), (Sex.MALE,), (Sex.MALE, Sex.FEMALE)),
            min_age=_mostly(drawn, None, 12, 18, 30),
            max_age=_mostly(drawn, None, 12, 17, 60),
            families=drawn.random() < 0.5,
            disability_access=drawn.random() < 0.5,
            nationalities=_mostly(drawn, (), ("SD",), ("TN", "LY")),
            languages=drawn.choice(((), ("ar", "fr"), ("ar-TN",), ("it",))),
        ),
        capacity=Capacity(
            drawn.choice((None, 0, 1, 2, 3, 9)), drawn.choice((None, stated, stated))
        ),
        hours=Hours(
            tuple(Opening(day, *drawn.sample(CLOCKS, 2)) for day in days), drawn.random() < 0.1
        ),
        typical_response_minutes=drawn.choice((None, 30, 200, 600, 5000)),
        status=_mostly(drawn, Status.ACTIVE, *Status),
        focal_point=drawn.random() < 0.01,
    )


def fictional_request(drawn: Random) -> Request:
    """One request from Tunisia; one in six is met by hardly anybody."""
    refused = tuple(f"demo-many-{drawn.randrange(700)}" for _ in range(drawn.randint(0, 3)))
    few = tuple(f"demo-many-{drawn.randrange(700)}" for _ in range(20))
    division = drawn.choice((None, "TN-81", "TN-11"))
    return Request(
        referral=f"demo-{drawn.randrange(10**6)}",
        country="TN",
        division=division,
        within=drawn.choice(((), ("TN-12",))),
        services=_some(drawn, tuple(Service), 4),
        urgency=drawn.choice(list(Urgency)),
        person=Person(
            sex=drawn.choice(list(Sex)),
            age=drawn.choice((None, 5, 12, 17, 29, 70)),
            families=drawn.random() < 0.2,
            disability=drawn.random() < 0.2,
            nationality=drawn.choice((None, "SD", "ER")),
            languages=drawn.choice(((), ("ar",), ("ti", "fr"))),
        ),
        excluded_providers=refused,
        consented=_mostly(drawn, None, few),
    )
