"""Finding one of a long list by a part of its name, however it is written."""

from collections.abc import Iterable
from unicodedata import combining, normalize

from mobile.flows.parts import Option

_SAME = str.maketrans({"ة": "ه", "ى": "ي", "ـ": "", "’": "'"})
"""Letters that are often written one for the other."""


def find(options: Iterable[Option], text: str, most: int) -> tuple[Option, ...]:
    """At most `most` options whose name holds `text`, those that begin with it first; none for an
    empty text. Accents, hamzas and capitals make no difference."""
    wanted = plain(text)
    if not wanted:
        return ()
    held = [(plain(each.label), each) for each in options]
    fit = [(not name.startswith(wanted), each) for name, each in held if wanted in name]
    return tuple(each for _, each in sorted(fit, key=lambda pair: pair[0])[:most])


def plain(text: str) -> str:
    """`text` without accents, marks and capitals."""
    apart = normalize("NFKD", text)
    kept = "".join(each for each in apart if not combining(each))
    return " ".join(kept.translate(_SAME).casefold().split())
