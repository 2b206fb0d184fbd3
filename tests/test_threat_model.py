"""docs/threat-model.md states facts: each line names tests that exist."""

import re

import pytest

from tests.test_house import HOUSE

PAGE = (HOUSE / "docs" / "threat-model.md").read_text(encoding="utf-8")
PROMISES = "## What is not yet so"
LINES = [line for line in PAGE.partition(PROMISES)[0].splitlines() if line.startswith("- ")]
NAMED = re.compile(r"`(tests/[a-z_/0-9]+\.py)::(test_[a-z_0-9]+)`")


def test_facts_and_promises_stand_apart() -> None:
    assert len(LINES) > 20
    assert PROMISES in PAGE
    assert NAMED.search(PAGE.partition(PROMISES)[2]) is None


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[2:40])
def test_each_line_names_tests_that_exist(line: str) -> None:
    named = NAMED.findall(line)
    assert named, "a line without a test is a promise; move it to the last section"
    for path, name in named:
        source = (HOUSE / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{path} has no {name}"
