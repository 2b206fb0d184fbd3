"""Country files: facts that break no rule, or the name of the rule that they break.

An input is the facts; divisions are the installed ones.
"""

from collections.abc import Iterator
from importlib.resources import files

from protocols.countries.country import codes, read_facts
from protocols.countries.errors import CountryError
from protocols.plain import dump_json, load_json
from tests.fuzz.target import Target


def read(data: bytes) -> object:
    found = read_facts(data)
    for each in found.divisions:
        each.names.get("ar")
    return found


def seeds() -> Iterator[bytes]:
    for code in codes():
        facts = files("protocols.countries").joinpath("data", f"{code}.json").read_bytes()
        yield dump_json(load_json(facts))


TARGET = Target(read, (CountryError,), seeds, longest=32_000)
