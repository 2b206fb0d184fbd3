"""Rows as the bytes of an .xlsx workbook: no formula, no clock, the same rows the same bytes.

Every text is written as text, whatever it begins with, so that no spreadsheet reads a cell's words
as a formula (OWASP, CSV Injection).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, NamedStyle  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from protocols.exchange.problems import Problem

LONGEST_CELL = 32767
"""UTF-16 units that a cell holds (Microsoft, Excel specifications and limits)."""
UNKEPT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_|x005F_")
"""What XML or a workbook doesn't give back as it was."""
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t")
_NARROW, _WIDE = 18, 45
_MADE = "2000-01-01T00:00:00Z"
_PROPERTIES = f"""<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties \
xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dcterms:created xsi:type="dcterms:W3CDTF">{_MADE}</dcterms:created></cp:coreProperties>"""


def unwritable(where: str, value: str | int) -> list[Problem]:
    """Why a cell would not give the value back; empty when it does."""
    if isinstance(value, int):
        return (
            [] if abs(value) < 10**15 else [Problem(where, "a number over 15 digits; shorten it")]
        )
    if found := UNKEPT.search(value):
        told = found[0].encode("unicode_escape").decode()
        return [Problem(where, f"the text has {told}, which no spreadsheet keeps; take it out")]
    if len(value.encode("utf-16-le")) // 2 > LONGEST_CELL:
        return [Problem(where, f"over {LONGEST_CELL} characters, a cell's limit; shorten it")]
    return []


def workbook(sheets: Mapping[str, Iterable[Sequence[str | int | None]]]) -> bytes:
    """The workbook with these sheets; the first row of each is its header."""
    book = Workbook()
    book.remove(book.active)
    for style in _styles():
        book.add_named_style(style)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    written = io.BytesIO()
    book.save(written)
    return _without_clock(written)


def _styles() -> list[NamedStyle]:
    top = {"vertical": "top", "wrap_text": True}
    return [
        NamedStyle("amana_header", font=Font(bold=True), number_format="@"),
        NamedStyle("amana_text", alignment=Alignment(**top), number_format="@"),
        NamedStyle("amana_arabic", alignment=Alignment(**top, readingOrder=2), number_format="@"),
        NamedStyle("amana_number", alignment=Alignment(**top), number_format="0"),
    ]


def _fill(sheet: "object", rows: Iterable[Sequence[str | int | None]]) -> None:
    arabic: set[int] = set()
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if number == 1:
                _head(sheet, column, str(value))
                arabic |= {column} if str(value).endswith(("(ar)", "_ar")) else set()
            if value is None or value == "":
                continue
            cell = sheet.cell(number, column)  # type: ignore[attr-defined]
            cell.value = value
            if isinstance(value, int):
                cell.style = "amana_number"
                continue
            cell.style = _style(number, column in arabic)
            cell.data_type = "s"
            if value.startswith(_LIKE_A_FORMULA):
                cell.quotePrefix = True
    sheet.freeze_panes = "C2"  # type: ignore[attr-defined]


def _style(number: int, arabic: bool) -> str:
    if number == 1:
        return "amana_header"
    return "amana_arabic" if arabic else "amana_text"


def _head(sheet: "object", column: int, name: str) -> None:
    width = _WIDE if "::" in name else _NARROW
    sheet.column_dimensions[get_column_letter(column)].width = width  # type: ignore[attr-defined]


def _without_clock(written: io.BytesIO) -> bytes:
    """The archive again, without the hour at which it was made."""
    told = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(told, "w") as new:
        for name in old.namelist():
            data = _PROPERTIES.encode() if name == "docProps/core.xml" else old.read(name)
            new.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_DEFLATED)
    return told.getvalue()
