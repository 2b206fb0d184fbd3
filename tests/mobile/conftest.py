"""A town of phones around one server in memory."""

import pytest

from tests.mobile.cases import checklist
from tests.mobile.town import Town


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path / "town")


@pytest.fixture
def server(town):
    return town.server


@pytest.fixture
def clock(town):
    return town.clock


@pytest.fixture
def worker(town):
    return town.worker()


@pytest.fixture
def shelter(town):
    return town.shelter()


@pytest.fixture
def coordinator(town):
    return town.coordinator()


@pytest.fixture(autouse=True)
def fictional_checklist(monkeypatch):
    """The only checklist there is, so that no test here hangs on a real one's words; gives a dict
    whose `version` a test may change."""
    installed = {"version": 1}

    def load(_):
        return checklist(installed["version"])

    monkeypatch.setattr("mobile.casework.screenings.load", load)
    monkeypatch.setattr("protocols.screening.interview.load", load)
    return installed
