"""Checklist files: what is read is written and read as equal, and can be asked from end to end."""

from collections.abc import Iterator

from protocols.exchange.checklist_json import checklist_json
from protocols.plain import dump_json
from protocols.screening.assessment import assess
from protocols.screening.checklist_file import read_checklist
from protocols.screening.errors import ChecklistError
from protocols.screening.interview import Interview
from tests.fuzz.target import Target, same
from tests.mobile.cases import checklist_file
from tests.protocols.screening.fictional import FILE


def read(data: bytes) -> object:
    found = read_checklist(data)
    same(read_checklist(checklist_json(found)), found)
    return assess(Interview.start(found))


def seeds() -> Iterator[bytes]:
    yield dump_json(FILE)
    yield checklist_file()


TARGET = Target(read, (ChecklistError,), seeds, longest=24_000)
