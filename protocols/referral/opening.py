"""When a provider can be reached, in the local time of its country."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from attrs import frozen

from protocols.referral.provider import Day, Hours, Opening

TIME_ZONES = {
    "EG": "Africa/Cairo",
    "LY": "Africa/Tripoli",
    "MA": "Africa/Casablanca",
    "TN": "Africa/Tunis",
}
_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_DAYS = {day: number for number, day in enumerate(Day)}


@frozen
class Reach:
    """Whether a provider can be reached. `state`: "on_call" (at any hour), "open", "opens" (later)
    or "unknown" (no hours stated). `minutes` until it can be reached; None if unknown."""

    state: str
    minutes: int | None


UNKNOWN_HOURS = Reach("unknown", None)
ON_CALL = Reach("on_call", 0)
OPEN = Reach("open", 0)


@cache
def zone(country: str) -> ZoneInfo:
    """The time zone of one of the four countries, from the tzdata package and not from the
    machine, so that a phone and a server with the same Amana agree."""
    key = TIME_ZONES[country]
    with files("tzdata").joinpath("zoneinfo", *key.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=key)


def reach(hours: Hours, local: datetime) -> Reach:
    """Whether a provider can be reached at `local`, an aware time in the provider's zone.

    Open means: the local clock shows a time within an opening, the closing minute not included.
    """
    if hours.on_call:
        return ON_CALL
    if not hours.weekly:
        return UNKNOWN_HOURS
    clock = local.weekday() * _DAY + local.hour * 60 + local.minute
    spans = [_span(each) for each in hours.weekly]
    if any((clock - start) % _WEEK < length for start, length in spans):
        return OPEN
    wait = min((start - clock) % _WEEK for start, _ in spans)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
    opens = midnight + timedelta(minutes=clock % _DAY + wait)
    return Reach("opens", _minutes_until(opens.replace(tzinfo=local.tzinfo), local))


def _span(opening: Opening) -> tuple[int, int]:
    """Minutes from Monday 00:00 to the opening, and its length in minutes."""
    opens, closes = _minute(opening.opens), _minute(opening.closes)
    if closes <= opens:
        closes += _DAY
    return _DAYS[opening.day] * _DAY + opens, closes - opens


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _minutes_until(opens: datetime, local: datetime) -> int:
    """Real minutes, rounded up, whatever the clocks do in between."""
    seconds = (opens.astimezone(UTC) - local.astimezone(UTC)).total_seconds()
    return max(1, -int(-seconds // 60))
