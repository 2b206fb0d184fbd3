"""FHIR Questionnaires: a checklist that is written and read as equal, or all that is wrong."""

from collections.abc import Iterator

from protocols.exchange.fhir import from_fhir, to_fhir
from protocols.exchange.problems import ExchangeError
from protocols.plain import dump_json, load_json
from protocols.screening.checklist_file import read_checklist
from tests.fuzz.target import Target, same
from tests.mobile.cases import checklist_file
from tests.protocols.screening.fictional import FILE


def read(data: bytes) -> object:
    found = from_fhir(data)
    same(from_fhir(to_fhir(found)), found)
    return found


def seeds() -> Iterator[bytes]:
    for file in (checklist_file(), dump_json(FILE)):
        yield dump_json(load_json(to_fhir(read_checklist(file))))


TARGET = Target(read, (ExchangeError,), seeds, longest=48_000)
