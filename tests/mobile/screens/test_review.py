"""The last look: each provider's part and nothing more; practice is never sent."""

import pytest

from mobile.flows.flow import at_once
from mobile.locale import words
from tests.mobile.flows.walks import agree, choose, screen
from tests.mobile.libraries import without_ml_kem
from tests.mobile.town import FIRST, SECOND

NAME = "CANARY-Fictional-Amina"


def begin(drive, worker, language, run=at_once, **more):
    say = words(language)
    screening = screen(worker, say, **more)
    choose(worker, say, screening)
    agree(worker, say, screening)
    hand = drive(worker, language, run)
    hand.app.go("review", screening)
    return hand


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_line_of_each_part_can_be_read_and_nothing_of_the_other(drive, worker, language):
    hand = begin(drive, worker, language)
    for part in hand.view.parts:
        card = hand.find("PartCard", part.name)
        read = hand.words(card)
        assert part.place in read
        for section in part.sections:
            assert section.title in read
            assert all(line in read for line in section.lines)
    cards = [hand.words(each) for each in hand.shown("PartCard")]
    assert [NAME in each for each in cards] == [True, False]
    assert all(hand.said(each) for each in hand.view.consent)


def test_a_long_part_opens_on_touch(drive, worker):
    say = words("ar")
    screening = screen(worker, say)
    choose(worker, say, screening)
    everything = ("identity", "needs", "answers")
    agree(worker, say, screening, **{FIRST: everything, SECOND: everything})
    hand = drive(worker, "ar")
    hand.app.go("review", screening)
    for sections in hand.shown("Sections"):
        sections.most = 0
    part = hand.view.parts[0]
    card = hand.find("PartCard", part.name)
    line = next(each for each in part.sections if each.title == say("Who the person is")).lines[0]
    assert line not in hand.words(card)
    hand.touch("FoldHead", say("Who the person is"), within=card)
    assert line in hand.words(card)


def test_a_second_touch_while_it_is_sealed_sends_nothing_twice(drive, worker):
    begun = []
    hand = begin(drive, worker, "ar", lambda *work: begun.append(work))
    hand.touch("Action", hand.view.send_button)
    assert hand.find("Action", hand.view.send_button).disabled
    hand.touch("Action", hand.view.send_button)
    assert len(begun) == 1

    at_once(*begun[0])

    assert hand.screen == "SentScreen"
    assert len(worker.referrals.list()) == 1


def test_a_consent_that_has_ended_is_said_and_nothing_can_be_sent(drive, worker, clock):
    hand = begin(drive, worker, "ar")
    clock.forward(days=31)
    hand.app.screen.refresh()

    assert hand.said(hand.view.problem)
    assert not hand.shown("PartCard")
    assert hand.find("Action", hand.view.send_button).disabled

    hand.app.go("consent", hand.app.screen.presenter.record.id)
    hand.touch("Action", hand.view.record_button)
    assert hand.screen == "ReviewScreen"
    assert hand.view.can_send


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_how_strongly_each_part_will_be_sealed_stands_on_its_card(drive, town, worker, language):
    with without_ml_kem():
        town.shelter("old-phone", SECOND)
    worker.sync()
    hand = begin(drive, worker, language)
    lines = [each.sealing for each in hand.view.parts]
    assert len(set(lines)) == 2
    for card, line in zip(hand.shown("PartCard"), lines, strict=True):
        assert line in hand.words(card)
    hand.touch("Action", hand.view.send_button)
    assert hand.screen == "SentScreen"
    assert all(hand.said(each) for each in lines)
