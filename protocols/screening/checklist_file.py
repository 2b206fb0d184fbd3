"""Reads a checklist file strictly: whatever is wrong with it has a name and a place.

Format `amana-checklist/1`: one JSON object; its fields are those of `_File` and the classes below
it. Conditions are written as in `conditions`, raised things as in `vocabulary`.
"""

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from protocols.errors import MalformedError
from protocols.plain import from_plain, load_json
from protocols.screening import checklist_rules as rules
from protocols.screening.conditions import Condition, condition_from_plain
from protocols.screening.errors import ChecklistFormatError, ConditionError
from protocols.screening.model import (
    Band,
    Checklist,
    ChecklistSource,
    Choice,
    Combination,
    Effect,
    Gate,
    Kind,
    Purpose,
    Question,
    Section,
    SetUse,
    Text,
    Validation,
    Voice,
)
from protocols.screening.tables import package_json

FORMAT = "amana-checklist/1"


@frozen
class _Gate:
    key: str
    effect: Effect
    when: Any
    text: Text
    checklist: str | None = None


@frozen
class _Question:
    key: str
    kind: Kind
    voice: Voice
    text: Text
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    raises: dict[str, tuple[str, ...]] = field(factory=dict)
    bands: tuple[Band, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    show_if: Any = None
    gates: tuple[_Gate, ...] = ()
    basis: str | None = None
    fills: str | None = None


@frozen
class _Section:
    key: str
    title: Text
    purpose: Purpose
    questions: tuple[_Question, ...]
    show_if: Any = None


@frozen
class _Combination:
    key: str
    when: Any
    raises: tuple[str, ...]


@frozen
class _File:
    format: str
    id: str
    version: int
    role: str
    population: str
    languages: tuple[str, ...]
    title: Text
    sets: tuple[SetUse, ...]
    sources: tuple[ChecklistSource, ...]
    reviewers: tuple[str, ...]
    validation: Validation
    not_observed: dict[str, str]
    sections: tuple[_Section, ...]
    combinations: tuple[_Combination, ...] = ()


def read_checklist(data: bytes) -> Checklist:
    """The checklist that the JSON bytes state, checked against every rule of the format.

    Raises a ChecklistError whose class names what is wrong and whose message says where.
    """
    try:
        file = from_plain(load_json(data), _File)
    except MalformedError as error:
        raise ChecklistFormatError(f"not a checklist file: {error}") from error
    if file.format != FORMAT:
        raise ChecklistFormatError(f"format {file.format[:40]!r} is not read; write {FORMAT}")
    try:
        found = _checklist(file)
        rules.hold(found)
    except RecursionError as error:
        raise ConditionError(f"{file.id}: a condition nests too deeply; write it flat") from error
    return found


def _checklist(file: _File) -> Checklist:
    return Checklist(
        id=file.id,
        version=file.version,
        role=file.role,
        population=file.population,
        languages=file.languages,
        title=file.title,
        sets=file.sets,
        sources=file.sources,
        reviewers=file.reviewers,
        validation=file.validation,
        not_observed=file.not_observed,
        sections=tuple(_section(each) for each in file.sections),
        combinations=tuple(_combination(each) for each in file.combinations),
    )


def yes_no_unknown() -> dict[str, Text]:
    """The words of the three answers, by key."""
    words: dict[str, Text] = package_json("texts", "answers.json")
    return words


def _condition(plain: Any, where: str) -> Condition | None:
    return None if plain is None else condition_from_plain(plain, where)


def _required(plain: Any, where: str) -> Condition:
    return condition_from_plain(plain, where)


def _section(section: _Section) -> Section:
    return Section(
        key=section.key,
        title=section.title,
        purpose=section.purpose,
        questions=tuple(_question(each) for each in section.questions),
        show_if=_condition(section.show_if, section.key),
    )


def _combination(combination: _Combination) -> Combination:
    when = _required(combination.when, combination.key)
    return Combination(combination.key, when, combination.raises)


def _choices(question: _Question) -> Iterable[Choice]:
    if question.kind is not Kind.YES_NO_UNKNOWN:
        if question.raises:
            raise ChecklistFormatError(
                f"{question.key}: `raises` is for yes/no questions; put it on a choice or a band"
            )
        return question.choices
    words = yes_no_unknown()
    if question.choices or set(question.raises) - set(words):
        raise ChecklistFormatError(
            f"{question.key}: a yes/no question has no choices and raises on yes, no or unknown"
        )
    return (Choice(key, text, question.raises.get(key, ())) for key, text in words.items())


def _question(question: _Question) -> Question:
    return Question(
        key=question.key,
        kind=question.kind,
        voice=question.voice,
        text=question.text,
        help=question.help,
        choices=tuple(_choices(question)),
        bands=question.bands,
        minimum=question.minimum,
        maximum=question.maximum,
        show_if=_condition(question.show_if, question.key),
        gates=tuple(
            Gate(
                each.key,
                each.effect,
                _required(each.when, f"{question.key}.{each.key}"),
                each.text,
                each.checklist,
            )
            for each in question.gates
        ),
        basis=question.basis,
        fills=question.fills,
    )
