"""Write mobile/locale/names.json: countries and languages by name in Arabic, French and English,
from the Unicode CLDR as Babel carries it. Run it when Babel brings a newer CLDR."""

import json
import re
from pathlib import Path

import pycountry
from babel import Locale

OUT = Path(__file__).resolve().parent.parent / "mobile" / "locale" / "names.json"
IN = ("ar", "fr", "en")
LANGUAGES = (
    *("ar", "fr", "en", "aa", "am", "bm", "bn", "din", "es", "fa", "ff", "ha", "hi", "id", "ig"),
    *("it", "ku", "ln", "mg", "ml", "ne", "om", "pt", "ru", "si", "so", "sw", "ta", "ti", "tr"),
    *("uk", "ur", "vi", "wo", "yo", "zh"),
)
OWN = {
    "ber": {"ar": "الأمازيغية", "fr": "amazighe", "en": "Amazigh"},
    "tl": {"ar": "التاغالوغية", "fr": "tagalog", "en": "Tagalog"},
}
"""What CLDR names only by its standard or under another code, and directories use."""


def names() -> dict[str, dict[str, dict[str, str]]]:
    """kind -> code -> language -> name; a code lacking a name in one language is left out."""
    locales = {each: Locale.parse(each) for each in IN}
    countries = sorted(each.alpha_2 for each in pycountry.countries)

    def named(codes: list[str], kind: str) -> dict[str, dict[str, str]]:
        found = {
            code: {
                language: getattr(locale, kind)[code]
                for language, locale in locales.items()
                if code in getattr(locale, kind)
            }
            for code in codes
        }
        return {code: each for code, each in found.items() if len(each) == len(IN)}

    return {
        "countries": named(countries, "territories"),
        "languages": dict(sorted((named(list(LANGUAGES), "languages") | OWN).items())),
    }


def as_json() -> str:
    """The file's text, one code a line."""
    text = json.dumps(names(), ensure_ascii=False, indent=1)
    return (
        re.sub(
            r"\{\n\s+(\"ar\".*?)\n\s+\}",
            lambda m: "{" + re.sub(r"\n\s+", " ", m[1]) + "}",
            text,
            flags=re.DOTALL,
        )
        + "\n"
    )


if __name__ == "__main__":
    OUT.write_text(as_json(), encoding="utf-8")
