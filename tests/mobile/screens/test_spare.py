"""The spare copy, touched: written here, taken in there."""

import pytest

from mobile.flows import spare, spare_taking
from protocols.sealing.certificate import Role
from tests.mobile.flows.checklists import ID
from tests.mobile.flows.test_spare import make_sheets
from tests.mobile.town import INSPECTORATE


@pytest.fixture
def stick(tmp_path, monkeypatch):
    folder = tmp_path / "STICK"
    folder.mkdir()
    for flow in (spare.SpareFlow, spare_taking.SpareTakingFlow):
        plain = flow.__init__
        monkeypatch.setattr(
            flow,
            "__init__",
            lambda self, *given, plain=plain: plain(self, *given, places=lambda: (folder,)),
        )
    return folder


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_open_work_goes_to_a_stick_and_onto_a_new_phone(
    drive, town, server, worker, stick, language
):
    papers, lost = make_sheets(worker), worker.identity.keyid
    worker.screenings.start(ID, "fr")
    hand = drive(worker, language)
    hand.app.go("recovery")
    hand.touch("Action", hand.view.spare_button)
    assert hand.screen == "SpareScreen"
    hand.touch("Action", hand.view.button)
    assert hand.said(hand.view.written)
    assert len(list(stick.iterdir())) == 1
    hand.stop()

    town.clock.forward(hours=1)
    server.revoke(lost)
    phone = town.enrol("new", INSPECTORATE, Role.FIELD_WORKER)
    hand = drive(phone, language)
    hand.app.go("spare")
    hand.touch("Action", hand.view.take_button)
    assert hand.screen == "SpareTakingScreen"
    hand.touch("Action", hand.view.button)
    for each in papers[:2]:
        hand.app.screen.ids.form.ids.word.text = each
    assert hand.view.stage == "done"
    hand.touch("Action", hand.view.button)
    assert hand.screen == "HomeScreen"
    assert len(phone.screenings.list()) == 1


def test_without_sheets_the_copy_leads_to_making_them(drive, worker, stick):
    hand = drive(worker, "ar")
    hand.app.go("spare")
    hand.touch("Action", hand.view.sheets_button)
    assert hand.screen == "RecoveryScreen"
    assert list(stick.iterdir()) == []
