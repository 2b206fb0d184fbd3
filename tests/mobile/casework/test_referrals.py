"""Sending: nothing without consent, nothing twice, to each provider only what it may know."""

from datetime import timedelta

import httpx
import pytest
from attrs import evolve

from mobile.casework.errors import (
    AlreadySentError,
    ConsentMismatchError,
    DirectoryExpiredError,
    NobodyCanOpenError,
    NoDirectoryError,
    NotAllowedNowError,
    PracticeError,
    UnknownRecordError,
)
from mobile.casework.referrals import consent_digest
from mobile.casework.views import ItemState, TimelineProof
from mobile.sync.errors import OfflineError
from protocols.errors import AmanaError
from protocols.messages import Submission
from protocols.plain import from_json
from protocols.referral.consent import (
    ConsentEndedError,
    Grant,
    NothingToShareError,
    withdraw,
)
from protocols.referral.provider import Sex
from protocols.referral.routing import Person, Urgency
from protocols.referral.services import Service
from protocols.sealing.age import NoMatchError, decrypt
from protocols.sealing.certificate import Role
from protocols.sealing.envelope import open_envelope
from protocols.sealing.padding import unpad
from protocols.timeline.event import Event, Kind
from tests.mobile.cases import CASE, HEALTH, KINDS, NAME, consent_to, screen, send
from tests.mobile.fake_server import SHELTERS, RefusalError
from tests.mobile.town import FIRST, INSPECTORATE, SECOND, codes, desk_of


@pytest.fixture
def shelters(town):
    return town.shelter(), town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelters):
    return town.worker()


def queued(phone):
    """The one submission that waits in the outbox."""
    desk = desk_of(phone)
    (item,) = desk.outbox.waiting()
    submission = desk.outbox.body(item)
    return from_json(submission.event.payload, Event), submission


def nothing_queued(phone):
    assert phone.outbox.items() == ()
    assert phone.referrals.list() == ()
    assert not any(each.sent for each in phone.screenings.list())


def opened_by(phone, referral, submission, recipient):
    desk = desk_of(phone)
    data = next(each.data for each in submission.envelopes if each.recipient == recipient)
    return open_envelope(
        data,
        desk.keyring.identities(),
        trust=desk.trust.store,
        referral=referral,
        me=recipient,
        now=desk.clock(),
    )


def test_each_provider_can_open_only_its_own_part(worker, shelters):
    record = screen(worker)
    until = record.started + timedelta(days=2)
    consent = consent_to(
        record,
        grants=(
            Grant(FIRST, KINDS, "referral", until),
            Grant(SECOND, ("needs",), "referral", until),
        ),
    )
    for phone in shelters:
        phone.sync()
    referral = send(worker, record=record, consent=consent)
    event, submission = queued(worker)
    assert [each.recipient for each in event.envelopes] == [FIRST, SECOND]
    first = opened_by(shelters[0], referral, submission, FIRST)
    second = opened_by(shelters[1], referral, submission, SECOND)
    assert first.payload.content == {kind: CASE[kind] for kind in KINDS}
    assert second.payload.content == {"needs": CASE["needs"]}
    assert first.payload.consent == second.payload.consent == consent_digest(consent)
    with pytest.raises(NoMatchError):
        opened_by(shelters[1], referral, submission, FIRST)


def test_nothing_of_the_case_is_in_clear_in_what_leaves(worker, server):
    send(worker)
    worker.sync()
    sent = b"".join(str(r.url).encode() + r.content for r, _ in server.requests)
    assert b"CANARY" not in sent
    data = next(iter(server.envelopes.values()))
    (key, *_) = desk_of(worker).keyring.identities()
    with pytest.raises(NoMatchError):
        decrypt(data, [key])


def test_without_a_grant_nothing_is_queued(worker):
    record = screen(worker)
    with pytest.raises(ConsentMismatchError, match=SECOND):
        send(worker, record=record, consent=consent_to(record, FIRST))
    nothing_queued(worker)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda consent: withdraw(consent, consent.given), AmanaError),
        (lambda consent: evolve(consent, referral="a" * 26), ConsentMismatchError),
        (
            lambda consent: evolve(
                consent, grants=[evolve(e, kinds=("answers",)) for e in consent.grants]
            ),
            NothingToShareError,
        ),
    ],
    ids=["withdrawn", "another referral", "nothing it covers"],
)
def test_a_consent_that_does_not_cover_it_sends_nothing(worker, change, error):
    record = screen(worker)
    with pytest.raises(error):
        send(worker, record=record, consent=change(consent_to(record, *SHELTERS)))
    nothing_queued(worker)


def test_a_consent_that_ended_sends_nothing(worker, clock):
    record = screen(worker)
    consent = consent_to(record, *SHELTERS)
    clock.forward(days=31)
    for phone in (worker,):
        phone.sync()
    with pytest.raises((ConsentEndedError, NobodyCanOpenError, DirectoryExpiredError)) as told:
        send(worker, record=record, consent=consent)
    assert told.type is not NoDirectoryError
    nothing_queued(worker)


def test_one_end_that_passed_among_several_sends_nothing_to_anybody(worker, clock):
    record = screen(worker)
    given = record.started
    grants = tuple(
        Grant(each, KINDS, "referral", given + timedelta(hours=hours))
        for each, hours in ((FIRST, 48), (SECOND, 1))
    )
    clock.forward(hours=2)
    with pytest.raises(ConsentEndedError):
        send(worker, record=record, consent=consent_to(record, grants=grants))
    nothing_queued(worker)


def test_practice_never_leaves(worker, server):
    record = screen(worker, practice=True)
    with pytest.raises(PracticeError):
        send(worker, record=record)
    nothing_queued(worker)


def test_a_screening_is_sent_once(worker):
    record = screen(worker)
    referral = send(worker, record=record)
    for again in (record, worker.screenings.get(record.id)):
        with pytest.raises(AlreadySentError):
            send(worker, record=again)
    assert [each.id for each in worker.referrals.list()] == [referral]
    assert len(worker.outbox.items()) == 1
    assert worker.screenings.get(record.id).sent


@pytest.mark.parametrize("shortlist", [(), (FIRST, FIRST)])
def test_a_shortlist_names_somebody_and_each_once(worker, shortlist):
    record = screen(worker)
    with pytest.raises(NotAllowedNowError) as told:
        worker.referrals.send(
            record,
            CASE,
            shortlist,
            consent_to(record, FIRST),
            (Service.SHELTER,),
            Urgency.ROUTINE,
        )
    assert told.value.rule == "bad_shortlist"
    nothing_queued(worker)


def test_an_expired_directory_sends_nothing(worker, clock, server):
    clock.forward(days=31)
    with pytest.raises(DirectoryExpiredError):
        send(worker)
    assert "directory_expired" in codes(worker.sync()) or not worker.directory.expired


def test_without_a_directory_nothing_is_sent(town, server):
    phone = town.new_phone("fresh")
    phone.enrolment.begin(server.invite(INSPECTORATE, Role.FIELD_WORKER), "a")
    phone.enrolment.poll()
    with pytest.raises(NoDirectoryError):
        send(phone)
    nothing_queued(phone)


def test_a_provider_that_nobody_could_open_for_is_refused(worker, server):
    server.live = [each for each in server.live if False]
    server.number += 1
    worker.sync()
    with pytest.raises(NobodyCanOpenError):
        send(worker)
    nothing_queued(worker)


def test_a_provider_whose_only_device_was_revoked_is_refused(worker, server, shelters):
    server.revoke(shelters[0].identity.keyid)
    worker.sync()
    with pytest.raises(NobodyCanOpenError):
        send(worker, FIRST)
    send(worker, SECOND)


def test_only_field_workers_send(shelters):
    for phone in shelters:
        phone.sync()
    with pytest.raises(NotAllowedNowError) as told:
        send(shelters[0], SECOND)
    assert told.value.rule == "not_sender"
    nothing_queued(shelters[0])


def test_sent_offline_it_waits_and_says_so(worker, server):
    def away(request):
        raise httpx.ConnectError("no network")

    server.before = away
    referral = send(worker)
    with pytest.raises(OfflineError):
        worker.sync()
    view = worker.referrals.get(referral)
    assert (view.state, view.waiting) == ("sealed", ("submitted",))
    assert [row.proof for row in view.timeline] == [TimelineProof.WAITING]
    assert view.shortlist == SHELTERS
    (item,) = worker.outbox.items()
    assert (item.state, item.attempts, item.problem.code) == (ItemState.WAITING, 1, "offline")
    assert not any(word in item.problem.detail for word in (NAME, HEALTH))
    server.before = None
    assert worker.sync().sent == 0
    assert worker.sync(hurry=True).sent == 1
    assert worker.referrals.get(referral).state == "offered"


def test_after_its_answer_was_lost_it_is_sent_again_and_taken_once(worker, server):
    def lose(request, answer):
        if request.url.path == "/v1/referrals":
            raise httpx.ReadTimeout("lost")
        return answer

    referral = send(worker)
    server.break_next = lose
    with pytest.raises(OfflineError):
        worker.sync()
    assert worker.referrals.get(referral).waiting == ("submitted",)
    server.break_next = None
    worker.sync(hurry=True)
    view = worker.referrals.get(referral)
    assert (view.state, view.waiting, view.problem) == ("offered", (), None)
    assert [str(event.kind) for _, event in server.events] == ["submitted", "offered"]


def test_the_case_is_kept_whole_for_its_worker(worker, town):
    referral = send(worker)
    again = town.restart(worker)
    assert again.referrals.case(referral) == CASE
    with pytest.raises(UnknownRecordError):
        again.referrals.case("a" * 26)
    for work in (again.referrals.get, again.referrals.withdraw):
        with pytest.raises(UnknownRecordError):
            work("a" * 26)
    with pytest.raises(UnknownRecordError):
        again.referrals.answer(referral, "text")


def test_a_phone_whose_clock_is_wrong_sends_all_the_same(worker, town, server):
    """Behind by two days: requests learn the server's time, the event claims the phone's own."""
    town.clock.forward(days=3)
    town.off["worker"] = timedelta(days=-2)
    referral = send(worker)
    worker.sync()
    assert worker.referrals.get(referral).state == "offered"
    assert server.events[0][1].claimed == town.clock() - timedelta(days=2)


def test_a_clock_ahead_waits_and_goes_as_soon_as_it_is_right(worker, town, server):
    town.off["worker"] = timedelta(hours=3)
    referral = send(worker)
    assert codes(worker.sync()) == ("claimed_in_future", "clock_wrong")
    assert worker.referrals.get(referral).problem.code == "claimed_in_future"
    town.off["worker"] = timedelta(0)
    worker.sync(hurry=True)
    assert worker.referrals.get(referral).state == "offered"
    assert [each.state for each in worker.outbox.items()] == [ItemState.ACKNOWLEDGED]


def test_routing_works_offline_from_the_kept_directory(worker, server):
    def away(request):
        raise httpx.ConnectError("no network")

    server.before = away
    record = screen(worker)
    person = Person(sex=Sex.FEMALE, age=27)
    found = worker.referrals.route(
        record, (Service.SHELTER,), Urgency.URGENT, "TN-61", person, excluded=(SECOND,)
    )
    assert [each.provider for each in found.ranked] == [FIRST]
    assert SECOND in [each.provider for each in found.excluded]


def test_the_shortest_time_to_answer_is_for_the_most_urgent(worker):
    minutes = []
    for urgency in (Urgency.IMMEDIATE, Urgency.URGENT, Urgency.ROUTINE):
        send(worker, urgency=urgency)
        desk = desk_of(worker)
        body = desk.outbox.body(desk.outbox.waiting()[-1])
        minutes.append(from_json(body.event.payload, Event).respond_within)
    assert minutes == sorted(minutes)
    assert minutes[0] == 60


def test_withdrawn_before_it_left_nothing_ever_leaves(worker, server, clock):
    """The person changed their mind while the phone had no network."""
    referral = send(worker)
    worker.referrals.withdraw(referral)
    for _ in range(3):
        worker.sync(hurry=True)
        clock.forward(hours=3)
    assert server.events == []
    assert not [r for r, _ in server.requests if r.url.path.startswith("/v1/referrals")]
    view = worker.referrals.get(referral)
    assert (view.state, view.waiting) == ("withdrawn", ())


def test_withdrawn_after_its_answer_was_lost_it_is_withdrawn_at_the_server_too(
    worker, server, shelters
):
    def lose(request, answer):
        if request.url.path == "/v1/referrals":
            raise httpx.ReadTimeout("lost")
        return answer

    referral = send(worker)
    server.break_next = lose
    with pytest.raises(OfflineError):
        worker.sync()
    server.break_next = None
    worker.referrals.withdraw(referral)
    worker.sync(hurry=True)
    worker.sync(hurry=True)
    assert [str(event.kind) for _, event in server.events] == ["submitted", "offered", "withdrawn"]
    view = worker.referrals.get(referral)
    assert (view.state, view.waiting, view.verified) == ("withdrawn", (), True)
    shelters[0].sync()
    assert not shelters[0].inbox.list()[0].readable


def test_withdrawn_before_it_left_it_may_be_sent_with_a_new_consent(worker, server):
    record = screen(worker)
    referral = send(worker, record=record)
    worker.referrals.withdraw(referral)
    worker.sync(hurry=True)
    assert send(worker, record=worker.screenings.get(record.id)) == referral
    worker.sync(hurry=True)
    assert worker.referrals.get(referral).state == "offered"


def test_what_arrives_after_it_was_withdrawn_is_withdrawn_at_once(worker, server):
    """The request was still under way when the phone asked whether it had arrived."""
    held = []

    def hold(request):
        if request.url.path == "/v1/referrals":
            held.append(request)
            raise httpx.ReadTimeout("slow")

    referral = send(worker)
    server.before = hold
    with pytest.raises(OfflineError):
        worker.sync()
    server.before = None
    worker.referrals.withdraw(referral)
    worker.sync(hurry=True)
    assert worker.referrals.get(referral).state == "withdrawn"
    server.handle(held[0])
    assert [str(event.kind) for _, event in server.events] == ["submitted", "offered"]
    for _ in range(2):
        worker.sync(hurry=True)
    assert server.events[-1][1].kind is Kind.WITHDRAWN
    assert worker.referrals.get(referral).state == "withdrawn"


def test_withdrawn_while_offered_the_offer_ends(worker, server):
    referral = send(worker)
    worker.sync()
    worker.referrals.withdraw(referral)
    assert worker.referrals.get(referral).waiting == ("withdrawn",)
    worker.sync()
    assert worker.referrals.get(referral).state == "withdrawn"
    with pytest.raises(NotAllowedNowError):
        worker.referrals.withdraw(referral)
    assert server.events[-1][1].kind is Kind.WITHDRAWN


def refuse(server, status, code):
    """The server takes no submission."""

    def before(request):
        if request.url.path == "/v1/referrals":
            raise RefusalError(status, code)

    server.before = before


def test_what_the_server_refuses_for_good_says_so_and_can_be_sent_anew(worker, server):
    """A provider left the directory meanwhile: nobody is to be screened a second time for it."""
    record = screen(worker)
    refuse(server, 422, "unknown_provider")
    referral = send(worker, record=record)
    assert "unknown_provider" in codes(worker.sync())
    view = worker.referrals.get(referral)
    assert (view.problem.code, view.waiting) == ("unknown_provider", ())
    assert not worker.screenings.get(record.id).sent
    server.before = None
    again = send(worker, SECOND, record=worker.screenings.get(record.id))
    assert again == referral
    worker.sync()
    view = worker.referrals.get(referral)
    assert (view.state, view.offered_to, view.problem) == ("offered", SECOND, None)
    with pytest.raises(AlreadySentError):
        send(worker, record=record)


@pytest.mark.parametrize("code", ["revoked", "expired", "unknown_device"])
def test_what_can_pass_is_waited_for(worker, server, code):
    refuse(server, 401 if code == "unknown_device" else 403, code)
    referral = send(worker)
    assert code in codes(worker.sync())
    assert worker.referrals.get(referral).waiting == ("submitted",)
    server.before = None
    worker.sync(hurry=True)
    assert worker.referrals.get(referral).state == "offered"


def test_a_referral_that_came_back_is_shown_so(worker, server, clock):
    referral = send(worker)
    worker.sync()
    clock.forward(hours=1)
    server.fire_overdue()
    clock.forward(hours=1)
    server.fire_overdue()
    worker.sync()
    view = worker.referrals.get(referral)
    assert (view.state, view.offered_to, view.deadline) == ("returned", None, None)
    assert [row.kind for row in view.timeline if row.late] == ["expired", "expired"]


def test_the_padding_of_a_sealed_case_is_whole(worker, shelters):
    for phone in shelters:
        phone.sync()
    send(worker, FIRST)
    _, submission = queued(worker)
    assert isinstance(submission, Submission)
    keys = desk_of(shelters[0]).keyring.identities()
    assert unpad(decrypt(submission.envelopes[0].data, keys)).startswith(b"{")
