"""What docs/formats/checklist.md tells an editor is what the code reads."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from protocols.screening import vocabulary
from protocols.screening.conditions import condition_from_plain
from protocols.screening.model import Kind, Purpose
from protocols.screening.unodc import unodc
from tests.protocols.screening.fictional import plain, question, read, section_of

PAGE = Path(__file__).parents[3].joinpath("docs", "formats", "checklist.md").read_text("utf-8")


def example() -> dict[str, Any]:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    return found


def row(begins: str) -> list[str]:
    """The names in the table row that begins with `begins`, from its last cell."""
    line = next(each for each in PAGE.splitlines() if each.startswith(f"| `{begins}"))
    return re.findall(r"`([a-z0-9_]+)`", line.rpartition(" | ")[2])


def test_the_example_question_reads() -> None:
    file = plain()
    file["combinations"] = []
    section_of(file, "questions")["questions"] = [question("works_here", "single"), example()]
    section_of(file, "questions")["questions"][0]["choices"] = [
        {"key": key, "text": dict.fromkeys(("ar", "fr", "en"), "fictional")}
        for key in ("yes", "no")
    ]
    assert read(file).by_key["pay"].raised_by(("kept_back",)) == (
        "coercion_at_destination.withholding_of_wages",
    )


@pytest.mark.parametrize(
    ("begins", "values"),
    [
        ("need:", vocabulary.NEEDS),
        ("finding:", vocabulary.SHOWN_BY_AN_ANSWER),
        ("form:", vocabulary.FORMS),
        ("window:", vocabulary.WINDOWS),
        ("sign:", tuple(unodc().sectors)),
    ],
)
def test_the_page_names_everything_that_can_be_raised(begins: str, values: tuple[str, ...]) -> None:
    assert row(begins) == list(values)


def test_the_page_names_every_kind_and_the_order_of_purposes() -> None:
    kinds = row("kind`")
    assert kinds == list(Kind)
    order = next(each for each in PAGE.splitlines() if "by `purpose`" in each)
    named = re.findall(r"`([a-z]+)`", order)
    assert [each for each in named if each != "purpose"] == list(Purpose)


def test_every_whole_condition_on_the_page_reads() -> None:
    written = [each for each in re.findall(r"`(\{.*?\})`", PAGE) if "…" not in each]
    conditions = [each for each in written if '"question"' in each or '"answered"' in each]
    assert len(conditions) >= 5
    for each in conditions:
        condition_from_plain(json.loads(each), "the page")
