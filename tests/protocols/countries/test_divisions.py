"""Divisions are ISO 3166-2's, written by tools/divisions.py and by nobody's hand."""

import importlib.util
import json
import os
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from protocols.countries.country import codes, country
from protocols.referral.provider import COUNTRIES, is_division

HOUSE = Path(__file__).resolve().parents[3]
TOOL = HOUSE / "tools" / "divisions.py"
CODE = pytest.mark.parametrize("code", codes())


def tool() -> ModuleType:
    pytest.importorskip("pycountry", reason="pycountry is not installed: divisions not compared")
    spec = importlib.util.spec_from_file_location("divisions_tool", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(code: str) -> dict[str, Any]:
    data = files("protocols.countries").joinpath("data", "divisions", f"{code}.json").read_bytes()
    value: dict[str, Any] = json.loads(data)
    return value


@CODE
def test_codes_kinds_and_parents_are_those_of_pycountry(code: str) -> None:
    pycountry = pytest.importorskip("pycountry", reason="pycountry is not installed")
    expected = {
        (each.code, each.type, each.parent_code)
        for each in pycountry.subdivisions.get(country_code=code)
    }
    found = {(each.code, each.kind, each.parent) for each in country(code).divisions}
    assert found == expected


def test_each_country_has_as_many_divisions_as_iso_gives_it() -> None:
    counts = {code: len(country(code).divisions) for code in codes()}
    assert counts == {"EG": 27, "LY": 22, "MA": 87, "TN": 24}


@CODE
def test_latin_names_of_morocco_and_tunisia_are_isos(code: str) -> None:
    module = tool()
    empty: dict[str, dict[str, str]] = {language: {} for language in module.LANGUAGES}
    for fresh, kept in zip(module.divisions(code, empty), written(code)["divisions"], strict=True):
        if code in module.LATIN_FROM_ISO:
            assert fresh["names"] | {"ar": None} == kept["names"] | {"ar": None}
        else:
            assert set(fresh["names"].values()) == {None}


@CODE
def test_the_file_is_written_again_alike(code: str) -> None:
    if "AMANA_CLDR" not in os.environ:
        pytest.skip("names not compared: unpack npm's cldr@8.0.0 and set AMANA_CLDR to it")
    module = tool()
    common = module.cldr_common(Path(os.environ["AMANA_CLDR"]))
    path = files("protocols.countries").joinpath("data", "divisions", f"{code}.json")
    assert module.written(module.places(code, common)) == path.read_text(encoding="utf-8")


def test_the_names_of_the_moroccan_regions_of_before_2015_are_refused() -> None:
    module = tool()
    stale = {language: {"ma04": "Oriental", "marab": "Rabat"} for language in module.LANGUAGES}
    names = {each["code"]: each["names"] for each in module.divisions("MA", stale)}
    assert names["MA-04"] == {
        "ar": None,
        "fr": "Rabat-Salé-Kénitra",
        "en": "Rabat-Salé-Kénitra",
    }
    assert names["MA-RAB"]["ar"] == "Rabat"


def test_no_name_carries_isos_mark_or_the_word_for_its_kind() -> None:
    names = [
        name for code in codes() for each in country(code).divisions for name in each.names.values()
    ]
    assert not [each for each in names if "(" in each or "ouvernorat" in each or "محافظة" in each]
    assert "Le Caire" in names and "القاهرة" in names


def test_within_a_country_no_two_places_to_choose_share_a_name() -> None:
    for code in codes():
        for language in ("ar", "fr", "en"):
            names = [each.name(language) for each in country(code).places_to_choose]
            assert len(set(names)) == len(names), (code, language)


def test_the_directory_can_hold_every_division_and_country() -> None:
    assert codes() == COUNTRIES
    for code in codes():
        for each in country(code).divisions:
            is_division(None, type("field", (), {"name": "divisions"}), (each.code,))


@CODE
def test_the_fictional_providers_serve_divisions_that_exist(code: str) -> None:
    data = json.loads((HOUSE / "backend" / "fictional" / f"{code}.json").read_bytes())
    served = [each for provider in data["providers"] for each in provider["divisions"]]
    assert served
    for each in served:
        assert country(code).division(each).code == each
