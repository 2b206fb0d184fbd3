"""What single cells say: words in three languages, keys, yes or no, numbers, what is raised.

Each reader notes what is wrong in the problems it is given, and goes on.
"""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from protocols.exchange.tables import Problems, Row
from protocols.screening.checklist_rules import KEY
from protocols.screening.model import LANGUAGES, Text
from protocols.screening.tables import SETS, references
from protocols.screening.vocabulary import PREFIXES, split

_YES, _NO = ("yes", "true", "oui", "نعم"), ("no", "false", "non", "لا")
_WHOLE = re.compile(r"-?[0-9]{1,15}(\.0+)?")
_BETWEEN = re.compile(r"[\s,;،]+")
_SHOWN = 60
MOST_RAISED = 60
"""Names in one cell: far beyond what one answer means."""


def words(row: Row, column: str, problems: Problems, needed: bool = True) -> Text | None:
    """The text of a translated column, complete in its languages; None when it is empty and not
    needed."""
    found = {each: row.words(f"{column}::{each}") or "" for each in LANGUAGES}
    if not needed and not any(text.strip() for text in found.values()):
        return None
    for language, text in found.items():
        _spoken(row, f"{column}::{language}", text, problems)
    return found


def title(row: Row, columns: Iterable[tuple[str, str]], problems: Problems) -> Text:
    """The text whose languages stand in columns of their own: (language, column)."""
    found = {language: row.words(column) or "" for language, column in columns}
    for language, column in columns:
        _spoken(row, column, found[language], problems)
    return found


def _spoken(row: Row, column: str, text: str, problems: Problems) -> None:
    if not text.strip():
        problems.at(row.where(column), "no words in this language; translate them")
    elif "${" in text:
        problems.at(row.where(column), "words are said as they stand; take the ${…} out")


def key(row: Row, column: str, found: str, problems: Problems) -> str:
    """`found`, which ought to be a key."""
    if not KEY.fullmatch(found):
        told = f"{found[:_SHOWN]!r} is not a name: small letters, digits and _, such as pay_kept"
        problems.at(row.where(column), told if found else "no name; give it one")
    return found


def one_of(row: Row, column: str, known: Collection[str], problems: Problems) -> str:
    """The cell's word, which ought to be one of `known`."""
    found = row.name(column)
    if found not in known:
        told = f"{found[:_SHOWN]!r} does not exist" if found else "it is empty"
        problems.at(row.where(column), f"{told}; write one of {', '.join(known)}")
    return found


def yes(row: Row, column: str, problems: Problems) -> bool:
    """Whether the cell says yes; empty is a problem."""
    found = row.name(column).casefold()
    if found not in (*_YES, *_NO):
        problems.at(row.where(column), f"{found[:_SHOWN]!r} is neither yes nor no; write one")
    return found in _YES


def whole(row: Row, column: str, problems: Problems) -> int | None:
    """The cell's whole number; None when empty."""
    found = row.name(column)
    if not found:
        return None
    if not _WHOLE.fullmatch(found):
        problems.at(row.where(column), f"{found[:_SHOWN]!r} is not a whole number; write one")
        return None
    return int(found.partition(".")[0])


def known_indicators(sets: Iterable[str]) -> frozenset[str]:
    """The indicators of those sets that exist."""
    return frozenset[str]().union(*(references(each) for each in sets if each in SETS))


def raises(row: Row, column: str, known: frozenset[str], problems: Problems) -> list[str]:
    """What the cell raises: names with spaces or commas between them. `known`: the indicators."""
    found = [each for each in _BETWEEN.split(row.words(column) or "") if each]
    if len(found) > MOST_RAISED:
        problems.at(row.where(column), f"over {MOST_RAISED} names; keep what this answer means")
        return []
    for each in found:
        prefix, value = split(each)
        there = known if prefix == "indicator" else PREFIXES.get(prefix, ())
        if value not in there:
            every = [
                *known,
                *(f"{one}:{name}" for one, names in PREFIXES.items() for name in names),
            ]
            near = get_close_matches(each[:_SHOWN], every, 1, 0.5)
            told = f"; nearest: {near[0]}" if near else "; `amana assess --list` shows what does"
            problems.at(row.where(column), f"{each[:_SHOWN]!r} does not exist{told}")
    return found
