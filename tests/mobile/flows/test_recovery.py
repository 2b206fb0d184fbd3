"""Recovery sheets and a lost PIN, as their screens tell it, on the phones of a fictional town."""

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from mobile.casework.phone import Phone
from mobile.flows.recovery import RecoveryFlow
from mobile.flows.recovery_making import ASKED, LAST_ROW, RecoveryMakingFlow
from mobile.flows.recovery_opening import RecoveryOpeningFlow
from mobile.flows.refusals import NotAsCopiedError, NothingChosenError, PinsDifferError
from mobile.flows.unlock import UnlockFlow
from mobile.locale import words
from mobile.vault.errors import WrongPinError
from mobile.vault.keys import TEST_PARAMETERS
from mobile.vault.sheets import CHOICES, OFFERED, WORDS_A_SHEET
from tests.mobile.town import PIN
from tests.mobile.vault.fictional_hardware import FictionalHardware
from tests.mobile.vault.test_sheets import exchanged

NEW = "a phrase after that"
LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr", "en"])


def copy_sheet(flow):
    """One colleague's paper, copied row by row and checked."""
    assert flow.view.stage == "hand"
    paper = {}
    flow.go_on()
    while flow.view.stage == "rows":
        assert all(number not in paper for number, _ in flow.view.row)
        paper.update(flow.view.row)
        flow.go_on()
    assert sorted(paper) == list(range(1, WORDS_A_SHEET + 1))
    flow.check(*(paper[int(each.key)] for each in flow.view.asked))
    return [paper[each] for each in sorted(paper)]


def make(phone, choice="2-3", language="en"):
    flow = RecoveryMakingFlow(phone, words(language), choice)
    papers = []
    while flow.view.stage != "done":
        papers.append(copy_sheet(flow))
    flow.go_on()
    assert flow.view.leads_to.screen == "recovery"
    return papers


def enter(flow, paper):
    for word in paper:
        assert flow.write(word[:2]) == word[:2]
        assert flow.view.problem is None
        offered = [each.key for each in flow.view.entry.completions]
        assert word in offered or len(offered) == OFFERED
        assert flow.write(word) == ""


def opening(town, name="worker", language="en"):
    phone = town.phone(name)
    return phone, RecoveryOpeningFlow(phone, words(language))


@LANGUAGES
@pytest.mark.parametrize("choice", [f"{k}-{n}" for k, n in CHOICES])
def test_from_no_sheets_to_open_again_under_a_new_pin(town, worker, language, choice):
    settings = RecoveryFlow(worker, words(language))
    before = settings.view.standing
    settings.choose(choice)
    settings.make()
    assert settings.view.leads_to.record == choice
    papers = make(worker, choice, language)
    needed, count = map(int, choice.split("-"))
    assert len(papers) == count
    assert settings.view.standing != before
    assert " ".join(papers[0][:2]) in settings.view.standing
    worker.lock()

    phone, flow = opening(town, language=language)
    for paper in papers[-needed:]:
        assert flow.view.stage == "sheets"
        enter(flow, paper)
    assert flow.view.stage == "pin"
    assert flow.view.problem is None
    flow.open(NEW, NEW)
    assert flow.view.problem is None
    assert flow.view.leads_to.screen == "home"
    assert phone.identity.label == "worker"
    phone.lock()
    with pytest.raises(WrongPinError):
        phone.unlock(PIN)


def test_what_the_sheets_allow_is_said_before_they_are_made(worker, english):
    flow = RecoveryFlow(worker, english)
    text = " ".join(flow.view.warning)
    assert "Any 2 of these 3 colleagues together, with this phone, can open everything" in text
    assert "without you" in text
    assert next(each.key for each in flow.view.choices if each.chosen) == "2-3"
    flow.choose("2-2")
    assert any("one sheet is lost" in each for each in flow.view.warning)
    with pytest.raises(NothingChosenError):
        flow.choose("1-1")
    assert flow.view.remove_button == ""


@pytest.mark.parametrize("in_hardware", [True, False])
def test_that_sheets_pass_by_the_secure_hardware_is_said_where_there_is_some(
    town, english, in_hardware
):
    device = FictionalHardware(in_hardware=in_hardware)
    phone = Phone(town.folder / "hardware", clock=town.clock, device=device)
    phone.create(PIN, parameters=TEST_PARAMETERS)
    warning = " ".join(RecoveryFlow(phone, english).view.warning)
    assert ("secure hardware does not stop them" in warning) is in_hardware


def test_each_colleague_sees_one_sheet_and_no_sheet_is_shown_twice(worker, english):
    flow = RecoveryMakingFlow(worker, english, "2-3")
    first = copy_sheet(flow)
    assert (flow.view.stage, flow.view.title) == ("hand", "Sheet 2 of 3")
    flow.look_again()
    assert flow.view.stage == "hand"
    assert flow.view.row == ()
    second = copy_sheet(flow)
    assert first[:2] == second[:2]
    assert first[4:-3] != second[4:-3]


def test_the_heading_names_phone_sheet_number_needed_date_and_set(worker, english):
    flow = RecoveryMakingFlow(worker, english, "3-5")
    heading = " · ".join(flow.view.heading)
    paper = copy_sheet(flow)
    for wanted in ("Phone: worker", "Sheet 1 of 5", "Needed: 3", "24 November 2026", paper[0]):
        assert wanted in heading
    assert "Amana" not in heading
    assert "fictional" not in heading


def test_words_copied_wrong_are_named_and_the_sheet_can_be_seen_again(worker, english):
    flow = RecoveryMakingFlow(worker, english, "2-3")
    flow.go_on()
    for _ in range(LAST_ROW + 1):
        flow.go_on()
    asked = [int(each.key) for each in flow.view.asked]
    assert len({*asked}) == ASKED
    with pytest.raises(NotAsCopiedError) as wrong:
        flow.check("", "", "")
    assert wrong.value.position == asked[0]
    flow.look_again()
    assert flow.view.stage == "rows"
    assert flow.view.row[0][0] == 1
    flow.go_on()
    assert flow.view.row[0][0] == 5
    flow.look_again()
    assert flow.view.row[0][0] == 1


def test_sheets_given_up_half_way_leave_the_old_ones_in_force(town, worker, english):
    old = make(worker)
    flow = RecoveryMakingFlow(worker, english, "2-3")
    copy_sheet(flow)
    copy_sheet(flow)
    worker.lock()
    phone, flow = opening(town)
    for paper in old[:2]:
        enter(flow, paper)
    flow.open(NEW, NEW)
    assert phone.unlocked


def test_new_sheets_replace_the_old_ones_and_removed_ones_open_nothing(town, worker, english):
    old = make(worker)
    make(worker, "3-5")
    _, flow = opening(town)
    assert "Ask 3 of your colleagues" in flow.view.explanation[0]
    flow.write(old[0][0] + " " + old[0][1] + " ")
    assert old[0][0] in flow.view.problem
    assert "older, or of another phone" in flow.view.problem
    assert flow.view.entry.words == ()
    settings = RecoveryFlow(worker, english)
    settings.remove()
    assert settings.view.removed
    assert settings.view.standing == "There are no recovery sheets."
    _, flow = opening(town)
    assert flow.view.stage == "none"
    assert "Nobody can open it without a PIN" in flow.view.explanation[0]


def test_slips_are_named_by_word_and_place(town, worker):
    papers = make(worker)
    _, flow = opening(town)
    assert flow.write("xq") == ""
    assert "Word 1 is none of the list: “\u2066xq\u2069”" in flow.view.problem
    wrong = list(papers[0])
    wrong[16] = next(each for each in WORDLIST if each != wrong[16])
    enter(flow, wrong)
    assert f"Word 17 does not fit: “\u2066{wrong[16]}\u2069”" in flow.view.problem
    assert len(flow.view.entry.words) == WORDS_A_SHEET
    assert flow.view.entry.word_label == "Word 17 of 33"
    assert flow.write(papers[0][16]) == ""
    assert flow.view.problem is None
    assert flow.view.entry.progress == "Sheet 2 of 2 needed"

    enter(flow, papers[0])
    assert flow.view.problem == "Sheet 1 was entered already. Take another colleague's sheet."
    assert flow.view.entry.words == ()
    enter(flow, papers[1])
    assert flow.view.stage == "pin"


def test_two_wrong_words_are_told_and_any_word_can_be_changed(town, worker):
    papers = make(worker)
    _, flow = opening(town)
    swapped = exchanged(papers[0], 5)
    enter(flow, swapped)
    assert "more than one is wrong" in flow.view.problem
    wrong = [n for n, each in enumerate(swapped, start=1) if each != papers[0][n - 1]]
    for number in wrong:
        flow.edit(number)
        assert flow.view.entry.word_label == f"Word {number} of 33"
        flow.choose(papers[0][number - 1])
    assert flow.view.problem is None
    assert flow.view.entry.progress == "Sheet 2 of 2 needed"


def test_a_whole_sheet_can_be_pasted_and_a_word_erased(town, worker):
    papers = make(worker)
    _, flow = opening(town)
    assert flow.write(" ".join(papers[2][:3]) + "\n") == ""
    assert [word for _, word in flow.view.entry.words] == papers[2][:3]
    flow.erase()
    assert [word for _, word in flow.view.entry.words] == papers[2][:2]
    flow.write(" ".join(papers[2][2:]) + " ")
    flow.write(" ".join(papers[1]) + " ")
    assert flow.view.stage == "pin"


def test_a_weak_or_unrepeated_pin_costs_no_sheet(town, worker):
    papers = make(worker)
    phone, flow = opening(town)
    for paper in papers[:2]:
        enter(flow, paper)
    with pytest.raises(PinsDifferError):
        flow.open(NEW, PIN)
    flow.open("111111", "111111")
    assert "too easy" in flow.view.problem
    assert flow.view.stage == "pin"
    flow.open(NEW, NEW)
    assert phone.unlocked


def test_sheets_help_while_wrong_pins_make_it_wait_and_not_after_the_wipe(town, worker):
    papers = make(worker)
    worker.lock()
    phone = town.phone("worker")
    unlock = UnlockFlow(phone, words("en"))
    assert unlock.view.forgot_button
    for _ in range(5):
        town.clock.forward(hours=3)
        unlock.unlock("000001")
    assert unlock.view.wait_seconds > 0
    flow = RecoveryOpeningFlow(phone, words("en"))
    for paper in papers[:2]:
        enter(flow, paper)
    flow.open(NEW, NEW)
    assert phone.unlocked

    phone.quick_wipe()
    assert UnlockFlow(phone, words("en")).view.forgot_button == ""
    flow = RecoveryOpeningFlow(phone, words("en"))
    assert flow.view.stage == "none"
    assert "erased" in flow.view.explanation[0]


def test_wiped_while_sheets_are_entered_it_says_so(town, worker):
    papers = make(worker)
    worker.lock()
    phone, flow = opening(town)
    for paper in papers[:2]:
        enter(flow, paper)
    town.phone("worker").quick_wipe()
    flow.open(NEW, NEW)
    assert flow.view.problem
    assert flow.view.stage == "none"
    assert not phone.unlocked


def test_a_damaged_file_is_told_and_asks_for_the_pin(town, worker):
    make(worker)
    (worker.folder / "vault.recovery").write_bytes(b"{}")
    _, flow = opening(town)
    assert flow.view.stage == "none"
    assert "is damaged" in flow.view.explanation[0]
