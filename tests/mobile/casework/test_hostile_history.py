"""A server that hides, rewrites or invents what happened: noticed, and nothing of it believed."""

import httpx
import pytest
from attrs import evolve

from mobile.casework.errors import EnrolmentRefusedError, UnknownRecordError
from mobile.casework.signing import reference
from mobile.casework.views import TimelineProof
from mobile.sync.errors import LogForkError, RefusedError
from protocols.messages import (
    EnrolmentStatus,
    LoggedEvent,
    Receipt,
    SealedPart,
    SyncAnswer,
    TimelineAnswer,
)
from protocols.plain import from_json, to_json
from protocols.sealing.age_x25519 import X25519Recipient
from protocols.sealing.certificate import Role
from protocols.sealing.envelope import seal
from protocols.timeline.event import Kind
from tests.mobile.cases import send
from tests.mobile.fake_log import FakeLog
from tests.mobile.fake_server import RefusalError
from tests.mobile.lies import REFERRALS, SYNC, append, event_in, kept, lie, reading, refused
from tests.mobile.town import FIRST, SECOND, codes, desk_of, sync_all


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    made = town.worker()
    town.coordinator()
    sync_all(shelter, second, made)
    return made


@pytest.fixture
def coordinator(town, worker):
    return town.restart(town.phone("coordinator"))


@pytest.fixture
def referral(worker):
    return send(worker)


def test_an_old_checkpoint_shown_again_is_noticed(worker, shelter, server, referral):
    """The server answers as it did before the referral came."""
    before = server.memory()
    sync_all(worker, shelter)
    now = server.memory()
    old = server.log
    server.recall(before)
    assert len(server.log) < len(old)
    refused(shelter, LogForkError)
    assert "log_fork" not in codes_after_honesty(server, now, worker)


def codes_after_honesty(server, memory, phone):
    server.recall(memory)
    return codes(phone.sync(hurry=True))


def test_an_old_page_shown_again_though_its_log_is_there_is_noticed(
    worker, shelter, server, referral
):
    recorded = []
    server.break_next = lambda request, honest: recorded.append((request, honest)) or honest
    shelter.sync()
    (old,) = [a.content for r, a in recorded if r.url.path == SYNC]
    server.break_next = None
    sync_all(worker, shelter)
    lie(server, SYNC, lambda _: old)
    refused(shelter)


def test_an_event_left_out_in_the_middle_is_noticed(worker, shelter, server, referral):
    worker.sync()
    shelter.sync()
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    shelter.sync()

    def without_opened(entries, leaf):
        return tuple(each for each in entries if event_in(leaf(each)).kind is not Kind.OPENED)

    def answer(request, honest):
        if request.url.path == SYNC:
            page = from_json(honest.content, SyncAnswer)
            page = evolve(page, entries=without_opened(page.entries, lambda e: e.event.leaf))
            return httpx.Response(200, content=to_json(page))
        if request.url.path.endswith("/timeline"):
            found = from_json(honest.content, TimelineAnswer)
            found = evolve(found, events=without_opened(found.events, lambda e: e.leaf))
            return httpx.Response(200, content=to_json(found))
        return honest

    server.break_next = answer
    refused(worker)
    server.break_next = None
    worker.sync()
    assert worker.referrals.get(referral).state == "accepted"


def test_a_coordinator_notices_any_entry_left_out(worker, coordinator, server, referral):
    worker.sync()
    lie(server, SYNC, reading(SyncAnswer, lambda page: evolve(page, entries=page.entries[1:])))
    refused(coordinator)
    lie(server, SYNC, reading(SyncAnswer, lambda page: evolve(page, entries=page.entries[:-1])))
    refused(coordinator)
    lie(server, SYNC, reading(SyncAnswer, lambda page: evolve(page, entries=())))
    refused(coordinator)
    server.break_next = None
    coordinator.sync()
    assert [each.id for each in coordinator.coordination.list()] == [referral]


def test_a_rewritten_log_is_noticed_by_everybody_who_saw_the_other(
    worker, shelter, coordinator, server, referral
):
    sync_all(worker, shelter, coordinator)
    honest = server.log
    server.log = honest.fork(lambda leaves: [leaves[0].replace(b"09:00", b"08:00"), *leaves[1:]])
    for phone in (worker, shelter, coordinator):
        refused(phone, LogForkError)
        fork = desk_of(phone).ledger.fork
        assert (fork.kept, fork.offered) == (honest.checkpoint(), server.log.checkpoint())
    server.log = honest
    assert "log_fork" in codes(worker.sync())
    assert worker.referrals.get(referral).verified


def test_a_split_view_within_one_answer_is_noticed(worker, shelter, server, referral):
    """To a phone that has seen nothing: the page from one log, the timeline from another."""
    worker.sync()
    other = server.log.fork(lambda leaves: [*leaves, leaves[0]])
    assert desk_of(shelter).ledger.head.size == 0

    def answer(request, honest):
        if request.url.path.endswith("/timeline"):
            found = from_json(honest.content, TimelineAnswer)
            forked = FakeLog(
                server.origin, server.keys["server"], [other.leaves[0], other.leaves[0][::-1]]
            )
            logged = tuple(forked.logged(0) for _ in found.events[:1])
            return httpx.Response(200, content=to_json(TimelineAnswer(logged, forked.checkpoint())))
        return honest

    server.break_next = answer
    refused(shelter)


RECEIPTS = {
    "for nothing": lambda receipt: evolve(receipt, events=()),
    "for the servers own step": lambda receipt: evolve(receipt, events=receipt.events[1:]),
    "without proof": lambda receipt: evolve(
        receipt, events=tuple(evolve(each, proof=()) for each in receipt.events)
    ),
    "for another leaf": lambda receipt: evolve(
        receipt,
        events=tuple(LoggedEvent(e.index, e.leaf + b" ", e.proof) for e in receipt.events),
    ),
}


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_false_receipt_acknowledges_nothing(worker, server, referral, name):
    lie(server, REFERRALS, reading(Receipt, RECEIPTS[name]))
    refused(worker)
    view = worker.referrals.get(referral)
    assert (view.state, view.waiting) == ("sealed", ("submitted",))
    server.break_next = None
    worker.sync(hurry=True)
    assert worker.referrals.get(referral).state == "offered"


def test_taken_but_never_logged_is_noticed(worker, server, referral):
    """The server says thank you and keeps nothing."""
    memory = server.memory()

    def forget(request, honest):
        if request.url.path == REFERRALS:
            server.recall(memory)
        return honest

    server.break_next = forget
    with pytest.raises(LogForkError):
        worker.sync()
    assert desk_of(worker).ledger.fork is not None


def test_an_acceptance_by_who_was_never_offered_it_is_shown_as_unproven(
    worker, second, server, referral
):
    """A shelter in league with the server: the worker is not told that the person is safe."""
    worker.sync()
    desk = desk_of(second)
    append(
        server, desk.keyring.signing, desk.me.keyid, referral, kind=Kind.ACCEPTED, provider=SECOND
    )
    worker.sync()
    view = worker.referrals.get(referral)
    assert (view.state, view.accepted_by, view.verified) == ("offered", None, False)
    assert "not_recipient" in view.fault
    assert view.timeline[-1].proof is TimelineProof.UNPROVEN


def test_an_event_that_its_actor_did_not_sign_is_shown_as_unproven(
    worker, shelter, server, referral
):
    worker.sync()
    append(
        server,
        server.keys["server"],
        desk_of(shelter).me.keyid,
        referral,
        kind=Kind.DECLINED,
        reason="no_places",
        provider=FIRST,
    )
    worker.sync()
    view = worker.referrals.get(referral)
    assert (view.state, view.verified) == ("offered", False)


def test_a_question_from_who_was_never_offered_it_is_not_shown_nor_answered(
    worker, shelter, second, server, referral
):
    """An impostor certified as a shelter, and a server that lets it speak: 'call this number'."""
    worker.sync()
    sync_all(shelter, second)
    shelter.inbox.open(referral)
    shelter.inbox.ask(referral, "Honest fictional question?")
    sync_all(shelter, worker)
    desk, sender = desk_of(second), worker.identity.keyid
    to = desk.directory.seal_to_device(sender, desk.clock())
    part = SealedPart(
        sender,
        seal(
            {"text": "Call CANARY-666"},
            referral=referral,
            sender_key=desk.keyring.signing,
            recipients=[sender],
            purpose="question",
            consent=None,
            age_recipients=[X25519Recipient.from_text(each.recipient) for each in to],
            now=desk.clock(),
            entropy=desk.entropy,
        ),
    )
    append(server, desk.keyring.signing, desk.me.keyid, referral, envelopes=(reference(part),))
    place = len(server.log) - 1
    server._parts = lambda index, device: (part,) if index == place else ()
    assert "timeline_unproven" in codes(worker.sync())
    texts = [each.content["text"] for each in worker.referrals.messages(referral)]
    assert texts == ["Honest fictional question?"]
    with pytest.raises(UnknownRecordError):
        worker.referrals.answer(referral, "Fictional answer")


def test_a_step_of_a_revoked_phone_dated_back_is_shown_as_unproven(
    worker, shelter, server, clock, referral
):
    """The server enters it an hour ago, when the phone's certificate still held."""
    worker.sync()
    shelter.sync()
    clock.forward(minutes=30)
    shelter.inbox.open(referral)
    shelter.sync()
    clock.forward(minutes=5)
    server.revoke(shelter.identity.keyid)
    desk = desk_of(shelter)
    clock.forward(minutes=-10)
    append(
        server, desk.keyring.signing, desk.me.keyid, referral, kind=Kind.ACCEPTED, provider=FIRST
    )
    clock.forward(minutes=10)
    worker.sync()
    view = worker.referrals.get(referral)
    assert (view.state, view.verified) == ("opened", False)
    assert "received before" in view.fault


def test_a_sequence_without_measure_does_not_stop_the_phone(worker, second, server, referral):
    worker.sync()
    desk = desk_of(second)
    append(server, desk.keyring.signing, desk.me.keyid, referral, sequence=10**15)
    refused(worker)


def test_nobody_is_enrolled_by_a_lie(town, worker, server):
    """Approved, says the server, with the chain of somebody else's phone."""
    phone = town.new_phone("new")
    server.approving = False
    phone.enrolment.begin(server.invite("fictional-inspectorate", Role.FIELD_WORKER), "a")
    approved = {"state": "approved", "statements": (server.authority, *server.statements)}
    (identifier,) = [each for each, (_, state) in server.enrolments.items() if state == "pending"]
    path = f"/v1/enrolments/{identifier}"
    lie(server, path, reading(EnrolmentStatus, lambda status: evolve(status, **approved)))
    with pytest.raises(EnrolmentRefusedError):
        phone.enrolment.poll()
    assert phone.identity is None


def test_a_server_that_only_refuses_costs_nothing_but_time(worker, shelter, server, referral):
    def refuse(_):
        raise RefusalError(403, "wrong_role")

    server.before = refuse
    before = kept(worker)
    with pytest.raises(RefusedError):
        worker.sync()
    assert kept(worker) == before
    server.before = None
