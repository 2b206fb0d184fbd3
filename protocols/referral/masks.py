"""Sets of providers as bits of whole numbers, and groups of the alike.

Bit i of a mask stands for the provider at place i of a directory. Groups are masks that share
nobody: in a group all are alike in what some rule looks at, so that one of them answers for all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

Groups = Sequence[int]


def mask_of(places: Iterable[int], size: int) -> int:
    """The mask of these places, each below `size`."""
    bits = bytearray(-(-size // 8))
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def members(mask: int) -> Iterator[int]:
    """The places in `mask`, lowest first."""
    bits = bin(mask)[:1:-1]
    place = bits.find("1")
    while place >= 0:
        yield place
        place = bits.find("1", place + 1)


def first_of(mask: int) -> int:
    """The lowest place in `mask`, which is not empty."""
    return (mask & -mask).bit_length() - 1


def divided(groups: Groups, *by: int) -> Groups:
    """The groups, each in two where a mask of `by` cuts through it."""
    for mask in by:
        groups = [part for each in groups for part in (each & mask, each & ~mask) if part]
    return groups


def crossed(one: Groups, other: Groups) -> Groups:
    """Groups alike in both respects."""
    return [part for each in one for mine in other if (part := each & mine)]


def in_order(
    mask: int, criteria: Sequence[Callable[[], Groups]], last: Callable[[int], bytes]
) -> Iterator[int]:
    """The places in `mask`, best first: `criteria` in turn give groups of everybody, best first,
    and `last` decides among those alike in all. Only as much is put in order as is asked for."""
    if mask & (mask - 1) == 0:
        yield from members(mask)
    elif not criteria:
        yield from sorted(members(mask), key=last)
    else:
        for group in criteria[0]():
            if part := mask & group:
                yield from in_order(part, criteria[1:], last)
