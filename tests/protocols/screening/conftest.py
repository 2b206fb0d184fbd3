import pytest

from protocols.screening.model import Checklist
from tests.protocols.screening.fictional import plain, read


@pytest.fixture(scope="session")
def fictional() -> Checklist:
    return read(plain())
