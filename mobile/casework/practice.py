"""Practice on fictional cases, kept in the vault: what is under way, and how it went before.

A run is a screening of its own, marked as practice, so the outbox refuses it; beside it stands
which case it practises. What stays of a finished run is a date and counts.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import frozen

from mobile.casework.desk import Desk
from mobile.casework.errors import CaseDoesNotFitError, PracticeError, UnknownRecordError
from mobile.casework.screenings import Screenings, kept_screening
from mobile.casework.views import ScreeningRecord
from protocols.plain import from_json, to_json
from protocols.practice.agreement import holds_on
from protocols.practice.case import PracticeCase
from protocols.practice.cases import available, load
from protocols.practice.compare import compare
from protocols.practice.feedback import Counts, Feedback

RUNS = "practice-run"
ATTEMPTS = "practice-attempt"


@frozen
class KeptRun:
    """Which case a screening practises."""

    case: str


@frozen
class Attempt:
    """How a case went once. `id` is its screening's; no answer is kept."""

    id: str
    case: str
    finished: datetime
    counts: Counts


class Practice:
    """`Phone.practice`."""

    def __init__(self, desk: Callable[[], Desk], screenings: Screenings) -> None:
        self._desk = desk
        self._screenings = screenings

    def cases(self) -> tuple[PracticeCase, ...]:
        """Every case of this installation."""
        return tuple(load(each) for each in available())

    def begin(self, case_id: str, language: str) -> ScreeningRecord:
        """The run of the case that is under way, exactly where it was left, or else a new one, its
        questions in `language`, on the newest edition of its checklist on which the case holds.
        Raises UnknownCaseError, CaseDoesNotFitError."""
        going = self.under_way(case_id)
        if going is not None:
            return going
        case, desk = load(case_id), self._desk()
        editions = desk.shelf.usable(case.checklist)
        edition = next((each for each in editions if holds_on(case, each.checklist)), None)
        if edition is None:
            raise CaseDoesNotFitError(
                f"{case.id} fits no edition of {case.checklist} here; choose another case"
            )
        with desk.vault.transaction():
            record = self._screenings.start(
                case.checklist, language, practice=True, edition=edition
            )
            desk.vault.put(RUNS, record.id, to_json(KeptRun(case.id)))
        return record

    def under_way(self, case_id: str) -> ScreeningRecord | None:
        """The run of that case that is not put away yet, or None."""
        found = (each for each, run in self._runs() if run.case == case_id)
        screening = next(found, None)
        return None if screening is None else self._screenings.get(screening)

    def runs(self) -> dict[str, str]:
        """screening -> the case it practises, of every run that is not put away."""
        return {screening: run.case for screening, run in self._runs()}

    def case_of(self, screening: str) -> PracticeCase | None:
        """The case that a screening practises; None for every other screening."""
        data = self._desk().vault.get(RUNS, screening)
        return None if data is None else load(from_json(data, KeptRun).case)

    def feedback(self, screening: str) -> Feedback:
        """The run beside its case. A finished one counts as an attempt as it stands at the first
        look: what is changed after having seen the answer does not. Raises UnknownRecordError."""
        desk, case = self._desk(), self.case_of(screening)
        if case is None:
            raise UnknownRecordError("no such practice is on this phone; look in the list")
        interview = self._screenings.get(screening).interview
        found = compare(case, interview)
        with desk.vault.transaction():
            if interview.finished and desk.vault.get(ATTEMPTS, screening) is None:
                made = Attempt(screening, case.id, desk.clock(), found.counts)
                desk.vault.put(ATTEMPTS, screening, to_json(made))
        return found

    def put_away(self, screening: str) -> None:
        """Forget a run with its answers; the attempt it counts as stays. Raises
        UnknownRecordError, for a real screening too."""
        desk = self._desk()
        if desk.vault.get(RUNS, screening) is None:
            raise UnknownRecordError("no such practice is on this phone; look in the list")
        with desk.vault.transaction():
            desk.vault.delete(RUNS, screening)
            self._screenings.delete(screening)

    def attempts(self) -> tuple[Attempt, ...]:
        """Oldest first."""
        found = (from_json(body, Attempt) for _, body in self._desk().vault.items(ATTEMPTS))
        return tuple(sorted(found, key=lambda each: (each.finished, each.id)))

    def forget(self) -> None:
        """Forget every attempt and every run under way."""
        desk = self._desk()
        with desk.vault.transaction():
            for screening in self.runs():
                self.put_away(screening)
            for row in desk.vault.list(ATTEMPTS):
                desk.vault.delete(ATTEMPTS, row)

    def demand_real(self, screening: str) -> None:
        """Raises PracticeError for a screening of a fictional person: nobody is told of them."""
        kept = kept_screening(self._desk(), screening)
        if kept is not None and kept.practice:
            raise PracticeError("this is practice: nothing of it is sent; start a real screening")

    def _runs(self) -> list[tuple[str, KeptRun]]:
        desk = self._desk()
        kept: list[tuple[str, Any]] = list(desk.vault.items(RUNS))
        found = [(screening, from_json(body, KeptRun)) for screening, body in kept]
        return [each for each in found if kept_screening(desk, each[0]) is not None]
