"""Asking: nothing beforehand, read in the person's language, kept tick by tick."""

import pytest

from mobile.locale import words
from tests.mobile.flows.walks import choose, screen
from tests.mobile.screens.hand import tick, title
from tests.mobile.town import FIRST, SECOND


def begin(drive, worker, language, **answers):
    say = words(language)
    screening = screen(worker, say, **answers)
    choose(worker, say, screening)
    hand = drive(worker, language)
    hand.app.go("consent", screening)
    return hand


@pytest.fixture(params=["ar", "fr"])
def hand(request, drive, worker):
    return begin(drive, worker, request.param, age="30")


def ticked(hand):
    return [each for each in hand.shown("Choice") if each.chosen and each.several]


def test_nothing_is_allowed_beforehand_and_every_tick_is_one_kind_for_one_provider(hand, worker):
    assert not ticked(hand)
    tick(hand, FIRST, "identity")
    assert len(ticked(hand)) == 1
    assert hand.app.screen.presenter.draft.asked.kinds == {FIRST: ("identity",)}
    tick(hand, SECOND, "needs")
    tick(hand, FIRST, "identity")
    assert hand.app.screen.presenter.draft.asked.kinds[FIRST] == ()


def test_what_is_allowed_is_read_aloud_in_the_language_of_the_person(hand):
    other = {"ar": "fr", "fr": "ar"}[hand.app.words.language]
    before = hand.view.read_aloud
    hand.touch("FoldHead", hand.view.languages_title)
    hand.touch("Choice", title(other, hand.view.languages))
    assert hand.view.read_aloud != before
    assert all(hand.said(each) for each in hand.view.read_aloud)
    tick(hand, FIRST, "identity")
    kind = words(other)("Who the person is")
    assert any(kind in each for each in hand.view.read_aloud)
    lines = next(each for each in hand.shown("Lines") if each.lines == list(hand.view.read_aloud))
    assert lines.rtl == (other == "ar")


def test_a_tick_stays_under_the_finger_though_the_text_above_grows(hand):
    shown = hand.view.recipients[1]
    card = hand.find("RecipientCard", shown.name)
    text = hand.shown("Lines")[0]
    heights = {text.height}
    for kind in shown.kinds:
        row = hand.shown("Choice", kind.label, within=card)[0]
        hand.reach(row)
        before = row.to_window(*row.pos)[1]
        hand.press(row)
        assert abs(row.to_window(*row.pos)[1] - before) < 2
        heights.add(text.height)
    assert len(heights) > 1


def test_a_no_leads_home_and_nothing_stays_allowed(hand):
    tick(hand, FIRST, "identity")
    presenter = hand.app.screen.presenter
    hand.touch("Action", hand.view.refuse_button)
    assert hand.screen == "HomeScreen"
    assert presenter.draft.asked.kinds == {}
    assert presenter.draft.asked.given is None


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_for_a_child_somebody_decides_and_the_child_is_asked(drive, worker, language):
    hand = begin(drive, worker, language, age="15")
    assert hand.said(hand.view.child)
    tick(hand, FIRST, "needs")
    tick(hand, SECOND, "needs")
    hand.touch("Action", hand.view.record_button)
    assert hand.screen == "ConsentScreen"
    assert hand.app.screen.trouble

    hand.touch("Choice", title("given", hand.view.assents))
    hand.touch("Choice", title("best_interests", hand.view.bases))
    hand.write(hand.view.ground[0].label, "fictional law 1")
    hand.touch("Action", hand.view.record_button)

    assert hand.screen == "ReviewScreen", hand.app.screen.trouble
    assert hand.said("fictional law 1")
    assert hand.app.back()
    assert hand.shown("Field")[0].text == "fictional law 1"


class FictionalVoice:
    """Speaks Arabic alone, and remembers."""

    def __init__(self):
        self.said, self.speaking = [], False

    def can(self, language):
        return language == "ar"

    def say(self, paragraphs, language):
        self.said.append((tuple(paragraphs), language))
        self.speaking = True

    def hush(self):
        self.speaking = False


def test_the_text_is_played_where_there_is_a_voice_and_silent_on_leaving(
    drive, worker, monkeypatch
):
    voice = FictionalVoice()
    monkeypatch.setattr("mobile.screens.consent.speaker", lambda: voice)
    hand = begin(drive, worker, "ar", age="30")
    hand.touch("Action", hand.view.play_button)
    assert voice.said == [(hand.view.read_aloud, "ar")]
    hand.touch("Action", hand.view.hush_button)
    assert not voice.speaking
    hand.touch("Action", hand.view.play_button)
    assert voice.speaking
    hand.app.leave()
    assert not voice.speaking


def test_without_a_voice_for_the_language_no_button_is_shown(drive, worker, monkeypatch):
    monkeypatch.setattr("mobile.screens.consent.speaker", FictionalVoice)
    hand = begin(drive, worker, "fr", age="30")
    assert not hand.shown("Action", hand.view.play_button)
