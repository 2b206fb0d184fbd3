"""The sheets, columns and names that a checklist has as an XLSForm: the one list of them.

`survey`, `choices` and `settings` are those of https://xlsform.org; the other sheets and the
columns named in `OURS` hold what XLSForm has no word for, and converters leave them alone.
"""

from protocols.exchange.xpath import END
from protocols.screening.model import LANGUAGES

LANGUAGE_NAMES = {"ar": "العربية (ar)", "fr": "Français (fr)", "en": "English (en)"}
LANGUAGE_SPELLINGS = {
    **{code: code for code in LANGUAGES},
    **{"العربية": "ar", "arabic": "ar", "arabe": "ar"},
    **{"français": "fr", "francais": "fr", "french": "fr", "الفرنسية": "fr"},
    **{"english": "en", "anglais": "en", "الإنجليزية": "en"},
}
SECTION, AROUND, GATE = "Section_", "Around_", "Gate_"
"""How names of rows begin that are no question. A key has no capital, so none is a question's."""
YES_NO = "Yes_No_Unknown"
"""The list of choices of every yes/no question."""
PARTIAL_DATE = "regex(., '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$')"
RESERVED = ("meta",)
"""Names that a form keeps for itself."""

LABEL, HINT, MESSAGE = "label", "hint", "constraint_message"
TRANSLATED = (LABEL, HINT, MESSAGE)
RAISES_YES_NO = ("raises_yes", "raises_no", "raises_unknown")
OURS = ("purpose", "voice", *RAISES_YES_NO, "fills", "basis", "partial_date", "checklist")
"""Columns of `survey` that are Amana's own."""


def translated(column: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[str, ...]:
    """The column's names inside this room, one per language: "label::ar"."""
    return tuple(f"{column}::{each}" for each in languages)


SHEETS: dict[str, tuple[str, ...]] = {
    "survey": (
        "type",
        "name",
        *translated(LABEL),
        *translated(HINT),
        "relevant",
        "constraint",
        *translated(MESSAGE),
        "calculation",
        *OURS,
    ),
    "choices": ("list_name", "name", *translated(LABEL), "raises"),
    "settings": ("form_title", "title_ar", "title_fr", "form_id", "version", "default_language"),
    "bands": ("question", "minimum", "maximum", "raises"),
    "combinations": ("name", "relevant", "raises"),
    "indicator_sets": ("name", "coverage"),
    "not_observed": ("indicator", "reason"),
    "sources": ("title", "used_for", "confirmed", "url"),
    "reviewers": ("name",),
    "validation": ("status", *translated(LABEL)),
}
"""sheet -> its columns, as named inside this room."""


def header(column: str) -> str:
    """The column's name as it stands in the sheet: "label::Français (fr)"."""
    base, colons, language = column.partition("::")
    return f"{base}::{LANGUAGE_NAMES[language]}" if colons else base


def end_row(gate: str) -> str:
    """The name of the row that says whether the end gate of that key holds."""
    return END + gate
