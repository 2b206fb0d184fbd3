"""A provider's side: opened, answered, cared for, closed; what is not what it claims is refused."""

from datetime import timedelta

import pytest
from nacl.signing import SigningKey

from mobile.casework.errors import (
    LockedError,
    NobodyCanOpenError,
    NotAllowedNowError,
    UnknownRecordError,
    UnreadableError,
)
from mobile.casework.signing import queue_step
from mobile.casework.views import ItemState
from protocols.errors import AmanaError
from protocols.messages import DirectoryAnswer, SealedPart
from protocols.referral.routing import Urgency
from protocols.sealing.age import NoMatchError, decrypt
from protocols.sealing.age_x25519 import X25519Identity, X25519Recipient
from protocols.sealing.envelope import seal
from protocols.timeline.event import Kind, new_referral_id
from tests.mobile.cases import CASE, HEALTH, KINDS, NAME, screen, send
from tests.mobile.town import FIRST, SECOND, codes, desk_of, sync_all


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    return town.worker()


@pytest.fixture
def offered(worker, shelter):
    """A referral that stands offered to the first shelter, whose phone knows it."""
    referral = send(worker)
    sync_all(worker, shelter)
    return referral


def everything_in(phone):
    """Every record's body in a phone's vault, in clear."""
    vault = desk_of(phone).vault
    collections = ("opened", "envelope", "outbox", "outbox-body", "log-head", "referral")
    known = [*collections, *(f"messages/{each}" for each in vault.list("timeline"))]
    return b"".join(body for each in known for _, body in vault.items(each))


def test_a_case_is_opened_once_and_kept(offered, shelter, worker, town, server):
    (item,) = shelter.inbox.list()
    assert (item.from_name, item.readable, item.opened) == ("Fictional Inspectorate", True, False)
    case = shelter.inbox.open(offered)
    assert case.content == {kind: CASE[kind] for kind in KINDS}
    assert (case.sender, case.sender_organisation) == (
        worker.identity.keyid,
        worker.identity.organisation,
    )
    assert HEALTH not in str(case.content)
    assert desk_of(shelter).vault.get("opened", offered) is not None
    again = town.restart(shelter)
    assert again.inbox.open(offered) == case
    again.sync()
    assert [e.kind for _, e in server.events].count(Kind.OPENED) == 1
    assert again.inbox.list()[0].state == "opened"


def test_a_case_in_a_log_line_tells_nothing(offered, shelter):
    assert NAME not in repr(shelter.inbox.open(offered))


def test_from_offer_to_closing_each_side_sees_the_same(offered, shelter, worker, clock, server):
    shelter.inbox.open(offered)
    shelter.inbox.ask(offered, "Fictional question?")
    sync_all(shelter, worker)
    assert worker.referrals.get(offered).state == "asked"
    (question,) = worker.referrals.messages(offered)
    assert (question.content, question.purpose) == ({"text": "Fictional question?"}, "question")
    assert question.sender_name == "Fictional Shelter A"
    worker.referrals.answer(offered, "Fictional answer.")
    sync_all(worker, shelter)
    assert [each.content["text"] for each in shelter.inbox.open(offered).messages] == [
        "Fictional question?",
        "Fictional answer.",
    ]
    for work in (
        shelter.inbox.accept,
        shelter.inbox.start_service,
        lambda it: shelter.inbox.feedback(it, "Fictional news", "recovering"),
        shelter.inbox.hand_over,
        lambda it: shelter.inbox.close(it, "service_completed"),
    ):
        clock.forward(minutes=5)
        work(offered)
        sync_all(shelter, worker)
    mine, theirs = shelter.inbox.get(offered), worker.referrals.get(offered)
    assert (mine.state, theirs.state) == ("closed", "closed")
    assert mine.timeline == theirs.timeline
    assert mine.verified
    assert theirs.verified
    assert [each.purpose for each in worker.referrals.messages(offered)] == [
        "question",
        "answer",
        "feedback",
    ]
    assert b"Fictional" not in b"".join(server.log.leaves).replace(b"Fictional Shelter", b"")


def test_steps_taken_offline_leave_together_in_order(offered, shelter, server):
    shelter.inbox.open(offered)
    shelter.inbox.accept(offered)
    shelter.inbox.start_service(offered)
    assert shelter.inbox.list()[0].waiting == ("opened", "accepted", "in_service")
    shelter.sync()
    assert [str(e.kind) for _, e in server.events][2:] == ["opened", "accepted", "in_service"]
    assert shelter.inbox.get(offered).verified


def test_nothing_is_accepted_unopened_or_asked_by_who_is_not_offered(offered, shelter, second):
    with pytest.raises(NotAllowedNowError) as told:
        shelter.inbox.accept(offered)
    assert told.value.rule == "wrong_state"
    second.sync()
    assert second.inbox.list() == ()
    for work in (second.inbox.open, second.inbox.accept, second.inbox.get):
        with pytest.raises(UnknownRecordError):
            work(offered)


def test_declining_hands_it_on_and_forgets_the_case_and_its_messages_at_once(
    offered, shelter, second, worker
):
    shelter.inbox.open(offered)
    shelter.inbox.ask(offered, f"Is {NAME} her name?")
    sync_all(shelter, worker)
    worker.referrals.answer(offered, f"Yes, {NAME}.")
    sync_all(worker, shelter)
    shelter.inbox.decline(offered, "no_places")
    assert NAME.encode() not in everything_in(shelter)
    assert shelter.inbox.get(offered).messages == ()
    with pytest.raises(UnknownRecordError):
        shelter.inbox.open(offered)
    sync_all(shelter, second)
    (item,) = shelter.inbox.list()
    assert (item.ours, item.readable, item.deadline) == (False, False, None)
    assert NAME.encode() not in everything_in(shelter)
    assert second.inbox.open(offered).content["identity"] == CASE["identity"]


def test_a_decline_without_a_reason_is_refused_and_keeps_the_case(offered, shelter):
    shelter.inbox.open(offered)
    for reason in ("", "No places left!"):
        with pytest.raises(AmanaError):
            shelter.inbox.decline(offered, reason)
    assert shelter.inbox.open(offered).content["identity"] == CASE["identity"]


def test_a_case_whose_time_ran_out_is_forgotten(offered, shelter, second, clock, server):
    shelter.inbox.open(offered)
    shelter.sync()
    clock.forward(hours=1)
    server.fire_overdue()
    assert shelter.inbox.list()[0].late
    sync_all(shelter, second)
    assert NAME.encode() not in everything_in(shelter)
    assert not shelter.inbox.list()[0].ours
    assert second.inbox.list()[0].state == "offered"


def test_a_step_after_the_deadline_is_refused_and_says_so(offered, shelter, clock, server):
    shelter.inbox.open(offered)
    shelter.inbox.accept(offered)
    clock.forward(hours=2)
    server.fire_overdue()
    shelter.sync()
    states = {each.what: (each.state, each.problem.code) for each in shelter.outbox.items()}
    assert states["opened"][0] is states["accepted"][0] is ItemState.REFUSED
    assert {code for _, code in states.values()} <= {"offer_ended", "deadline_passed"}
    assert NAME.encode() not in everything_in(shelter)


def test_a_withdrawn_case_is_forgotten(offered, shelter, worker):
    shelter.inbox.open(offered)
    sync_all(shelter, worker)
    worker.referrals.withdraw(offered)
    sync_all(worker, shelter)
    assert NAME.encode() not in everything_in(shelter)
    assert shelter.inbox.get(offered).state == "withdrawn"


def test_two_devices_accept_at_once_one_wins_the_other_is_told_who(
    town, offered, shelter, worker, server
):
    colleague = town.shelter("shelter-a-2")
    record = screen(worker)
    worker.sync()
    referral = send(worker, record=record)
    sync_all(worker, shelter, colleague)
    for phone in (shelter, colleague):
        phone.inbox.open(referral)
        phone.sync()
    shelter.sync()
    for phone in (shelter, colleague):
        phone.inbox.accept(referral)
    shelter.sync()
    assert "already_accepted" in codes(colleague.sync())
    problem = next(e for e in colleague.outbox.items() if e.state is ItemState.REFUSED).problem
    assert (problem.code, problem.where) == ("already_accepted", FIRST)
    accepted = [e for _, e in server.events if e.kind is Kind.ACCEPTED and e.referral == referral]
    assert [each.actor for each in accepted] == [shelter.identity.keyid]
    for phone in (shelter, colleague):
        view = phone.inbox.get(referral)
        assert (view.state, view.accepted_by, view.waiting) == ("accepted", FIRST, ())
        assert phone.inbox.open(referral).content["identity"] == CASE["identity"]


def test_a_step_overtaken_by_a_colleague_is_signed_anew_and_taken(town, shelter, worker, server):
    colleague = town.shelter("shelter-a-2")
    worker.sync()
    referral = send(worker)
    sync_all(worker, shelter, colleague)
    shelter.inbox.open(referral)
    colleague.inbox.open(referral)
    colleague.inbox.accept(referral)
    shelter.sync()
    report = colleague.sync()
    assert codes(report) == ()
    kinds = [(str(e.kind), e.actor == shelter.identity.keyid) for _, e in server.events]
    assert kinds[-3:] == [("opened", True), ("opened", False), ("accepted", False)]
    assert colleague.inbox.get(referral).verified


def test_a_question_goes_only_to_the_device_that_sent(offered, shelter, worker, town):
    colleague = town.worker("colleague")
    shelter.inbox.open(offered)
    shelter.inbox.ask(offered, "Fictional question?")
    sync_all(shelter, worker, colleague)
    assert len(worker.referrals.messages(offered)) == 1
    assert colleague.referrals.list() == ()
    assert colleague.referrals.messages(offered) == ()


def test_nothing_can_be_asked_of_a_sender_who_was_revoked(offered, shelter, worker, server, clock):
    shelter.inbox.open(offered)
    clock.forward(minutes=1)
    server.revoke(worker.identity.keyid)
    shelter.sync()
    with pytest.raises(AmanaError) as told:
        shelter.inbox.ask(offered, "Fictional question?")
    assert told.value.code in ("revoked", NobodyCanOpenError.code)
    assert shelter.inbox.get(offered).waiting == ()


def envelope(desk, referral, recipient=FIRST, **changes):
    """A case as `seal` makes it, with whatever is wrong about it."""
    keys = [
        X25519Recipient.from_text(e.recipient) for e in desk.directory.seal_to(FIRST, desk.clock())
    ]
    values = {
        "referral": referral,
        "sender_key": desk.keyring.signing,
        "recipients": [recipient],
        "purpose": "referral",
        "consent": None,
        "age_recipients": keys,
        "now": desk.clock(),
        "entropy": desk.entropy,
    }
    return seal({"identity": {"name": NAME}}, **(values | changes))


def submit(desk, referral, data):
    with desk.vault.transaction():
        queue_step(
            desk,
            referral,
            Kind.SUBMITTED,
            envelopes=[SealedPart(FIRST, data), SealedPart(SECOND, b"for the fallback")],
            respond_within=60,
        )


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


WRONG = {
    "a bit flipped in the body": lambda desk, it: flipped(envelope(desk, it), -1),
    "a bit flipped in the header": lambda desk, it: flipped(envelope(desk, it), 60),
    "cut": lambda desk, it: envelope(desk, it)[:-40],
    "no age file": lambda desk, it: b"nonsense",
    "for another provider": lambda desk, it: envelope(desk, it, SECOND),
    "about another referral": lambda desk, it: envelope(desk, new_referral_id(desk.entropy)),
    "by a stranger": lambda desk, it: envelope(desk, it, sender_key=SigningKey.generate()),
    "to another key": lambda desk, it: envelope(
        desk, it, age_recipients=[X25519Identity.generate().recipient]
    ),
    "a message posing as a case": lambda desk, it: envelope(desk, it, purpose="question"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_opened_is_told_to_its_sender_and_goes_on(
    worker, shelter, second, server, wrong
):
    desk = desk_of(worker)
    referral = new_referral_id(desk.entropy)
    submit(desk, referral, WRONG[wrong](desk, referral))
    sync_all(worker, shelter)
    with pytest.raises(UnreadableError) as told:
        shelter.inbox.open(referral)
    assert isinstance(told.value.__cause__, AmanaError)
    assert NAME not in str(told.value)
    assert desk_of(shelter).vault.list("opened") == ()
    assert shelter.inbox.get(referral).waiting == ("unreadable",)
    sync_all(shelter, worker, second)
    view = worker.referrals.get(referral)
    unreadable = next(row for row in view.timeline if row.kind == "unreadable")
    assert unreadable.reason == told.value.__cause__.code
    assert (view.state, view.offered_to) == ("offered", SECOND)
    assert desk_of(shelter).vault.list("envelope") == ()
    assert shelter.inbox.list()[0].ours is False


def test_a_case_sealed_by_a_colleague_of_the_submitter_is_refused(worker, shelter, town, server):
    """Two certified devices: one may not pass the other's words on as a referral of its own."""
    colleague = town.worker("colleague")
    sync_all(worker, shelter)
    desk = desk_of(worker)
    referral = new_referral_id(desk.entropy)
    submit(desk, referral, envelope(desk, referral, sender_key=desk_of(colleague).keyring.signing))
    sync_all(worker, shelter)
    with pytest.raises(UnreadableError, match="another device"):
        shelter.inbox.open(referral)


def test_a_message_sealed_by_another_than_its_steps_signer_is_not_shown(
    offered, shelter, worker, second, server
):
    """A second shelter's words inside the first one's question."""
    shelter.inbox.open(offered)
    shelter.sync()
    desk, other = desk_of(shelter), desk_of(second)
    sender = worker.identity.keyid
    to = desk.directory.seal_to_device(sender, desk.clock())
    data = seal(
        {"text": "Call CANARY-111 instead"},
        referral=offered,
        sender_key=other.keyring.signing,
        recipients=[sender],
        purpose="question",
        consent=None,
        age_recipients=[X25519Recipient.from_text(each.recipient) for each in to],
        now=desk.clock(),
        entropy=desk.entropy,
    )
    queue_step(desk, offered, Kind.ASKED, envelopes=[SealedPart(sender, data)])
    shelter.sync()
    for _ in range(2):
        assert codes(worker.sync()) == (UnreadableError.code,)
    assert worker.referrals.messages(offered) == ()


def test_an_envelope_is_still_opened_after_its_key_was_replaced(worker, shelter, clock):
    referral = send(worker)
    worker.sync()
    for _ in range(3):
        clock.forward(days=7)
        shelter.sync()
    assert shelter.inbox.open(referral).content["identity"] == CASE["identity"]


def test_a_phone_seized_later_cannot_open_old_envelopes(worker, shelter, clock, server):
    referral = send(worker)
    worker.sync()
    data = next(d for (_, to), d in server.envelopes.items() if to == FIRST)
    desk = desk_of(shelter)
    shelter.sync()
    clock.forward(days=60)
    desk.keyring.destroy(clock())
    with pytest.raises(NoMatchError):
        decrypt(data, desk.keyring.identities())
    assert shelter.inbox.get(referral).state == "offered"


def test_a_device_that_was_revoked_still_shows_what_it_has(offered, shelter, server, clock):
    shelter.inbox.open(offered)
    server.revoke(shelter.identity.keyid)
    answer = DirectoryAnswer(server.authority, server.snapshot(), tuple(server.live))
    desk_of(shelter).directory.take(answer, None, clock())
    (item,) = shelter.inbox.list()
    assert item.referral == offered
    assert shelter.inbox.get(offered).waiting == ("opened",)
    with pytest.raises(AmanaError) as told:
        shelter.inbox.accept(offered)
    assert told.value.code == "revoked"


def test_the_capacity_stated_reaches_the_workers(shelter, worker, clock):
    clock.forward(minutes=1)
    assert shelter.inbox.state_capacity(3) == clock()
    worker.sync()
    assert worker.directory.provider(FIRST).capacity.free_places == 3


def test_the_nearest_deadline_comes_first(worker, shelter, clock):
    slow = send(worker, urgency=Urgency.ROUTINE)
    clock.forward(minutes=1)
    fast = send(worker, urgency=Urgency.IMMEDIATE)
    sync_all(worker, shelter)
    assert [each.referral for each in shelter.inbox.list()] == [fast, slow]
    assert timedelta(0) < shelter.inbox.list()[0].deadline - clock()


def test_nothing_is_read_while_locked(offered, shelter):
    shelter.lock()
    with pytest.raises(LockedError):
        shelter.inbox.list()
