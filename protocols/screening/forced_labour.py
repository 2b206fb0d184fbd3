"""The ILO's eleven indicators of forced labour (2012), fed by the indicators of 2009.

Forced labour is work under the menace of a penalty that nobody offered freely (Forced Labour
Convention, 1930 (No. 29), article 2 (1)). It is indicated when at least two different ones of the
eleven are there, one a menace and another a sign of work not freely agreed to, and at least one
sign shows that work is or was done, not recruitment, a marriage or an operation alone. The ILO
gives the eleven no weights, and which of them stands for which half is Amana's reading:
`indicators/forced_labour.json` says so.
"""

from collections.abc import Collection, Iterable
from functools import cache

from attrs import frozen

from protocols.plain import from_plain
from protocols.screening.tables import Source, package_json

ROLES_AT_WORK = ("labour_inspector",)
"""Roles that meet people at work: what they hear of is work."""


@frozen
class ForcedLabour:
    """The table. `eleven`: name -> indicators ("dimension.key", or a whole dimension) that feed it;
    `menace`, `not_freely_agreed`: name -> the dimensions whose indicators, or the "dimension.key",
    that count for that half; `work`, `met_at_work`, `no_work`: dimensions or "dimension.key" that
    show that work is or was done, always, where people are met at work, and never."""

    source: Source
    definition: Source
    how_obtained: str
    confirmed: str
    eleven: dict[str, tuple[str, ...]]
    menace: dict[str, tuple[str, ...]]
    not_freely_agreed: dict[str, tuple[str, ...]]
    work: tuple[str, ...]
    met_at_work: tuple[str, ...]
    no_work: tuple[str, ...]
    not_freely_agreed_beside_the_eleven: tuple[str, ...]


@frozen
class ForcedLabourSigns:
    """What was found: names of the eleven, and the "dimension.key" behind each half."""

    eleven: tuple[str, ...]
    menace: tuple[str, ...]
    not_freely_agreed: tuple[str, ...]
    indicated: bool

    @property
    def indicators(self) -> tuple[str, ...]:
        """The "dimension.key" of both halves, each once."""
        return tuple(dict.fromkeys((*self.menace, *self.not_freely_agreed)))


@cache
def forced_labour() -> ForcedLabour:
    """The packaged table."""
    return from_plain(package_json("indicators", "forced_labour.json"), ForcedLabour)


def eleven_of(reference: str) -> tuple[str, ...]:
    """Which of the eleven the indicator "dimension.key" feeds; none for some."""
    table = forced_labour().eleven
    return tuple(name for name, feeds in table.items() if _names(reference) & set(feeds))


def signs_of(references: Iterable[str], met_at_work: bool = True) -> ForcedLabourSigns:
    """What the indicators "dimension.key" say of forced labour. More never says less.
    `met_at_work`: whether coercion at destination is known to be at work."""
    table = forced_labour()
    there = sorted(set(references))
    menace = _half(there, table.menace)
    free = _half(there, table.not_freely_agreed)
    beside = [each for each in there if each in table.not_freely_agreed_beside_the_eleven]
    both = bool(menace and beside) or any(one != other for _, one in menace for _, other in free)
    return ForcedLabourSigns(
        eleven=tuple(name for name in table.eleven if any(name in eleven_of(r) for r in there)),
        menace=tuple(dict.fromkeys(each for each, _ in menace)),
        not_freely_agreed=tuple(dict.fromkeys([*(each for each, _ in free), *beside])),
        indicated=both and any(_is_work(each, met_at_work) for each in there),
    )


def _is_work(reference: str, met_at_work: bool) -> bool:
    """Whether it is a sign of work that is or was done."""
    table = forced_labour()
    shows = {*table.work, *(table.met_at_work if met_at_work else ())}
    return reference not in table.no_work and bool(_names(reference) & shows)


def _names(reference: str) -> set[str]:
    return {reference, reference.partition(".")[0]}


def _half(
    references: Collection[str], half: dict[str, tuple[str, ...]]
) -> tuple[tuple[str, str], ...]:
    """(reference, name of the eleven) for each that counts for the half."""
    return tuple(
        (each, name)
        for each in references
        for name in eleven_of(each)
        if _names(each) & set(half.get(name, ()))
    )
