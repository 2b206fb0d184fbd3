"""Conditions in FHIRPath: what is read is written and read as the same condition."""

from collections.abc import Iterator

from protocols.exchange.fhir_path import FhirPathError, from_path, to_path
from protocols.screening.conditions import condition_from_plain
from protocols.screening.errors import ConditionError
from protocols.screening.model import Kind
from tests.fuzz.subjects.xpath import ASKED, WRITTEN
from tests.fuzz.target import Target, same, text_of

KINDS: dict[str, Kind] = {key: each.kind for key, each in ASKED.items()}


def read(data: bytes) -> object:
    plain, ended = from_path(text_of(data), KINDS)
    if plain is None:
        return ended
    condition = condition_from_plain(plain, "an input")
    same(from_path(to_path(condition), KINDS), (plain, ()))
    return condition


def seeds() -> Iterator[bytes]:
    for plain in WRITTEN:
        yield to_path(condition_from_plain(plain, "a seed")).encode()
    yield b"%ended1.not() and %ended2.not() and (true and false)"


TARGET = Target(read, (FhirPathError, ConditionError), seeds, json=False, longest=600)
