"""Keeping the practice vault as a phone for training would be: some cases done, one under way.

Every phone does so each time its real vault opens, whether or not it has a duress PIN. Which cases,
how well they went and when follows from a seed that the practice vault holds. Nothing real goes
into it but the country and the language.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from attrs import evolve, frozen

from mobile.casework.desk import Desk
from mobile.casework.errors import CaseDoesNotFitError
from mobile.casework.practice import Practice
from mobile.casework.records import SCREENINGS, KeptScreening
from mobile.casework.screenings import Screenings
from mobile.vault.cover import cover
from mobile.vault.errors import VaultDamagedError, VaultStorageError
from mobile.vault.records import OpenVault
from mobile.vault.recovery import Recovery
from mobile.vault.vault import Vault
from protocols.plain import from_json, to_json
from protocols.practice.case import PracticeCase
from protocols.practice.script import played
from protocols.screening.errors import AnswerError
from protocols.screening.interview import Interview
from protocols.screening.model import Kind

REHEARSAL, PLAN_ROW = "rehearsal", "plan"
AT_FIRST = 2
"""Cases done on the first day; one more is begun."""
MOST_AT_ONCE = 3
"""Cases done since the last time, however long that is ago."""
SEED_BYTES = 16
LANGUAGE = "ar"
UNFIT = (CaseDoesNotFitError, AnswerError)
"""A case that fits no checklist on this phone is passed over."""


@frozen
class KeptPlan:
    """`done`: how many cases of the seed's order were practised; `last`: when."""

    seed: bytes
    done: int
    last: datetime


def rehearse(
    vault: Vault, sheets: Recovery, real: OpenVault, desk_on: Callable[[OpenVault], Desk]
) -> None:
    """Bring the practice vault up to the day, and both databases to one shape. Nothing from within
    the practice vault. A practice vault that is damaged or finds no room is passed over: it must
    keep nobody out of the real one."""
    with suppress(VaultStorageError, VaultDamagedError):
        practice = vault.practice()
        if practice is None:
            return
        try:
            _go_on(desk_on(real), desk_on(practice))
            sheets.show_beside(real, practice)
            cover(real, practice)
        finally:
            practice.close()


def _go_on(real: Desk, desk: Desk) -> None:
    """Before this phone has joined an organisation there is no country to practise for."""
    me = real.identity
    if me is None:
        return
    now = desk.clock()
    data = desk.vault.get(REHEARSAL, PLAN_ROW)
    if data is None:
        plan = KeptPlan(desk.entropy(SEED_BYTES), 0, now - timedelta(hours=3))
        wanted = AT_FIRST
    else:
        plan = from_json(data, KeptPlan)
        wanted = min(_due(plan, now), MOST_AT_ONCE)
        if wanted == 0:
            return
    with desk.vault.transaction():
        plan = _practise(desk, plan, (me.country, _language(real)), wanted)
        desk.vault.put(REHEARSAL, PLAN_ROW, to_json(plan))


def _due(plan: KeptPlan, now: datetime) -> int:
    """A case every two to five days."""
    days = (now - plan.last) / timedelta(days=1)
    return int(days / _chance(plan, "pace").choice((2, 3, 4, 5)))


def _practise(desk: Desk, plan: KeptPlan, spoken: tuple[str, str], wanted: int) -> KeptPlan:
    """`spoken`: country and language."""
    (country, language), now = spoken, desk.clock()
    rooms = Screenings(lambda: desk)
    practice, clock = Practice(lambda: desk, rooms), desk.clock
    cases = _in_order(practice.cases(), country, plan)
    gap = (now - plan.last) / (wanted + 1)
    done = plan.done
    try:
        for number, case in enumerate(cases[done : done + wanted], start=1):
            moment = (plan.last + gap * number).replace(microsecond=0)
            desk.clock = lambda moment=moment: moment  # type: ignore[misc]
            _finish(practice, rooms, case, language, _chance(plan, case.id))
            done += 1
        for case in cases[done : done + 1]:
            _begin(practice, rooms, case, language, _chance(plan, case.id))
    finally:
        desk.clock = clock
    return evolve(plan, done=done, last=now)


def _finish(
    practice: Practice, rooms: Screenings, case: PracticeCase, language: str, chance: Random
) -> None:
    """As somebody who learns: some questions were passed over."""
    with suppress(*UNFIT):
        record = practice.begin(case.id, language)
        answers = {key: each for key, each in case.answers.items() if chance.random() > 0.12}
        done = played(record.interview.checklist, answers)
        rooms.save(evolve(record, interview=done))
        practice.feedback(record.id)
        practice.put_away(record.id)


def _begin(
    practice: Practice, rooms: Screenings, case: PracticeCase, language: str, chance: Random
) -> None:
    """Left in the middle, also where the talk would soon end."""
    with suppress(*UNFIT):
        record = practice.begin(case.id, language)
        interview = record.interview
        for _ in range(chance.randint(4, 12)):
            further = step(interview, case)
            if further.finished:
                break
            interview = further
        rooms.save(evolve(record, interview=interview))


def step(interview: Interview, case: PracticeCase) -> Interview:
    """The next question as the case has it, or passed over; there must be one."""
    question = interview.current
    assert question is not None
    if question.kind is Kind.NOTICE:
        return interview.next()
    if question.key in case.answers:
        return interview.answer(case.answers[question.key])
    return interview.skip()


def _in_order(cases: tuple[PracticeCase, ...], country: str, plan: KeptPlan) -> list[PracticeCase]:
    """This country's cases first, each group shuffled by the seed."""
    shuffled = sorted(cases, key=lambda each: each.id)
    _chance(plan, "order").shuffle(shuffled)
    return sorted(shuffled, key=lambda each: each.country != country)


def _chance(plan: KeptPlan, purpose: str) -> Random:
    """Not secret and not to be: what follows from it must be the same each time."""
    return Random(plan.seed.hex() + purpose)  # noqa: S311


def _language(real: Desk) -> str:
    """Of the newest screening."""
    kept = [from_json(body, KeptScreening) for _, body in real.vault.items(SCREENINGS)]
    return max(kept, key=lambda each: each.started).language if kept else LANGUAGE
