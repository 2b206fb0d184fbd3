"""A town of phones around one server in memory."""

import pytest

from tests.mobile.cases import Carried
from tests.mobile.libraries import without_ml_kem
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


@pytest.fixture
def bare():
    """No phone of this test has the library for hybrid keys."""
    with without_ml_kem():
        yield


@pytest.fixture(autouse=True)
def fictional_checklist(monkeypatch):
    """The only checklist that the app carries, so that no test here hangs on a real one's words;
    a test may change its `version`, as an update of the app does."""
    return Carried().install(monkeypatch)
