"""The bytes of a workbook as sheets of texts, each knowing its place."""

import io
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any
from warnings import catch_warnings, simplefilter

from attrs import field, frozen
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from protocols.exchange.problems import ExchangeError, Problem
from protocols.exchange.workbook_guard import AGAIN, MOST_COLUMNS, MOST_ROWS, NOT_READ, look_over
from protocols.exchange.workbook_writing import LONGEST_CELL

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")


@frozen
class Cells:
    """One row: its number as shown in the spreadsheet, and its filled cells, column number from 1
    -> text."""

    number: int
    values: dict[int, str]


@frozen
class RawSheet:
    """One sheet's filled rows, the header among them, and what cannot be read in it."""

    name: str
    rows: tuple[Cells, ...]
    problems: tuple[Problem, ...] = field(default=())


def read_workbook(data: bytes) -> tuple[RawSheet, ...]:
    """The workbook's sheets that are not empty, in its order.

    Raises ExchangeError when it is no plain workbook; what is wrong in single cells is told by the
    sheet's `problems`.
    """
    look_over(data)
    try:
        with catch_warnings():
            simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, rich_text=False)
            found = tuple(_sheet(each) for each in book.worksheets)
    except Exception as error:
        # The library raises whatever a damaged part makes it trip over.
        damaged = Problem("workbook", f"damaged ({type(error).__name__}); save it anew as .xlsx")
        raise ExchangeError(NOT_READ, [damaged], AGAIN) from error
    return tuple(each for each in found if each.rows or each.problems)


def _sheet(sheet: Any) -> RawSheet:
    sheet.reset_dimensions()
    problems: list[Problem] = []
    rows: list[Cells] = []
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS), start=1):
        values = dict(_filled(sheet.title, number, row, problems))
        if values:
            rows.append(Cells(number, values))
    return RawSheet(sheet.title, tuple(rows), tuple(problems))


def _filled(
    title: str, number: int, row: Iterable[Any], problems: list[Problem]
) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(row, start=1):
        if cell.value is None:
            continue
        text = _text(cell.value, cell.data_type)
        if isinstance(text, Problem):
            where = f"{title} cell {get_column_letter(column)}{number}"
            problems.append(Problem(where, text.message))
        elif text:
            yield column, text


def _text(value: Any, kind: str) -> str | Problem:
    """What stands in the cell as text, or why that cannot be told."""
    if kind == "f":
        return Problem("", "a formula; write the words or the number itself")
    if kind == "e":
        return Problem("", f"the error {str(value)[:20]}; write the words or the number itself")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and kind == "n":
        whole = math.isfinite(value) and abs(value) < 10**15 and value == int(value)
        told = Problem("", "a number with decimals or over 15 digits; write it as text")
        return str(int(value)) if whole else told
    if isinstance(value, str):
        return _words(value)
    return Problem("", "a date or time; set the cell to text and write it as 2026-11-24")


def _words(value: str) -> str | Problem:
    text = value.replace("_x000D_\n", "\n").replace("_x000d_\n", "\n").replace("\r\n", "\n")
    if _CONTROL.search(text):
        return Problem("", "a control character; write the text anew")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        return Problem("", f"over {LONGEST_CELL} characters; shorten it")
    return text
