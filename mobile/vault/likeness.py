"""Whether two PINs are so alike that a slip of the finger turns one into the other."""


def alike(one: str, other: str) -> bool:
    """Equal, within two slips of each other, one inside the other, or one backwards. A slip is a
    character changed, left out or added, or two neighbours exchanged. Both already normalised."""
    first, second = one.casefold(), other.casefold()
    if first in second or second in first or first == second[::-1]:
        return True
    letters = set(first + second)
    return not _one_slip(first, letters).isdisjoint(_one_slip(second, letters))


def _one_slip(pin: str, letters: set[str]) -> set[str]:
    """The PIN and whatever one slip makes of it. Slips can be undone by slips, so two PINs are two
    slips apart when one slip of each leads to the same."""
    parts = [(pin[:at], pin[at:]) for at in range(len(pin) + 1)]
    return {
        pin,
        *(before + after[1:] for before, after in parts if after),
        *(before + letter + after for before, after in parts for letter in letters),
        *(before + letter + after[1:] for before, after in parts if after for letter in letters),
        *(before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1),
    }
