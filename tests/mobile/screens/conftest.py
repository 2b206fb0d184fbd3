"""Screens over the phones of a fictional town, touched as by a hand."""

import pytest

from tests.mobile.flows.conftest import fictional_checklist, other, worker
from tests.mobile.screens.hand import Hand

__all__ = ["drive", "fictional_checklist", "other", "worker"]


@pytest.fixture
def drive():
    driven = []

    def begin(phone, language="ar", *given, **named):
        driven.append(Hand(phone, language, *given, **named))
        return driven[-1]

    yield begin
    for each in driven:
        each.stop()
