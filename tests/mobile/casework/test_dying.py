"""A phone's process dies at the n-th thing it does to its storage, or half of that is written, or
the storage is full: what it had told its holder holds, nothing is half there, and what was begun
can be done again to its end, once."""

from datetime import timedelta

import pytest
from attrs import evolve

from mobile.casework.views import ItemState
from mobile.vault.errors import NoVaultError, VaultStorageError, WipedError, WrongPinError
from mobile.vault.keys import TEST_PARAMETERS
from protocols.sealing.certificate import Role
from protocols.timeline.event import Kind
from tests.mobile.cases import CASE, NAME, screen, send
from tests.mobile.disk import Fate, reaches_sqlite
from tests.mobile.dying import lives
from tests.mobile.town import FIRST, INSPECTORATE, PIN, SECOND, desk_of, sync_all
from tests.mobile.vault.carver import carve, folder_bytes, known_by, opened_by

NEW_PIN = "719304"
GIVEN = (("safe_here", "yes"), ("paid", "all"), ("paid", "some"), ("free", "no"))
pytestmark = pytest.mark.skipif(
    not reaches_sqlite(), reason="this Python hides the SQLite that it was linked with"
)
each_fate = pytest.mark.parametrize("fate", list(Fate))


@pytest.fixture
def two_shelters(town, worker, shelter):
    town.shelter("shelter-b", SECOND)
    sync_all(worker, shelter)
    return worker, shelter


def told(life):
    """What an error of a full disk may say: nothing but that."""
    assert life.error in (None, VaultStorageError.code), life
    return life.notes


def opened(town, life, pin=PIN):
    """The phone after its process is gone, in a new one."""
    phone = town.phone(life.name)
    phone.unlock(pin)
    for record in phone.screenings.list():
        assert phone.screenings.get(record.id) == record
    for item in desk_of(phone).outbox.waiting():
        assert desk_of(phone).outbox.body(item).event.digest == item.digest
    return phone


def settle(phone):
    for _ in range(3):
        phone.sync(hurry=True)


def logged(town, referral, kind):
    return [e for _, e in town.server.events if e.referral == referral and e.kind is kind]


@each_fate
def test_making_a_vault(town, fate):
    def create(phone, note):
        phone.create(PIN, parameters=TEST_PARAMETERS)
        note("made")

    for life in lives(town, town.folder / "new", create, fate, before=lambda _: None):
        phone = town.phone(life.name)
        assert phone.exists or not told(life)
        if not phone.exists:
            phone.create(PIN, parameters=TEST_PARAMETERS)
            phone.lock()
        phone.unlock(PIN)
        assert phone.screenings.list() == ()
        screen(phone)
        phone.lock()
        assert len(opened(town, life).screenings.list()) == 1


@each_fate
def test_unlocking(town, worker, fate):
    """With what opening does besides: the try counted, the practice vault brought up to the day."""
    record = screen(worker)
    worker.lock()
    town.clock.forward(days=3)

    def unlock(phone, note):
        phone.unlock(PIN)
        note("open")

    for life in lives(town, worker.folder, unlock, fate, before=lambda _: None):
        told(life)
        town.clock.forward(hours=3)
        phone = opened(town, life)
        assert phone.screenings.get(record.id).id == record.id
        phone.lock()
        phone.unlock(PIN)
        phone.lock()


@each_fate
def test_enrolling(town, fate):
    town.new_phone("new").lock()
    invitation = town.server.invite(INSPECTORATE, Role.FIELD_WORKER)

    def enrol(phone, note):
        note(phone.enrolment.begin(invitation, "Blue phone"))
        assert phone.enrolment.poll() == "approved"
        note("enrolled")
        phone.sync()

    for life in lives(town, town.folder / "new", enrol, fate):
        phone = opened(town, life)
        assert phone.identity is not None or "enrolled" not in told(life)
        if phone.identity is None:
            code = phone.enrolment.begin(invitation, "Blue phone")
            assert set(life.notes) <= {code}
            assert phone.enrolment.poll() == "approved"
        settle(phone)
        assert phone.identity.organisation == INSPECTORATE
        assert len(town.server.enrolments) == 1
        assert desk_of(phone).keyring.unpublished(town.clock()) == ()
        phone.lock()


@each_fate
def test_answering(town, worker, fate):
    """Every answer that was on the screen as saved is there, and at most one more."""
    record = screen(worker)
    worker.lock()

    def answer(phone, note):
        going = record.interview
        for number, (question, value) in enumerate(GIVEN, 1):
            going = going.put(question, value)
            phone.screenings.save(evolve(record, interview=going))
            note(number)

    errors = set()
    for life in lives(town, worker.folder, answer, fate):
        phone = opened(town, life)
        errors.add(life.error)
        saved = len(told(life))
        (kept,) = phone.screenings.list()
        allowed = [dict(GIVEN[:count]) for count in (saved, min(saved + 1, len(GIVEN)))]
        assert kept.interview.answers in allowed
        phone.lock()
    assert (VaultStorageError.code in errors) is (fate is Fate.FULL)


def arrived_once(town, phone, referral):
    settle(phone)
    assert len(logged(town, referral, Kind.SUBMITTED)) == 1
    assert [each.state for each in phone.outbox.items()] == [ItemState.ACKNOWLEDGED]
    view = phone.referrals.get(referral)
    assert (view.state, view.verified, view.waiting) == ("offered", True, ())
    assert phone.referrals.case(referral) == CASE


@each_fate
def test_sealing_and_queueing(town, two_shelters, fate):
    worker, _ = two_shelters
    record = screen(worker)
    worker.lock()

    def seal(phone, note):
        note(send(phone, record=phone.screenings.get(record.id)))

    kept = set()
    for life in lives(town, worker.folder, seal, fate):
        phone = opened(town, life)
        sent = [each.id for each in phone.referrals.list()]
        kept.add(bool(sent))
        assert sent or not told(life)
        assert [each.referral for each in phone.outbox.items()] == sent
        assert phone.screenings.get(record.id).sent is bool(sent)
        if not sent:
            send(phone, record=phone.screenings.get(record.id))
        arrived_once(town, phone, record.referral)
        phone.lock()
    assert kept == ({True, False} if fate is Fate.KILLED else {False})


@each_fate
def test_submitting(town, two_shelters, fate):
    worker, _ = two_shelters
    referral = send(worker)
    worker.lock()

    def submit(phone, note):
        phone.sync(hurry=True)
        note(tuple(each.state for each in phone.outbox.items()))

    for life in lives(town, worker.folder, submit, fate):
        phone = opened(town, life)
        if told(life):
            assert [each.state for each in phone.outbox.items()] == list(life.notes[0])
        arrived_once(town, phone, referral)
        phone.lock()


@each_fate
def test_taking_in_a_page_of_events_with_envelopes(town, two_shelters, fate):
    worker, shelter = two_shelters
    sent = [send(worker, FIRST) for _ in range(2)]
    settle(worker)
    shelter.lock()

    for life in lives(town, shelter.folder, lambda phone, note: note(phone.sync().received), fate):
        phone = opened(town, life)
        before = {each.referral for each in phone.inbox.list()}
        assert before <= set(sent)
        assert not told(life) or before == set(sent)
        for each in before:
            assert phone.inbox.get(each).verified
            assert phone.inbox.list()[0].readable
        settle(phone)
        for each in sent:
            assert phone.inbox.open(each).content["identity"]["name"] == NAME
        phone.lock()


@each_fate
def test_opening_and_accepting(town, two_shelters, fate):
    worker, shelter = two_shelters
    referral = send(worker, FIRST)
    settle(worker)
    shelter.sync()
    shelter.lock()

    def accept(phone, note):
        phone.inbox.open(referral)
        note("opened")
        phone.inbox.accept(referral)
        note("accepted")
        phone.sync(hurry=True)
        note("told")

    for life in lives(town, shelter.folder, accept, fate):
        phone = opened(town, life)
        waiting = phone.inbox.get(referral).waiting
        if "opened" in told(life):
            assert phone.inbox.list()[0].opened
        if "told" in life.notes:
            assert waiting == ()
        phone.inbox.open(referral)
        settle(phone)
        if phone.inbox.get(referral).state != "accepted":
            assert "accepted" not in life.notes
            phone.inbox.accept(referral)
        settle(phone)
        for kind in (Kind.OPENED, Kind.ACCEPTED):
            assert len(logged(town, referral, kind)) == 1, kind
        assert phone.inbox.get(referral).waiting == ()
        phone.lock()


@each_fate
def test_declining_and_forgetting(town, two_shelters, fate):
    """The case is forgotten with the very step that hands it on, also in free pages and the log."""
    worker, shelter = two_shelters
    referral = send(worker)
    settle(worker)
    shelter.sync()
    shelter.inbox.open(referral)
    settle(shelter)
    shelter.lock()

    def decline(phone, note):
        phone.inbox.decline(referral, "no_places")
        note("declined")
        phone.sync(hurry=True)

    for life in lives(town, shelter.folder, decline, fate):
        phone = opened(town, life)
        declined = "declined" in phone.inbox.get(referral).waiting or logged(
            town, referral, Kind.DECLINED
        )
        assert declined or not told(life)
        name, key = [NAME.encode()], bytes(desk_of(phone).vault._key)
        assert bool(desk_of(phone).vault.list("opened")) is not bool(declined)
        if not declined:
            assert phone.inbox.open(referral).content["identity"]["name"] == NAME
            phone.inbox.decline(referral, "no_places")
        assert not opened_by(folder_bytes(phone.folder), key, name)
        settle(phone)
        assert len(logged(town, referral, Kind.DECLINED)) == 1
        phone.lock()


@each_fate
def test_changing_the_pin(town, worker, fate):
    record = screen(worker)
    worker.lock()

    def change(phone, note):
        phone.change_pin(PIN, NEW_PIN)
        note("changed")

    met = set()
    for life in lives(town, worker.folder, change, fate):
        pins = []
        for pin in (PIN, NEW_PIN):
            phone = town.phone(life.name)
            town.clock.forward(hours=3)
            try:
                phone.unlock(pin)
            except WrongPinError:
                continue
            assert phone.screenings.get(record.id).id == record.id
            phone.lock()
            pins.append(pin)
        assert len(pins) == 1
        met.update(pins)
        assert not told(life) or pins == [NEW_PIN]
        if pins == [PIN]:
            phone = town.phone(life.name)
            town.clock.forward(hours=3)
            phone.unlock(PIN)
            phone.change_pin(PIN, NEW_PIN)
            phone.lock()
        town.clock.forward(hours=3)
        opened(town, life, NEW_PIN).lock()
    assert fate is not Fate.KILLED or met == {PIN, NEW_PIN}


@each_fate
def test_rotating_keys(town, shelter, fate):
    """Six weeks later: old secrets destroyed, new ones made and announced, or it is done again."""
    first = {each.secret.encode() for each in desk_of(shelter).keyring.sealing()[:1]}
    first |= {each.hybrid.encode() for each in desk_of(shelter).keyring.sealing()[:1]}
    shelter.lock()
    town.clock.forward(days=42)

    for life in lives(town, shelter.folder, lambda phone, note: note(phone.sync().sent), fate):
        phone = opened(town, life)
        told(life)
        phone.sync()
        desk, now = desk_of(phone), town.clock()
        assert desk.keyring.unpublished(now) == ()
        announced = {each.digest for each in town.server.live}
        kept = desk.keyring.sealing()
        for days in range(21):
            at = now + timedelta(days=days)
            usable = [each for each in kept if each.not_before <= at < each.not_after]
            assert usable
            assert {each.statement.digest for each in usable} <= announced
        pieces = carve(folder_bytes(phone.folder), bytes(desk.vault._key))
        assert pieces
        assert not known_by(b"\n".join(each.text for each in pieces), first)
        phone.lock()


@each_fate
def test_wiping(town, worker, fate):
    """From the first byte overwritten on nothing opens again, and the next start finishes it."""
    screen(worker)
    worker.lock()
    key = (worker.folder / "vault.key").read_bytes()

    def wipe(phone, note):
        phone.quick_wipe()
        note("wiped")

    for life in lives(town, worker.folder, wipe, fate):
        file = town.folder / life.name / "vault.key"
        begun = not file.exists() or file.read_bytes() != key
        assert begun or not life.notes
        assert life.error is None
        phone = town.phone(life.name)
        if begun:
            assert not phone.exists
            with pytest.raises((NoVaultError, WipedError)):
                phone.unlock(PIN)
            assert list(phone.folder.glob("vault*")) == []
        else:
            phone.unlock(PIN)
            phone.quick_wipe()
        assert list(phone.folder.glob("vault*")) == []
        phone.create(NEW_PIN, parameters=TEST_PARAMETERS)
        assert phone.screenings.list() == ()
        phone.lock()


def test_sqlites_own_writes_are_among_them(town, worker):
    """The control: what the lives above can die at."""
    worker.lock()
    done = next(iter(lives(town, worker.folder, lambda phone, _: screen(phone), Fate.FULL))).done
    assert ("pwrite64", "sqlite", "vault.db-wal") in done or (
        "pwrite",
        "sqlite",
        "vault.db-wal",
    ) in done
