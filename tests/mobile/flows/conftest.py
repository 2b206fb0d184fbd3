"""Presenters over the phones of a fictional town, with a checklist of every kind of question."""

import pytest

from mobile.locale import words
from tests.mobile.flows.checklists import ID, everything
from tests.mobile.town import SECOND


@pytest.fixture(autouse=True)
def fictional_checklist(monkeypatch):
    """The only checklist there is; gives a dict whose `version` a test may change."""
    installed = {"version": 1}
    made = {version: everything(version) for version in (1, 2)}

    def load(_):
        return made[installed["version"]]

    def available():
        return (ID,)

    for place in (
        "mobile.casework.screenings",
        "protocols.screening.interview",
        "mobile.flows.new_screening",
        "mobile.flows.case_words",
    ):
        monkeypatch.setattr(f"{place}.load", load)
    for place in ("mobile.flows.new_screening", "mobile.flows.case_words"):
        monkeypatch.setattr(f"{place}.available", available)
    return installed


@pytest.fixture
def english():
    return words("en")


@pytest.fixture
def other(town):
    """A phone of the second shelter."""
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, other):
    """A field worker whose directory knows both shelters."""
    return town.worker()
