"""The words of findings, dimensions, indicators, forms and rules, in Arabic, French and English.

The data is in `texts/*.json`; nothing there is copied from a source. Unreviewed by native readers.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from protocols.screening.errors import UnknownWordsError
from protocols.screening.model import LANGUAGES, Checklist, Text
from protocols.screening.raised import AnswerRef
from protocols.screening.tables import package_json
from protocols.screening.unodc import sign_of, unodc

PARTS = ("dimensions", "indicators", "findings", "forms", "rules", "sets", "answers", "eleven")
BETWEEN = {"ar": "؛ ", "fr": " ; ", "en": "; "}
"""What stands between the names of a list, since a name may have commas of its own."""


@cache
def texts(part: str) -> dict[str, Any]:
    """One of `PARTS` as it is kept: key -> Text, or for findings and forms a few Texts."""
    found: dict[str, Any] = package_json("texts", f"{part}.json")
    return found


def indicator_text(key: str, language: str) -> str:
    """The words of an indicator, "key" or "dimension.key". Raises UnknownWordsError."""
    return _pick(_entry("indicators", key.rpartition(".")[2]), language)


def dimension_text(name: str, language: str) -> str:
    """The words of a dimension. Raises UnknownWordsError."""
    return _pick(_entry("dimensions", name), language)


def finding_title(kind: str, language: str) -> str:
    """The short title of a finding's kind. Raises UnknownWordsError."""
    return _pick(_entry("findings", kind)["title"], language)


def form_text(form: str, language: str) -> str:
    """The words of a form of exploitation. Raises UnknownWordsError."""
    return _pick(_entry("forms", form)["text"], language)


def form_rule(form: str) -> Text | None:
    """What the cited texts say of a form, per language; None where a set of indicators decides.
    Raises UnknownWordsError."""
    found: Text | None = _entry("forms", form).get("rule")
    return found


def ic_tip(form: str) -> str | None:
    """The form's code in the International Classification for Administrative Data on Trafficking
    in Persons, None while no text of it was read. Raises UnknownWordsError."""
    found: str | None = _entry("forms", form)["ic_tip"]
    return found


def eleven_text(name: str, language: str) -> str:
    """The words of one of the ILO's eleven indicators of forced labour. Raises
    UnknownWordsError."""
    return _pick(_entry("eleven", name), language)


def sign_text(reference: str, language: str) -> str:
    """The words of a sign of UNODC, "sector.key". Raises UnknownWordsError."""
    sign = sign_of(reference)
    if sign is None:
        raise UnknownWordsError(f"UNODC's table has no sign {reference[:60]!r}; use one of it")
    return _pick(sign.text, language)


def set_text(name: str, language: str) -> str:
    """The words of an indicator set. Raises UnknownWordsError."""
    return _pick(_entry("sets", name), language)


def answer_text(checklist: Checklist, ref: AnswerRef, language: str) -> str:
    """The words of one answer: those of its choice, or the number, date or text as given.

    Raises UnknownWordsError when the checklist has no such question.
    """
    question = checklist.by_key.get(ref.question)
    if question is None:
        raise UnknownWordsError(
            f"{checklist.id} has no question {ref.question[:60]!r}; use the checklist it came from"
        )
    choice = question.choice(ref.value)
    return ref.value if choice is None else _pick(choice.text, language)


def finding_words(kind: str, variant: str = "text") -> Text:
    """The plain sentence of a finding, per language. `variant`: "text", or "child", "signs",
    "open" where the kind has one."""
    found: Text = _entry("findings", kind)[variant]
    return dict(found)


def rule_words(
    rule: str,
    *,
    dimension: str | None = None,
    form: str | None = None,
    eleven: str | None = None,
    sector: str | None = None,
    signs: Iterable[str] = (),
) -> Text:
    """A rule in plain words, per language, with the words put in of a dimension, a form, one of
    the eleven, or a sector and signs "sector.key" of it."""
    named = tuple(signs)
    sectors = unodc().sectors
    found: Text = {}
    for language, words in _entry("rules", rule).items():
        name = eleven_text(eleven, language) if eleven else ""
        found[language] = words.format(
            dimension=dimension_text(dimension, language) if dimension else "",
            form=form_text(form, language) if form else "",
            name=_pick(sectors[sector].text, language) if sector else name,
            signs=BETWEEN[language].join(sign_text(each, language) for each in named),
        )
    return found


def _entry(part: str, key: str) -> Any:
    found = texts(part).get(key)
    if found is None:
        raise UnknownWordsError(f"there are no words for {key[:60]!r} in texts/{part}.json; add it")
    return found


def _pick(text: Text, language: str) -> str:
    if language not in text:
        raise UnknownWordsError(
            f"no words in language {language[:20]!r}; the languages are {', '.join(LANGUAGES)}"
        )
    return text[language]
