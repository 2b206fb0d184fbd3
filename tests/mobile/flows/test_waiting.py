"""What waits on a phone is named as a thing, for every step that a phone can take."""

import pytest

from mobile.flows.labels import KINDS, WAITING
from mobile.flows.sent import SentFlow
from mobile.locale import words
from tests.mobile.flows.walks import send

BY_THE_SERVER = {"offered", "expired", "returned"}


def test_every_step_a_phone_takes_has_its_words():
    assert set(WAITING) == set(KINDS) - BY_THE_SERVER


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_sealed_referral_and_its_withdrawal_are_named(worker, language):
    say = words(language)
    flow = SentFlow(worker, say, send(worker, say))
    assert say("the referral") in flow.view.waits
    flow.withdraw()
    assert say("the withdrawal") in flow.view.waits
