"""The main path over real HTTP against a real server process: from enrolment to a closed, proven
and secret referral, through lost answers and a server that dies."""

import subprocess
import sys
import threading
from contextlib import suppress
from functools import partial

import httpx
import pytest

from mobile.casework.sealing import Strength
from mobile.casework.views import ItemState
from mobile.commands.demonstration import cast, secrecy
from mobile.commands.demonstration.canaries import distinctive, strings_of
from mobile.commands.demonstration.folder import Folder
from mobile.sync.errors import OfflineError
from protocols.plain import dump_json
from protocols.sealing.age_hybrid import KIND
from tests.journey.conftest import PIN
from tests.journey.people import (
    CASE,
    FALLBACK,
    FIRST,
    IDENTITY,
    NEEDS,
    NOTES,
    offered,
    queue,
    stanzas_on,
    words,
)

MESSAGES_AND_CASES = 5
"""Two providers' parts of the case, a question, an answer, feedback."""
KINDS = [
    "submitted", "offered", "opened", "declined", "offered", "opened", "asked", "answered",
    "accepted", "in_service", "feedback", "closed",
]  # fmt: skip


@pytest.fixture(scope="module")
def people(town):
    """An inspector, two shelters and a coordinator, enrolled."""
    for holder in cast.EVERYBODY:
        town.enrol(holder.name, holder.organisation, holder.role)
    town.sync_all()
    return tuple(town.phones[each.name] for each in cast.EVERYBODY)


@pytest.fixture(scope="module")
def closed(town, people):
    """A referral declined by the first choice, taken by the fallback, cared for and closed."""
    inspector, first, fallback, _ = people
    referral = queue(inspector, town.clock())
    town.sync_all()
    assert offered(first) == [referral]
    assert offered(fallback) == []
    assert first.inbox.open(referral).content["notes"] == NOTES
    first.inbox.decline(referral, cast.DECLINE_REASON)
    first.sync(hurry=True)
    fallback.sync(hurry=True)
    assert offered(fallback) == [referral]
    case = fallback.inbox.open(referral).content
    assert case == {"identity": IDENTITY, "needs": NEEDS}
    fallback.inbox.ask(referral, cast.QUESTION)
    fallback.sync(hurry=True)
    inspector.sync(hurry=True)
    inspector.referrals.answer(referral, cast.ANSWER)
    inspector.sync(hurry=True)
    fallback.sync(hurry=True)
    assert words(fallback.inbox.open(referral).messages, "answer") == [cast.ANSWER]
    fallback.inbox.accept(referral)
    fallback.inbox.start_service(referral)
    fallback.inbox.feedback(referral, cast.FEEDBACK, cast.OUTCOME)
    fallback.inbox.close(referral, cast.OUTCOME)
    fallback.sync(hurry=True)
    town.sync_all()
    return referral


def test_the_sender_learns_what_became_of_it_and_every_phone_proves_it(people, closed):
    inspector, _, fallback, coordinator = people
    for view in (
        inspector.referrals.get(closed),
        fallback.inbox.get(closed),
        coordinator.coordination.get(closed),
    ):
        assert [each.kind for each in view.timeline] == KINDS
        assert view.verified
        assert (view.state, view.accepted_by) == ("closed", FALLBACK)
    messages = inspector.referrals.messages(closed)
    assert [each.purpose for each in messages] == ["question", "answer", "feedback"]
    assert words(messages, "feedback") == [cast.FEEDBACK]
    assert coordinator.coordination.get(closed).messages == ()


def test_who_declined_holds_nothing_of_the_case(people, closed):
    first = people[1]
    assert offered(first) == []
    kept = b"".join(body for name in ("opened", "envelope") for _, body in held(first, name))
    assert kept == b""


def held(phone, collection):
    return list(phone._open.vault.items(collection))


def test_the_export_is_audited_by_a_program_with_the_root_key_alone(town, people, closed):
    export = town.folder / "export.jsonl"
    people[3].coordination.export(export)
    words = ["audit", "verify", str(export), "--root", str(town.programme.root)]
    command = [sys.executable, "-c", "from protocols.commands import main; main()", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything holds" in done.stdout
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(b"".join([*lines[:-3], *lines[-2:]]))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    people[3].coordination.export(export)


def test_no_secret_of_the_case_is_at_the_server_or_crossed_the_wire(town, people, closed):
    town.relay.settle()
    people[3].coordination.export(town.folder / "export.jsonl")
    said = [cast.QUESTION, cast.ANSWER, cast.FEEDBACK]
    secrets = distinctive(strings_of([CASE, said]))
    assert cast.NAME in secrets and cast.PHONE in secrets
    case = dump_json([CASE, said])
    checked = secrecy.check(Folder(town.folder), secrets, case, (closed, FIRST, FALLBACK))
    assert checked.hits == ()
    assert checked.blind == ()
    assert {"amana.db", "server.log", "wire/to-server.log", "wire/from-server.log"} <= set(
        checked.places
    )


def test_every_envelope_on_the_wire_was_hybrid_and_the_sender_knows(town, people, closed):
    town.relay.settle()
    files = Folder(town.folder).wire_files
    assert [each.name for each in files] == ["from-server.log", "to-server.log"]
    for file in files:
        found = stanzas_on([file])
        assert len(found) >= MESSAGES_AND_CASES
        assert all(each == {KIND} for each in found)
    told = people[0].referrals.get(closed).strengths
    assert told == {FIRST: Strength.HYBRID, FALLBACK: Strength.HYBRID}


class LosesAnswers(httpx.HTTPTransport):
    """Hands each submission in, then loses the answer."""

    def handle_request(self, request):
        response = super().handle_request(request)
        if request.method == "POST" and "/referrals" in request.url.path:
            response.read()
            response.close()
            raise httpx.ReadError("the line broke")
        return response


def test_a_lost_answer_doubles_nothing(town, people):
    inspector, first, _, coordinator = people
    referral = queue(inspector, town.clock())
    inspector.lock()
    unlucky = town.phone(cast.INSPECTOR.name, LosesAnswers)
    unlucky.unlock(PIN)
    for _ in range(3):
        with pytest.raises(OfflineError):
            unlucky.sync(hurry=True)
    (item,) = [each for each in unlucky.outbox.items() if each.referral == referral]
    assert (item.state, item.attempts) == (ItemState.WAITING, 3)
    unlucky.lock()
    inspector.unlock(PIN)
    inspector.sync(hurry=True)
    (item,) = [each for each in inspector.outbox.items() if each.referral == referral]
    assert item.state == ItemState.ACKNOWLEDGED
    first.sync(hurry=True)
    coordinator.sync(hurry=True)
    assert offered(first).count(referral) == 1
    kinds = [each.kind for each in coordinator.coordination.get(referral).timeline]
    assert kinds == ["submitted", "offered"]


class PullsThePlug(httpx.HTTPTransport):
    """The server dies so many seconds after the second submission was handed in."""

    def __init__(self, server, after_seconds):
        super().__init__()
        self._plug = threading.Timer(after_seconds, server.kill)
        self._submissions = 0

    def handle_request(self, request):
        if request.method == "POST" and request.url.path == "/v1/referrals":
            self._submissions += 1
            if self._submissions == 2:
                self._plug.start()
        return super().handle_request(request)

    def __exit__(self, *error):
        super().__exit__(*error)
        if self._submissions > 1:
            self._plug.join()


def test_a_server_that_is_killed_loses_nothing_that_it_acknowledged(town, people):
    inspector, first, _, coordinator = people
    sent = []
    for after_seconds in (0.0, 0.004, 0.012):
        sent += [queue(inspector, town.clock()) for _ in range(3)]
        inspector.lock()
        unlucky = town.phone(cast.INSPECTOR.name, partial(PullsThePlug, town.server, after_seconds))
        unlucky.unlock(PIN)
        with suppress(OfflineError):
            unlucky.sync(hurry=True)
        states = states_of(unlucky, sent[-3:])
        assert (states[0], states[2]) == (ItemState.ACKNOWLEDGED, ItemState.WAITING)
        unlucky.lock()
        inspector.unlock(PIN)
        town.server.start()
        coordinator.sync(hurry=True)
        known = {each.id for each in coordinator.coordination.list()}
        for referral, state in zip(sent, states_of(inspector, sent), strict=True):
            assert referral in known or state is ItemState.WAITING
        inspector.sync(hurry=True)
    town.sync_all()
    assert set(states_of(inspector, sent)) == {ItemState.ACKNOWLEDGED}
    assert set(sent) <= set(offered(first))
    coordinator.sync(hurry=True)
    for referral in sent:
        view = coordinator.coordination.get(referral)
        assert [each.kind for each in view.timeline] == ["submitted", "offered"]
        assert view.verified
    export = town.folder / "after-the-crash.jsonl"
    coordinator.coordination.export(export)
    assert coordinator.coordination.verify(export).ok


def states_of(phone, referrals):
    """Where the submission of each referral stands in the outbox."""
    by_referral = {each.referral: each.state for each in phone.outbox.items()}
    return [by_referral[each] for each in referrals]
