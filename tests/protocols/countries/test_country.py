"""The country packages that are installed: sources, languages, hotlines, pathways."""

import json
import re
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from protocols.countries.country import codes, country
from protocols.countries.errors import UnknownCountryError, UnknownDivisionError
from protocols.countries.model import LANGUAGES, Basis, Country, Missing
from protocols.countries.words import LABELS, hotline_text, verification_text

ALL = [country(code) for code in ("EG", "LY", "MA", "TN")]
PACKAGE = pytest.mark.parametrize("package", ALL, ids=lambda each: each.code)


def test_the_four_countries_of_the_programme_have_a_package() -> None:
    assert codes() == ("EG", "LY", "MA", "TN")


def test_another_country_is_refused_and_the_ones_there_are_are_named() -> None:
    with pytest.raises(UnknownCountryError, match="EG, LY, MA, TN"):
        country("XX")


@PACKAGE
def test_every_fact_has_a_source_and_says_whether_it_is_verified(package: Country) -> None:
    facts = list(package.facts())
    assert len(facts) >= 8
    for where, fact in facts:
        assert fact.source.title and fact.source.read, where
        assert fact.source.url is not None, where
        assert fact.verified == (fact.verified_by is not None), where


@PACKAGE
def test_no_fact_claims_a_verifier_because_nobody_verified_any_yet(package: Country) -> None:
    assert [where for where, fact in package.facts() if fact.verified] == []


@PACKAGE
def test_every_text_in_the_file_has_three_languages(package: Country) -> None:
    raw = json.loads(
        files("protocols.countries").joinpath("data", f"{package.code}.json").read_bytes()
    )
    texts = list(texts_in(raw))
    assert len(texts) > 20
    assert [each for each in texts if set(each) != set(LANGUAGES) or not all(each.values())] == []


def texts_in(value: object) -> object:
    if isinstance(value, dict):
        if set(value) & set(LANGUAGES):
            yield value
        else:
            for each in value.values():
                yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


@PACKAGE
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_unverified_number_is_shown_as_if_it_were_verified(
    package: Country, language: str
) -> None:
    for line in package.hotlines:
        shown = hotline_text(line, language)
        assert line.published[:4] in shown
        assert shown != verification_text(line, language)
        assert not shown.startswith(("verified by", "vérifié par", "تحقّق"))


def test_tunisias_number_says_when_it_was_published_and_that_it_is_not_verified_since() -> None:
    line = country("TN").hotlines[0]
    assert line.number == "80 104 748"
    assert hotline_text(line, "en") == "published 2018, not verified since"


@pytest.mark.parametrize(("code", "numbers"), [("TN", {"192", "1809"}), ("MA", {"2511"})])
def test_lines_for_children_stand_in_a_step_for_children_alone(
    code: str, numbers: set[str]
) -> None:
    package = country(code)
    assert numbers < {each.number for each in package.hotlines}
    told = [each.texts["en"] for each in package.pathway if each.population == "child"]
    assert any("see the hotlines" in each for each in told)
    assert not any(number in text for number in numbers for text in told)


def test_libya_has_no_number_no_mechanism_and_says_so() -> None:
    libya = country("LY")
    assert libya.hotlines == () and not libya.hotlines_known
    assert libya.mechanism.basis is Basis.GENERAL
    assert {each.missing for each in libya.gaps} == set(Missing)
    assert "focal point" in libya.pathway[0].texts["en"]


@PACKAGE
def test_a_reflection_period_that_nobody_read_is_null_and_said_to_be(package: Country) -> None:
    assert package.reflection_period is None
    assert Missing.REFLECTION_PERIOD in {each.missing for each in package.gaps}


@PACKAGE
def test_a_mechanism_of_which_no_step_was_read_is_flagged(package: Country) -> None:
    general = package.mechanism.basis is Basis.GENERAL
    assert general == (Missing.NATIONAL_PATHWAY in {each.missing for each in package.gaps})
    assert general == (package.code in ("LY", "MA"))


@PACKAGE
@pytest.mark.parametrize("population", ["adult", "child"])
def test_the_pathway_keeps_its_order_for_adults_and_children(
    package: Country, population: str
) -> None:
    orders = [each.order for each in package.steps(population)]
    assert orders and orders == sorted(orders)


def test_in_tunisia_a_child_goes_to_the_delegate_and_an_adult_does_not() -> None:
    delegate = "child protection delegate"
    tunisia = country("TN")
    assert any(delegate in each.texts["en"] for each in tunisia.steps("child"))
    assert not any(delegate in each.texts["en"] for each in tunisia.steps("adult"))


@PACKAGE
def test_the_time_zone_exists(package: Country) -> None:
    assert ZoneInfo(package.timezone).key == package.timezone


def test_a_division_is_found_by_code_and_lies_where_iso_says() -> None:
    morocco = country("MA")
    assert morocco.division("MA-CAS").name("ar") == "الدار البيضاء"
    assert morocco.lineage("MA-CAS") == ("MA-CAS", "MA-06")
    assert country("TN").lineage("TN-61") == ("TN-61",)
    with pytest.raises(UnknownDivisionError, match="amana country show MA"):
        morocco.division("TN-61")


def test_a_worker_chooses_provinces_in_morocco_and_governorates_elsewhere() -> None:
    kinds = {each.code: {part.kind for part in each.places_to_choose} for each in ALL}
    assert kinds["MA"] == {"Province", "Prefecture"}
    assert kinds["EG"] == kinds["TN"] == {"Governorate"}


def test_a_name_that_is_missing_falls_back_and_is_listed() -> None:
    morocco = country("MA")
    assert morocco.untranslated("ar") == tuple(f"MA-{number:02}" for number in range(1, 13))
    assert morocco.division("MA-06").name("ar") == "Casablanca-Settat"


@PACKAGE
def test_no_other_name_is_missing(package: Country) -> None:
    missing = {language: package.untranslated(language) for language in LANGUAGES}
    expected = missing["ar"] if package.code == "MA" else ()
    assert missing == {"ar": expected, "fr": (), "en": ()}


def test_every_label_has_three_languages() -> None:
    assert all(set(each) == set(LANGUAGES) for each in LABELS.values())


def test_every_source_of_a_fact_stands_in_the_page_of_sources_and_no_other() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "sources.md").read_text("utf-8")
    countries = page.partition("## Countries")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| \[.*?\]\((\S+?)\), ", countries, flags=re.MULTILINE))
    used = {fact.source.url for package in ALL for _, fact in package.facts()}
    assert named == used
    for package in ALL:
        for where, fact in package.facts():
            row = next(line for line in countries.splitlines() if f"({fact.source.url})" in line)
            assert fact.source.read in row and f"{package.code}: " in row, where
