"""The committed vectors are what the script makes, and say what this code does."""

import json

import pytest

from tools.vectors.__main__ import MAKERS, OUT, text_of


@pytest.mark.parametrize("name", MAKERS)
def test_committed_as_made(name: str) -> None:
    told = (OUT / f"{name}.json").read_text(encoding="utf-8")
    assert told == text_of(name), "run python -m tools.vectors and look at what changed"


def test_no_file_lies_there_that_nobody_makes() -> None:
    assert {each.stem for each in OUT.glob("*.json")} == set(MAKERS)


def test_readers_take_and_refuse_as_intended() -> None:
    told = json.loads((OUT / "plain.json").read_text(encoding="utf-8"))["objects"]
    assert [each["valid"] for each in told] == [True] * 3 + [False] * (len(told) - 3)
