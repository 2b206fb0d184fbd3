"""From the adult's findings to the child's first question by one touch."""

import pytest

from mobile.locale import words
from tests.mobile.flows.packaged import installed
from tests.mobile.flows.test_instead import CHILD, answered


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_touch_begins_the_child_s_list(drive, worker, monkeypatch, language):
    installed(monkeypatch)
    answered(worker, words(language), age_group="child")
    (record,) = worker.screenings.list()
    hand = drive(worker, language)
    hand.app.go("findings", record.id)
    hand.touch("Action", hand.view.instead_button)
    assert hand.screen == "InterviewScreen"
    assert hand.app.screen.presenter.record.checklist == CHILD


def test_nothing_is_shown_where_no_other_list_applies(drive, worker, monkeypatch):
    installed(monkeypatch)
    answered(worker, words("fr"), age_group="adult")
    (record,) = worker.screenings.list()
    hand = drive(worker, "fr")
    hand.app.go("findings", record.id)
    assert hand.view.instead_button not in [each.text for each in hand.shown("Action")]
