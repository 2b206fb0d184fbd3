"""Codes have words, and they do not contradict those of the commands."""

import pytest

from mobile.casework.sealing import Strength
from mobile.flows import labels
from mobile.locale import words
from protocols.commands.timelines import KINDS, ROLES
from protocols.referral import consent
from protocols.referral.arrows import State
from protocols.referral.provider import Sex
from protocols.referral.services import Service, Urgency
from protocols.referral.steps import REASON
from protocols.timeline.event import Kind

COLUMNS = {"ar": 0, "fr": 1, "en": 2}


def plain(text):
    return text.replace("’", "'")


@pytest.mark.parametrize("language", COLUMNS)
@pytest.mark.parametrize(
    ("table", "theirs"), [(labels.KINDS, KINDS), (labels.ROLES, ROLES)], ids=["kinds", "roles"]
)
def test_steps_and_roles_are_called_as_the_commands_call_them(language, table, theirs):
    say = words(language)
    found = {key: plain(labels.label(say, table, key)) for key in table}
    assert found == {key: plain(text[COLUMNS[language]]) for key, text in theirs.items()}


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (labels.KINDS, set(Kind)),
        (labels.STATES, set(State)),
        (labels.STRENGTHS, set(Strength)),
        (labels.URGENCIES, set(Urgency)),
        (labels.SEXES, set(Sex)),
        (labels.INFORMATION, set(consent.InformationKind)),
        (labels.WITNESSES, set(consent.Witness)),
        (labels.HOW, set(consent.How)),
        (labels.BASES, set(consent.Basis)),
        (labels.ASSENTS, set(consent.Assent)),
    ],
)
def test_every_code_has_words_and_no_other(table, codes):
    assert set(table) == {str(each) for each in codes}


def test_urgencies_go_from_the_most_pressing_down():
    assert list(labels.URGENCIES) == [str(each) for each in Urgency]


@pytest.mark.parametrize(
    "table",
    [labels.DECLINE_REASONS, labels.OUTCOMES, labels.WITHDRAWAL_REASONS, labels.STOP_REASONS],
)
def test_reasons_are_codes_that_the_lifecycle_takes(table):
    assert all(REASON.fullmatch(each) for each in table)


def test_services_have_titles_in_every_language_and_unknown_ones_stay_codes():
    for language in COLUMNS:
        titles = [labels.service_title(words(language), each) for each in Service]
        assert len(set(titles)) == len(titles)
    assert labels.service_title(words("en"), "teleport") == "teleport"
    assert labels.label(words("en"), labels.KINDS, "teleport") == "teleport"
