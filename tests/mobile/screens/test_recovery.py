"""Recovery sheets and a lost PIN, touched: three colleagues copy, two of them open again."""

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from mobile.vault.errors import WrongPinError
from mobile.vault.sheets import WORDS_A_SHEET
from mobile.widgets import hold_action
from mobile.widgets.text import font_of, measure
from tests.mobile.screens.test_reach import check
from tests.mobile.screens.test_settings import hold
from tests.mobile.town import PIN
from tests.mobile.vault.test_sheets import exchanged
from tests.mobile.window import idle

NEW = "fictional phrase of words"
BOTH = pytest.mark.parametrize("language", ["ar", "fr"])


def shown_words(hand):
    """Number and word of each on the screen, by where they stand: rows first, from the left."""
    cells = hand.shown("NumberedWord")
    ordered = sorted(cells, key=lambda each: (-round(each.to_window(*each.pos)[1]), each.x))
    return [(int(each.number), each.word) for each in ordered]


def copy_sheet(hand):
    paper = []
    hand.touch("Action", hand.view.button)
    while hand.view.stage == "rows":
        paper += shown_words(hand)
        hand.touch("Action", hand.view.button)
    assert [number for number, _ in paper] == list(range(1, WORDS_A_SHEET + 1))
    copied = dict(paper)
    for each in hand.view.asked:
        hand.write(each.label, copied[int(each.key)][:4])
    hand.touch("Action", hand.view.button)
    return [word for _, word in paper]


def make(hand):
    hand.app.go("settings")
    hand.touch("Action", hand.view.sheets_button)
    assert hand.screen == "RecoveryScreen"
    assert hand.said(hand.view.warning[0])
    hand.touch("Action", hand.view.button)
    assert hand.screen == "RecoveryMakingScreen"
    papers = []
    while hand.view.stage != "done":
        papers.append(copy_sheet(hand))
    hand.touch("Action", hand.view.button)
    assert hand.screen == "RecoveryScreen"
    assert hand.said(hand.view.standing)
    return papers


def made(phone):
    """The same papers, without touching anything."""
    drawn = phone.recovery.draw(2, 3)
    phone.recovery.keep(drawn)
    return [list(each.words) for each in drawn.sheets]


def enter(hand, paper):
    """The first word of a sheet by its letters and a touch, the others pasted."""
    assert hand.view.stage == "sheets"
    hand.write(hand.view.entry.word_label, paper[0][:3])
    hand.touch("Choice", paper[0])
    hand.app.screen.ids.form.ids.word.text = " ".join(paper[1:]) + " "
    idle(2)


@BOTH
def test_a_lost_pin_and_two_of_three_sheets(drive, town, worker, language):
    hand = drive(worker, language)
    papers = make(hand)
    hand.app.lock()
    assert hand.screen == "UnlockScreen"
    hand.touch("Action", hand.view.forgot_button)
    assert hand.screen == "RecoveryOpeningScreen"
    enter(hand, papers[2])
    enter(hand, papers[0])
    assert hand.view.stage == "pin"
    hand.write(hand.view.pin_label, NEW)
    hand.write(hand.view.repeat_label, NEW)
    hand.touch("Action", hand.view.button)
    assert worker.unlocked
    assert hand.screen != "RecoveryOpeningScreen"
    worker.lock()
    with pytest.raises(WrongPinError):
        worker.unlock(PIN)


@BOTH
def test_entered_words_stand_in_the_order_of_the_paper(drive, worker, language):
    hand = drive(worker, language)
    papers = made(worker)
    hand.app.lock()
    hand.touch("Action", hand.view.forgot_button)
    hand.app.screen.ids.form.ids.word.text = " ".join(papers[1][:7]) + " "
    idle(4)
    assert shown_words(hand) == list(enumerate(papers[1][:7], start=1))
    lines = [each.lines for each in hand.shown("Text") if each.text in papers[1]]
    assert lines == [[word] for word in papers[1][:7]]


def test_a_word_is_changed_by_touching_it(drive, worker):
    hand = drive(worker, "ar")
    papers = made(worker)
    hand.app.lock()
    hand.touch("Action", hand.view.forgot_button)
    wrong = exchanged(papers[0], 9)
    hand.app.screen.ids.form.ids.word.text = " ".join(wrong) + " "
    idle(4)
    assert hand.said(hand.app.screen.trouble)
    for number in (n for n, each in enumerate(wrong, start=1) if each != papers[0][n - 1]):
        cell = next(each for each in hand.shown("NumberedWord") if each.number == str(number))
        hand.press(cell)
        hand.write(hand.view.entry.word_label, papers[0][number - 1])
    assert hand.app.screen.trouble == ""
    assert hand.view.entry.words == ()


def test_what_was_entered_goes_when_nobody_touches_the_phone(drive, worker):
    hand = drive(worker, "ar")
    papers = made(worker)
    hand.app.lock()
    hand.touch("Action", hand.view.forgot_button)
    hand.app.screen.ids.form.ids.word.text = " ".join(papers[0][:5]) + " "
    idle(2)
    hand.app.lock()
    assert hand.screen == "UnlockScreen"
    hand.touch("Action", hand.view.forgot_button)
    assert hand.view.entry.words == ()


def test_left_half_way_there_are_no_sheets(drive, worker):
    hand = drive(worker, "fr")
    hand.app.go("settings")
    hand.touch("Action", hand.view.sheets_button)
    hand.touch("Action", hand.view.button)
    copy_sheet(hand)
    assert hand.app.screen.go_back()
    assert hand.screen == "RecoveryScreen"
    assert worker.recovery.standing is None
    assert not (worker.folder / "vault.recovery").exists()


def test_a_word_copied_wrong_is_told_and_leads_back_to_the_words(drive, worker):
    hand = drive(worker, "ar")
    hand.app.go("recovery_making", "2-3")
    hand.touch("Action", hand.view.button)
    while hand.view.stage == "rows":
        hand.touch("Action", hand.view.button)
    for each in hand.view.asked:
        hand.write(each.label, "acid")
    hand.touch("Action", hand.view.button)
    assert hand.view.stage == "check"
    assert hand.said(hand.app.screen.trouble)
    hand.touch("Action", hand.view.back_button)
    assert [number for number, _ in shown_words(hand)] == [1, 2, 3, 4]


def test_sheets_are_removed_by_holding_only(drive, worker, monkeypatch):
    monkeypatch.setattr(hold_action, "HOLD", 0.3)
    hand = drive(worker, "fr")
    made(worker)
    hand.app.go("recovery")
    hand.reach(hand.find("HoldAction"))
    hand.tap("HoldAction")
    assert worker.recovery.standing is not None
    hold(hand, 0.6).touch_up()
    idle(4)
    assert worker.recovery.standing is None
    assert hand.said(hand.view.removed)


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_is_a_finger_high_in_sight_and_no_word_is_broken(drive, worker, language, scale):
    hand = drive(worker, language, scale=scale)
    hand.app.go("recovery")
    check(hand)
    hand.app.go("recovery_making", "2-3")
    check(hand)
    hand.touch("Action", hand.view.button)
    check(hand)
    while hand.view.stage == "rows":
        hand.touch("Action", hand.view.button)
    check(hand)
    papers = made(worker)
    for screen in ("spare", "spare_taking"):
        hand.app.go(screen)
        check(hand)
    hand.app.lock()
    hand.touch("Action", hand.view.forgot_button)
    hand.app.screen.ids.form.ids.word.text = " ".join(papers[0][:30]) + " "
    idle(6)
    check(hand)
    cells = hand.shown("NumberedWord")
    assert len(cells) == 30
    for each in cells:
        assert each.height >= 48
        for text in hand.shown("Text", within=each):
            assert text.lines == [text.text], (scale, text.lines)
    longest = max(WORDLIST, key=measure(*font_of("small")))
    cells[0].word = longest
    idle(4)
    assert {tuple(each.lines) for each in hand.shown("Text", longest)} == {(longest,)}
