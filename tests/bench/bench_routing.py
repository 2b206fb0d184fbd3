"""How long `rank` takes. Run it by hand: `python tests/bench/bench_routing.py`.

For 1,000, 10,000 and 100,000 fictional providers, p50 and p99 in milliseconds of processor time:
the ranking with what a screen shows first (twenty providers with their reasons), and everything,
ranked and excluded, in order and with reasons. The index is made once a directory.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import quantiles
from time import process_time

from protocols.referral.provider import (
    Capacity,
    Day,
    Eligibility,
    Hours,
    Opening,
    Provider,
    Sex,
)
from protocols.referral.routing import Person, Request, RoutingDirectory, Urgency, rank
from protocols.referral.services import Service

SIZES = {1_000: 1000, 10_000: 1000, 100_000: 200}
SCREEN = 20
NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
DIVISIONS = tuple(f"TN-{number}" for number in range(11, 84))


def fictional_provider(number: int, random: Random) -> Provider:
    """One provider; about half pass the filters of `REQUEST`."""
    days = random.sample(list(Day), 5)
    return Provider(
        id=f"demo-bench-{number}",
        country=random.choice(("TN", "TN", "TN", "LY")),
        services=tuple(random.sample(list(Service), 5)),
        divisions=random.choice(((), (), ("TN-81",), tuple(random.sample(DIVISIONS, 5)))),
        cross_border=random.random() < 0.5,
        eligibility=Eligibility(
            sexes=random.choice(((), (Sex.MALE,))), languages=random.choice((("ar", "fr"), ("it",)))
        ),
        capacity=Capacity(random.randrange(6), NOW - timedelta(hours=random.randrange(40))),
        hours=Hours(
            tuple(Opening(day, "08:00", random.choice(("17:00", "02:00"))) for day in days)
        ),
        typical_response_minutes=random.choice((None, 30, 600)),
    )


REQUEST = Request(
    referral="demo-bench",
    country="TN",
    division="TN-81",
    services=(Service.SHELTER, Service.LEGAL_AID, Service.MEDICAL),
    urgency=Urgency.IMMEDIATE,
    person=Person(sex=Sex.MALE, age=29, languages=("ar",)),
)


def shown(directory: RoutingDirectory) -> None:
    """What a phone asks when its screen opens."""
    rank(REQUEST, directory, NOW).ranked[:SCREEN]


def everything(directory: RoutingDirectory) -> None:
    """The whole order with all its reasons."""
    found = rank(REQUEST, directory, NOW)
    list(found.ranked)
    list(found.excluded)


def cuts(task: Callable[[RoutingDirectory], None], directory: RoutingDirectory, runs: int) -> str:
    """p50 and p99 of `task`."""
    times = []
    for _ in range(runs):
        start = process_time()
        task(directory)
        times.append((process_time() - start) * 1000)
    found = quantiles(times, n=100, method="inclusive")
    return f"p50 {found[49]:7.2f}, p99 {found[98]:7.2f} ({runs} runs)"


def main() -> None:
    random = Random(81)
    for size, runs in SIZES.items():
        providers = tuple(fictional_provider(number, random) for number in range(size))
        directory = RoutingDirectory(providers, {each.id for each in providers})
        start = process_time()
        index = directory.index
        made = (process_time() - start) * 1000
        ranked = len(rank(REQUEST, directory, NOW).ranked)
        sys.stdout.write(
            f"{len(index.providers):>7} providers, {ranked} ranked; index made in {made:.0f} ms\n"
            f"        first {SCREEN} shown: {cuts(shown, directory, runs)}\n"
            f"        everything:     {cuts(everything, directory, max(5, runs // 20))}\n"
        )


if __name__ == "__main__":
    main()
