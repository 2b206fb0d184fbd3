"""Checklists as FHIR Questionnaires (R4B), to and from JSON.

HL7 FHIR R4B, https://hl7.org/fhir/R4B/questionnaire.html, with the expressions of Structured Data
Capture. Whatever is written or read is held against `fhir.resources`.
"""

import json
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B.questionnaire import Questionnaire
from pydantic import ValidationError

from protocols.errors import MalformedError
from protocols.exchange.fhir_losses import losses
from protocols.exchange.fhir_reader import checklist_plain
from protocols.exchange.fhir_terms import ROOT
from protocols.exchange.fhir_writer import questionnaire
from protocols.exchange.problems import ExchangeError, Problem
from protocols.plain import dump_json, load_json
from protocols.screening.checklist_file import read_checklist
from protocols.screening.errors import ChecklistError
from protocols.screening.model import Checklist

MAX_BYTES = 4 * 1024 * 1024
DEEPEST = 24
NOT_READ = "not a checklist that Amana reads"


def to_fhir(checklist: Checklist) -> bytes:
    """The checklist as a FHIR Questionnaire: JSON, UTF-8, indented for people to read."""
    resource = questionnaire(checklist)
    Questionnaire.model_validate(resource)
    return json.dumps(resource, ensure_ascii=False, indent=1).encode() + b"\n"


def from_fhir(data: bytes) -> Checklist:
    """The checklist that a FHIR Questionnaire states.

    Raises ExchangeError with everything that is wrong, each with the item it is in.
    """
    resource = _resource(data)
    file, problems = checklist_plain(resource)
    if problems:
        raise ExchangeError(NOT_READ, problems)
    try:
        found = read_checklist(dump_json(file))
    except ChecklistError as error:
        raise ExchangeError(NOT_READ, [Problem(ROOT, str(error))]) from error
    lost = list(losses(resource, questionnaire(found)))
    if lost:
        raise ExchangeError(NOT_READ, lost)
    return found


def _resource(data: bytes) -> dict[str, Any]:
    try:
        resource = load_json(data, MAX_BYTES)
    except MalformedError as error:
        raise _refused(str(error)) from error
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        raise _refused("not a FHIR Questionnaire; export one as JSON")
    if _too_deep(resource):
        raise _refused(f"nested more than {DEEPEST} levels deep; write it flat")
    try:
        Questionnaire.model_validate(resource)
    except ValidationError as error:
        raise ExchangeError(NOT_READ, _invalid(error)) from error
    return resource


def _refused(message: str) -> ExchangeError:
    return ExchangeError(NOT_READ, [Problem("file", message)])


def _too_deep(value: Any) -> bool:
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [one for each in level for one in _inside(each)]
    return bool(level)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _invalid(error: ValidationError) -> Iterator[Problem]:
    for each in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in each["loc"])
        yield Problem(where or ROOT, f"not FHIR R4B: {each['msg']}; mend it")
