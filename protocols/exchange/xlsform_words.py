"""What a form tells the worker when an answer does not fit, in Arabic, French and English.

Our own words, unreviewed by native readers.
"""

from collections.abc import Iterable

from protocols.screening.model import LANGUAGES, Text


def limit_words(low: int | None, high: int | None) -> Text:
    """A number outside its limits."""
    return {
        "ar": f"اكتب عددًا من {low} إلى {high}.",
        "fr": f"Écrivez un nombre de {low} à {high}.",
        "en": f"Write a number from {low} to {high}.",
    }


def date_words() -> Text:
    """A text that is no date or part of one."""
    return {
        "ar": "اكتب السنة، أو السنة والشهر، أو اليوم كاملًا: 2026 أو 2026-11 أو 2026-11-24.",
        "fr": "Écrivez l'année, l'année et le mois, ou le jour : 2026, 2026-11 ou 2026-11-24.",
        "en": "Write the year, the year and month, or the day: 2026, 2026-11 or 2026-11-24.",
    }


def alone_words(choices: Iterable[Text]) -> Text:
    """A choice that excludes the others stands beside another. `choices`: those that exclude."""
    begins = {
        "ar": "لا يُختار مع غيره:",
        "fr": "Ne se choisit pas avec une autre réponse :",
        "en": "Cannot be chosen together with another answer:",
    }
    named = list(choices)
    return {
        each: f"{begins[each]} {' / '.join(text[each] for text in named)}" for each in LANGUAGES
    }
