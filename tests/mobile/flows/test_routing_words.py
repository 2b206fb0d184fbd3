"""Reasons name places and countries; no reader has to know a code."""

import re

import pytest

from mobile.flows.routing_words import reason_text
from mobile.locale import words
from protocols.referral.reasons import Reason
from protocols.referral.wording import routing_text

CODES = re.compile(r"\b([A-Z]{2}(-\w+)?|[a-z]{2})\b")


@pytest.mark.parametrize(
    ("reason", "named"),
    [
        (Reason("outside_area", {"divisions": "TN-81,TN-61"}), ("قابس", "صفاقس")),
        (Reason("nationality", {"takes": "SD,ER", "person": "EG"}), ("السودان", "إريتريا")),
    ],
)
def test_codes_become_names(reason, named):
    text = reason_text(words("ar"), reason)
    assert all(each in text for each in named)
    assert not CODES.search(text)


def test_a_division_nobody_knows_stays_as_it_is():
    assert "TN-99" in reason_text(words("fr"), Reason("outside_area", {"divisions": "TN-99"}))


def test_every_other_value_is_left_to_the_routing_itself():
    reason = Reason("free_places", {"places": "3", "hours": "2"})
    assert reason_text(words("en"), reason) == routing_text(reason, "en")
