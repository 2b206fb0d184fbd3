"""A town of phones around one server in memory."""

import pytest

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
