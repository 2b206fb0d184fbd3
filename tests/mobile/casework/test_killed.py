"""A phone killed anywhere while it sends: started again, the referral arrives, and only once.

The power is cut before the n-th durable write, for every n; before a request leaves; and after the
server has done its work but before the answer is read.
"""

import itertools
from contextlib import suppress

import pytest

from mobile.casework.errors import AlreadySentError
from mobile.casework.views import ItemState
from mobile.vault.records import OpenVault
from protocols.timeline.event import Kind
from tests.mobile.cases import screen, send
from tests.mobile.town import SECOND, desk_of


class PowerCut(BaseException):
    """The process is gone."""


class Cut:
    """Cuts the power at the n-th durable write from now on; `met` says whether it came to that."""

    def __init__(self, monkeypatch):
        self.left = None
        self.met = False
        put, delete, commit = OpenVault.put, OpenVault.delete, OpenVault._before_commit

        def writing(plain):
            def write(vault, *arguments):
                with vault.transaction():
                    vault.wrote = True
                    plain(vault, *arguments)

            return write

        def before_commit(vault):
            commit(vault)
            if getattr(vault, "wrote", False):
                vault.wrote = False
                self.tick()

        monkeypatch.setattr(OpenVault, "put", writing(put))
        monkeypatch.setattr(OpenVault, "delete", writing(delete))
        monkeypatch.setattr(OpenVault, "_before_commit", before_commit)

    def at(self, number):
        self.left, self.met = number, False

    def tick(self, *_):
        if self.left is None:
            return
        if self.left == 0:
            self.left, self.met = None, True
            raise PowerCut
        self.left -= 1


@pytest.fixture
def cut(monkeypatch, town, worker, shelter):
    town.shelter("shelter-b", SECOND)
    worker.sync()
    return Cut(monkeypatch)


def moments(cut, town, phone, work):
    """Run `work` on a copy of the phone, cut at each moment in turn, until it runs through; gives
    the phone after its restart. The server, too, starts each time as it stands now."""
    memory = town.server.memory()
    for number in itertools.count():
        copied = town.copy(phone, f"{phone.folder.name}-{number}")
        town.server.recall(memory)
        cut.at(number)
        with suppress(PowerCut):
            work(copied)
        cut.left = None
        again = town.restart(copied)
        yield again
        again.lock()
        if not cut.met:
            assert number > 0
            return


def submissions(server, referral):
    return [e for _, e in server.events if e.referral == referral and e.kind is Kind.SUBMITTED]


def settle(phone):
    for _ in range(3):
        phone.sync(hurry=True)


def arrived_once(phone, server, referral):
    settle(phone)
    assert len(submissions(server, referral)) == 1
    assert [each.state for each in phone.outbox.items()] == [ItemState.ACKNOWLEDGED]
    view = phone.referrals.get(referral)
    assert (view.state, view.verified, view.waiting) == ("offered", True, ())


def test_killed_while_it_is_written(cut, town, worker, server):
    """Before the last write nothing was sent and it can be sent again; after it, it goes."""
    kept, lost = 0, 0
    for phone in moments(cut, town, worker, send):
        settle(phone)
        sent = phone.referrals.list()
        if sent:
            kept += 1
            arrived_once(phone, server, sent[0].id)
            continue
        lost += 1
        assert phone.outbox.items() == ()
        assert not any(each.sent for each in phone.screenings.list())
        records = phone.screenings.list()
        again = send(phone, record=records[0] if records else None)
        arrived_once(phone, server, again)
    assert kept >= 1
    assert lost >= 1


def test_killed_between_any_two_writes_of_a_sync(cut, town, worker, server):
    record = screen(worker)
    referral = send(worker, record=record)
    before = len(server.events)
    for phone in moments(cut, town, worker, lambda phone: phone.sync()):
        arrived_once(phone, server, referral)
        assert len(server.events) == before + 2
        with pytest.raises(AlreadySentError):
            send(phone, record=record)


@pytest.mark.parametrize("arrived", [False, True])
def test_killed_around_any_request_of_a_sync(cut, town, worker, server, arrived):
    referral = send(worker)
    before = len(server.events)

    def after(request, answer):
        cut.tick()
        return answer

    server.break_next, server.before = (after, None) if arrived else (None, cut.tick)
    for phone in moments(cut, town, worker, lambda phone: phone.sync()):
        arrived_once(phone, server, referral)
        assert len(server.events) == before + 2


def test_an_answer_lost_while_the_shelter_goes_on(cut, town, worker, shelter, server):
    """The worker's phone dies after the server took the referral; meanwhile it is accepted."""
    referral = send(worker)
    cut.at(0)
    server.break_next = lambda request, answer: cut.tick() or answer
    with pytest.raises(PowerCut):
        worker.sync()
    server.break_next = None
    again = town.restart(worker)
    shelter.sync()
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    settle(shelter)
    settle(again)
    assert len(submissions(server, referral)) == 1
    view = again.referrals.get(referral)
    assert (view.state, view.accepted_by, view.waiting) == ("accepted", "fictional-shelter-a", ())


def test_a_shelters_steps_are_taken_once_wherever_it_dies(cut, town, worker, shelter, server):
    for step in ("open", "accept", "start_service"):
        referral = send(worker)
        worker.sync(hurry=True)
        shelter.sync()
        if step != "open":
            shelter.inbox.open(referral)
        if step == "start_service":
            shelter.inbox.accept(referral)
        settle(shelter)
        before = len(server.events)
        getattr(shelter.inbox, step)(referral)
        for phone in moments(cut, town, shelter, lambda phone: phone.sync()):
            settle(phone)
            assert phone.inbox.get(referral).waiting == ()
            assert len(server.events) == before + 1
        settle(shelter)
        for each in town.folder.glob("shelter-a-*"):
            each.rename(each.with_name(f"done-{step}-{each.name}"))


def test_a_message_is_read_though_the_phone_died_just_after_taking_it_in(
    cut, town, worker, shelter, server
):
    referral = send(worker)
    worker.sync()
    shelter.sync()
    shelter.inbox.open(referral)
    shelter.inbox.ask(referral, "CANARY fictional question")
    settle(shelter)
    for phone in moments(cut, town, worker, lambda phone: phone.sync()):
        settle(phone)
        assert [each.content["text"] for each in phone.referrals.messages(referral)] == [
            "CANARY fictional question"
        ]
        assert desk_of(phone).vault.list("envelope") == ()


def test_a_withdrawn_case_is_forgotten_though_the_phone_died_just_after_hearing_of_it(
    cut, town, worker, shelter, server
):
    referral = send(worker)
    worker.sync()
    shelter.sync()
    shelter.inbox.open(referral)
    settle(shelter)
    worker.sync()
    worker.referrals.withdraw(referral)
    worker.sync(hurry=True)
    for phone in moments(cut, town, shelter, lambda phone: phone.sync()):
        settle(phone)
        assert desk_of(phone).vault.list("opened") == ()
        assert desk_of(phone).vault.list("envelope") == ()
