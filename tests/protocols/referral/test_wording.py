"""Reasons and services have words in all three languages, and numbers need no plural."""

from string import Formatter

import pytest

from protocols.referral.filters import EXCLUSIONS
from protocols.referral.routing import Reason, routing_text, service_text
from protocols.referral.services import Service
from protocols.referral.wording import LANGUAGES, UntranslatedError, _sentences, _words


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_sentence_has_three_languages_with_the_same_values() -> None:
    for code, texts in _sentences().items():
        assert set(texts) == set(LANGUAGES), code
        assert len({frozenset(fields(text)) for text in texts.values()}) == 1, code
        assert len(set(texts.values())) == len(LANGUAGES), code
    assert set(EXCLUSIONS) <= set(_sentences())


def test_every_word_has_three_languages() -> None:
    for table in _words().values():
        assert all(set(texts) == set(LANGUAGES) for texts in table.values())
    assert set(_words()["services"]) == {each.value for each in Service}


@pytest.mark.parametrize(
    ("reason", "language", "text"),
    [
        (Reason("opens_in", {"minutes": "200"}), "en", "Closed, opens in 3 h 20 min"),
        (Reason("opens_in", {"minutes": "3060"}), "fr", "Fermé, ouvre dans 2 j 3 h"),
        (Reason("opens_in", {"minutes": "45"}), "ar", "مغلق، يفتح بعد 45 د"),
        (Reason("responds_in", {"minutes": "0"}), "en", "Usually answers in 0 min"),
        (Reason("gives", {"services": "shelter,medical"}), "ar", "يقدّم: مأوى، رعاية طبية"),
        (Reason("speaks", {"languages": "ti,xx"}), "en", "Common language: Tigrinya, xx"),
    ],
)
def test_values_become_words(reason: Reason, language: str, text: str) -> None:
    assert routing_text(reason, language) == text


@pytest.mark.parametrize(
    ("reason", "language"),
    [(Reason("full"), "it"), (Reason("teleported"), "en"), (Reason("opens_in"), "en")],
)
def test_what_has_no_words_is_refused(reason: Reason, language: str) -> None:
    with pytest.raises(UntranslatedError):
        routing_text(reason, language)


def test_services_have_names() -> None:
    assert service_text(Service.LEGAL_AID, "fr") == "aide juridique"
    with pytest.raises(UntranslatedError):
        service_text("teleportation", "en")
    with pytest.raises(UntranslatedError):
        service_text("shelter", "it")
