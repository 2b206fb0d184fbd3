"""`amana assess` and `amana checklist` as others script against them."""

import json
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from protocols.commands import main
from protocols.commands.assess import assess
from protocols.commands.checklist import checklist
from protocols.screening import checklist as packaged
from protocols.screening.checklist import available
from protocols.screening.tables import DIMENSIONS, SETS, tables
from protocols.screening.vocabulary import FORMS
from tests.protocols.screening.fictional import plain, question_of, read


def run(command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def through_main(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    """(exit code, output, errors) of `amana …` as a shell sees it."""
    monkeypatch.setattr(sys, "argv", ["amana", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    out = capsys.readouterr()
    return int(end.value.code or 0), out.out, out.err


def test_the_entry_points_are_the_commands() -> None:
    points = {each.name: each for each in entry_points(group="amana.commands")}
    assert points["assess"].load() is assess
    assert points["checklist"].load() is checklist


def test_the_list_has_exactly_every_key_with_its_strength() -> None:
    result = run(assess, "--list", "--json")
    assert result.exit_code == 0
    listed = json.loads(result.output)
    assert set(listed) == set(SETS)
    for name, dimensions in listed.items():
        assert set(dimensions) == set(DIMENSIONS)
        for dimension, indicators in dimensions.items():
            assert indicators == [
                {"key": each.key, "strength": each.strength} for each in tables()[name][dimension]
            ]


def test_an_assessment_in_json_has_the_three_fields_that_scripts_read() -> None:
    result = run(
        assess,
        "--set",
        "adult-labour",
        "--indicators",
        "debt_bondage,exploitation.hazardous_work, low_or_no_salary,wage_manipulation",
        "--json",
    )
    assert result.exit_code == 0
    said = json.loads(result.output)
    assert set(said) == {"set", "dimensions", "findings"}
    assert said["set"] == "adult-labour"
    assert said["dimensions"] == {
        "deceptive_recruitment": False,
        "coercive_recruitment": False,
        "recruitment_by_abuse_of_vulnerability": False,
        "exploitation": True,
        "coercion_at_destination": False,
        "abuse_of_vulnerability_at_destination": False,
    }
    found = {each["kind"]: each for each in said["findings"]}
    assert set(found) == {"forced_labour_indicated", "labour_rights_violation"}
    for finding in found.values():
        assert set(finding["text"]) == {"ar", "fr", "en"}
        assert all(reason["rule"] and reason["source"] for reason in finding["reasons"])


def test_indicators_may_be_given_more_than_once_and_none_is_lost() -> None:
    base = ("--set", "adult-labour", "--json")
    once = run(assess, *base, "--indicators", "debt_bondage,hazardous_work")
    twice = run(assess, *base, "--indicators", "debt_bondage", "--indicators", "hazardous_work")
    assert twice.exit_code == 0
    assert twice.output == once.output


def test_no_indicators_is_an_answer_and_never_a_verdict() -> None:
    result = run(assess, "--set", "child-sexual", "--indicators", "", "--json")
    assert result.exit_code == 0
    said = json.loads(result.output)
    assert not any(said["dimensions"].values())
    assert [each["kind"] for each in said["findings"]] == ["no_indicators_now"]
    assert "way to help stays open" in said["findings"][0]["text"]["en"]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--set", "adult-labour", "--indicators", "debt_bondag"], "debt_bondage"),
        (["--set", "adult-labour", "--indicators", "hazardous_work,qqqq"], "amana assess --list"),
        (["--set", "adult", "--indicators", ""], "child-sexual"),
        (["--set", "adult-labour"], "--indicators"),
        (["--indicators", "debt_bondage"], "--set"),
        ([], "--list"),
        (["--list", "--set", "adult-labour"], "--list"),
        (["--tables", "--set", "adult-labour"], "--tables"),
    ],
)
def test_what_cannot_be_assessed_ends_with_code_two_and_a_way_on(
    arguments: list[str],
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = through_main(monkeypatch, capsys, "assess", *arguments)
    assert code == 2
    assert out == ""
    assert hint in err
    assert "Traceback" not in err


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_people_read_dimensions_and_reasons_in_their_language(language: str) -> None:
    result = run(
        assess,
        "--set",
        "adult-labour",
        "--indicators",
        "debt_bondage,violence_on_victim",
        "--language",
        language,
    )
    assert result.exit_code == 0
    title = {"ar": "العمل القسري", "fr": "travail forcé", "en": "forced labour"}[language]
    assert title in result.output
    assert "two_strong" in result.output


def test_the_further_tables_show_the_eleven_unodcs_signs_and_forms_with_what_was_read() -> None:
    result = run(assess, "--tables", "--json")
    assert result.exit_code == 0
    listed = json.loads(result.output)
    assert set(listed) == {"ilo_eleven", "unodc", "forms"}
    assert len(listed["ilo_eleven"]["eleven"]) == 11
    assert listed["unodc"]["weights"] is None
    assert set(listed["forms"]) == {"labour", "sexual", *FORMS}
    for form in listed["forms"].values():
        assert form["ic_tip"] is None
        assert {each["read"] for each in form["named_in"]} <= {"reproduction", "no"}
    for shown in (run(assess, "--tables", "--language", "ar"), run(assess, "--list")):
        assert shown.exit_code == 0
        for name in ("general.fear", "debt_bondage", "child_recruitment", "no code read"):
            assert name in shown.output


def test_the_list_for_people_says_which_strengths_are_not_confirmed() -> None:
    result = run(assess, "--list")
    assert result.exit_code == 0
    assert "not confirmed" in result.output
    assert "child-labour" in result.output


@pytest.mark.parametrize(
    "arguments", [["assess"], ["checklist"], *(["checklist", each] for each in ("list", "check"))]
)
def test_help_shows_an_example(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = through_main(monkeypatch, capsys, *arguments, "--help")
    assert code == 0
    assert f"amana {arguments[0]} " in out.split("Example")[1]


def test_every_packaged_checklist_is_listed_and_holds() -> None:
    listed = json.loads(run(checklist, "list", "--json").output)
    assert [each["id"] for each in listed] == list(available())
    assert run(checklist, "list").exit_code == 0
    result = run(checklist, "check", "--json")
    assert result.exit_code == 0
    assert [each["checklist"] for each in json.loads(result.output)] == list(available())
    assert "It holds" in run(checklist, "check", "border_officer-child").output


@pytest.fixture
def damaged(monkeypatch: pytest.MonkeyPatch) -> str:
    """A fictional checklist that asks something for nothing, installed for one test."""
    file = plain()
    question_of(file, "since")["fills"] = None
    found = read(file)
    monkeypatch.setattr(
        "protocols.commands.checklist_files.load", {found.id: found}.__getitem__, raising=True
    )
    return found.id


def test_a_checklist_that_does_not_hold_ends_with_code_one_and_the_place(damaged: str) -> None:
    told = run(checklist, "check", damaged)
    assert told.exit_code == 1
    assert "asked_for_nothing" in told.output
    assert "since" in told.output
    plain_ = json.loads(run(checklist, "check", damaged, "--json").output)
    assert plain_[0]["holds"] is False
    assert [each["where"] for each in plain_[0]["problems"]] == ["s_consent", "since"]


def test_a_checklist_is_shown_in_order_in_a_language(damaged: str) -> None:
    told = run(checklist, "show", damaged, "--language", "fr")
    assert told.exit_code == 0
    assert "pay (fr, fictional)" in told.output
    assert "seulement quand works est « yes »" in told.output
    path = json.loads(run(checklist, "show", damaged, "--language", "ar", "--json").output)
    keys = [each["key"] for section in path["sections"] for each in section["questions"]]
    assert keys[0] == "private"
    assert keys[-1] == "thanks"
    assert path["language"] == "ar"


@pytest.mark.parametrize("name", ["nope", "../../../etc/passwd", ""])
def test_an_unknown_checklist_ends_with_code_two(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("check", "show"):
        code, out, err = through_main(monkeypatch, capsys, "checklist", command, name)
        assert (code, out) == (2, "")
        assert "there are" in err


def test_a_damaged_packaged_file_ends_with_code_two_and_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "checklists"
    folder.mkdir()
    (folder / "broken_fictional-adult.json").write_text('{"format": "amana-checklist/1"}')
    monkeypatch.setattr(packaged, "files", lambda _: tmp_path)
    code, out, err = through_main(
        monkeypatch, capsys, "checklist", "check", "broken_fictional-adult"
    )
    assert (code, out) == (2, "")
    assert "not a checklist file" in err
