"""Checklists as spreadsheets: XLSForm (https://xlsform.org), written and read without loss.

What each column means and what may be edited: `docs/formats/xlsform.md`.
"""

from collections.abc import Iterator

from protocols.exchange.problems import ExchangeError, Problem
from protocols.exchange.workbook_writing import unwritable, workbook
from protocols.exchange.xlsform_columns import RESERVED, SHEETS, header
from protocols.exchange.xlsform_reading import read_sheets
from protocols.exchange.xlsform_writing import Row, cells, sheets_of
from protocols.exchange.xpath import MOST_DIGITS, too_much
from protocols.screening.checklist_rules import hold
from protocols.screening.conditions import Condition
from protocols.screening.model import Checklist

UNWRITTEN = "mend them in the checklist and export it again"
_SPOKEN = {
    "survey": ("label", "hint", "constraint_message"),
    "choices": ("label",),
    "settings": ("form_title", "title_ar", "title_fr"),
}
"""The columns of words that a form shows."""


def to_xlsform(checklist: Checklist) -> bytes:
    """The checklist as an .xlsx workbook that `from_xlsform` reads as an equal checklist.

    Raises ChecklistError when the checklist breaks the rules, and ExchangeError when something in
    it cannot stand in a spreadsheet or a form; never writes less than all of it.
    """
    hold(checklist)
    problems = [
        problem
        for where, condition in _conditions(checklist)
        for problem in too_much(condition, where)
    ]
    problems += [
        Problem(each.key, f"a limit over {MOST_DIGITS} digits; write a smaller number")
        for each in checklist.questions
        if any(abs(limit or 0) >= 10**MOST_DIGITS for limit in (each.minimum, each.maximum))
    ]
    if not problems:
        rows = sheets_of(checklist)
        problems = [each for cell in cells(rows) for each in _unfit(*cell)]
    if problems:
        raise ExchangeError("the checklist was not written", problems, UNWRITTEN)
    data = workbook({sheet: _table(sheet, rows[sheet], checklist.languages) for sheet in SHEETS})
    if from_xlsform(data) != checklist:
        lost = Problem(checklist.id, "an empty text stands where there should be none; remove it")
        raise ExchangeError("the checklist was not written", [lost], UNWRITTEN)
    return data


def from_xlsform(data: bytes) -> Checklist:
    """The checklist that the .xlsx workbook states, checked by the rules of the JSON file too.

    Raises ExchangeError with everything that is wrong, by row; nothing else, whatever the bytes.
    """
    return read_sheets(data)


def _conditions(checklist: Checklist) -> Iterator[tuple[str, Condition | None]]:
    for section in checklist.sections:
        yield f"section {section.key}", section.show_if
        for question in section.questions:
            yield question.key, question.show_if
            for gate in question.gates:
                yield f"{question.key}.{gate.key}", gate.when
    for combination in checklist.combinations:
        yield combination.key, combination.when


def _unfit(sheet: str, row: int, column: str, value: str | int) -> list[Problem]:
    where = f"{sheet} row {row}, column {header(column)}"
    if sheet == "survey" and column == "name" and value in RESERVED:
        return [Problem(where, f"a form keeps the name {value} for itself; rename the question")]
    spoken = column.partition("::")[0] in _SPOKEN.get(sheet, ())
    if spoken and "${" in str(value):
        return [Problem(where, "words with ${, which a form takes for a reference; reword it")]
    return unwritable(where, value)


def _table(
    sheet: str, rows: list[Row], languages: tuple[str, ...]
) -> Iterator[tuple[str | int | None, ...]]:
    """The sheet's header and rows; the languages stand in the checklist's order."""
    columns = _ordered(SHEETS[sheet], languages)
    yield tuple(header(each) for each in columns)
    for row in rows:
        yield tuple(row.get(each) for each in columns)


def _ordered(columns: tuple[str, ...], languages: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for column in columns:
        base, colons, _ = column.partition("::")
        names = [f"{base}::{each}" for each in languages] if colons else [column]
        found += [each for each in names if each not in found]
    return found
