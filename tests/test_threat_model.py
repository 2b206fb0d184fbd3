"""docs/threat-model.md states facts: each line names tests that exist, and its table of a hostile
server's attacks is the catalogue that is played, told in the app's own words."""

import re
from importlib import import_module

import pytest

from mobile.flows.error_words import BY_CODE
from tests.hostile.catalogue import ATTACKS, modules
from tests.test_house import HOUSE

for each in modules():
    import_module(each)

PAGE = (HOUSE / "docs" / "threat-model.md").read_text(encoding="utf-8")
PROMISES = "## What is not yet so"
LINES = [line for line in PAGE.partition(PROMISES)[0].splitlines() if line.startswith("- ")]
NAMED = re.compile(r"`(tests/[a-z_/0-9]+\.py)::(test_[a-z_0-9]+)(?:\[([a-z-]+)\])?`")
TABLE = "## What a hostile server can try"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.partition(TABLE)[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and "`tests/" in line
]
PLAYED = ("tests/hostile/test_attacks.py", "test_a_hostile_server")


def test_facts_and_promises_stand_apart() -> None:
    assert len(LINES) > 20
    assert PROMISES in PAGE
    assert NAMED.search(PAGE.partition(PROMISES)[2]) is None


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[2:40])
def test_each_line_names_tests_that_exist(line: str) -> None:
    named = NAMED.findall(line)
    assert named, "a line without a test is a promise; move it to the last section"
    for path, name, attack in named:
        assert not attack or ((path, name) == PLAYED and attack in ATTACKS)
        source = (HOUSE / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{path} has no {name}"


def test_each_attack_has_its_row_and_each_row_its_test() -> None:
    named = [NAMED.findall(row[-1]) for row in ROWS]
    assert all(len(each) == 1 for each in named)
    assert {(path, name) for ((path, name, _),) in named} == {PLAYED}
    assert [attack for ((_, _, attack),) in named] == list(ATTACKS)
    assert len(ATTACKS) > 60


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[-1].rpartition("[")[2][:-2])
def test_a_row_says_what_is_tried_done_and_read(row: list[str]) -> None:
    tried, done, read, test = row
    ((_, _, name),) = NAMED.findall(test)
    attack = ATTACKS[name]
    assert tried == " ".join((attack.play.__doc__ or "").split())
    assert done.endswith(".")
    if not attack.says:
        assert (read, bool(attack.harmless)) == ("nothing", True)
        return
    headline = re.split(r"(?<=[.!?])\s", BY_CODE[attack.says])[0]
    assert read == headline
