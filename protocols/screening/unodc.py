"""UNODC's general and sector signs of trafficking, as far as reproductions of them could be read.

UNODC gives its signs no weights: having one proves nothing, lacking one rules nothing out. A sign
is seen when an answer raises it ("sign:sector.key"), or when an ILO/EC indicator, a dimension or a
form that means the same (`fed_by`) is there and its sector applies. Where each sector was read:
`protocols/screening/indicators/unodc.json`.
"""

from collections.abc import Collection, Mapping
from functools import cache

from attrs import frozen

from protocols.plain import from_plain
from protocols.screening.model import Text
from protocols.screening.tables import package_json


@frozen
class Sign:
    """One sign. `fed_by`: "dimension.key", a whole dimension, or "form:…" that mean the same."""

    key: str
    fed_by: tuple[str, ...]
    text: Text


@frozen
class Sector:
    """Signs of one kind. `document`, `read_at`, `how_read`: where its signs were read;
    `population`: "child", or None for everybody; `applies_with`: what must be there for `fed_by`
    to count (in the same notation), None for nothing. Signs that answers raise always count."""

    text: Text
    document: str
    read_at: str
    how_read: str
    population: str | None
    applies_with: tuple[str, ...] | None
    signs: tuple[Sign, ...]


@frozen
class Signs:
    """The table. `weights`: None, UNODC gives none; `meaning`: what UNODC says that signs are."""

    publisher: str
    how_obtained: str
    confirmed: str
    weights: None
    meaning: str
    sectors: dict[str, Sector]

    def citation(self, sector: str) -> str:
        """One line that names where the sector's signs were published."""
        return f"{self.publisher}, {self.sectors[sector].document}; read in a reproduction"


@cache
def unodc() -> Signs:
    """The packaged table."""
    return from_plain(package_json("indicators", "unodc.json"), Signs)


def sign_references() -> tuple[str, ...]:
    """Every "sector.key", in the table's order."""
    sectors = unodc().sectors
    return tuple(f"{name}.{each.key}" for name in sectors for each in sectors[name].signs)


def sign_of(reference: str) -> Sign | None:
    """The sign "sector.key", or None."""
    name, _, key = reference.partition(".")
    sector = unodc().sectors.get(name)
    return next((each for each in sector.signs if each.key == key), None) if sector else None


def signs_seen(
    there: Collection[str], raised: Collection[str], child: bool
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """sector -> "sector.key" -> what feeds it, in the table's order; sectors without one are left
    out.

    `there`: indicators "dimension.key" and forms "form:…"; `raised`: signs "sector.key" that
    answers raise (fed by themselves, as "sign:sector.key"); `child`: the child's rule applies.
    """
    known = {*there, *(each.partition(".")[0] for each in there)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, sector in unodc().sectors.items():
        applies = (child or sector.population is None) and (
            sector.applies_with is None or not known.isdisjoint(sector.applies_with)
        )
        for sign in sector.signs:
            reference = f"{name}.{sign.key}"
            fed = [f"sign:{reference}"] if reference in raised else []
            if applies:
                fed += [each for each in there if _feeds(each, sign)]
            if fed:
                found.setdefault(name, {})[reference] = tuple(fed)
    return found


def _feeds(what: str, sign: Sign) -> bool:
    return what in sign.fed_by or what.partition(".")[0] in sign.fed_by
