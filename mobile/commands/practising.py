"""A practice case begun or led on a copied phone, so that its screens can be drawn."""

from attrs import evolve

from mobile.casework.phone import Phone
from mobile.casework.rehearsal import step
from protocols.practice.case import PracticeCase
from protocols.practice.script import played

MISSED = ("rest", "held_by", "seen_person")
"""Questions passed over, so that there is something to be told."""
SHOWN = "journey_hold"
"""The question at which the case is drawn."""


def under_way(phone: Phone, case_id: str, language: str) -> str:
    """The case led to `SHOWN`; its screening."""
    record = phone.practice.begin(case_id, language)
    case = _case(phone, record.id)
    interview = record.interview
    while interview.current is not None and interview.current.key != SHOWN:
        interview = step(interview, case)
    phone.screenings.save(evolve(record, interview=interview))
    return record.id


def led(phone: Phone, case_id: str, language: str) -> str:
    """The case led to its end, but for `MISSED`; its screening."""
    record = phone.practice.begin(case_id, language)
    case = _case(phone, record.id)
    answers = {key: value for key, value in case.answers.items() if key not in MISSED}
    done = played(record.interview.checklist, answers)
    phone.screenings.save(evolve(record, interview=done))
    return record.id


def _case(phone: Phone, screening: str) -> PracticeCase:
    case = phone.practice.case_of(screening)
    assert case is not None
    return case
