"""Sheets as tables: rows by column name, each cell knowing where its user finds it."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from attrs import Factory, define, frozen
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from protocols.exchange.problems import Problem
from protocols.exchange.workbook_reading import Cells, RawSheet
from protocols.exchange.xlsform_columns import (
    LANGUAGE_SPELLINGS,
    MESSAGE,
    SHEETS,
    TRANSLATED,
    header,
    translated,
)
from protocols.screening.model import LANGUAGES

_CODE = re.compile(r"\(([a-z]{2,3})\)$")
_HEADER_ROW = 1
_OPTIONAL = ("default_language", *translated(MESSAGE))
"""Columns that forms need and checklists do not: they are written, never read."""


@define
class Problems:
    """What is found wrong, in the order of finding. `broken`: a sheet or column is missing, so that
    what stands in the rows would only be misread."""

    found: list[Problem] = Factory(list)
    broken: bool = False

    def at(self, where: str, message: str) -> None:
        """Notes one fault."""
        self.found.append(Problem(where, message))

    def missing(self, where: str, message: str) -> None:
        """Notes that something is missing without which rows cannot be read."""
        self.at(where, message)
        self.broken = True


@frozen
class Row:
    """One row of a sheet. `cells`: column as in `xlsform_columns` -> text, empty cells left out."""

    sheet: str
    number: int
    cells: dict[str, str]

    def where(self, column: str | None = None) -> str:
        """ "survey row 12, column relevant"."""
        place = f"{self.sheet} row {self.number}"
        return f"{place}, column {header(column)}" if column else place

    def words(self, column: str) -> str | None:
        """The cell's text as it stands, None when empty."""
        return self.cells.get(column)

    def name(self, column: str) -> str:
        """The cell's text without space around it; "" when empty."""
        return self.cells.get(column, "").strip()

    def filled(self) -> Iterator[str]:
        """The columns that hold more than space."""
        return (column for column, text in self.cells.items() if text.strip())


@frozen
class Table:
    """One sheet's rows, and its columns in order."""

    sheet: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables_of(sheets: Iterable[RawSheet], problems: Problems) -> dict[str, Table]:
    """sheet -> its table, for every sheet of the form; a sheet that is missing is a problem, and
    stands empty."""
    raw: dict[str, RawSheet] = {}
    for sheet in sheets:
        name = sheet.name.strip().casefold()
        if name not in SHEETS:
            _unknown_sheet(sheet, problems)
        elif name in raw:
            problems.at(sheet.name, "this sheet stands twice; remove one")
        else:
            raw[name] = sheet
            problems.found.extend(sheet.problems)
    for name in SHEETS:
        if name not in raw:
            told = "the sheet is missing or has no header; take it from an export, empty if need be"
            problems.missing(name, told)
    return {
        name: _table(name, raw[name], problems) if name in raw else Table(name, (), ())
        for name in SHEETS
    }


def _unknown_sheet(sheet: RawSheet, problems: Problems) -> None:
    near = get_close_matches(sheet.name.strip().casefold(), list(SHEETS), 1)
    told = f"; nearest: {near[0]}" if near else ""
    problems.at(f"sheet {sheet.name[:40]}", f"this sheet is not read; remove or rename it{told}")


def _table(name: str, sheet: RawSheet, problems: Problems) -> Table:
    if not sheet.rows or sheet.rows[0].number != _HEADER_ROW:
        problems.missing(f"{name} row {_HEADER_ROW}", "no header; write the columns' names there")
        return Table(name, (), ())
    columns = _columns(name, sheet, problems)
    rows = tuple(_row(name, each, columns) for each in sheet.rows[1:])
    _all_named(name, sheet, problems)
    missing = [each for each in SHEETS[name] if each not in columns.values()]
    for each in missing:
        if each not in _OPTIONAL:
            told = f"the column {header(each)} is missing; add it, empty if need be"
            problems.missing(f"{name} row {_HEADER_ROW}", told)
    kept = tuple(row for row in rows if any(row.filled()))
    return Table(name, tuple(columns.values()), kept)


def _row(name: str, cells: Cells, columns: dict[int, str]) -> Row:
    named = {columns[number]: text for number, text in cells.values.items() if number in columns}
    return Row(name, cells.number, named)


def _columns(name: str, sheet: RawSheet, problems: Problems) -> dict[int, str]:
    """column number -> its name inside this room."""
    found: dict[int, str] = {}
    for number, written in sheet.rows[0].values.items():
        column = _column(written)
        where = f"{name} row {_HEADER_ROW}, column {written.strip()[:60]}"
        if column in found.values():
            problems.at(where, "this column stands twice; remove one")
        elif column in SHEETS[name]:
            found[number] = column
        elif written.strip() and any(number in each.values for each in sheet.rows[1:]):
            problems.at(where, _why_unread(column, SHEETS[name]))
    return found


def _why_unread(column: str, known: tuple[str, ...]) -> str:
    base = column.partition("::")[0]
    if base in TRANSLATED:
        ours = ", ".join(header(each) for each in known if each.startswith(f"{base}::"))
        return f"not a language of Amana; write {ours or 'none here'}"
    near = get_close_matches(column, known, 1)
    told = f"; nearest: {header(near[0])}" if near else ""
    return f"Amana does not keep this column; empty or remove it{told}"


def _column(written: str) -> str:
    """ "label::ar" for "Label :: العربية (ar)", "begin" for "Begin"."""
    base, _, language = written.strip().partition(":")
    base = re.sub(r"\s+", "_", base.strip().casefold())
    language = language.lstrip(":").strip().casefold()
    if not language:
        return base
    code = _CODE.search(language)
    spelled = code[1] if code else LANGUAGE_SPELLINGS.get(language, language)
    return f"{base}::{spelled}"


def _all_named(name: str, sheet: RawSheet, problems: Problems) -> None:
    """Cells under no header would be lost without a word."""
    told = {number for number, text in sheet.rows[0].values.items() if text.strip()}
    for cells in sheet.rows[1:]:
        for number, text in cells.values.items():
            if text.strip() and number not in told:
                told.add(number)
                shown = f"“{text.strip()[:30]}” stands under no header"
                where = f"{name} row {cells.number}, column {get_column_letter(number)}"
                problems.at(where, f"{shown}; name the column in row 1, or delete what is in it")


def languages_of(table: Table, column: str) -> tuple[str, ...]:
    """The languages of a translated column, in the order of the sheet."""
    found = (each.partition("::") for each in table.columns)
    return tuple(
        language for base, _, language in found if base == column and language in LANGUAGES
    )
