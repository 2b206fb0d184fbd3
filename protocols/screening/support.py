"""What speaks for a finding beside the rule it rests on: further indicators, the ILO's eleven and
UNODC's signs, each by name and with its answers."""

from collections.abc import Collection, Iterator

from protocols.screening import reasons as why
from protocols.screening.forced_labour import eleven_of, signs_of
from protocols.screening.raised import Raised
from protocols.screening.reasons import Reason
from protocols.screening.unodc import signs_seen


def further(raised: Raised, said: Collection[str]) -> Iterator[Reason]:
    """Indicators that are not `said` ("dimension.key") by any finding, so that none goes unsaid."""
    others = [each for each in raised.indicators if each not in said]
    if others:
        yield why.further(others, raised)


def eleven(raised: Raised) -> Iterator[Reason]:
    """Each of the ILO's eleven that is there."""
    for name in signs_of(raised.indicators).eleven:
        feeds = [each for each in raised.indicators if name in eleven_of(each)]
        yield why.one_of_eleven(name, feeds, raised)


def unodc(raised: Raised, child: bool) -> list[Reason]:
    """UNODC's signs that are there, one reason for each sector. `child`: the child's rule
    applies."""
    there = (*raised.indicators, *(f"form:{each}" for each in raised.forms))
    seen = signs_seen(there, raised.signs, child)
    return [why.unodc_signs(sector, signs, raised) for sector, signs in seen.items()]
