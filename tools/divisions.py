"""Writes protocols/countries/data/divisions/*.json from published data; nothing in it is typed.

    .venv/bin/python tools/divisions.py                  # fetches npm's cldr, then writes
    .venv/bin/python tools/divisions.py --cldr DIRECTORY # the unpacked npm package `cldr`

Codes, kinds, parents and the names used in Morocco and Tunisia in Latin letters: ISO 3166-2 as in
`pycountry`. Arabic names, and French and English ones for Egypt and Libya (where ISO gives a
scholar's transcription): CLDR, whose JSON packages leave most divisions out; npm's `cldr` has its
XML whole. Time zone: the first zone of the country in IANA's zone.tab, from `tzdata`.

CLDR still names the Moroccan regions of before 2015 under codes that ISO has given to others
since (its MA-04 is the Oriental, ISO's is Rabat-Salé-Kénitra). Those names are refused.
"""

import argparse
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pycountry

HOUSE = Path(__file__).resolve().parent.parent
OUT = HOUSE / "protocols" / "countries" / "data" / "divisions"
COUNTRIES = ("EG", "LY", "MA", "TN")
LANGUAGES = ("ar", "fr", "en")
PACKAGE, CLDR = "cldr@8.0.0", "48"
READ = "2026-11-24"

LATIN_FROM_ISO = ("MA", "TN")
STALE_IN_CLDR = {"MA": "Region"}
ISO_MARK = re.compile(r"\s*\(EH(-partial)?\)$")
ARABIC_KIND = re.compile(r"^(محافظة|ولاية|شعبية|إقليم|عمالة)\s+")
FRENCH_KIND = re.compile(r"^gouvernorat (du |de la |de l’|de |d’)", re.IGNORECASE)
FRENCH_ARTICLE = {"du ": "Le ", "de la ": "La ", "de l’": "L’"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--cldr", type=Path, help="the unpacked npm package `cldr`")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        common = cldr_common(given.cldr or fetch(Path(scratch)))
        for code in COUNTRIES:
            (given.out / f"{code}.json").write_text(written(places(code, common)), encoding="utf-8")
        shutil.copyfile(common.parent / "LICENSE", given.out / "LICENSE-CLDR.txt")


def fetch(into: Path) -> Path:
    """Unpacks npm's package `cldr` under `into`, of which only the names are kept."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not there: install it, or unpack the package and use --cldr")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=into, check=True)
    with tarfile.open(next(into.glob("cldr-*.tgz"))) as archive:
        archive.extractall(into, filter="data")
    return into / "package"


def cldr_common(package: Path) -> Path:
    """CLDR's `common` directory in the package. Exits unless it is the version named above."""
    common = package / "3rdparty" / "cldr" / "common"
    if f'cldrVersion CDATA #FIXED "{CLDR}"' not in (common / "dtd" / "ldml.dtd").read_text(
        encoding="utf-8"
    ):
        raise SystemExit(f"{package} is not CLDR {CLDR}; use npm's {PACKAGE}")
    return common


def places(code: str, common: Path) -> dict[str, Any]:
    """The divisions file of one country."""
    translated = {each: cldr_names(common, each) for each in LANGUAGES}
    return {
        "format": "amana-divisions/1",
        "code": code,
        "names": {each: territory(common, each, code) for each in LANGUAGES},
        "timezone": timezone(code),
        "languages": languages(common, code),
        "sources": sources(),
        "divisions": divisions(code, translated),
    }


def divisions(code: str, translated: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Every ISO 3166-2 division of a country by code; a name that is not known is None."""
    found = sorted(pycountry.subdivisions.get(country_code=code), key=lambda each: each.code)
    return [
        {
            "code": each.code,
            "kind": each.type,
            "parent": each.parent_code,
            "names": {language: name(each, language, translated) for language in LANGUAGES},
        }
        for each in found
    ]


def name(division: Any, language: str, translated: dict[str, dict[str, str]]) -> str | None:
    """A division's name from ISO or from CLDR, without ISO's mark for Western Sahara and without
    the word for the kind of division."""
    if language != "ar" and division.country_code in LATIN_FROM_ISO:
        return ISO_MARK.sub("", division.name)
    if division.type == STALE_IN_CLDR.get(division.country_code):
        return None
    known = translated[language].get(division.code.replace("-", "").lower())
    if known is None:
        return None
    return ARABIC_KIND.sub("", known) if language == "ar" else without_french_kind(known)


def without_french_kind(known: str) -> str:
    """« Gouvernorat du Caire » is « Le Caire »."""
    kind = FRENCH_KIND.match(known)
    if kind is None:
        return known
    return FRENCH_ARTICLE.get(kind.group(1).lower(), "") + known[kind.end() :]


def cldr_names(common: Path, language: str) -> dict[str, str]:
    """CLDR's division names in one language, by CLDR code (`tn11`)."""
    tree = ElementTree.parse(common / "subdivisions" / f"{language}.xml")  # noqa: S314
    return {each.get("type", ""): each.text or "" for each in tree.iter("subdivision")}


def territory(common: Path, language: str, code: str) -> str:
    """CLDR's name of a country in one language."""
    tree = ElementTree.parse(common / "main" / f"{language}.xml")  # noqa: S314
    return next(
        each.text
        for each in tree.iter("territory")
        if each.get("type") == code and each.get("alt") is None and each.text
    )


def languages(common: Path, code: str) -> list[str]:
    """Languages to which CLDR gives an official standing in a country, the most spoken first."""
    tree = ElementTree.parse(common / "supplemental" / "supplementalData.xml")  # noqa: S314
    spoken = [
        (-float(each.get("populationPercent", "0")), each.get("type", ""))
        for territory in tree.iter("territory")
        if territory.get("type") == code
        for each in territory.iter("languagePopulation")
        if each.get("officialStatus")
    ]
    return [language for _, language in sorted(spoken)]


def timezone(code: str) -> str:
    """The first IANA zone of a country in zone.tab."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    return next(line.split("\t")[2] for line in table.splitlines() if line.startswith(code))


def sources() -> list[dict[str, str | None]]:
    """What the file was written from, with version and licence."""
    return [
        {
            "title": f"ISO 3166-2, as in pycountry {version('pycountry')}",
            "publisher": "Debian iso-codes",
            "url": "https://salsa.debian.org/iso-codes-team/iso-codes",
            "published": None,
            "read": READ,
            "note": "LGPL-2.1-or-later; codes, kinds, parents, names in Latin letters (MA, TN)",
        },
        {
            "title": f"Unicode CLDR {CLDR}, as in npm's {PACKAGE}",
            "publisher": "Unicode, Inc.",
            "url": "https://cldr.unicode.org",
            "published": "2025",
            "read": READ,
            "note": "Unicode License V3, in LICENSE-CLDR.txt; other names, official languages. "
            "CLDR marks its Arabic and French division names as provisional.",
        },
        {
            "title": "IANA time zone database, zone.tab, as in Python's tzdata",
            "publisher": "IANA",
            "url": "https://www.iana.org/time-zones",
            "published": None,
            "read": READ,
            "note": "public domain",
        },
    ]


def written(value: dict[str, Any]) -> str:
    """JSON with one division a line, so that a change shows as one line."""
    head = json.dumps({**value, "divisions": []}, ensure_ascii=False, indent=1)
    rows = ",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in value["divisions"])
    return head.replace('"divisions": []', f'"divisions": [\n{rows}\n ]') + "\n"


if __name__ == "__main__":
    main()
