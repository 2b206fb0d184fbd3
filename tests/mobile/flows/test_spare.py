"""The spare copy as its screens tell it: written to a stick, taken in on a new phone."""

import os
from pathlib import Path

import pytest

from mobile.casework.spare_places import copies_in, places
from mobile.flows.recovery import RecoveryFlow
from mobile.flows.refusals import NothingChosenError
from mobile.flows.spare import SpareFlow
from mobile.flows.spare_taking import SpareTakingFlow
from mobile.locale import words
from protocols.sealing.certificate import Role
from tests.mobile.flows.checklists import ID
from tests.mobile.town import INSPECTORATE

LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr", "en"])


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


def make_sheets(phone):
    drawn = phone.recovery.draw(2, 3)
    phone.recovery.keep(drawn)
    return [" ".join(each.words) + " " for each in drawn.sheets]


def new_phone(town, server, lost, name="new"):
    town.clock.forward(hours=1)
    server.revoke(lost.identity.keyid)
    lost.lock()
    return town.enrol(name, INSPECTORATE, Role.FIELD_WORKER)


@LANGUAGES
def test_from_a_copy_on_a_stick_to_a_new_phone(town, server, worker, stick, language):
    spoken = words(language)
    papers = make_sheets(worker)
    record = worker.screenings.start(ID, "fr")
    flow = SpareFlow(worker, spoken, places=lambda: (stick,))
    before = flow.view.standing
    flow.write("")
    assert flow.view.problem is None
    (copy,) = stick.iterdir()
    assert copy.name in flow.view.written
    assert flow.view.standing != before
    assert flow.view.warning == ""

    phone = new_phone(town, server, worker)
    taking = SpareTakingFlow(phone, spoken, places=lambda: (stick,))
    assert [each.chosen for each in taking.view.files] == [True]
    taking.go_on()
    assert taking.view.stage == "sheets"
    for each in papers[1:]:
        taking.write(each)
    assert taking.view.problem is None
    assert taking.view.stage == "done"
    assert [each.id for each in phone.screenings.list()] == [record.id]
    taking.go_on()
    assert taking.view.leads_to.screen == "home"


def test_its_age_and_content_show_and_new_sheets_ask_for_a_new_copy(town, worker, english, stick):
    make_sheets(worker)
    worker.screenings.start(ID, "fr")
    flow = SpareFlow(worker, english, places=lambda: (stick,))
    flow.write("")
    town.clock.forward(days=12)
    flow = SpareFlow(worker, english, places=lambda: ())
    assert [each.key for each in flow.view.places] == [str(stick)]
    assert "12 days ago" in flow.view.standing
    assert "1 screening, 0 referrals" in flow.view.standing
    make_sheets(worker)
    assert "older sheets" in flow.view.warning
    assert "older sheets" in RecoveryFlow(worker, english).view.spare_warning
    flow.write("")
    assert flow.view.warning == ""
    assert RecoveryFlow(worker, english).view.spare_warning == ""


def test_without_sheets_it_leads_to_them(worker, english):
    flow = SpareFlow(worker, english, places=lambda: ())
    assert flow.view.button == ""
    assert flow.view.sheets_button
    make_sheets(worker)
    with pytest.raises(NothingChosenError):
        flow.write(" ")


def test_only_a_field_worker_is_offered_it(worker, shelter, english):
    assert RecoveryFlow(worker, english).view.spare_button
    assert RecoveryFlow(shelter, english).view.spare_button == ""


def test_another_folder_can_be_written_and_a_wrong_one_is_told(worker, english, stick, tmp_path):
    make_sheets(worker)
    flow = SpareFlow(worker, english, places=lambda: ())
    flow.write(str(tmp_path / "pulled out"))
    assert "Choose another" in flow.view.problem
    assert flow.view.written == ""
    flow.write(str(stick))
    assert flow.view.problem is None
    assert len(list(stick.iterdir())) == 1


def test_a_wrong_file_is_told_and_the_sheets_need_not_be_entered_again(
    town, server, worker, english, stick
):
    papers = make_sheets(worker)
    worker.screenings.start(ID, "fr")
    copy = worker.spare.write(stick).path
    (stick / "holiday.age").write_bytes(b"fictional")
    phone = new_phone(town, server, worker)
    taking = SpareTakingFlow(phone, english, places=lambda: (stick,))
    taking.go_on(str(stick / "holiday.age"))
    for each in papers[:2]:
        taking.write(each)
    assert "no spare copy" in taking.view.problem
    assert taking.view.stage == "file"
    taking.pick(str(copy))
    taking.go_on()
    assert taking.view.entry.word_label == ""
    assert taking.view.button
    taking.go_on()
    assert taking.view.stage == "done"


def test_sheets_of_another_time_are_told_and_others_asked_for(town, server, worker, english, stick):
    right = make_sheets(worker)
    worker.spare.write(stick)
    wrong = make_sheets(worker)
    phone = new_phone(town, server, worker)
    taking = SpareTakingFlow(phone, english, places=lambda: (stick,))
    taking.go_on()
    for each in wrong[:2]:
        taking.write(each)
    assert "do not open this copy" in taking.view.problem
    assert taking.view.stage == "sheets"
    assert taking.view.entry.progress == "First sheet"
    for each in right[:2]:
        taking.write(each)
    assert taking.view.stage == "done"


def test_no_file_chosen_is_told(worker, english):
    taking = SpareTakingFlow(worker, english, places=lambda: ())
    with pytest.raises(NothingChosenError):
        taking.go_on(" ")


def test_places_are_those_that_are_there_and_copies_the_newest_first(tmp_path, monkeypatch):
    media, downloads = tmp_path / "media", tmp_path / "Downloads"
    (media / "user" / "STICK").mkdir(parents=True)
    (media / "self").mkdir()
    downloads.mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda folder: folder.name in ("STICK", "self"))
    found = places((media, tmp_path / "gone"), (downloads, tmp_path / "gone"))
    assert found == (media / "user" / "STICK", downloads)
    for at, name in enumerate(("old.age", "new.age", "photo.jpg")):
        (downloads / name).write_bytes(b"")
        os.utime(downloads / name, (at, at))
    assert [each.name for each in copies_in((*found, tmp_path / "gone"))] == ["new.age", "old.age"]
