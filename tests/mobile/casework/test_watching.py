"""Who watches the record: cosignatures given and seen, two phones that compare, and a server that
shows two histories."""

import json
from datetime import timedelta

import httpx
import pytest
from nacl.signing import SigningKey

from mobile.casework.watching import Comparison, Match
from mobile.sync.errors import HostileAnswerError, LogForkError, UnknownServerError
from mobile.sync.watchers import Own, Watchers
from protocols.audit.export import write_export
from protocols.audit.verify import verify_export
from protocols.plain import from_plain
from protocols.sealing.certificate import Role
from protocols.sealing.statement import Statement, keyid
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.cosignature import cosign, with_cosignatures, witness_name, witnessed
from protocols.timeline.headline import HeadTextError, head_to_text
from tests.mobile.cases import send
from tests.mobile.fake_server import COUNTRY, RefusalError
from tests.mobile.town import SECOND, codes, desk_of, sync_all

COSIGN = f"/v1/log/{COUNTRY}/cosignatures"
WITNESSED = f"/v1/log/{COUNTRY}/witnessed"


@pytest.fixture
def worker(town, shelter):
    town.shelter("shelter-b", SECOND)
    return town.worker()


@pytest.fixture
def coordinator(town, worker):
    made = town.coordinator()
    sync_all(worker)
    return made


@pytest.fixture
def colleague(town, coordinator):
    made = town.coordinator("second coordinator")
    sync_all(coordinator)
    return made


def some_history(worker, shelter, *coordinators):
    referral = send(worker)
    sync_all(worker, shelter, *coordinators)
    return referral


def grown(worker, shelter, *coordinators):
    """One referral more."""
    send(worker, SECOND)
    sync_all(worker, *coordinators)


def rewritten(server, worker, before):
    """The server set back to `before`, with other entries since."""
    server.recall(before)
    desk = desk_of(worker)
    for referral in [send(worker, SECOND) for _ in range(3)]:
        (item,) = desk.outbox.waiting(referral)
        with desk.online() as online:
            online.submit(referral, True, desk.outbox.body(item))


def test_a_coordinators_sync_cosigns_and_everybody_sees_it(
    worker, shelter, coordinator, server, clock
):
    some_history(worker, shelter, coordinator)
    assert worker.watching.view().others == ()
    clock.forward(minutes=20)
    sync_all(worker)
    view = worker.watching.view()
    (seen,) = view.others
    assert (seen.role, seen.size) == ("coordinator", len(server.log))
    assert clock() - seen.at == timedelta(minutes=20)
    assert (view.fresh, view.own, view.forked) == (True, None, False)
    assert coordinator.watching.view().own == seen.at
    assert coordinator.watching.view().others == (), "oneself is no other"


def test_only_coordinators_cosign(worker, shelter, server):
    some_history(worker, shelter)
    assert not any(request.url.path == COSIGN for request, _ in server.requests)


def test_a_head_that_has_not_grown_is_cosigned_anew_by_the_hour(
    worker, shelter, coordinator, server, clock
):
    some_history(worker, shelter, coordinator)

    def given():
        return sum(request.url.path == COSIGN for request, _ in server.requests)

    once = given()
    for minutes, more in ((10, 0), (49, 0), (1, 1), (10, 1)):
        clock.forward(minutes=minutes)
        sync_all(coordinator)
        assert given() == once + more


def test_a_record_that_nobody_watched_for_a_week_says_so(worker, shelter, coordinator, clock):
    some_history(worker, shelter, coordinator)
    sync_all(worker)
    clock.forward(days=7)
    assert worker.watching.view().fresh
    clock.forward(seconds=1)
    view = worker.watching.view()
    assert (view.fresh, len(view.others)) == (False, 1)


def test_the_vault_knows_before_the_signature_is_made(
    worker, shelter, coordinator, server, town, monkeypatch
):
    """A phone that dies between the two has promised nothing else, and goes on from there."""
    some_history(worker, shelter, coordinator)
    before = Watchers(desk_of(coordinator).vault, COUNTRY).own
    grown(worker, shelter)

    def die(*_):
        raise SystemExit("the phone dies")

    with monkeypatch.context() as patch:
        patch.setattr("mobile.casework.watching.cosign", die)
        with pytest.raises(SystemExit):
            coordinator.sync()
    again = town.restart(coordinator)
    promised = Watchers(desk_of(again).vault, COUNTRY).own
    assert before.size < promised.size == len(server.log)


def test_a_head_that_is_not_what_was_promised_is_never_cosigned(
    worker, shelter, coordinator, server
):
    """Whatever put it there: of two roots of one size only the first is cosigned."""
    some_history(worker, shelter, coordinator)
    desk = desk_of(coordinator)
    head = desk.ledger.head
    Watchers(desk.vault, COUNTRY).promise(
        Own(head.size, bytes(32), desk.clock() - timedelta(days=1))
    )
    count = len(server.requests)
    sync_all(coordinator)
    assert all(request.url.path != COSIGN for request, _ in server.requests[count:])


@pytest.mark.parametrize("trouble", ["offline", "refused", "unknown", "broken"])
def test_what_goes_wrong_with_it_stops_no_sync(worker, shelter, coordinator, server, trouble):
    referral = send(worker)

    def answer(request, honest):
        if request.url.path not in (COSIGN, WITNESSED):
            return honest
        if trouble == "offline":
            raise httpx.ConnectError("cut")
        if trouble == "broken":
            return httpx.Response(500)
        code = "cosignature_unusable" if trouble == "refused" else "no_such_address"
        return RefusalError(422 if trouble == "refused" else 404, code).answer

    server.break_next = answer
    for phone in (worker, shelter, coordinator):
        assert codes(phone.sync(hurry=True)) == ()
    assert [each.id for each in coordinator.coordination.list()] == [referral]


def test_a_phone_whose_clock_is_ahead_claims_no_time_to_come(
    worker, shelter, coordinator, server, clock, town
):
    """Its own clock or the server's, whichever is earlier: a server cannot have tomorrow signed."""
    some_history(worker, shelter, coordinator)
    server.server_clock_ahead = timedelta(days=300)
    grown(worker, shelter, coordinator)
    assert coordinator.watching.view().own <= clock()


def test_a_cosignature_from_the_future_counts_for_nothing(worker, shelter, coordinator, server):
    some_history(worker, shelter, coordinator)
    desk = desk_of(coordinator)
    name = witness_name(coordinator.identity.keyid)
    note = server.log.checkpoint()
    line = cosign(note, name, desk.keyring.signing, desk.clock() + timedelta(days=90))
    server.cosigned[name] = (len(server.log), line.strip() + "\n")
    sync_all(worker)
    assert worker.watching.view().others == ()


def test_a_witness_that_was_revoked_is_forgotten(worker, shelter, coordinator, server):
    some_history(worker, shelter, coordinator)
    sync_all(worker)
    assert len(worker.watching.view().others) == 1
    server.revoke(coordinator.identity.keyid)
    sync_all(worker)
    assert worker.watching.view().others == ()
    assert Watchers(desk_of(worker).vault, COUNTRY).list() == ()


def test_a_note_under_a_false_cosignature_is_refused_whole(worker, shelter, coordinator, server):
    some_history(worker, shelter, coordinator)
    name = witness_name(coordinator.identity.keyid)
    good = server.cosigned[name]
    other = server.log.checkpoint(1)
    false = cosign(other, name, desk_of(coordinator).keyring.signing, server.clock())
    server.cosigned[name] = (good[0], false)
    assert codes(worker.sync()) == ("false_witness",)
    assert worker.watching.view().others == ()
    send(worker, SECOND)
    report = worker.sync(hurry=True)
    assert report.sent == 1, "what is urgent leaves all the same"


def test_what_a_key_of_nobody_signed_beside_it_changes_nothing(
    worker, shelter, coordinator, server
):
    some_history(worker, shelter, coordinator)
    stranger = SigningKey(b"\x01" * 32)
    name = witness_name(keyid(bytes(stranger.verify_key)))
    note = server.log.checkpoint()
    server.cosigned[name] = (len(server.log), cosign(note, name, stranger, server.clock()))
    server.witnesses = lambda: {name: b"", **type(server).witnesses(server)}
    assert codes(worker.sync()) == ()
    assert [each.role for each in worker.watching.view().others] == ["coordinator"]


# Two histories


def test_a_witness_cosigns_no_second_history(worker, shelter, coordinator, server):
    before = server.memory()
    some_history(worker, shelter, coordinator)
    first = dict(server.cosigned)
    rewritten(server, worker, before)
    with pytest.raises(LogForkError):
        coordinator.sync()
    assert server.cosigned == first
    assert coordinator.watching.view().forked


def test_a_cosignature_on_the_other_history_tells_whoever_is_shown_it(
    worker, shelter, coordinator, town, server
):
    """The server passes a coordinator's cosignature on without looking whose history it is of."""
    before = server.memory()
    some_history(worker, shelter, coordinator)
    name = witness_name(coordinator.identity.keyid)
    size, line = server.cosigned[name]
    theirs = with_cosignatures(server.log.checkpoint(size), [line])
    server.recall(before)
    late = town.worker("late worker")
    for _ in range(3):
        send(late, SECOND)
    late.sync(hurry=True)
    assert not late.watching.view().forked

    def answer(request, honest):
        if request.url.path != WITNESSED:
            return honest
        return httpx.Response(
            200, content=json.dumps({"heads": [{"checkpoint": theirs, "consistency": []}]}).encode()
        )

    server.break_next = answer
    assert codes(late.sync()) == ("log_fork",)
    assert late.watching.view().forked
    keys = desk_of(late).trust.witnesses(COUNTRY, late.now, [coordinator.identity.keyid])
    assert witnessed(desk_of(late).ledger.fork.offered, keys)


def test_two_coordinators_who_meet_find_out(worker, shelter, coordinator, town, server):
    """Each was shown a history of its own, and each is whole in itself."""
    before = server.memory()
    some_history(worker, shelter, coordinator)
    server.recall(before)
    colleague = town.coordinator("second coordinator")
    other = town.worker("second worker")
    for _ in range(2):
        send(other, SECOND)
    sync_all(other, colleague)
    for one, two in ((coordinator, colleague), (colleague, coordinator)):
        assert not one.watching.view().forked
        assert one.watching.evidence() is None
        found = one.watching.compare(two.watching.head_text())
        assert found.match is Match.FORKED
        evidence = json.loads(one.watching.evidence())
        assert len(set(evidence["notes"])) == 2
        assert [from_plain(each, Statement) for each in evidence["statements"]]
    assert coordinator.watching.view().forked and colleague.watching.view().forked


def test_an_export_under_the_other_history_is_caught_by_the_cosignature(
    worker, shelter, coordinator, server
):
    before = server.memory()
    some_history(worker, shelter, coordinator)
    name = witness_name(coordinator.identity.keyid)
    size, line = server.cosigned[name]
    seen = with_cosignatures(server.log.checkpoint(size), [line])
    rewritten(server, worker, before)
    lines = write_export(
        country=COUNTRY,
        origin=server.origin,
        exported=server.now,
        directory=server.snapshot(),
        certificates=[server.authority, server.server_certificate, *server.statements],
        leaves=server.log.leaves,
        cosigned=[seen],
        checkpoint=server.log.checkpoint(),
    )
    report = verify_export(lines, server.root)
    assert [each.rule for each in report.faults] == ["another_history"]


# Comparing


def test_two_phones_that_saw_the_same_agree(worker, shelter, coordinator, colleague):
    some_history(worker, shelter, coordinator, colleague)
    size = coordinator.watching.view().size
    found = colleague.watching.compare(coordinator.watching.head_text())
    assert found == Comparison(Match.SAME, size, size)


def test_an_older_one_is_judged_without_a_connection(
    worker, shelter, coordinator, colleague, server
):
    some_history(worker, shelter, coordinator, colleague)
    older = colleague.watching.head_text()
    grown(worker, shelter, coordinator)

    def cut(_):
        raise httpx.ConnectError("cut")

    server.before = cut
    found = coordinator.watching.compare(older)
    assert (found.match, found.theirs < found.own) == (Match.THEIRS_OLDER, True)
    newer = coordinator.watching.head_text()
    assert colleague.watching.compare(newer).match is Match.NOT_COMPARED
    server.before = None
    assert colleague.watching.compare(newer).match is Match.THEIRS_NEWER


def test_a_newer_head_that_was_proven_can_never_be_hidden_again(
    worker, shelter, coordinator, colleague, server
):
    some_history(worker, shelter, coordinator, colleague)
    before = server.memory()
    grown(worker, shelter, coordinator)
    newer = coordinator.watching.head_text()
    assert colleague.watching.compare(newer).match is Match.THEIRS_NEWER
    server.recall(before)
    with pytest.raises(HostileAnswerError):
        colleague.sync()


def test_a_server_that_does_not_prove_what_it_signed_is_caught(
    worker, shelter, coordinator, colleague, server
):
    some_history(worker, shelter, coordinator, colleague)
    before = server.memory()
    grown(worker, shelter, coordinator)
    newer = coordinator.watching.head_text()
    server.recall(before)
    assert colleague.watching.compare(newer).match is Match.FORKED


def test_a_field_workers_phone_compares_with_the_servers_help(worker, shelter, coordinator, server):
    some_history(worker, shelter, coordinator)
    older = coordinator.watching.head_text()
    grown(worker, shelter)
    assert worker.watching.compare(older).match is Match.THEIRS_OLDER


def test_text_that_is_no_head_is_refused_by_name(coordinator, worker, shelter):
    some_history(worker, shelter, coordinator)
    for text in ("", "hello", "amana-log:", "amana-log:!!!", "amana-log:aGVsbG8", "x" * 200_000):
        with pytest.raises(HeadTextError):
            coordinator.watching.compare(text)
    stranger = SigningKey(b"\x02" * 32)
    origin = desk_of(coordinator).ledger.head.note.split("\n")[0]
    for name in (origin, "amana/other/tn"):
        note = sign_checkpoint(Checkpoint(name, 9, bytes(32)), name, stranger)
        with pytest.raises(UnknownServerError):
            coordinator.watching.compare(head_to_text(note))
    assert not coordinator.watching.view().forked


def test_before_the_first_sync_there_is_nothing_to_show(town):
    phone = town.new_phone("new")
    phone.enrolment.begin(town.server.invite("fictional-office", Role.COORDINATOR), "new")
    phone.enrolment.poll()
    assert phone.watching.head_text() is None
    assert phone.watching.view().size == 0
