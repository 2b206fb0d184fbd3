"""How long `rank` takes. Run it by hand: `python tests/bench/bench_routing.py`.

Prints p50 and p99 in milliseconds at 1,000 and 10,000 providers, all of them fictional.
"""

import sys
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import quantiles
from time import perf_counter

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

SIZES = {1_000: 100, 10_000: 30}
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


def main() -> None:
    random = Random(81)
    for size, rounds in SIZES.items():
        providers = tuple(fictional_provider(number, random) for number in range(size))
        directory = RoutingDirectory(providers, {each.id for each in providers})
        ranked, times = 0, []
        for _ in range(rounds):
            start = perf_counter()
            ranked = len(rank(REQUEST, directory, NOW).ranked)
            times.append((perf_counter() - start) * 1000)
        cuts = quantiles(times, n=100, method="inclusive")
        sys.stdout.write(
            f"{size:>6} providers, {ranked:>5} ranked: p50 {cuts[49]:7.1f} ms, "
            f"p99 {cuts[98]:7.1f} ms ({rounds} runs)\n"
        )


if __name__ == "__main__":
    main()
