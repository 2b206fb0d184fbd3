"""Presenters over the phones of a fictional town, with a checklist of every kind of question."""

import pytest

from mobile.locale import words
from tests.mobile.cases import Carried
from tests.mobile.flows.checklists import ID, everything_file
from tests.mobile.town import SECOND


@pytest.fixture(autouse=True)
def fictional_checklist(monkeypatch):
    """The only checklist that the app carries; a test may change its `version`."""
    return Carried(everything_file, ID).install(monkeypatch)


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
