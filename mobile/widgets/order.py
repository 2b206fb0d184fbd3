"""The order of the screen: the Unicode bidirectional algorithm, a paragraph resolved once and each
of its lines arranged.

python-bidi 0.4.2 follows UAX #9 as of Unicode 6.2. Two things of later versions are added here:
brackets that belong to what is inside and before them (N0, so that "Sfax (fictional)" keeps its
bracket in an Arabic sentence), and lines that are arranged after a paragraph was resolved whole.
Isolates are not known to it: `mobile.widgets.bidi.clean` has turned them into embeddings.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve, frozen
from bidi import algorithm
from bidi.mirror import MIRRORED

PAIRS = {"(": ")", "[": "]", "{": "}"}
_DEEPEST = 63
_RIGHT = ("R", "EN", "AN")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\ufeff")


@frozen
class Resolved:
    """One character that is drawn, its embedding level, and its place in the paragraph."""

    char: str
    level: int
    place: int

    @property
    def backwards(self) -> bool:
        """Whether it is read from right to left."""
        return self.level % 2 == 1


def resolve(paragraph: str, rtl: bool) -> tuple[Resolved, ...]:
    """The characters of `paragraph` in the order of reading, with their levels; `rtl` is its own
    direction. Marks that only order are gone."""
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = int(rtl), "R" if rtl else "L"
    algorithm.get_embedding_levels(paragraph, storage)
    for place, char in enumerate(storage["chars"]):
        char["place"] = place
    algorithm.explicit_embed_and_overrides(storage, False)
    algorithm.resolve_weak_types(storage, False)
    _resolve_brackets(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return tuple(
        Resolved(char["ch"], char["level"], char["place"])
        for char in storage["chars"]
        if char["ch"] not in _INVISIBLE
    )


def arrange(line: Sequence[Resolved], rtl: bool) -> tuple[Resolved, ...]:
    """One line of a resolved paragraph as it is drawn from left to right, mirrored where it must
    be (UAX #9: L1, L2, L4)."""
    base = int(rtl)
    end = len(line)
    while end and line[end - 1].char in " \u00a0":
        end -= 1
    levelled = [*line[:end], *(evolve(each, level=base) for each in line[end:])]
    highest = max((each.level for each in levelled), default=0)
    for level in range(highest, 0, -1):
        start = 0
        while start < len(levelled):
            stop = start
            while stop < len(levelled) and levelled[stop].level >= level:
                stop += 1
            levelled[start:stop] = levelled[start:stop][::-1]
            start = max(stop, start + 1)
    return tuple(
        evolve(each, char=MIRRORED.get(each.char, each.char)) if each.backwards else each
        for each in levelled
    )


def drawn(line: Sequence[Resolved]) -> str:
    """The characters alone."""
    return "".join(each.char for each in line)


def _resolve_brackets(storage: dict[str, Any]) -> None:
    """N0 of UAX #9, within each run of one level."""
    for run in storage["runs"]:
        chars = storage["chars"][run["start"] : run["start"] + run["length"]]
        if not chars:
            continue
        inner = "R" if chars[0]["level"] % 2 else "L"
        for opened, closed in _bracket_pairs(chars):
            direction = _direction(chars, opened, closed, inner, run["sor"])
            if direction is not None:
                chars[opened]["type"] = chars[closed]["type"] = direction


def _bracket_pairs(chars: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """The brackets that belong together, by their opening."""
    waiting: list[tuple[str, int]] = []
    found = []
    for place, char in enumerate(chars):
        sign = char["ch"]
        if char["type"] != "ON":
            continue
        if sign in PAIRS:
            if len(waiting) == _DEEPEST:
                break
            waiting.append((PAIRS[sign], place))
        elif sign in PAIRS.values():
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == sign:
                    found.append((waiting[depth][1], place))
                    del waiting[depth:]
                    break
    yield from sorted(found)


def _direction(
    chars: Sequence[dict[str, Any]], opened: int, closed: int, inner: str, before: str
) -> str | None:
    """What a pair becomes: the run's direction if that is inside it; else, with something strong
    inside, that of what stands before it; None leaves it neutral."""
    inside = {_strong(char["type"]) for char in chars[opened + 1 : closed]} - {None}
    if inner in inside:
        return inner
    if not inside:
        return None
    for char in reversed(chars[:opened]):
        strong = _strong(char["type"])
        if strong is not None:
            return strong
    return before


def _strong(kind: str) -> str | None:
    if kind == "L":
        return "L"
    return "R" if kind in _RIGHT else None
