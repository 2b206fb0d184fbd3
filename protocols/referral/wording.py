"""The words of routing reasons and services in Arabic, French and English.

Codes come first: software reads `Reason.code` and `values`, people read these. A country, language
or division whose words are not known here is shown as its code.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from protocols.errors import AmanaError
from protocols.plain import from_plain, load_json
from protocols.referral.reasons import Reason

LANGUAGES = ("ar", "fr", "en")
_KINDS = {
    "services": "services",
    "languages": "languages",
    "speaks": "languages",
    "sex": "sexes",
    "country": "countries",
}
_MINUTES_A_DAY = 24 * 60
Texts = Mapping[str, Mapping[str, str]]


class UntranslatedError(AmanaError):
    """No words for this language or reason."""

    code = "untranslated"


def routing_text(reason: Reason, language: str) -> str:
    """One short sentence without a full stop. `language` is ar, fr or en.

    Raises UntranslatedError for any other language, an unknown code or a missing value.
    """
    _check(language)
    text = _sentences().get(reason.code)
    if text is None:
        raise UntranslatedError(f"no words for {reason.code[:40]!r}; update this software")
    values = {
        name: _value(reason.code, name, value, language) for name, value in reason.values.items()
    }
    try:
        return text[language].format_map(values)
    except KeyError as error:
        raise UntranslatedError(f"{reason.code} lacks its value {error}; give it") from error


def service_text(service: str, language: str) -> str:
    """A service's name, in lower case where the script has one. Raises UntranslatedError."""
    _check(language)
    text = _words()["services"].get(service)
    if text is None:
        raise UntranslatedError(f"no words for {service[:40]!r}; update this software")
    return text[language]


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise UntranslatedError(f"no words in {language[:40]!r}; use one of {', '.join(LANGUAGES)}")


def _value(code: str, name: str, value: str, language: str) -> str:
    if name == "minutes":
        return _span(int(value), language)
    kind = "sexes" if code == "sex" else _KINDS.get(name)
    table = {} if kind is None else _words()[kind]
    shown = [table[each][language] if each in table else each for each in value.split(",")]
    return _words()["comma"]["join"][language].join(shown)


def _span(minutes: int, language: str) -> str:
    """Minutes as at most two units, the greatest first: "1 d 4 h", "3 h 20 min"."""
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    parts = {"days": days, "hours": rest // 60, "minutes": rest % 60}
    units = _words()["units"]
    shown = [f"{number} {units[name][language]}" for name, number in parts.items() if number]
    return " ".join(shown[:2]) or f"0 {units['minutes'][language]}"


@cache
def _sentences() -> Texts:
    return from_plain(_load("routing.json"), dict[str, dict[str, str]])


@cache
def _words() -> Mapping[str, Texts]:
    return from_plain(_load("words.json"), dict[str, dict[str, dict[str, str]]])


def _load(name: str) -> object:
    return load_json(files("protocols.referral").joinpath("texts", name).read_bytes())
