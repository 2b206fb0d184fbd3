"""Whatever the bytes are, reading ends soon, with a checklist or with what is wrong."""

import io
import random
import re
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from protocols.exchange import workbook_guard as guard
from protocols.exchange.problems import ExchangeError
from protocols.exchange.xlsform import from_xlsform, to_xlsform
from protocols.exchange.xlsform_columns import SHEETS, header
from protocols.screening.model import Checklist
from tests.protocols.exchange.forms import column_of, opened, problems_of, repacked, saved
from tests.protocols.screening.fictional import plain, read

FORM = to_xlsform(read(plain()))
SURVEY = "xl/worksheets/sheet1.xml"
LONGEST_SECONDS = 20.0


def with_part(name: str, data: bytes = b"x") -> bytes:
    return repacked(FORM, lambda _, part: part, {name: data})


def instead(name: str, data: bytes) -> bytes:
    return repacked(FORM, lambda part, old: data if part == name else old)


def edited(name: str, old: bytes, new: bytes) -> bytes:
    def edit(part: str, data: bytes) -> bytes:
        assert part != name or old in data
        return data.replace(old, new, 1) if part == name else data

    return repacked(FORM, edit)


def twice(name: str) -> bytes:
    told = io.BytesIO(FORM)
    with zipfile.ZipFile(told, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(name, b"<x/>")
    return told.getvalue()


def bomb() -> bytes:
    return with_part("xl/media/zeros.bin", bytes(guard.MOST_UNPACKED + 1))


def far_cell(place: str) -> bytes:
    row = "".join(filter(str.isdigit, place))
    cell = f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return edited(SURVEY, b"</sheetData>", cell.encode())


def renamed(old: bytes, new: bytes) -> bytes:
    """The survey in a part of another name, `old` in it replaced."""
    name = "xl/worksheets/sheet1.dat"
    with zipfile.ZipFile(io.BytesIO(FORM)) as archive:
        survey = archive.read(SURVEY)
    assert old in survey

    def edit(part: str, data: bytes) -> bytes | None:
        return None if part == SURVEY else data.replace(SURVEY.encode(), name.encode())

    return repacked(FORM, edit, {name: survey.replace(old, new)})


def raising(names: int) -> bytes:
    """Every choice raises so many things that do not exist."""
    book = opened(FORM)
    for row in range(2, book["choices"].max_row + 1):
        book["choices"].cell(row, column_of(book["choices"], "raises")).value = "qz " * names
    return saved(book)


DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>'
HOSTILE: dict[str, tuple[Any, str]] = {
    "nothing": (lambda: b"", "not an .xlsx file"),
    "not a zip": (lambda: b"PK\x03\x04 nonsense", "not an .xlsx file"),
    "words": ("أمانة".encode, "not an .xlsx file"),
    "an old workbook": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "save it as .xlsx"),
    "half a workbook": (lambda: FORM[: len(FORM) // 2], "not an .xlsx file"),
    "another zip": (lambda: repacked(FORM, lambda name, _: None, {"a.txt": b"a"}), "not an .xlsx"),
    "too many bytes": (lambda: bytes(guard.MOST_BYTES + 1), "bytes; at most"),
    "a zip bomb": (bomb, "when unpacked"),
    "too many parts": (
        lambda: repacked(FORM, lambda _, part: part, {f"a{n}": b"" for n in range(300)}),
        "over 200 parts",
    ),
    "a part twice": (lambda: twice(SURVEY), "or one twice"),
    "macros": (lambda: with_part("xl/vbaProject.bin"), "it holds macros"),
    "macros by another name": (
        lambda: edited("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "made to hold macros",
    ),
    "old macros": (lambda: with_part("xl/macrosheets/sheet1.xml"), "it holds macros"),
    "links": (lambda: with_part("xl/externalLinks/externalLink1.xml"), "links to other workbooks"),
    "links with backslashes": (lambda: with_part("xl\\externalLinks\\a.xml"), "links to other"),
    "data elsewhere": (lambda: with_part("xl/connections.xml"), "connections to data"),
    "files inside": (lambda: with_part("xl/embeddings/a.bin"), "other files inside"),
    "entities": (lambda: instead("xl/styles.xml", DTD), "xl/styles.xml is damaged"),
    "entities in a sheet": (lambda: instead(SURVEY, DTD), "is damaged"),
    "an unknown encoding": (
        lambda: instead("xl/styles.xml", b'<?xml version="1.0" encoding="x-y"?><a/>'),
        "is damaged",
    ),
    "deep marks": (
        lambda: instead("xl/styles.xml", b"<a>" * 9000 + b"</a>" * 9000),
        "nests too deeply",
    ),
    "many marks": (
        lambda: instead("xl/styles.xml", b"<a>" + b"<b/>" * (guard.MOST_ELEMENTS + 1) + b"</a>"),
        "cells and marks",
    ),
    "a cell far below": (lambda: far_cell("A1048576"), "words below row 2000"),
    "a cell far to the side": (lambda: far_cell("XFD999"), "words beyond column 100"),
    "a cell nowhere": (lambda: far_cell("A0"), "out of order"),
    "a row twice": (lambda: far_cell("A2"), "out of order"),
    "a cell in another row": (
        lambda: edited(SURVEY, b'<c r="A2"', b'<c r="A3"'),
        "cells are out of order",
    ),
    "a formula": (
        lambda: edited(SURVEY, b"</is>", b"</is><f>1+1</f>"),
        "a formula; write the words",
    ),
    "a formula in a part of another name": (
        lambda: renamed(
            b"</sheetData>", b'<row r="900"><c r="A900"><f>1</f></c></row></sheetData>'
        ),
        "a formula; write the words",
    ),
    "entities in a part of another name": (
        lambda: renamed(b"<worksheet", DTD[: DTD.index(b"<a>")] + b"<worksheet"),
        "is damaged",
    ),
    "more names than an answer means": (lambda: raising(9000), "over 60 names"),
    "words that are not there": (
        lambda: edited(SURVEY, b't="inlineStr"><is><t>type</t></is>', b't="s"><v>99999</v>'),
        "damaged",
    ),
    "a number that is none": (
        lambda: edited(SURVEY, b't="inlineStr"><is><t>type</t></is>', b't="n"><v>x</v>'),
        "damaged",
    ),
    "a style that is not there": (
        lambda: edited("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
        "damaged",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time(name: str) -> None:
    make, told = HOSTILE[name]
    data = make()
    began = time.perf_counter()
    found = problems_of(data)
    assert time.perf_counter() - began < LONGEST_SECONDS
    assert any(told in message for _, message in found), found


def test_a_dimension_that_lies_is_not_believed() -> None:
    began = time.perf_counter()
    data = edited(SURVEY, b"<sheetViews>", b'<dimension ref="A1:XFD1048576"/><sheetViews>')
    assert from_xlsform(data) == read(plain())
    assert time.perf_counter() - began < LONGEST_SECONDS


def test_empty_cells_that_only_have_looks_are_no_size() -> None:
    looks = b'<row r="1048576" ht="12.8"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>'
    began = time.perf_counter()
    data = edited(SURVEY, b"</sheetData>", looks + b"</sheetData>")
    assert from_xlsform(data) == read(plain())
    assert time.perf_counter() - began < LONGEST_SECONDS


def shared(data: bytes) -> bytes:
    """The workbook with its words in one table, as spreadsheet programs save them."""
    words: list[bytes] = []

    def point(found: re.Match[bytes]) -> bytes:
        words.append(found[1])
        return b't="s"><v>%d</v>' % (len(words) - 1)

    def move(name: str, part: bytes) -> bytes:
        if name.startswith("xl/worksheets/"):
            return re.sub(rb't="inlineStr"><is>(.*?)</is>', point, part, flags=re.DOTALL)
        if name == "[Content_Types].xml":
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            told = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
            part = re.sub(rb'<Override PartName="/xl/sharedStrings.xml"[^>]*/>', b"", part)
            return part.replace(b"</Types>", told)
        return part

    moved = repacked(data, lambda name, part: None if "sharedStrings" in name else move(name, part))
    table = b"".join(b"<si>%s</si>" % each for each in words)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return repacked(
        moved,
        lambda _, part: part,
        {"xl/sharedStrings.xml": b'<sst xmlns="%s">%s</sst>' % (space, table)},
    )


def test_words_in_a_shared_table_are_the_same_words() -> None:
    data = shared(FORM)
    assert b"inlineStr" not in zipfile.ZipFile(io.BytesIO(data)).read(SURVEY)
    assert from_xlsform(data) == read(plain())


def test_control_characters_are_told_by_cell() -> None:
    told = "fictional threshold"
    assert told in str(plain())
    found = problems_of(edited(SURVEY, told.encode(), b"a_x0007_b"))
    assert found[0][0].startswith("survey cell ")
    assert found[0][1] == "a control character; write the text anew"


def test_a_line_break_from_another_system_is_a_line_break() -> None:
    data = edited(SURVEY, b"fictional threshold", b"a_x000D_\nb")
    assert from_xlsform(data).by_key["hours"].basis == "a\nb"


def test_a_cell_over_the_limit_is_told() -> None:
    book = opened(FORM)
    column = [header(each) for each in SHEETS["survey"]].index("basis") + 1
    cell = book["survey"].cell(5, column)
    cell._value, cell.data_type = "x" * 40_000, "s"
    assert any("over 32767 characters" in message for _, message in problems_of(saved(book)))


def outcome(data: bytes) -> Checklist | ExchangeError:
    """Anything else that is raised fails the test."""
    try:
        return from_xlsform(data)
    except ExchangeError as error:
        return error


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.sampled_from(
        [
            "begin_group",
            "end_group",
            "note",
            "calculate",
            "select_one pay",
            "integer",
            "${pay} = 'kept'",
            "not(",
            "=1+1",
            "#REF!",
            "Section_x",
            "Gate_not_private",
            "End_not_private",
            "pay",
            "yes",
            ". >= 5",
            "need:shelter",
            "fictional-adult",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(SHEETS)), st.integers(1, 40), st.integers(1, 26), VALUES),
        min_size=1,
        max_size=6,
    )
)
def test_any_edit_gives_a_checklist_or_what_is_wrong(
    edits: list[tuple[str, int, int, Any]],
) -> None:
    book = opened(FORM)
    for sheet, row, column, value in edits:
        if value is None or value == value:
            cell = book[sheet].cell(row, column)
            cell.value = None if isinstance(value, str) and "\ufffe" <= value <= "\uffff" else value
    began = time.perf_counter()
    found = outcome(saved(book))
    assert time.perf_counter() - began < LONGEST_SECONDS
    assert isinstance(found, Checklist) or all(each.where for each in found.problems)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["cut", "swap", "noise", "repeat"]), st.booleans())
def test_any_damaged_part_gives_a_checklist_or_what_is_wrong(
    seed: int, kind: str, whole: bool
) -> None:
    chance = random.Random(seed)

    def damage(data: bytes) -> bytes:
        first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        middle = {
            "cut": b"",
            "swap": data[first:last][::-1],
            "noise": chance.randbytes(min(last - first, 40)),
            "repeat": data[first:last] * 2,
        }[kind]
        return data[:first] + middle + data[last:]

    with zipfile.ZipFile(io.BytesIO(FORM)) as archive:
        hit = chance.choice(archive.namelist())
    data = (
        damage(FORM)
        if whole
        else repacked(FORM, lambda name, part: damage(part) if name == hit else part)
    )
    assert outcome(data)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(SHEETS)),
    st.sampled_from(["rows", "columns"]),
    st.integers(1, 12),
    st.integers(1, 6),
)
def test_missing_rows_and_columns_give_a_checklist_or_what_is_wrong(
    sheet: str, what: str, first: int, many: int
) -> None:
    book = opened(FORM)
    cut = book[sheet].delete_rows if what == "rows" else book[sheet].delete_cols
    cut(first, many)
    assert outcome(saved(book))


def test_a_workbook_of_nothing_is_told_what_it_lacks() -> None:
    found = problems_of(saved(Workbook()))
    assert {where for where, _ in found} == set(SHEETS)
