"""What the page on spreadsheets says is so."""

from pathlib import Path

import pytest

from protocols.exchange.xlsform import from_xlsform, to_xlsform
from protocols.exchange.xlsform_columns import SHEETS
from protocols.exchange.xpath_meaning import Asked, Meaning
from protocols.screening.checklist import load
from protocols.screening.model import Kind
from tests.protocols.exchange.forms import changed, problems_of, put

PAGE = (Path(__file__).parents[3] / "docs/formats/xlsform.md").read_text(encoding="utf-8")
EXAMPLE = "${from_abroad} = 'taken_across' or ${from_abroad} = 'brought_for_work'"
REFUSAL = (
    "${from_abroad} has no choice 'brought'; it has no, by_oneself, brought_for_work, taken_across"
)


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_and_column_is_on_the_page(sheet: str) -> None:
    assert f"`{sheet}`" in PAGE
    if sheet in ("survey", "choices", "settings", "bands", "combinations"):
        for column in SHEETS[sheet]:
            written = f"{column.partition('::')[0]}::…" if "::" in column else column
            assert f"`{written}`" in PAGE or column == "default_language"


def test_the_example_is_read_and_its_mistake_is_told() -> None:
    assert EXAMPLE in PAGE
    assert REFUSAL in PAGE
    form = to_xlsform(load("labour_inspector-adult"))
    edit = put("survey", "crossing_harm", "relevant", EXAMPLE)
    shown = from_xlsform(changed(form, edit)).by_key["crossing_harm"].show_if
    assert shown is not None
    assert shown.holds({"from_abroad": "brought_for_work"})
    assert not shown.holds({"from_abroad": "no"})
    wrong = put("survey", "crossing_harm", "relevant", EXAMPLE.replace("_for_work", ""))
    assert [message for _, message in problems_of(changed(form, wrong))] == [REFUSAL]


def test_the_conditions_of_the_table_are_read() -> None:
    asked = Meaning(
        {
            "can_leave": Asked(Kind.YES_NO_UNKNOWN, ("yes", "no", "unknown"), 0),
            "pay": Asked(Kind.MULTIPLE, ("kept_back",), 1),
            "hours": Asked(Kind.NUMBER, (), 2),
            "name": Asked(Kind.TEXT, (), 3),
        }
    )
    for written in (
        "${can_leave} = 'no'",
        "selected(${can_leave}, 'no')",
        "selected(${pay}, 'kept_back')",
        "${hours} > 60",
        "${name} != ''",
        "string-length(${name}) > 0",
        "count-selected(${pay}) > 0",
    ):
        assert f"`{written}`" in PAGE
        assert asked.when(written, 4)
