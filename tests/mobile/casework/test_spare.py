"""A lost phone: its open work comes back on a new one, from a copy and enough sheets."""

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobile.casework.errors import NotEnrolledError
from mobile.casework.spare import FORMAT, SpareContent, gather, read_content
from mobile.vault import files
from mobile.vault.errors import (
    NoRecoveryError,
    SpareDamagedError,
    SpareForeignError,
    SpareFormatError,
    SpareKindError,
    SpareOfOtherSheetsError,
    SparePlaceError,
    SpareTooLargeError,
    TooFewSheetsError,
)
from mobile.vault.spare import open_copy, seal_copy
from mobile.vault.spare_keys import identities_of, recipients_of
from protocols.plain import to_json
from protocols.sealing.age import encrypt
from protocols.sealing.age_keys import recipient_from_text
from protocols.sealing.certificate import Role
from protocols.sealing.padding import padded_size
from tests.mobile.cases import HEALTH, NAME, screen, send
from tests.mobile.casework.test_recovery import gathered
from tests.mobile.libraries import without_ml_kem
from tests.mobile.town import INSPECTORATE, OFFICE, SECOND, desk_of
from tests.mobile.vault.cut import Cut

NOTES = "CANARY fictional notes"


@pytest.fixture
def known(town, worker, shelter):
    """The worker's directory knows both shelters."""
    town.shelter("shelter-b", SECOND)
    worker.sync()


@pytest.fixture
def stick(tmp_path):
    """A place of the worker's choice."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


class Papers:
    """The sheets of a phone: any two of three."""

    def __init__(self, phone):
        self.drawn = phone.recovery.draw(2, 3)
        phone.recovery.keep(self.drawn)

    @property
    def two(self):
        return gathered([each.words for each in self.drawn.sheets[1:]])


@pytest.fixture
def papers(worker):
    return Papers(worker)


def lose(town, server, worker, name="new-worker", organisation=INSPECTORATE):
    """The phone is gone: its certificate is revoked and another is enrolled in its place."""
    town.clock.forward(hours=1)
    server.revoke(worker.identity.keyid)
    worker.lock()
    shutil.rmtree(worker.folder)
    phone = town.enrol(name, organisation, Role.FIELD_WORKER)
    phone.sync(hurry=True)
    return phone


def test_a_lost_phones_open_work_is_on_the_new_one(
    town, worker, shelter, known, papers, stick, server
):
    sent, unfinished = send(worker), screen(worker)
    worker.drafts.save(unfinished.id, {"notes": NOTES})
    worker.sync(hurry=True)
    shelter.sync()
    shelter.inbox.open(sent)
    shelter.inbox.ask(sent, "CANARY fictional question")
    shelter.sync(hurry=True)
    worker.sync(hurry=True)
    written = worker.spare.write(stick)
    assert (written.screenings, written.cases) == (2, 1)

    phone = lose(town, server, worker)
    taken = phone.spare.take_in(written.path, papers.two)
    assert (taken.label, taken.screenings, taken.cases, taken.known) == ("worker", 2, 1, 0)
    again = phone.screenings.get(unfinished.id)
    assert (again.interview, again.sent) == (unfinished.interview, False)
    assert phone.drafts.get(unfinished.id) == {"notes": NOTES}
    assert phone.referrals.case(sent)["identity"]["name"] == NAME
    assert [each.content["text"] for each in phone.referrals.messages(sent)] == [
        "CANARY fictional question"
    ]
    phone.sync(hurry=True)
    view = phone.referrals.get(sent)
    assert (view.state, view.verified) == ("asked", True)
    phone.referrals.answer(sent, "CANARY fictional answer")
    phone.sync(hurry=True)
    assert phone.referrals.get(sent).waiting == ()
    later = send(phone, record=again)
    phone.sync(hurry=True)
    assert phone.referrals.get(later).state == "offered"

    twice = phone.spare.take_in(written.path, papers.two)
    assert (twice.screenings, twice.cases, twice.known) == (0, 0, 3)
    assert phone.screenings.get(unfinished.id).sent


def test_what_never_left_the_lost_phone_can_be_sent_from_the_new_one(
    town, worker, known, papers, stick, server
):
    waiting = send(worker)
    path = worker.spare.write(stick).path
    phone = lose(town, server, worker)
    taken = phone.spare.take_in(path, papers.two)
    assert (taken.screenings, taken.cases) == (1, 0)
    (record,) = phone.screenings.list()
    assert (record.referral, record.sent) == (waiting, False)
    assert send(phone, record=record) == waiting
    phone.sync(hurry=True)
    assert phone.referrals.get(waiting).state == "offered"


def test_what_is_over_withdrawn_or_practice_is_not_in_it(
    town, worker, shelter, known, papers, stick
):
    closed, withdrawn = send(worker), send(worker)
    worker.sync(hurry=True)
    shelter.sync()
    shelter.inbox.open(closed)
    shelter.inbox.accept(closed)
    shelter.inbox.close(closed, "service_completed")
    shelter.sync(hurry=True)
    worker.sync(hurry=True)
    worker.referrals.withdraw(withdrawn)
    held_back = send(worker)
    worker.referrals.withdraw(held_back)
    screen(worker, practice=True)
    open_ = screen(worker)
    content = gather(desk_of(worker))
    assert [each.id for each in content.screenings] == [open_.id]
    assert content.cases == ()


def test_no_key_of_the_device_is_in_it_and_nothing_can_be_read_of_it(
    town, worker, known, papers, stick
):
    send(worker)
    worker.sync(hurry=True)
    path = worker.spare.write(stick).path
    content = to_json(gather(desk_of(worker)))
    assert NAME.encode() in content
    assert HEALTH.encode() in content
    desk = desk_of(worker)
    secrets = [bytes(desk.keyring.signing).hex().encode(), b"AGE-SECRET", papers.drawn.secret]
    secrets += [each.secret.encode() for each in desk.keyring.sealing()]
    assert not [each for each in secrets if each in content]
    sealed = path.read_bytes()
    for word in (NAME, HEALTH, "worker", "amana", INSPECTORATE, desk.me.keyid):
        assert word.encode() not in sealed
    assert set(stick.iterdir()) == {path}


def test_only_sizes_of_padding_show(worker, papers, stick):
    recipients = recipients_of(papers.drawn.secret)
    sizes = {
        len(seal_copy(bytes(each), recipients, desk_of(worker).entropy))
        for each in range(9000, 9200, 7)
    }
    assert len(sizes) == len({padded_size(each) for each in range(9000, 9200, 7)})
    assert len(sizes) < 4


def test_the_phone_that_writes_it_cannot_open_it(worker, papers, stick):
    path = worker.spare.write(stick).path
    desk = desk_of(worker)
    kept = b"".join(
        body
        for collection in ("spare", "recovery", "self", "device-key", "sealing-secret")
        for _, body in desk.vault.items(collection)
    )
    for identity in identities_of(papers.drawn.secret):
        assert identity.text.encode() not in kept
    assert papers.drawn.secret not in kept
    assert open_copy(path.read_bytes(), papers.drawn.secret)


def test_it_is_refreshed_in_its_place_and_its_age_shows(town, worker, papers, stick):
    assert worker.spare.last is None
    first = worker.spare.write(stick)
    screen(worker)
    town.clock.forward(days=9)
    second = worker.spare.write(stick)
    assert second.path == first.path
    assert [each.name for each in stick.iterdir()] == [first.path.name]
    assert (second.screenings, (second.made - first.made).days) == (1, 9)
    assert worker.spare.last == second
    Papers(worker)
    assert not worker.spare.last.fits


def test_without_sheets_or_before_it_joined_there_is_no_copy(town, worker, stick):
    with pytest.raises(NoRecoveryError):
        worker.spare.write(stick)
    phone = town.new_phone("nobody's")
    Papers(phone)
    with pytest.raises(NotEnrolledError):
        phone.spare.write(stick)
    assert list(stick.iterdir()) == []


def test_fewer_sheets_or_other_ones_take_nothing_in(town, worker, papers, stick, server):
    screen(worker)
    path = worker.spare.write(stick).path
    Papers(worker)
    other = Papers(worker)
    phone = lose(town, server, worker)
    with pytest.raises(TooFewSheetsError):
        phone.spare.take_in(path, gathered([papers.drawn.sheets[0].words]))
    with pytest.raises(SpareOfOtherSheetsError):
        phone.spare.take_in(path, other.two)
    assert phone.screenings.list() == ()
    phone.spare.take_in(path, papers.two)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_changed_or_cut_copy_is_refused_and_takes_nothing_in(worker, papers, stick, data):
    path = worker.spare.write(stick).path
    sealed = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(sealed) - 1))
        sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del sealed[data.draw(st.integers(0, len(sealed) - 1)) :]
    path.write_bytes(sealed)
    with pytest.raises((SpareDamagedError, SpareOfOtherSheetsError)):
        worker.spare.take_in(path, papers.two)


@pytest.mark.parametrize("garbage", [b"", b"CANARY", bytes(4096)])
def test_any_other_file_is_refused(worker, papers, stick, garbage):
    path = stick / "photo.age"
    path.write_bytes(garbage)
    with pytest.raises(SpareDamagedError):
        worker.spare.take_in(path, papers.two)
    with pytest.raises(SparePlaceError):
        worker.spare.take_in(stick / "not there.age", papers.two)


def sealed_again(papers, content, path):
    path.write_bytes(seal_copy(content, recipients_of(papers.drawn.secret), desk_entropy))


def desk_entropy(size):
    return bytes(size)


def test_a_copy_of_another_format_organisation_or_role_is_refused_by_name(
    town, worker, papers, stick, server
):
    screen(worker)
    content = to_json(gather(desk_of(worker)))
    path = stick / "copy.age"
    sealed_again(papers, content.replace(FORMAT.encode(), b"amana-spare/0"), path)
    with pytest.raises(SpareFormatError, match="amana-spare/0"):
        worker.spare.take_in(path, papers.two)
    sealed_again(papers, b'{"format":"amana-spare/1"}', path)
    with pytest.raises(SpareDamagedError):
        worker.spare.take_in(path, papers.two)
    sealed_again(papers, content, path)
    elsewhere = town.enrol("elsewhere", OFFICE, Role.FIELD_WORKER)
    for phone in (elsewhere, town.coordinator()):
        with pytest.raises(SpareForeignError):
            phone.spare.take_in(path, papers.two)
        assert phone.screenings.list() == ()
    stranger = town.new_phone("stranger")
    with pytest.raises(NotEnrolledError):
        stranger.spare.take_in(path, papers.two)


def test_a_checklist_that_is_not_what_it_says_is_refused(worker, papers):
    screen(worker)
    plain = json.loads(to_json(gather(desk_of(worker))))
    plain["editions"][0]["file"] = "AAAA"
    with pytest.raises(SpareDamagedError):
        read_content(json.dumps(plain).encode())
    assert isinstance(read_content(to_json(gather(desk_of(worker)))), SpareContent)


def test_a_hybrid_copy_on_a_phone_without_the_library_says_so(worker, papers, stick):
    hybrid, x25519 = recipients_of(papers.drawn.secret)
    assert hybrid.startswith("age1pq1")
    path = worker.spare.write(stick).path
    assert b"mlkem768x25519" in path.read_bytes()[:100]
    with without_ml_kem():
        with pytest.raises(SpareKindError):
            worker.spare.take_in(path, papers.two)
        worker.spare.write(stick)
        assert b"X25519" in path.read_bytes()[:100]
        worker.spare.take_in(path, papers.two)
    worker.spare.take_in(path, papers.two)
    assert encrypt(b"", [recipient_from_text(x25519)], bytes)


def test_a_place_that_is_full_gone_or_closed_is_told_and_the_old_copy_stays(
    worker, papers, stick, monkeypatch
):
    path = worker.spare.write(stick).path
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "write", full)
        with pytest.raises(SparePlaceError, match="No space"):
            worker.spare.write(stick)
    assert path.read_bytes() == before
    with pytest.raises(SparePlaceError):
        worker.spare.write(stick / "pulled out")
    assert worker.spare.last.path == path


def test_too_much_for_one_copy_is_told_before_anything_is_written(
    worker, papers, stick, monkeypatch
):
    monkeypatch.setattr("mobile.casework.spare.MAX_JSON_BYTES", 100)
    with pytest.raises(SpareTooLargeError):
        worker.spare.write(stick)
    assert list(stick.iterdir()) == []


def test_killed_while_it_is_written_the_old_or_the_new_copy_is_there_whole(
    town, worker, papers, stick, monkeypatch
):
    path, sizes = worker.spare.write(stick).path, set()
    screen(worker)
    cut = Cut(monkeypatch)
    for _ in cut.moments(lambda _: worker.spare.write(stick)):
        content = read_content(open_copy(path.read_bytes(), papers.drawn.secret))
        sizes.add(len(content.screenings))
    assert sizes == {0, 1}


def test_killed_while_it_is_taken_in_all_of_it_is_there_or_nothing(
    town, worker, known, papers, stick, server, monkeypatch
):
    send(worker)
    worker.sync(hurry=True)
    screen(worker)
    path = worker.spare.write(stick).path
    phone = lose(town, server, worker)
    found = set()
    cut = Cut(monkeypatch)
    copies = [town.copy(phone, f"copy-{number}") for number in range(4)]

    def take_in(number):
        copies[number].spare.take_in(path, papers.two)

    for number in cut.moments(take_in):
        copies[number].lock()
        again = town.restart(copies[number])
        cases = [each for each in again.referrals.list() if each.holds_case]
        found.add((len(again.screenings.list()), len(cases)))
    assert found == {(0, 0), (2, 1)}
