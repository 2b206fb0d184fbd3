"""`amana country` as people and scripts use it."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from protocols.commands.country import UnreadableCountryFileError, country
from protocols.commands.files import OfficeMissingError, OutputExistsError, OutputNotWrittenError
from protocols.countries.errors import CountryTextError, UnknownCountryError


def run(*arguments: str) -> Result:
    return CliRunner().invoke(country, arguments, env={"COLUMNS": "200"})


def test_show_prints_what_is_known_in_the_chosen_language() -> None:
    result = run("show", "tn", "--language", "fr")
    assert result.exit_code == 0
    assert "Tunisie (TN)" in result.output
    assert "publié en 2018, non vérifié depuis" in result.output
    assert "vérifié par personne" in result.output


def test_show_says_what_is_not_known() -> None:
    result = run("show", "LY")
    assert "No hotline is known for Libya" in result.output
    assert "a general order, not the country's mechanism" in result.output


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("code", ["EG", "LY", "MA", "TN"])
def test_show_prints_every_country_in_every_language(code: str, language: str) -> None:
    result = run("show", code, "--language", language, "--divisions")
    assert result.exit_code == 0
    assert f"{code}-" in result.output


def test_show_json_carries_source_and_verification_of_the_hotline() -> None:
    value = json.loads(run("show", "TN", "--json").output)
    line = value["hotlines"][0]
    assert line["verified"] is False and line["verified_by"] is None
    assert line["source"]["url"].startswith("https://")
    assert len(value["divisions"]) == 24


def test_list_json_counts_and_tells_unknown_from_none() -> None:
    rows = {each["code"]: each for each in json.loads(run("list", "--json").output)}
    assert list(rows) == ["EG", "LY", "MA", "TN"]
    assert rows["LY"]["hotlines_known"] is False and rows["TN"]["hotlines_known"] is True
    assert {each["verified"] for each in rows.values()} == {0}


def test_list_names_the_countries() -> None:
    assert "Égypte" in run("list", "--language", "fr").output


def test_an_unknown_country_is_refused() -> None:
    assert isinstance(run("show", "XX").exception, UnknownCountryError)


def test_check_passes_an_installed_file_and_refuses_a_damaged_one(tmp_path: Path) -> None:
    raw = files("protocols.countries").joinpath("data", "MA.json").read_text(encoding="utf-8")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(raw, encoding="utf-8")
    value = json.loads(raw)
    value["pathway"][0]["texts"]["ar"] = ""
    bad.write_text(json.dumps(value), encoding="utf-8")
    assert "MA version 2 holds" in run("check", str(good)).output
    assert isinstance(run("check", str(bad)).exception, CountryTextError)
    told = json.loads(run("check", str(good), "--json").stdout)
    assert (told["code"], told["verified"]) == ("MA", 0)
    missing = run("check", str(tmp_path / "none.json"))
    assert isinstance(missing.exception, UnreadableCountryFileError)


def test_print_writes_a_page_and_never_over_another_file_unasked(tmp_path: Path) -> None:
    out = tmp_path / "TN.pdf"
    done = run("print", "tn", "--language", "ar", "--dated", "2026-11-25", "--out", str(out))
    assert done.exit_code == 0 and "تونس" in done.output
    page = out.read_bytes()
    assert page.startswith(b"%PDF-") and b"/Lang (ar)" in page and b"20261125" in page
    again = run("print", "TN", "--out", str(out))
    assert isinstance(again.exception, OutputExistsError) and out.read_bytes() == page
    assert run("print", "TN", "--out", str(out), "--force").exit_code == 0
    assert b"/Lang (en)" in out.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["TN.pdf"]


def test_print_leaves_nothing_behind_where_the_disk_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    failed = run("print", "LY", "--out", str(tmp_path / "LY.pdf"))
    assert isinstance(failed.exception, OutputNotWrittenError)
    assert str(tmp_path / "LY.pdf") in str(failed.exception)
    assert list(tmp_path.iterdir()) == []


def test_print_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("protocols.paper")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fpdf", None)
    failed = run("print", "LY", "--out", str(tmp_path / "LY.pdf"))
    assert isinstance(failed.exception, OfficeMissingError)
    assert "amana[office]" in str(failed.exception)


def test_nothing_that_draws_pages_is_loaded_before_it_is_needed() -> None:
    code = "import sys, protocols.commands.country; print({'fpdf', 'uharfbuzz'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
