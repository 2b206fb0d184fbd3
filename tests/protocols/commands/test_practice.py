"""`amana practice` as people who write cases use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from protocols.commands.practice import UnreadablePracticeFileError, practice
from protocols.practice.cases import available, raw
from protocols.practice.errors import UnknownCaseError

PRESS = "tn-labour_inspector-adult-olive-press"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(practice, arguments, env={"COLUMNS": "200"})


def test_list_names_every_case_and_says_that_they_are_fictional() -> None:
    rows = json.loads(run("list", "--json").output)
    assert tuple(each["id"] for each in rows) == available()
    assert all(each["fictional"] for each in rows)
    assert "all fictional" in run("list").output


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_show_prints_scene_words_answers_and_reference(language: str) -> None:
    case = json.loads(raw(PRESS))
    result = run("show", PRESS, "--language", language)
    assert result.exit_code == 0
    flat = result.output.replace("\n", " ")
    assert case["title"][language] in flat
    assert case["says"]["rest"][language].split()[0] in flat
    assert "cannot_rest" in flat and "Chowdury" in flat and "not read" in flat


def test_show_refuses_a_case_that_is_not_there() -> None:
    assert isinstance(run("show", "nobody").exception, UnknownCaseError)


def test_check_names_what_is_wrong_with_its_place(tmp_path: Path) -> None:
    case = json.loads(raw(PRESS))
    del case["says"]["rest"]
    file = tmp_path / f"{PRESS}.json"
    file.write_text(json.dumps(case))
    result = run("check", str(file))
    assert result.exit_code == 1
    assert "says.rest" in result.output


def test_check_says_where_the_rules_differ_from_the_reference(tmp_path: Path) -> None:
    case = json.loads(raw(PRESS))
    case["reference"]["indicators"].pop()
    file = tmp_path / f"{PRESS}.json"
    file.write_text(json.dumps(case))
    result = run("check", str(file), "--json")
    assert result.exit_code == 1
    (report,) = json.loads(result.output)
    assert report["format"] == []
    assert "not in the reference" in report["reference"][0]["message"]


def test_check_holds_a_file_to_its_name(tmp_path: Path) -> None:
    file = tmp_path / "another.json"
    file.write_bytes(raw(PRESS))
    result = run("check", str(file))
    assert result.exit_code == 1
    assert f"{PRESS}.json" in result.output.replace("\n", "")


def test_check_of_a_whole_file_holds(tmp_path: Path) -> None:
    file = tmp_path / f"{PRESS}.json"
    file.write_bytes(raw(PRESS))
    assert run("check", str(file)).exit_code == 0


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "none.json"))
    assert isinstance(result.exception, UnreadablePracticeFileError)
