"""The treaties and other published texts that reasons cite, and whether they were read.

Data: `protocols/screening/indicators/instruments.json`.
"""

from collections.abc import Iterable
from functools import cache

from attrs import frozen

from protocols.plain import from_plain
from protocols.screening.tables import package_json


@frozen
class Instrument:
    """One published text. `read`: "reproduction" (what is cited was read in a copy, at `where`) or
    "no" (not at hand); `what`: the part that was read."""

    title: str
    read: str
    where: str | None
    what: str | None


@frozen
class Instruments:
    """`forms`, `findings`: form or kind of finding -> (instrument, article) each."""

    how_obtained: str
    instruments: dict[str, Instrument]
    forms: dict[str, tuple[tuple[str, str], ...]]
    findings: dict[str, tuple[tuple[str, str], ...]]


@cache
def instruments() -> Instruments:
    """The packaged data."""
    return from_plain(package_json("indicators", "instruments.json"), Instruments)


def source_of_form(form: str) -> str:
    """Where a form of exploitation is named, in one line."""
    return _cited(instruments().forms[form])


def source_of_finding(kind: str) -> str:
    """The published rule of a finding that an answer shows by itself, in one line."""
    return _cited(instruments().findings[kind])


def _cited(cited: Iterable[tuple[str, str]]) -> str:
    known = instruments().instruments
    return "; ".join(f"{known[name].title}, {article}" for name, article in cited)
