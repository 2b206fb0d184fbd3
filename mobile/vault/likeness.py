"""Whether two PINs are so alike that a slip of the finger turns one into the other."""

SLIPS = 2


def alike(one: str, other: str) -> bool:
    """Equal, within two slips of each other, one inside the other, or one backwards. A slip is a
    character changed, left out or added, or two neighbours exchanged (the optimal string alignment
    distance). Both already normalised."""
    first, second = one.casefold(), other.casefold()
    if first in second or second in first or first == second[::-1]:
        return True
    return _slips(first, second) <= SLIPS


def _slips(one: str, other: str) -> int:
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        here = [row]
        for column, right in enumerate(other, start=1):
            cost = min(last[column] + 1, here[column - 1] + 1, last[column - 1] + (left != right))
            swapped = row > 1 and column > 1
            if swapped and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, last = last, here
    return last[-1]
