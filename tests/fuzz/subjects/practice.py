"""Practice cases: one that fits its checklist and is compared with it, or every problem."""

from collections.abc import Iterator

from protocols.plain import dump_json, load_json
from protocols.practice.agreement import disagreements
from protocols.practice.case_file import read_case
from protocols.practice.cases import available, raw
from protocols.practice.errors import CaseFormatError
from protocols.screening.checklist import load
from tests.fuzz.target import Target

SHEET = load("labour_inspector-adult")


def read(data: bytes) -> object:
    case = read_case(data, SHEET)
    return disagreements(case, SHEET)


def seeds() -> Iterator[bytes]:
    for each in available():
        if "labour_inspector-adult" in each and each.startswith("tn-"):
            yield dump_json(load_json(raw(each)))


TARGET = Target(read, (CaseFormatError,), seeds, longest=16_000)
