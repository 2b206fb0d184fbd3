"""Practice: resumed exactly, remembered as counts, and nothing of it ever leaves the phone."""

import hashlib
import json

import pytest
from attrs import evolve

from mobile.casework.errors import CaseDoesNotFitError, PracticeError, UnknownRecordError
from protocols.messages import Edition
from protocols.plain import dump_json
from protocols.practice.cases import available, load
from protocols.practice.errors import UnknownCaseError
from protocols.practice.script import scripted
from protocols.screening import checklist
from tests.mobile.cases import send
from tests.mobile.flows.packaged import installed
from tests.mobile.town import desk_of

PRESS = "tn-labour_inspector-adult-olive-press"
ADULT = load(PRESS).checklist


@pytest.fixture(autouse=True)
def packaged(monkeypatch, fictional_checklist):
    installed(monkeypatch)


def led(phone, record, **instead):
    """The run to its end as scripted, but for `instead`."""
    case = phone.practice.case_of(record.id)
    answers = {**case.answers, **instead}
    played = scripted(evolve(case, answers=answers), record.interview.checklist)
    phone.screenings.save(evolve(record, interview=played))


def test_an_interrupted_run_is_taken_up_exactly_where_it_was_left(worker, town):
    record = worker.practice.begin(PRESS, "fr")
    going = record.interview.answer("yes").answer("yes")
    worker.screenings.save(evolve(record, interview=going))

    again = town.restart(worker).practice.begin(PRESS, "ar")

    assert (again.id, again.interview, again.language) == (record.id, going, "fr")
    assert len(worker.screenings.list()) == 1


def test_every_case_can_be_begun(worker):
    for case in worker.practice.cases():
        record = worker.practice.begin(case.id, "ar")
        assert record.practice and record.checklist == case.checklist
        assert worker.practice.case_of(record.id) == case
    assert set(worker.practice.runs().values()) == set(available())


def test_a_case_that_is_not_there_is_refused(worker):
    with pytest.raises(UnknownCaseError):
        worker.practice.begin("tn-labour_inspector-adult-nobody", "ar")
    assert worker.practice.runs() == {}


def edition(version, **renamed):
    """The real checklist as another edition: `renamed` choices of a question have other keys."""
    file = json.loads(checklist.packaged(ADULT)) | {"version": version}
    for section in file["sections"]:
        for question in section["questions"]:
            for choice in question.get("choices", ()):
                if renamed.get(question["key"]) == choice["key"]:
                    choice["key"] += "_anew"
    return dump_json(file)


def publish(phone, data):
    """The country's directory names that edition, and it is here."""
    version = json.loads(data)["version"]
    named = Edition(ADULT, version, hashlib.sha256(data).hexdigest(), len(data))
    desk = desk_of(phone)
    desk.shelf.take(named, data, desk.clock())


def test_the_newest_edition_is_practised_where_the_case_holds_on_it(worker, town):
    publish(worker, edition(9))
    record = worker.practice.begin(PRESS, "ar")
    assert record.interview.checklist.version == 9
    led(worker, record)
    assert worker.practice.feedback(record.id).nothing_missed
    again = town.restart(worker).practice.under_way(PRESS)
    assert again.interview.checklist.version == 9


def test_where_it_does_not_hold_on_the_newest_an_older_one_is_practised(worker):
    publish(worker, edition(9, rest="cannot_rest"))
    carried = checklist.load(ADULT).version
    assert worker.practice.begin(PRESS, "ar").interview.checklist.version == carried
    assert worker.screenings.start(ADULT, "ar").interview.checklist.version == 9


def test_where_it_holds_on_none_that_is_said_and_nothing_is_begun(worker, monkeypatch):
    other = edition(9, rest="cannot_rest")
    monkeypatch.setattr("mobile.sync.editions.packaged", lambda _: other)
    with pytest.raises(CaseDoesNotFitError):
        worker.practice.begin(PRESS, "ar")
    assert worker.practice.runs() == {}
    assert worker.screenings.list() == ()


def test_a_finished_run_counts_once_as_it_was_when_it_was_first_looked_at(worker, town, clock):
    record = worker.practice.begin(PRESS, "ar")
    led(worker, record, rest="regular")
    assert worker.practice.feedback(record.id).counts.noticed == 11
    clock.forward(hours=1)
    led(worker, record)
    assert worker.practice.feedback(record.id).counts.noticed == 12

    (attempt,) = town.restart(worker).practice.attempts()
    assert (attempt.case, attempt.counts.noticed, attempt.counts.signs) == (PRESS, 11, 12)
    assert attempt.finished == record.started


def test_an_unfinished_run_is_no_attempt(worker):
    record = worker.practice.begin(PRESS, "ar")
    assert worker.practice.feedback(record.id).counts.noticed == 0
    assert worker.practice.attempts() == ()


def test_what_is_put_away_leaves_counts_and_no_answer(worker):
    record = worker.practice.begin(PRESS, "ar")
    led(worker, record)
    worker.practice.feedback(record.id)
    worker.practice.put_away(record.id)

    assert worker.practice.under_way(PRESS) is None
    assert len(worker.practice.attempts()) == 1
    with pytest.raises(UnknownRecordError):
        worker.screenings.get(record.id)
    assert worker.practice.begin(PRESS, "ar").id != record.id


def test_progress_can_be_forgotten_and_real_screenings_stay(worker):
    real = worker.screenings.start(ADULT, "ar")
    for _ in range(2):
        record = worker.practice.begin(PRESS, "ar")
        led(worker, record)
        worker.practice.feedback(record.id)
        worker.practice.put_away(record.id)
    worker.practice.begin(PRESS, "ar")

    worker.practice.forget()

    assert worker.practice.attempts() == ()
    assert worker.practice.runs() == {}
    assert [each.id for each in worker.screenings.list()] == [real.id]


def test_putting_away_touches_no_real_screening(worker):
    real = worker.screenings.start(ADULT, "ar")
    with pytest.raises(UnknownRecordError):
        worker.practice.put_away(real.id)
    assert worker.screenings.get(real.id).interview == real.interview


def test_nothing_of_a_run_enters_the_outbox_or_a_referral(worker, shelter, server):
    worker.sync()
    record = worker.practice.begin(PRESS, "ar")
    led(worker, record)
    worker.practice.feedback(record.id)
    for each in (worker.screenings.get(record.id), evolve(record, practice=False)):
        with pytest.raises(PracticeError):
            send(worker, record=each)
    with pytest.raises(PracticeError):
        worker.practice.demand_real(record.id)
    assert worker.outbox.items() == ()
    assert worker.referrals.list() == ()
    before = list(server.events)
    assert worker.sync().sent == 0
    assert server.events == before
