"""A spreadsheet with mistakes in it is answered with every mistake, by row and column."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from protocols.exchange.xlsform import from_xlsform, to_xlsform
from tests.protocols.exchange.forms import changed, column_of, problems_of, put, row_of
from tests.protocols.screening.fictional import plain, read

FORM = to_xlsform(read(plain()))
Change = Callable[[Workbook], object]


def survey(name: str, header: str, value: Any) -> Change:
    return put("survey", name, header, value)


def heads(sheet: str, header: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        book[sheet].cell(1, column_of(book[sheet], header)).value = value

    return change


def append(sheet: str, *cells: Any) -> Change:
    return lambda book: book[sheet].append(list(cells))


def add_question(kind: str, name: str, **more: Any) -> Change:
    """A question below the last one of its section, where a user would put it."""

    def change(book: Workbook) -> None:
        sheet = book["survey"]
        row = row_of(sheet, "wants") + 1
        sheet.insert_rows(row)
        cells = {"type": kind, "name": name, "voice": "person", **more}
        cells |= dict.fromkeys(
            ["label::العربية (ar)", "label::Français (fr)", "label::English (en)"], "?"
        )
        for header, value in cells.items():
            sheet.cell(row, column_of(sheet, header)).value = value

    return change


def drop(sheet: str, name: str, column: str = "name") -> Change:
    return lambda book: book[sheet].delete_rows(row_of(book[sheet], name, column))


def single(sheet: str, header: str, value: Any) -> Change:
    return lambda book: setattr(book[sheet].cell(2, column_of(book[sheet], header)), "value", value)


FAULTS: dict[str, tuple[Change, str, str]] = {
    "an unknown type": (add_question("geopoint", "place"), "column type", "'geopoint' is not read"),
    "a repeat": (
        add_question("begin_repeat", "again"),
        "column type",
        "'begin_repeat' is not read",
    ),
    "choices with another": (
        add_question("select_one pay or_other", "x"),
        "column type",
        "is not read",
    ),
    "no type": (add_question("", "place"), "column type", "no type"),
    "an unknown list": (
        add_question("select_one payy", "place"),
        "column type",
        "choices has no list 'payy'",
    ),
    "a list that nobody uses": (
        append("choices", "spare", "one", "?", "?", "?"),
        "choices row",
        "no question uses the list spare",
    ),
    "a language that is missing": (
        survey("pay", "label::العربية (ar)", "  "),
        "column label::العربية (ar)",
        "no words in this language",
    ),
    "half a hint": (
        survey("pay", "hint::English (en)", "only English"),
        "column hint::Français (fr)",
        "no words in this language",
    ),
    "a column of a language that is missing": (
        heads("survey", "label::Français (fr)", "label::Español (es)"),
        "survey row 1, column label::Español (es)",
        "not a language of Amana",
    ),
    "a column that is missing": (
        heads("survey", "voice", None),
        "survey row 1",
        "the column voice is missing",
    ),
    "a column that stands twice": (
        heads("survey", "voice", "Relevant"),
        "survey row 1, column Relevant",
        "stands twice",
    ),
    "a column that is not kept": (
        heads("survey", "voice", "required"),
        "survey row 1, column required",
        "does not keep this column",
    ),
    "cells under no header": (
        lambda book: setattr(book["survey"].cell(5, 60), "value", "stray"),
        "survey row 5",
        "under no header",
    ),
    "no header": (
        lambda book: book["choices"].insert_rows(1),
        "choices row 1",
        "no header",
    ),
    "two questions of a name": (survey("pay", "name", "hours"), "column name", "stands in row"),
    "a name that is none": (survey("tired", "name", "Tired?"), "column name", "is not a name"),
    "two choices of a name": (
        put("choices", "little", "name", "fair"),
        "column name",
        "of this list too",
    ),
    "two gates of a name": (
        survey("Gate_child_path", "name", "Gate_not_private"),
        "column name",
        "stands in row",
    ),
    "a question that nobody asks": (
        survey("pay", "relevant", "${work} = 'yes'"),
        "column relevant",
        "no question is named ${work}; nearest: ${works}",
    ),
    "a question asked later": (
        survey("works", "relevant", "${hours} > 3"),
        "column relevant",
        "is asked later",
    ),
    "a choice that there is not": (
        survey("pay", "relevant", "${works} = 'maybe'"),
        "column relevant",
        "no choice 'maybe'; it has yes, no, unknown",
    ),
    "a condition on a section": (
        survey("pay", "relevant", "${Section_s_safety} != ''"),
        "column relevant",
        "is no question",
    ),
    "a condition on a notice": (
        survey("pay", "relevant", "${explain} != ''"),
        "column relevant",
        "only read",
    ),
    "several compared as one": (
        survey("pay", "relevant", "${seen} = 'locked'"),
        "column relevant",
        "write selected(${seen}, 'locked')",
    ),
    "words compared as numbers": (
        survey("pay", "relevant", "${works} > 3"),
        "column relevant",
        "is no number",
    ),
    "a condition out of shape": (
        survey("pay", "relevant", "${works} = 'yes' and today() > 3"),
        "column relevant",
        "is not read from “today() > 3” on; write it with",
    ),
    "a condition that breaks off": (
        survey("pay", "relevant", "${works} = 'yes' and"),
        "column relevant",
        "breaks off",
    ),
    "a gate's close inside a condition": (
        survey("pay", "relevant", "${works} = 'yes' or ${End_not_private} != 'yes'"),
        "column relevant",
        "may only be joined by and at the outside",
    ),
    "a close that is hidden after an end": (
        survey("thanks", "relevant", "${End_not_private} != 'yes'"),
        "column relevant",
        "the close is shown whatever ended",
    ),
    "brackets without end": (
        survey("pay", "relevant", "(" * 3000),
        "column relevant",
        "brackets lie more than",
    ),
    "an endless condition": (
        survey("pay", "relevant", " and ".join(["${works} = 'yes'"] * 2000)),
        "column relevant",
        "over 8000 characters",
    ),
    "no limits": (survey("hours", "constraint", None), "column constraint", "it breaks off"),
    "limits that are none": (
        survey("hours", "constraint", ". != 5"),
        "column constraint",
        "not the limits of a number",
    ),
    "a constraint on words": (
        survey("interpreter", "constraint", ". = 'a'"),
        "column constraint",
        "this type takes none",
    ),
    "a constraint on choices": (
        survey("seen", "constraint", "selected(., 'nothing')"),
        "column constraint",
        "not read as choices that stand alone",
    ),
    "a choice alone that there is not": (
        survey("seen", "constraint", "not(selected(., 'none') and count-selected(.) > 1)"),
        "column constraint",
        "the list has no choice 'none'",
    ),
    "an unknown indicator": (
        put("choices", "little", "raises", "exploitation.low_or_no_salery"),
        "column raises",
        "nearest: exploitation.low_or_no_salary",
    ),
    "an unknown need": (put("choices", "bed", "raises", "need:sheltr"), "raises", "need:shelter"),
    "an unknown form": (
        put("choices", "beg", "raises", "form:begging"),
        "raises",
        "does not exist",
    ),
    "an unknown field": (
        survey("since", "fills", "identity.shoes"),
        "column fills",
        "write one of",
    ),
    "an unknown voice": (survey("pay", "voice", "loud"), "column voice", "person, worker"),
    "an unknown purpose": (
        survey("Section_s_safety", "purpose", "small talk"),
        "column purpose",
        "'small talk' does not exist; write one of safety",
    ),
    "a cell that says nothing": (
        survey("pay", "raises_yes", "need:shelter"),
        "column raises_yes",
        "says nothing in this row",
    ),
    "yes in other words": (
        put("choices", "yes", "label::English (en)", "Yeah"),
        "choices row",
        "the same in every checklist",
    ),
    "a group that is not ended": (
        drop("survey", "end_group", "type"),
        "survey row 2",
        "its end_group is missing before row",
    ),
    "a calculation of their own": (
        add_question("calculate", "sum", calculation="1 + 1"),
        "column name",
        "only rows of end gates calculate",
    ),
    "an end gate without its row": (
        drop("survey", "End_not_private"),
        "column relevant",
        "the row End_not_private is missing",
    ),
    "an end gate without its words": (
        drop("survey", "Gate_not_private"),
        "survey row",
        "no note Gate_not_private follows",
    ),
    "an end gate's condition in its note": (
        survey("Gate_not_private", "relevant", "${private} = 'no'"),
        "column relevant",
        "the condition itself stands in row",
    ),
    "an end gate that yields the wrong word": (
        survey("End_not_private", "calculation", "if(${private} = 'no', 'ended', 'no')"),
        "column calculation",
        "end it with",
    ),
    "a version that is none": (single("settings", "version", 0), "column version", "from 1"),
    "a version with decimals": (single("settings", "version", 1.5), "settings cell", "decimals"),
    "a date": (survey("hours", "basis", date(2026, 11, 24)), "survey cell", "a date or time"),
    "an error": (survey("hours", "basis", "#REF!"), "survey cell", "the error #REF!"),
    "an id that is none": (
        single("settings", "form_id", "fictional"),
        "form_id",
        "role-population",
    ),
    "two rows of settings": (append("settings", "again"), "settings row 3", "one row is read"),
    "a band of nothing": (
        append("bands", "pay", 1, None, "need:shelter"),
        "bands row 3, column question",
        "no integer question",
    ),
    "a band that is no number": (
        lambda book: setattr(book["bands"].cell(2, 2), "value", "many"),
        "bands row 2, column minimum",
        "not a whole number",
    ),
    "a band beyond the limits": (
        lambda book: setattr(book["bands"].cell(2, 2), "value", 900),
        "survey row",
        "a band without a number",
    ),
    "a set for another population": (
        single("indicator_sets", "name", "child-labour"),
        "column name",
        "write one of adult-labour, adult-sexual",
    ),
    "no set": (
        lambda book: book["indicator_sets"].delete_rows(2, 5),
        "indicator_sets",
        "no set is named",
    ),
    "neither yes nor no": (single("sources", "confirmed", "maybe"), "confirmed", "neither yes nor"),
    "an indicator not observed twice": (
        lambda book: [
            append("not_observed", "coercive_recruitment.debt_bondage", "x")(book) for _ in range(2)
        ],
        "not_observed row 3",
        "each once",
    ),
    "a combination of nothing": (
        put("combinations", "kept_and_locked", "relevant", None),
        "combinations row 2, column relevant",
        "it breaks off",
    ),
    "a status that is none": (single("validation", "status", "fine"), "status", "not_validated"),
    "a sheet that is missing": (
        lambda book: book.remove(book["combinations"]),
        "combinations",
        "the sheet is missing",
    ),
    "a sheet that is not read": (
        lambda book: book.create_sheet("setings").append(["form_id"]),
        "sheet setings",
        "nearest: settings",
    ),
    "words with a reference": (
        survey("pay", "label::English (en)", "how ${works}"),
        "column label::English (en)",
        "take the ${…} out",
    ),
    "sections out of order": (
        survey("Section_s_observations", "purpose", "safety"),
        "column purpose",
        "sections keep the order",
    ),
    "a purpose that no section has": (
        survey("Section_s_observations", "purpose", "questions"),
        "survey",
        "no section has the purpose observations",
    ),
    "one limit": (
        survey("hours", "constraint", ". >= 0"),
        "column constraint",
        "a least and a greater most",
    ),
    "limits the wrong way round": (
        survey("hours", "constraint", ". >= 9 and . <= 3"),
        "column constraint",
        "a least and a greater most",
    ),
    "a close that is not for everyone": (
        survey("thanks", "relevant", "${works} = 'yes'"),
        "survey row",
        "the close is shown to everyone",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_told_with_its_place(name: str) -> None:
    change, where, told = FAULTS[name]
    found = problems_of(changed(FORM, change))
    assert any(where in place and told in message for place, message in found), found


def test_all_faults_are_told_at_once() -> None:
    def change(book: Workbook) -> None:
        for each in ("an unknown voice", "an unknown indicator", "no limits", "a date"):
            FAULTS[each][0](book)

    assert len(problems_of(changed(FORM, change))) >= 4


def test_a_missing_column_is_told_alone() -> None:
    found = problems_of(changed(FORM, heads("survey", "voice", None)))
    assert ("survey row 1", "the column voice is missing; add it, empty if need be") in found
    assert all("no header" in message or "is missing" in message for _, message in found)


def test_the_row_is_the_one_that_the_spreadsheet_shows() -> None:
    rows: list[int] = []

    def change(book: Workbook) -> None:
        book["survey"].insert_rows(2, 3)
        survey("pay", "voice", "loud")(book)
        rows.append(row_of(book["survey"], "pay"))

    ((where, _),) = problems_of(changed(FORM, change))
    assert where == f"survey row {rows[0]}, column voice"


def test_merged_cells_and_formulas_are_told_by_cell() -> None:
    def change(book: Workbook) -> None:
        book["survey"].merge_cells("C2:D2")
        survey("pay", "basis", "=1+1")(book)
        book["sources"]["A2"] = '=HYPERLINK("https://amana.invalid", "x")'

    found = problems_of(changed(FORM, change))
    assert ("survey cells C2:D2", "merged cells; undo the merge") in found
    places = {where for where, message in found if message.startswith("a formula")}
    assert "sources cell A2" in places
    assert any(each.startswith("survey cell ") for each in places)


def test_a_hidden_condition_moves_to_the_group_around() -> None:
    file = plain()
    gate = file["sections"][0]["questions"][0]["gates"][0]
    pay = next(each for each in file["sections"][5]["questions"] if each["key"] == "pay")
    pay["gates"] = [{**gate, "key": "kept", "effect": "notice"}]
    form = to_xlsform(read(file))
    assert from_xlsform(form) == read(file)
    twice = problems_of(changed(form, survey("pay", "relevant", "${works} = 'no'")))
    assert "says when the question is shown" in twice[0][1]


def test_what_people_leave_behind_is_no_fault() -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Sheet1")
        book["survey"].insert_rows(3)
        heads("survey", "label::English (en)", "Label :: English")(book)
        heads("survey", "label::العربية (ar)", "label::ar")(book)
        survey("pay", "type", "select one pay")(book)
        survey("Section_s_safety", "type", "begin group")(book)
        single("settings", "version", 3.0)(book)
        survey("pay", "relevant", "selected( ${works} , ‘yes’ )")(book)
        book["survey"].cell(4, 60).value = "  "

    assert from_xlsform(changed(FORM, change)) == read(plain())
