"""Looks a workbook over before it is parsed: what is no plain .xlsx, or too large, goes no further.

An .xlsx is a zip of XML parts (ECMA-376), whatever their names end in. Sizes are those that the
archive declares, beyond which `zipfile` reads nothing; every part is read once as a stream, without
document types or entities.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from attrs import Factory, define, frozen
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from protocols.exchange.problems import ExchangeError, Problem

MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 24 * 1024 * 1024
MOST_PARTS = 200
MOST_ELEMENTS = 300_000
DEEPEST_ELEMENT = 40
MOST_ROWS = 2000
MOST_COLUMNS = 100
NOT_READ = "the spreadsheet was not read"
AGAIN = "mend them in the spreadsheet and import it again"
_SAVE = "open it in a spreadsheet program and save it as .xlsx without macros"
_REFUSED = {
    "vbaproject": "macros",
    "macrosheets/": "macros",
    "activex/": "active controls",
    "ctrlprops/": "active controls",
    "externallinks/": "links to other workbooks",
    "embeddings/": "other files inside it",
    "connections.xml": "connections to data elsewhere",
    "querytables/": "connections to data elsewhere",
    "customui/": "its own buttons",
}
_XML = (".xml", ".rels", ".vml")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@define
class _Sheet:
    """What one worksheet's part says about its cells, gathered while it streams by."""

    name: str
    row: int = 0
    column: int = 0
    cell: str = ""
    problems: list[Problem] = Factory(list)

    def told(self, message: str, where: str = "") -> None:
        self.problems.append(Problem(f"{self.name} {where}".strip(), message))


@frozen
class _Tag:
    """An element's name without its namespace, and its attributes."""

    name: str
    attributes: dict[str, str]


def look_over(data: bytes) -> None:
    """Returns when `data` is a plain workbook of a readable size. Raises ExchangeError."""
    if len(data) > MOST_BYTES:
        raise _refused("workbook", f"{len(data)} bytes; at most {MOST_BYTES} are read; split it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _parts(archive)
            problems = list(_contents(archive))
    except zipfile.BadZipFile as error:
        raise _refused("workbook", f"not an .xlsx file ({error}); {_SAVE}") from error
    except (EOFError, NotImplementedError, RuntimeError, ValueError, OSError, zlib.error) as error:
        raise _refused("workbook", f"damaged ({error}); {_SAVE}") from error
    if problems:
        raise ExchangeError(NOT_READ, problems, AGAIN)


def _refused(where: str, message: str) -> ExchangeError:
    return ExchangeError(NOT_READ, [Problem(where, message)], AGAIN)


def _parts(archive: zipfile.ZipFile) -> None:
    """Names and sizes, before anything is unpacked."""
    infos = archive.infolist()
    names = [each.filename.casefold() for each in infos]
    if len(infos) > MOST_PARTS or len(set(names)) != len(names):
        raise _refused("workbook", f"over {MOST_PARTS} parts, or one twice; {_SAVE}")
    unpacked = sum(each.file_size for each in infos)
    if unpacked > MOST_UNPACKED:
        told = f"{unpacked} bytes when unpacked; at most {MOST_UNPACKED} are read"
        raise _refused("workbook", f"{told}; remove what is not the form")
    found = {
        what for part, what in _REFUSED.items() for name in names if part in name.replace("\\", "/")
    }
    if found:
        raise _refused("workbook", f"it holds {', '.join(sorted(found))}; {_SAVE}")
    if _WORKBOOK not in archive.namelist() or _RELATIONS not in archive.namelist():
        raise _refused("workbook", f"a zip, but not an .xlsx file; {_SAVE}")


def _contents(archive: zipfile.ZipFile) -> Iterator[Problem]:
    titles = _titles(archive)
    left = MOST_ELEMENTS
    for name in archive.namelist():
        sheet, first = _Sheet(titles.get(name, name)), ""
        for tag in _elements(archive, name):
            left -= 1
            if left < 0:
                raise _refused(
                    "workbook", f"over {MOST_ELEMENTS} cells and marks; delete empty rows"
                )
            if name == "[Content_Types].xml" and "macroenabled" in str(tag.attributes).casefold():
                raise _refused("workbook", f"it is made to hold macros; {_SAVE}")
            first = first or tag.name
            if first == "worksheet" or name in titles:
                _look_at(sheet, tag)
            if len(sheet.problems) > MOST_ROWS:
                break
        yield from sheet.problems


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[_Tag]:
    """Every element of the part as it begins; none of a picture. Raises ExchangeError."""
    depth = 0
    try:
        with archive.open(name) as part:
            for event, element in iterparse(part, ("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                if depth > DEEPEST_ELEMENT:
                    raise _refused("workbook", f"{name} nests too deeply; {_SAVE}")
                if event == "start":
                    yield _Tag(_local(element), dict(element.attrib))
                else:
                    element.clear()
    except (ParseError, DefusedXmlException, LookupError) as error:
        if isinstance(error, ParseError) and not name.casefold().endswith(_XML):
            return
        raise _refused(
            "workbook", f"{name} is damaged ({type(error).__name__}); {_SAVE}"
        ) from error


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """part -> the sheet's name as its user sees it."""
    targets = {
        tag.attributes.get("Id", ""): posixpath.normpath(
            posixpath.join("/xl", tag.attributes.get("Target", ""))
        ).lstrip("/")
        for tag in _elements(archive, _RELATIONS)
        if tag.name == "Relationship"
    }
    found: dict[str, str] = {}
    for tag in _elements(archive, _WORKBOOK):
        if tag.name != "sheet":
            continue
        own = {name.rpartition("}")[2]: value for name, value in tag.attributes.items()}
        found[targets.get(own.get("id", ""), "")] = own.get("name", "")
    if len(set(found.values())) != len(found):
        raise _refused("workbook", f"two sheets of one name; {_SAVE}")
    return found


def _look_at(sheet: _Sheet, tag: _Tag) -> None:
    if tag.name == "row":
        _row(sheet, tag.attributes.get("r"))
    elif tag.name == "c":
        _cell(sheet, tag.attributes.get("r"))
    elif tag.name in ("v", "is", "f"):
        _content(sheet)
    if tag.name == "f":
        sheet.told("a formula; write the words or the number itself", f"cell {sheet.cell}")
    elif tag.name == "mergeCell":
        sheet.told("merged cells; undo the merge", f"cells {tag.attributes.get('ref', '')[:20]}")


def _row(sheet: _Sheet, written: str | None) -> None:
    number = sheet.row + 1
    if written is not None:
        number = int(written) if re.fullmatch("[1-9][0-9]{0,6}", written) else 0
    if number <= sheet.row:
        raise _refused(sheet.name, f"its rows are out of order; {_SAVE}")
    sheet.row, sheet.column = number, 0


def _cell(sheet: _Sheet, written: str | None) -> None:
    if written is None:
        sheet.column += 1
        sheet.cell = f"{sheet.column} of row {sheet.row}"
    else:
        found = _CELL.fullmatch(written)
        column = _number(found[1]) if found else 0
        if found is None or int(found[2]) != sheet.row or column <= sheet.column:
            raise _refused(sheet.name, f"its cells are out of order; {_SAVE}")
        sheet.column, sheet.cell = column, written


def _content(sheet: _Sheet) -> None:
    """Empty cells may lie anywhere: spreadsheet programs write some for their looks alone."""
    if sheet.row > MOST_ROWS:
        raise _refused(sheet.name, f"words below row {MOST_ROWS}; delete what is under the form")
    if sheet.column > MOST_COLUMNS:
        told = f"words beyond column {MOST_COLUMNS}; delete what is beside the form"
        raise _refused(sheet.name, told)


def _number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number
