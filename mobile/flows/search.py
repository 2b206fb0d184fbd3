"""Finding one of a long list by a part of its name, however it is written."""

from collections.abc import Iterable
from unicodedata import combining, normalize

from mobile.flows.parts import Option

_SAME = str.maketrans({"ة": "ه", "ى": "ي", "ـ": "", "’": "'"})
"""Letters that are often written one for the other."""
_ARTICLE = "ال"


def find(options: Iterable[Option], text: str, most: int) -> tuple[Option, ...]:
    """At most `most` options whose name holds `text`: first those that begin with it, then those
    with a word that does; none for an empty text. Accents, hamzas, capitals and the Arabic article
    make no difference."""
    wanted = plain(text)
    if not wanted:
        return ()
    ranked = [(_rank(plain(each.label), wanted), each) for each in options]
    fit = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0)
    return tuple(each for _, each in fit[:most])


def _rank(name: str, wanted: str) -> int | None:
    words = name.split()
    bare = [each.removeprefix(_ARTICLE) for each in words]
    if name.startswith(wanted) or " ".join(bare).startswith(wanted):
        return 0
    if any(each.startswith(wanted) for each in (*words, *bare)):
        return 1
    return 2 if wanted in name else None


def plain(text: str) -> str:
    """`text` without accents, marks and capitals."""
    apart = normalize("NFKD", text)
    kept = "".join(each for each in apart if not combining(each))
    return " ".join(kept.translate(_SAME).casefold().split())
