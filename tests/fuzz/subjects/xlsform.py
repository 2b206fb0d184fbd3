"""XLSForm sheets: a checklist that is written and read as equal, or all that is wrong, by row.

An input is JSON: name of a sheet -> rows of cells; the harness makes the workbook.
"""

from collections.abc import Iterator
from typing import Any

from protocols.errors import MalformedError
from protocols.exchange.problems import ExchangeError
from protocols.exchange.workbook_reading import read_workbook
from protocols.exchange.workbook_writing import unwritable, workbook
from protocols.exchange.xlsform import from_xlsform, to_xlsform
from protocols.plain import dump_json, load_json
from protocols.screening.checklist_file import read_checklist
from protocols.screening.errors import ChecklistError
from tests.fuzz.target import Target, same
from tests.mobile.cases import checklist_file
from tests.protocols.screening.fictional import FILE


def read(data: bytes) -> object:
    found = from_xlsform(workbook(_sheets(load_json(data))))
    same(from_xlsform(to_xlsform(found)), found)
    return found


def _sheets(given: Any) -> dict[str, list[list[str | int | None]]]:
    """What a spreadsheet program could save: anything else is no workbook at all."""
    if not isinstance(given, dict) or not 0 < len(given) < 12:
        raise MalformedError("no sheets")
    if not all(name.isidentifier() and name.isascii() and len(name) < 30 for name in given):
        raise MalformedError("sheets of names that no workbook has")
    if len({name.lower() for name in given}) < len(given):
        raise MalformedError("two sheets of one name")
    return {name: [_row(each) for each in _list(rows)] for name, rows in given.items()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _row(given: Any) -> list[str | int | None]:
    return [_cell(each) for each in _list(given)[:200]]


def _cell(value: Any) -> str | int | None:
    kept = isinstance(value, str | int) and not unwritable("a cell", value)
    return value if kept and abs(value if isinstance(value, int) else 0) < 10**15 else None


def seeds() -> Iterator[bytes]:
    for file in (checklist_file(), dump_json(FILE)):
        sheets = read_workbook(to_xlsform(read_checklist(file)))
        yield dump_json({each.name: [_cells(row.values) for row in each.rows] for each in sheets})


def _cells(values: dict[int, str]) -> list[str | None]:
    return [values.get(column) for column in range(1, max(values) + 1)]


TARGET = Target(read, (ExchangeError, ChecklistError, MalformedError), seeds, longest=48_000)
