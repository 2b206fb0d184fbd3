"""One sync as a whole: a wrong clock is named, a server's new key is learned, pages are taken in
to their end, and what does not concern this phone never reaches it."""

from datetime import timedelta

import pytest
from nacl.signing import SigningKey

from mobile.casework.errors import ClockWrongError, WrongRootError
from mobile.sync.errors import HostileAnswerError, LogForkError
from protocols.plain import dump_json, load_json, to_plain
from protocols.sealing.certificate import Role
from protocols.sealing.statement import keyid
from tests.mobile.cases import NAME, send
from tests.mobile.lies import lie, refused
from tests.mobile.town import FIRST, SECOND, codes, desk_of, sync_all


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    made = town.worker()
    sync_all(shelter, second)
    return made


def test_a_sync_says_how_much_went_and_came(worker, shelter):
    send(worker)
    report = worker.sync()
    assert (report.sent, report.received, report.problems) == (1, 0, ())
    report = shelter.sync()
    assert (report.sent, report.received, report.problems) == (0, 2, ())
    assert (worker.sync().sent, shelter.sync().received) == (0, 0)


def test_many_pages_are_taken_in_to_their_end(worker, shelter, server):
    referrals = {send(worker) for _ in range(8)}
    worker.sync()
    shelter.sync()
    assert {each.referral for each in shelter.inbox.list()} == referrals
    assert all(shelter.inbox.get(each).verified for each in referrals)
    pages = [r for r, _ in server.requests if r.url.path.startswith("/v1/sync")]
    assert len(pages) > 3


def test_cut_off_between_pages_the_next_sync_goes_on_where_it_was(worker, shelter, server):
    referrals = {send(worker) for _ in range(8)}
    worker.sync()
    seen = []

    def once(request, answer):
        if request.url.path.startswith("/v1/sync"):
            seen.append(request)
            if len(seen) == 2:
                answer.status_code = 503
        return answer

    server.break_next = once
    with pytest.raises(Exception, match="cannot answer now"):
        shelter.sync()
    assert 0 < len(shelter.inbox.list()) < 8
    shelter.sync()
    assert {each.referral for each in shelter.inbox.list()} == referrals


def test_a_phone_hears_only_of_its_own(town, worker, shelter, second):
    colleague = town.worker("colleague")
    send(worker, FIRST)
    sync_all(worker, shelter, second, colleague)
    assert second.inbox.list() == colleague.referrals.list() == ()
    assert desk_of(second).vault.list("timeline") == ()


@pytest.mark.parametrize("off", [timedelta(minutes=-20), timedelta(hours=-9)])
def test_a_clock_somewhat_off_is_named_and_stops_nothing(town, worker, clock, off):
    clock.forward(days=2)
    town.off["worker"] = off
    referral = send(worker)
    assert codes(worker.sync()) == (ClockWrongError.code,)
    assert worker.referrals.get(referral).state == "offered"
    town.off["worker"] = timedelta(0)
    assert codes(worker.sync()) == ()


@pytest.mark.parametrize("off", [timedelta(days=-9000), timedelta(days=900)])
def test_a_clock_that_defies_every_certificate_is_named_and_not_the_server(town, worker, off):
    """A flat battery sets the phone to the year 2002: that is no attack."""
    referral = send(worker)
    town.off["worker"] = off
    with pytest.raises(ClockWrongError, match="behind" if off < timedelta(0) else "ahead of"):
        worker.sync()
    town.off["worker"] = timedelta(0)
    worker.sync(hurry=True)
    assert worker.referrals.get(referral).state == "offered"
    assert codes(worker.sync()) == ()


def test_a_wrong_clock_hides_no_fork(town, worker, server, clock):
    send(worker)
    worker.sync()
    server.log = server.log.fork(lambda leaves: [leaves[0][::-1], *leaves[1:]])
    town.off["worker"] = timedelta(days=2)
    with pytest.raises(LogForkError):
        worker.sync()


def test_a_servers_new_key_is_learned_from_its_certificate(worker, shelter, server):
    referral = send(worker)
    server.new_key()
    worker.sync()
    shelter.sync()
    assert worker.referrals.get(referral).verified
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME


def test_a_servers_new_key_without_a_certificate_is_refused(worker, shelter, server):
    referral = send(worker)
    worker.sync()
    server.log.key = SigningKey.generate()
    refused(shelter)
    assert shelter.inbox.list() == ()
    assert worker.referrals.get(referral).verified


def test_a_servers_new_key_that_a_false_authority_certified_is_refused(worker, shelter, server):
    send(worker)
    worker.sync()
    server.keys |= {each: SigningKey.generate() for each in ("false", "new")}
    server.log.key = server.keys["new"]
    subject = keyid(bytes(server.log.key.verify_key))
    forged = server._certificate(subject, Role.SERVER, "new", by="false")
    lie(
        server,
        "/v1/programme",
        lambda body: dump_json(load_json(body) | {"servers": [to_plain(forged)]}),
    )
    refused(shelter)


def test_a_programme_of_another_root_is_refused(worker, shelter, server):
    send(worker)
    worker.sync()
    server.log.key = SigningKey.generate()

    def other_root(body):
        found = load_json(body)
        found["root"]["programme"] = "another"
        return dump_json(found)

    lie(server, "/v1/programme", other_root)
    refused(shelter, WrongRootError)


def test_a_directory_not_published_yet_is_a_problem_among_others(town, server):
    """Enrolled before the country's first directory: the rest of the sync goes on."""
    phone = town.new_phone("early")
    phone.enrolment.begin(server.invite("fictional-inspectorate", Role.FIELD_WORKER), "a")
    phone.enrolment.poll()
    server.unpublished = True
    assert codes(phone.sync()) == ("directory_unpublished",)
    server.unpublished = False
    assert codes(phone.sync()) == ()


def test_an_expired_directory_is_a_problem_until_a_new_one_comes(worker, server, clock):
    clock.forward(days=31)
    assert codes(worker.sync()) == ("directory_expired",)
    server.number += 1
    assert codes(worker.sync()) == ()


def test_a_refused_directory_stops_neither_mail_already_here_nor_what_was_sent(
    worker, shelter, server
):
    referral = send(worker)
    server.keys["stranger"] = SigningKey.generate()
    server.number += 1
    server.published = (server.number, server.make_snapshot(key="stranger"))
    with pytest.raises(HostileAnswerError):
        worker.sync()
    assert worker.referrals.get(referral).state == "offered"
    assert worker.directory.number < server.number
