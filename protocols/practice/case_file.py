"""Reads a practice case strictly: whatever is wrong with it is named with its place.

Format `amana-practice-case/1` (docs/formats/practice.md): one JSON object with the fields of
`_File`.
"""

from typing import Any

from attrs import frozen

from protocols.errors import MalformedError
from protocols.plain import from_json
from protocols.practice import case_rules as rules
from protocols.practice.case import Pattern, Person, PracticeCase, Reference
from protocols.practice.errors import CaseFormatError, Problem
from protocols.screening.checklist import load
from protocols.screening.errors import ChecklistError
from protocols.screening.model import Checklist, Text

FORMAT = "amana-practice-case/1"
MAX_BYTES = 256 * 1024


@frozen
class _File:
    format: str
    id: str
    fictional: bool
    checklist: str
    country: str
    person: Person
    title: Text
    scene: Text
    answers: dict[str, Any]
    says: dict[str, Text]
    reference: Reference
    patterns: tuple[Pattern, ...]


def read_case(data: bytes, checklist: Checklist | None = None) -> PracticeCase:
    """The case that the JSON bytes state, held against every rule of the format and against
    `checklist` (the installed one of its id, when None).

    Raises CaseFormatError with every problem that was found, each with its place.
    """
    try:
        file = from_json(data, _File, MAX_BYTES)
    except MalformedError as error:
        raise CaseFormatError("a practice case", [Problem("file", f"{error}; correct it")]) from (
            error
        )
    name = file.id[:80] or "a practice case"
    if file.format != FORMAT:
        raise CaseFormatError(name, [Problem("format", f"write {FORMAT}")])
    if not file.fictional:
        told = "only invented people are practised with; never write down a real one"
        raise CaseFormatError(name, [Problem("fictional", told)])
    found, problems = _held(file, checklist or _checklist_of(name, file.checklist))
    if problems:
        raise CaseFormatError(name, problems)
    return found


def _checklist_of(name: str, checklist_id: str) -> Checklist:
    try:
        return load(checklist_id)
    except ChecklistError as error:
        raise CaseFormatError(name, [Problem("checklist", str(error))]) from error


def _held(file: _File, checklist: Checklist) -> tuple[PracticeCase, list[Problem]]:
    case = PracticeCase(
        id=file.id,
        checklist=file.checklist,
        country=file.country,
        person=file.person,
        title=file.title,
        scene=file.scene,
        answers={},
        says=file.says,
        reference=file.reference,
        patterns=file.patterns,
    )
    problems = list(rules.own_problems(case))
    if checklist.id != file.checklist:
        told = f"held against {checklist.id}; use the checklist that the case names"
        return case, [*problems, Problem("checklist", told)]
    case, unfit = rules.with_fitting(case, file.answers, checklist)
    problems += unfit
    if not unfit:
        problems += rules.problems_on(case, checklist)
    return case, problems
