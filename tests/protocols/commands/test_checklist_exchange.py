"""`amana checklist export` and `import`, and checklists named by a file, as others script them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from protocols.commands import checklist_exchange, main
from protocols.commands.checklist import checklist
from protocols.commands.checklist_exchange import FORMATS
from protocols.exchange.checklist_json import checklist_json
from protocols.screening.checklist import load
from protocols.screening.checklist_file import read_checklist
from tests.protocols.exchange.forms import changed, put
from tests.protocols.screening.fictional import plain, question_of, read

NAME = "border_officer-child"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(checklist, [str(each) for each in arguments], catch_exceptions=True)


def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> str:
    """What `amana checklist …` says on its errors, having ended with code 2 and printed nothing."""
    monkeypatch.setattr(sys, "argv", ["amana", "checklist", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    told = capsys.readouterr()
    assert (end.value.code, told.out) == (2, "")
    return told.err


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    out = tmp_path / "border.xlsx"
    assert run("export", NAME, "--to", "xlsform", "--out", out).exit_code == 0
    return out


@pytest.fixture
def fictional_file(tmp_path: Path) -> Path:
    """A fictional checklist's JSON file, that asks one thing for nothing."""
    file = plain()
    question_of(file, "since")["fills"] = None
    out = tmp_path / "fictional-adult.json"
    out.write_bytes(checklist_json(read(file)))
    return out


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_goes_out_and_comes_back(form: str, tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "back.json"
    told = run("export", NAME, "--to", form, "--out", out)
    assert told.exit_code == 0
    assert f"{NAME}, version {load(NAME).version}" in told.output
    for more in ((), ("--from", form)):
        told = run("import", out, "--out", back, "--force", *more)
        assert told.exit_code == 0
        assert "It is the same as the installed version" in told.output
        assert f"Next: amana checklist check {back}" in told.output
        assert read_checklist(back.read_bytes()) == load(NAME)


def test_an_edit_is_told_and_the_version_has_to_grow(sheet: Path, tmp_path: Path) -> None:
    version = load(NAME).version
    key = load(NAME).questions[0].key
    sheet.write_bytes(
        changed(sheet.read_bytes(), put("survey", key, "label::English (en)", "Other words?"))
    )
    told = run("import", sheet, "--out", tmp_path / "a.json")
    assert told.exit_code == 0
    assert f"differs from the installed version {version}: {key} (text)" in told.output
    assert f"write {version + 1} in the sheet" in " ".join(told.output.split())
    report = json.loads(run("import", sheet, "--out", tmp_path / "b.json", "--json").output)
    assert report["differs_in"] == [f"{key} (text)"]
    assert report["version_to_write"] == version + 1
    assert (report["read"], report["checklist"], report["version"]) == (True, NAME, version)

    sheet.write_bytes(
        changed(
            sheet.read_bytes(), lambda book: setattr(book["settings"]["E2"], "value", version + 1)
        )
    )
    report = json.loads(run("import", sheet, "--out", tmp_path / "c.json", "--json").output)
    assert report["version_to_write"] is None
    assert report["differs_in"] == [f"{key} (text)", "version"]


def test_problems_are_listed_and_nothing_is_written(sheet: Path, tmp_path: Path) -> None:
    keys = [each.key for each in load(NAME).questions[:2]]

    def edit(book: Any) -> None:
        for key in keys:
            put("survey", key, "voice", "loud")(book)

    sheet.write_bytes(changed(sheet.read_bytes(), edit))
    out = tmp_path / "a.json"
    told = run("import", sheet, "--out", out)
    assert told.exit_code == 1
    assert "2 to mend; nothing was written." in told.output
    report = run("import", sheet, "--out", out, "--json")
    assert report.exit_code == 1
    plain_ = json.loads(report.output)
    assert (plain_["read"], plain_["count"]) == (False, 2)
    assert all(each["where"].endswith("column voice") for each in plain_["problems"])
    assert not out.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{}", b"\xef\xbb\xbf {}", "أمانة".encode()])
def test_any_other_file_is_a_problem_not_a_traceback(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(data)
    told = run("import", tmp_path / "in", "--out", tmp_path / "out.json")
    assert told.exit_code == 1
    assert "1 to mend" in told.output


def test_a_checklist_from_a_file_is_exported_checked_and_shown(
    fictional_file: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "a.xlsx"
    assert run("export", fictional_file, "--to", "xlsform", "--out", sheet).exit_code == 0
    told = run("import", sheet, "--out", tmp_path / "b.json")
    assert "No checklist named fictional-adult is installed here" in " ".join(told.output.split())
    assert (tmp_path / "b.json").read_bytes() == fictional_file.read_bytes()
    told = run("check", fictional_file)
    assert told.exit_code == 1
    assert "asked_for_nothing" in told.output
    told = run("show", fictional_file, "--language", "ar")
    assert told.exit_code == 0
    assert "فقط إذا works هو «yes»" in told.output
    assert "only if" not in told.output


def test_what_cannot_stand_in_a_spreadsheet_is_listed(tmp_path: Path) -> None:
    file = plain()
    question_of(file, "pay")["text"]["en"] = "how ${works}"
    (tmp_path / "a.json").write_bytes(checklist_json(read(file)))
    told = run("export", tmp_path / "a.json", "--to", "xlsform", "--out", tmp_path / "a.xlsx")
    assert told.exit_code == 1
    assert "1 to mend; nothing was written." in told.output
    assert not (tmp_path / "a.xlsx").exists()


def test_nothing_is_written_over_without_force(
    sheet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = tmp_path / "there.json"
    there.write_text("kept")
    for arguments in (
        ("export", NAME, "--to", "xlsform", "--out", there),
        ("import", sheet, "--out", there),
    ):
        assert "--force" in refused(monkeypatch, capsys, *arguments)
        assert there.read_text() == "kept"
    assert run("import", sheet, "--out", there, "--force").exit_code == 0
    assert read_checklist(there.read_bytes()) == load(NAME)


def test_a_crash_leaves_no_half_file(
    sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there.json"
    there.write_text("kept")
    before = sorted(tmp_path.iterdir())

    def crash(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", crash)
    run("import", sheet, "--out", there, "--force")
    assert there.read_text() == "kept"
    assert sorted(tmp_path.iterdir()) == before


def test_a_full_disk_is_told(
    sheet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    told = refused(monkeypatch, capsys, "import", sheet, "--out", tmp_path / "a.json")
    assert "No space left on device" in told
    assert [each.name for each in tmp_path.iterdir() if "a.json" in each.name] == []


def test_wrong_use_ends_with_code_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for arguments, told in (
        (("export", "nope", "--to", "xlsform", "--out", out), "there are"),
        (("export", tmp_path / "no.json", "--to", "xlsform", "--out", out), "can't be read"),
        (("export", NAME, "--to", "csv", "--out", out), "xlsform"),
        (("import", tmp_path / "no.xlsx", "--out", out), "can't be read"),
        (("import", tmp_path, "--out", out), "can't be read"),
        (("check", tmp_path / "no.json"), "can't be read"),
        (("show", tmp_path / "no.json"), "can't be read"),
    ):
        assert told in refused(monkeypatch, capsys, *arguments)
    assert not out.exists()


def test_a_machine_without_the_library_is_told_what_to_install(
    sheet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError("No module", name="openpyxl")

    monkeypatch.setattr(checklist_exchange.importlib, "import_module", missing)
    told = refused(monkeypatch, capsys, "import", sheet, "--out", tmp_path / "a.json")
    assert "needs openpyxl: install amana[office]" in told


def test_the_other_commands_need_none_of_these_libraries() -> None:
    code = "import sys, protocols.commands.checklist; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert not {b"openpyxl", b"defusedxml", b"lark", b"fhir"} & set(loaded.split())
