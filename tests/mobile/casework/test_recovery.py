"""A PIN that nobody remembers: with enough sheets the phone goes on where it stood."""

import base64

import pytest

from mobile.casework.errors import LockedError
from mobile.casework.views import ItemState
from mobile.vault.errors import (
    NoRecoveryError,
    NoVaultError,
    TooFewSheetsError,
    WipedError,
    WrongPinError,
)
from mobile.vault.sheets import Gathered, read_sheet
from tests.mobile.cases import NAME, screen, send
from tests.mobile.town import PIN, SECOND, desk_of

NEW = "another fictional phrase"


@pytest.fixture
def known(town, worker, shelter):
    """The worker's directory knows both shelters."""
    town.shelter("shelter-b", SECOND)
    worker.sync()


def make(phone, needed=2, sheets=3):
    """What the colleagues have on paper: the words of each sheet."""
    drawn = phone.recovery.draw(needed, sheets)
    phone.recovery.keep(drawn)
    return [each.words for each in drawn.sheets]


def gathered(papers, of=None):
    found = Gathered(of)
    for each in papers:
        found = found.with_(read_sheet(each))
    return found


def test_everything_is_there_and_what_was_not_sent_still_leaves(town, worker, known, server):
    sent, unsent = send(worker), screen(worker)
    papers = make(worker)
    keyid = worker.identity.keyid
    worker.lock()

    phone = town.phone("worker")
    found = gathered(papers[1:], phone.recovery.on_file.name)
    phone.open_with_sheets(found, NEW)
    assert phone.identity.keyid == keyid
    assert {each.id for each in phone.screenings.list()} >= {unsent.id}
    assert phone.referrals.case(sent)["identity"]["name"] == NAME
    phone.sync(hurry=True)
    assert [each.state for each in phone.outbox.items()] == [ItemState.ACKNOWLEDGED]
    assert phone.recovery.standing.needed == 2

    phone.lock()
    with pytest.raises(WrongPinError):
        phone.unlock(PIN)
    town.clock.forward(minutes=1)
    phone.unlock(NEW)


def test_nothing_of_the_sheets_ever_goes_to_the_server(town, worker, known, server, monkeypatch):
    asked, plain = [], server.handle
    monkeypatch.setattr(server, "handle", lambda request: asked.append(request) or plain(request))
    drawn = worker.recovery.draw(2, 3)
    worker.recovery.keep(drawn)
    send(worker)
    worker.sync(hurry=True)
    worker.open_with_sheets(gathered([each.words for each in drawn.sheets[:2]]), NEW)
    worker.sync(hurry=True)
    wire = b"\n".join(
        str(each.url).encode() + repr(each.headers.raw).encode() + each.content for each in asked
    )
    assert len(wire) > 1000
    key = desk_of(worker).vault.lend_key(bytes)
    for secret in (drawn.secret, key):
        for form in (secret, secret.hex().encode(), base64.b64encode(secret)):
            assert form not in wire
    words = {word for sheet in drawn.sheets for word in sheet.words[4:]}
    assert not [each for each in words if b" " + each.encode() + b" " in wire]
    assert drawn.name.encode() not in wire


def test_fewer_sheets_than_needed_change_nothing(town, worker):
    papers = make(worker, 3, 5)
    worker.lock()
    with pytest.raises(TooFewSheetsError) as few:
        worker.open_with_sheets(gathered(papers[:2]), NEW)
    assert (few.value.given, few.value.needed) == (2, 3)
    assert not worker.unlocked
    worker.unlock(PIN)


def test_sheets_are_made_and_removed_on_an_open_phone_only(worker):
    worker.lock()
    for refused in (
        lambda: worker.recovery.draw(2, 3),
        worker.recovery.remove,
        lambda: worker.recovery.standing,
    ):
        with pytest.raises(LockedError):
            refused()
    assert worker.recovery.on_file is None


def test_after_a_wipe_the_sheets_open_nothing(town, worker):
    papers = make(worker)
    worker.quick_wipe()
    with pytest.raises((NoRecoveryError, NoVaultError, WipedError)):
        town.phone("worker").open_with_sheets(gathered(papers[:2]), NEW)
    assert not town.phone("worker").exists


def test_the_duress_pin_that_destroys_takes_the_sheets_with_it(town, worker):
    papers = make(worker)
    worker.set_duress(PIN, "739152", destroys=True)
    worker.lock()
    worker.unlock("739152")
    assert worker.recovery.standing == worker.recovery.on_file
    worker.lock()
    with pytest.raises(Exception, match="these sheets are of another vault") as refused:
        town.phone("worker").open_with_sheets(gathered(papers[:2]), NEW)
    assert refused.value.code == "recovery_damaged"
