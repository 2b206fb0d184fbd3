"""Practice by touch, from home to what was missed; marked on every screen."""

import pytest

from mobile.flows.practice_feedback import PracticeFeedbackFlow
from mobile.locale import words
from protocols.practice.cases import available
from tests.mobile.flows.packaged import installed
from tests.mobile.flows.test_practice import INSPECTOR, PRESS, begin, lead
from tests.mobile.screens.hand import title
from tests.mobile.screens.test_reach import check
from tests.mobile.window import idle


@pytest.fixture(autouse=True)
def packaged(monkeypatch, fictional_checklist):
    installed(monkeypatch)


def marked(hand):
    assert hand.said(hand.view.practice), hand.screen


def to_the_case(hand):
    hand.touch("Action", next(e.label for e in hand.view.actions if e.key == "practice"))
    marked(hand)
    hand.touch("FoldHead", hand.view.filter_title)
    hand.touch("Choice", INSPECTOR.title[hand.app.words.language])
    while hand.view.more_button:
        hand.touch("Action", hand.view.more_button)
    row = next(each for each in hand.view.cases if each.key == PRESS.id)
    hand.touch("Item", row.title)
    marked(hand)


def answer_by_touch(hand, **instead):
    answers = {**PRESS.answers, **instead}
    while hand.screen == "InterviewScreen":
        marked(hand)
        interview = hand.app.screen.presenter.record.interview
        value = answers.get(interview.position)
        if hand.view.kind != "notice" and interview.current is not None:
            assert hand.said(hand.view.reply.text)
            assert hand.said(hand.view.reply.title)
            for key in (value,) if isinstance(value, str) else value:
                hand.touch("Choice", title(key, hand.view.choices))
        hand.touch("Action", hand.view.next_button)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_from_home_to_what_was_missed_and_back_to_the_list(drive, worker, language):
    hand = drive(worker, language)
    to_the_case(hand)
    assert hand.said(PRESS.person.name[language])
    assert hand.said(PRESS.scene[language])
    hand.touch("Action", hand.view.button)
    answer_by_touch(hand, rest="long_but_free")

    assert hand.screen == "FindingsScreen"
    marked(hand)
    assert words(language)("Refer to help") not in [each.text for each in hand.shown("Action")]
    hand.touch("Action", hand.view.actions[0].label)

    assert hand.screen == "PracticeFeedbackScreen"
    marked(hand)
    (card,) = dict(hand.view.differences)[words(language)("What you missed, and why")]
    for text in (card.question, card.said[1], card.chosen[1], card.fitting[1], *card.missed):
        assert hand.said(text)
    assert hand.said(PRESS.reference.why[language])
    assert hand.said(PRESS.patterns[0].title)
    hand.touch("Action", hand.view.actions[0].label)

    assert hand.screen == "PracticeScreen"
    hand.touch("Action", hand.view.progress_button)
    marked(hand)
    assert hand.said(PRESS.title[language])
    assert worker.outbox.items() == ()
    assert [each.id for each in worker.screenings.list()] == []


def test_a_second_card_opens_on_touch(drive, worker):
    screening = lead(begin(worker, words("ar")), rest="regular", pay=["as_agreed"])
    hand = drive(worker, "ar")
    hand.app.go("practice_feedback", screening)
    (_, cards), *_ = hand.view.differences
    assert not hand.said(cards[1].said[1])
    hand.touch("FoldHead", cards[1].question)
    assert hand.said(cards[1].said[1])


def test_an_interrupted_practice_goes_on_where_it_was(drive, worker):
    hand = drive(worker, "ar")
    to_the_case(hand)
    hand.touch("Action", hand.view.button)
    hand.touch("Choice", title("yes", hand.view.choices))
    hand.touch("Action", hand.view.next_button)
    hand.app.go("home")
    to_the_case(hand)
    assert hand.said(hand.view.language_title) is False or not hand.view.language_title
    hand.touch("Action", hand.view.button)
    assert hand.app.screen.presenter.record.interview.position == "feels_safe"


def test_trying_again_begins_at_the_first_question(drive, worker):
    screening = lead(begin(worker, words("fr")))
    hand = drive(worker, "fr")
    hand.app.go("practice_feedback", screening)
    hand.touch("Action", hand.view.actions[1].label)
    assert hand.screen == "InterviewScreen"
    assert hand.app.screen.presenter.record.interview.given == ()


def test_progress_is_deleted_only_by_holding(drive, worker):
    PracticeFeedbackFlow(worker, words("ar"), lead(begin(worker, words("ar")))).done()
    hand = drive(worker, "ar")
    hand.app.go("practice_progress")
    hand.touch("Action", hand.view.forget_button)
    assert hand.said(hand.view.forget_explanation)
    hand.touch("HoldAction", hand.view.forget_confirm)
    assert len(worker.practice.attempts()) == 1
    hand.find("HoldAction").dispatch("on_held")
    idle()
    assert worker.practice.attempts() == ()
    assert hand.said(hand.view.none)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_targets_are_a_finger_high_and_within_the_window(drive, worker, language, scale):
    say = words(language)
    screening = lead(begin(worker, say), rest="regular", feels_safe="unknown")
    hand = drive(worker, language, scale=scale)
    hand.app.go("practice")
    check(hand)
    hand.app.go("practice_case", PRESS.id)
    check(hand)
    hand.app.go("practice_feedback", screening)
    check(hand)
    hand.app.go("practice_progress")
    check(hand)
    hand.app.screen.begin_to_forget()
    check(hand)


@pytest.mark.parametrize("role", ["shelter", "coordinator"])
def test_the_other_roles_practise_too(drive, role, request):
    hand = drive(request.getfixturevalue(role), "fr")
    to_the_case(hand)
    hand.touch("Action", hand.view.button)
    assert hand.screen == "InterviewScreen"
    assert hand.said(PRESS.says["place_private"]["fr"])


def test_every_case_opens(drive, worker):
    hand = drive(worker, "ar")
    for case in available():
        hand.app.go("practice_case", case)
        marked(hand)
