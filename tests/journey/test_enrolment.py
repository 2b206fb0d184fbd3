"""Letting devices in with a real server: from a coordinator's phone, by the office, and by file."""

from datetime import timedelta

import pytest

from mobile.casework.errors import EnrolmentAnswerError, InvitationUnusableError, WrongRootError
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.processes import DemoError, run_amana_json
from mobile.commands.demonstration.programme import PASSPHRASE
from mobile.vault.keys import TEST_PARAMETERS
from tests.journey.conftest import PIN

NOWHERE = "http://127.0.0.1:9"
INSPECTORATE = cast.INSPECTOR.organisation


def office(town, *words):
    """`amana programme …` at the office."""
    command, *rest = words
    where = ("--dir", str(town.programme.folder), "--passphrase-file", str(passphrase(town)))
    return run_amana_json(
        "programme", command, *where, *rest, passphrase=PASSPHRASE, log=town.folder / "office.log"
    )


def passphrase(town):
    file = town.folder / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return file


def new_phone(town, name):
    phone = town.phone(name)
    phone.create(PIN, parameters=TEST_PARAMETERS)
    return phone


@pytest.fixture(scope="module")
def coordinator(town):
    town.programme.publish()
    holder = cast.COORDINATOR
    phone = town.enrol("coordinator", holder.organisation, holder.role)
    phone.sync()
    return phone


def test_a_coordinators_phone_lets_a_colleague_in_and_the_office_certifies(town, coordinator):
    made = coordinator.inviting.invite(INSPECTORATE, "field_worker")
    phone = new_phone(town, "colleague")
    phone.enrolment.begin(made.uri, "Colleague's fictional phone")
    coordinator.inviting.look(made.id)
    assert phone.enrolment.poll() == "pending"
    found = coordinator.inviting.look(made.id)
    assert found.code == phone.enrolment.short_code
    assert coordinator.inviting.compared(made.id, same=True).handed
    (waiting,) = office(town, "pending", "--country", "TN")
    assert (waiting["proof"], waiting["endorsed_by"]) == (False, "coordinator")
    done = office(town, "approve", "--endorsed", "--country", "TN")
    assert [(each["organisation"], each["published"]) for each in done["approved"]] == [
        (INSPECTORATE, True)
    ]
    assert done["refused"] == []
    assert phone.enrolment.poll() == "approved"
    assert phone.sync().problems == ()
    coordinator.sync()
    assert coordinator.inviting.get(made.id).step == "let_in"
    assert office(town, "approve", "--endorsed", "--country", "TN")["approved"] == []


def test_what_a_coordinator_did_not_compare_is_not_certified(town, coordinator):
    made = coordinator.inviting.invite(INSPECTORATE, "field_worker")
    phone = new_phone(town, "uncompared")
    phone.enrolment.begin(made.uri, "Uncompared fictional phone")
    coordinator.inviting.look(made.id)
    assert office(town, "approve", "--endorsed", "--country", "TN") == {
        "approved": [],
        "refused": [],
    }
    assert phone.enrolment.poll() == "pending"
    coordinator.inviting.discard(made.id)


def written(town, name, label):
    """A phone without a network and its request, as a file."""
    invitation, uri = town.programme.invite("TN", INSPECTORATE, "field_worker")
    phone = new_phone(town, name)
    file = town.folder / f"{name}.json"
    file.write_bytes(phone.enrolment.request_file(uri, label))
    return phone, file, invitation


def test_a_phone_joins_by_file_works_offline_and_syncs_later(town, coordinator):
    phones = []
    for name in ("far", "farther"):
        phone, file, _ = written(town, name, f"The {name} fictional phone")
        answer = town.folder / f"{name}.age"
        words = ("approve", "--request", str(file), "--code", phone.enrolment.file_code)
        done = office(town, *words, "--answer", str(answer), "--server", NOWHERE)
        assert (done["answer"], done["published"]) == (str(answer), False)
        phone.enrolment.take_answer(answer.read_bytes())
        assert phone.identity.organisation == INSPECTORATE
        assert phone.directory.number > 0
        assert phone.enrolment.file_code is None
        record = phone.screenings.start(cast.CHECKLIST, "ar", division=cast.DIVISION)
        assert record.referral
        phones.append(phone)
    town.programme.publish()
    for phone in phones:
        assert phone.sync().problems == ()
    coordinator.sync()


def test_the_answer_can_be_made_again_and_opens_on_its_own_phone_alone(town, coordinator):
    phone, file, _ = written(town, "answered", "Answered fictional phone")
    code = phone.enrolment.file_code
    answers = [town.folder / f"answer-{each}.age" for each in (1, 2)]
    for each in answers:
        words = ("approve", "--request", str(file), "--code", code, "--answer", str(each))
        assert office(town, *words)["answer"] == str(each)
    stranger, *_ = written(town, "stranger", "Fictional stranger's phone")
    with pytest.raises(EnrolmentAnswerError):
        stranger.enrolment.take_answer(answers[0].read_bytes())
    with pytest.raises(EnrolmentAnswerError):
        phone.enrolment.take_answer(answers[0].read_bytes()[:-1])
    other, *_ = written(town, "other", "Another fictional phone")
    other.enrolment.request_file(foreign_invitation(town), "Another fictional phone")
    with pytest.raises((EnrolmentAnswerError, WrongRootError)):
        other.enrolment.take_answer(answers[0].read_bytes())
    phone.enrolment.take_answer(answers[1].read_bytes())
    with pytest.raises(InvitationUnusableError):
        phone.enrolment.take_answer(answers[1].read_bytes())
    assert phone.sync().problems == ()


def foreign_invitation(town):
    _, uri = town.programme.invite("TN", INSPECTORATE, "field_worker")
    return uri.replace("root=", "root=00")[: len(uri) + 2]


def test_wrong_digits_by_file_end_the_invitation_and_certify_nobody(town, coordinator):
    phone, file, _ = written(town, "wrong", "Wrong fictional phone")
    for code in ("wrong_code", "wrong_code", "dead_invitation", "dead_invitation"):
        with pytest.raises(DemoError) as told:
            office(town, "approve", "--request", str(file), "--code", "0" * 24)
        assert code.split("_", maxsplit=1)[0] in str(told.value) or "invit" in str(told.value)
    with pytest.raises(DemoError):
        office(town, "approve", "--request", str(file), "--code", phone.enrolment.file_code)


def test_a_second_phone_by_file_with_one_invitation_ends_it(town, coordinator):
    invitation, uri = town.programme.invite("TN", INSPECTORATE, "field_worker")
    files = []
    for name in ("twin-1", "twin-2"):
        phone = new_phone(town, name)
        file = town.folder / f"{name}.json"
        file.write_bytes(phone.enrolment.request_file(uri, "Fictional twin"))
        files.append((phone, file))
    (first, file), (second, other) = files
    with pytest.raises(DemoError):
        office(town, "approve", "--request", str(file), "--code", "0" * 24)
    with pytest.raises(DemoError, match="two devices"):
        office(town, "approve", "--request", str(other), "--code", second.enrolment.file_code)
    with pytest.raises(DemoError, match="two devices"):
        office(town, "approve", "--request", str(file), "--code", first.enrolment.file_code)
    assert invitation


def test_an_expired_invitation_is_refused_with_its_date(town, coordinator):
    _, uri = town.programme.invite("TN", INSPECTORATE, "field_worker")
    phone = new_phone(town, "late")
    town.ahead = timedelta(days=4)
    try:
        with pytest.raises(InvitationUnusableError, match="clock"):
            phone.enrolment.begin(uri, "Late fictional phone")
    finally:
        town.ahead = timedelta(0)
