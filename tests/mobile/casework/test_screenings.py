"""Screenings: saved at each answer, resumed exactly, on this phone alone."""

import pytest
from attrs import evolve

from mobile.casework.errors import LockedError, PracticeError, UnknownRecordError
from mobile.vault.errors import VaultStorageError
from protocols.timeline.event import is_referral_id
from tests.mobile.cases import screen, send
from tests.mobile.town import PIN, desk_of


def answered(record, *values):
    interview = record.interview
    for each in values:
        interview = interview.answer(each)
    return evolve(record, interview=interview)


def test_a_screening_is_resumed_at_the_very_question(worker, town):
    record = answered(screen(worker), "yes", "some")
    worker.screenings.save(record)
    again = town.restart(worker).screenings.get(record.id)
    assert again.interview == record.interview
    assert again.interview.current.key == "free"
    assert evolve(again, saved=None) == evolve(record, saved=None)


def test_going_back_and_stopping_are_kept_too(worker, town):
    record = answered(screen(worker), "yes", "some")
    back = evolve(record, interview=record.interview.back().stop("not_safe"))
    worker.screenings.save(back)
    again = town.restart(worker).screenings.get(record.id).interview
    assert (again.stopped, again.answers) == ("not_safe", {"safe_here": "yes", "paid": "some"})


def test_what_was_not_saved_is_not_there_and_the_rest_is(worker, town):
    record = screen(worker)
    worker.screenings.save(answered(record, "yes"))
    answered(record, "yes", "some")
    again = town.restart(worker).screenings.get(record.id)
    assert again.interview.answers == {"safe_here": "yes"}


def test_a_save_that_fails_keeps_the_one_before(worker, town, monkeypatch):
    record = screen(worker)
    worker.screenings.save(answered(record, "yes"))

    def full(_):
        raise VaultStorageError("full")

    monkeypatch.setattr(type(desk_of(worker).vault), "_before_commit", full)
    with pytest.raises(VaultStorageError):
        worker.screenings.save(answered(record, "yes", "some"))
    monkeypatch.undo()
    assert desk_of(worker).vault.get("screening", record.id) is not None
    kept = desk_of(worker).vault.get("screening", record.id)
    assert b"some" not in kept
    assert b"yes" in kept


def test_screenings_are_listed_newest_first(worker, clock):
    made = []
    for _ in range(3):
        made.append(screen(worker).id)
        clock.forward(minutes=1)
    assert [each.id for each in worker.screenings.list()] == made[::-1]


def test_each_has_ids_of_its_own_that_say_nothing(worker):
    records = [screen(worker) for _ in range(5)]
    ids = {each for record in records for each in (record.id, record.referral)}
    assert len(ids) == 10
    assert all(map(is_referral_id, ids))


def test_a_deleted_screening_is_gone_its_referral_stays(worker, town):
    record = screen(worker)
    town.shelter()
    worker.sync()
    referral = send(worker, "fictional-shelter-a", record=record)
    worker.screenings.delete(record.id)
    with pytest.raises(UnknownRecordError):
        worker.screenings.get(record.id)
    assert worker.screenings.list() == ()
    assert worker.referrals.get(referral).screening == record.id


def test_a_sent_screening_stays_sent_whoever_saves_it(worker, town):
    record = screen(worker)
    town.shelter()
    worker.sync()
    send(worker, "fictional-shelter-a", record=record)
    worker.screenings.save(evolve(record, sent=False))
    assert worker.screenings.get(record.id).sent


def test_practice_stays_practice_whoever_saves_it(worker, town):
    """No slip in a screen turns a training case into a referral of somebody who does not exist."""
    record = screen(worker, practice=True)
    town.shelter()
    worker.sync()
    worker.screenings.save(evolve(record, practice=False))
    assert worker.screenings.get(record.id).practice
    for each in (record, evolve(record, practice=False)):
        with pytest.raises(PracticeError):
            send(worker, "fictional-shelter-a", record=each)


def test_a_screenings_referral_id_is_not_the_callers_to_change(worker):
    record = screen(worker)
    worker.screenings.save(evolve(record, referral="a" * 26))
    assert worker.screenings.get(record.id).referral == record.referral


def test_nothing_is_read_while_locked(worker):
    record = screen(worker)
    worker.lock()
    for work in (worker.screenings.list, lambda: worker.screenings.get(record.id)):
        with pytest.raises(LockedError):
            work()
    worker.unlock(PIN)
    assert worker.screenings.get(record.id).id == record.id


def test_what_a_record_says_of_itself_in_a_log_holds_no_answer(worker):
    record = answered(screen(worker), "yes")
    assert "yes" not in repr(record)
