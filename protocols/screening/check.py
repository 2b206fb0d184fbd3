"""Proves that a checklist holds: every question reachable, no dead end, nothing asked for nothing,
every indicator of its full sets raised or accounted for, complete in its languages."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from protocols.screening import checklist_rules as rules
from protocols.screening.checklist import available
from protocols.screening.conditions import Condition, questions_of
from protocols.screening.errors import ChecklistError
from protocols.screening.model import Checklist, Effect, Kind, Purpose, Question
from protocols.screening.search import Search, search
from protocols.screening.tables import SEXUAL_EXPLOITATION, indicator_set, references
from protocols.screening.vocabulary import split
from protocols.screening.words import texts


@frozen
class Problem:
    """One thing that does not hold. `rule`: a stable slug; `where`: a key of the checklist."""

    rule: str
    where: str
    message: str


@frozen
class Coverage:
    """How a set is covered: how many indicators it has, how many some answer raises, how many the
    role cannot observe."""

    set: str
    coverage: str
    indicators: int
    raised: int
    not_observed: int


@frozen
class CheckReport:
    """`holds`: without a problem; `shortest`, `longest`: screens; `states`: how many ways were
    told apart at once; `notes`: what a reader should know and is no fault."""

    checklist: str
    version: int
    holds: bool
    questions: int
    reachable: int
    shortest: int
    longest: int
    states: int
    languages: tuple[str, ...]
    validation: str
    coverage: tuple[Coverage, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def check(checklist: Checklist) -> CheckReport:
    """The report on a checklist. Raises ChecklistTooWideError when it cannot be searched whole."""
    found = search(checklist)
    problems = (
        *_format(checklist),
        *_ways(checklist, found),
        *_consent(checklist),
        *_indicators(checklist),
        *_asked_for_nothing(checklist),
        *_thresholds(checklist),
        *_words(checklist),
    )
    return CheckReport(
        checklist=checklist.id,
        version=checklist.version,
        holds=not problems,
        questions=len(checklist.questions),
        reachable=len(found.reached),
        shortest=found.shortest,
        longest=found.longest,
        states=found.states,
        languages=checklist.languages,
        validation=checklist.validation.status,
        coverage=tuple(_coverage(checklist)),
        problems=problems,
        notes=tuple(_notes(checklist)),
    )


def _format(checklist: Checklist) -> Iterator[Problem]:
    """The rules of the format again, for a checklist that was not read from a file."""
    try:
        rules.hold(checklist)
    except ChecklistError as error:
        yield Problem(error.code, checklist.id, str(error))


def _ways(checklist: Checklist, found: Search) -> Iterator[Problem]:
    for question in checklist.questions:
        if question.key not in found.reached:
            yield Problem(
                "unreachable_question", question.key, "no answers ever show it; mend its show_if"
            )
    for gate in checklist.gates:
        if gate.key not in found.gates:
            yield Problem("unreachable_gate", gate.key, "it never holds; mend its when")
    for combination in checklist.combinations:
        if combination.key not in found.combinations:
            yield Problem(
                "impossible_combination", combination.key, "no answers together; mend its when"
            )
    if not found.closes:
        yield Problem("dead_end", checklist.id, "a way ends without the close; show it to everyone")


def _consent(checklist: Checklist) -> Iterator[Problem]:
    """An adult who did not say yes is asked nothing further: an end gate, in the section of
    consent, that holds on silence. Children are led by their best interests instead."""
    asked = [each for each in checklist.sections if each.purpose is Purpose.CONSENT]
    gates = [gate for section in asked for each in section.questions for gate in each.gates]
    stops = any(gate.effect is Effect.END and gate.when.holds({}) for gate in gates)
    if checklist.population == "adult" and not stops:
        told = "nothing ends the talk without a yes; add an end gate to the question of consent"
        yield Problem("no_consent_gate", asked[0].key if asked else checklist.id, told)


def raised_somewhere(checklist: Checklist) -> dict[str, frozenset[str]]:
    """prefix ("indicator", "need", …) -> the values that some answer raises."""
    found: dict[str, set[str]] = {}
    sources = [each.may_raise() for each in checklist.questions]
    sources += [each.raises for each in checklist.combinations]
    for what in (each for source in sources for each in source):
        prefix, value = split(what)
        found.setdefault(prefix, set()).add(value)
    return {prefix: frozenset(values) for prefix, values in found.items()}


def _indicators(checklist: Checklist) -> Iterator[Problem]:
    raised = raised_somewhere(checklist).get("indicator", frozenset())
    for use in checklist.sets:
        needed = _needed(use.name, use.coverage)
        for reference in sorted(needed - raised - set(checklist.not_observed)):
            yield Problem(
                "indicator_not_raised",
                reference,
                f"{use.name} has it: ask about it, or say in not_observed why this role cannot",
            )
    for reference, reason in checklist.not_observed.items():
        if reference in raised:
            yield Problem("not_observed_but_raised", reference, "take it out of not_observed")
        if not reason.strip():
            yield Problem("not_observed_without_reason", reference, "say why it is not observed")


def _needed(name: str, coverage: str) -> frozenset[str]:
    """What a set must have raised: everything, or for a "gate" to a sexual set that itself."""
    if coverage == "full":
        return references(name)
    return frozenset({SEXUAL_EXPLOITATION}) & references(name)


def _coverage(checklist: Checklist) -> Iterator[Coverage]:
    raised = raised_somewhere(checklist).get("indicator", frozenset())
    for use in checklist.sets:
        every = references(use.name)
        hidden = every & set(checklist.not_observed)
        yield Coverage(use.name, use.coverage, len(every), len(every & raised), len(hidden))


def _asked_for_nothing(checklist: Checklist) -> Iterator[Problem]:
    looked_at = _looked_at(checklist)
    for question in checklist.questions:
        used = (
            question.may_raise()
            or question.fills
            or question.key in looked_at
            or question.kind is Kind.NOTICE
            or checklist.sections_by_question[question.key].purpose is Purpose.CLOSING
        )
        if not used:
            yield Problem(
                "asked_for_nothing",
                question.key,
                "its answer raises nothing and nothing looks at it; drop it, or name what it fills",
            )


def _looked_at(checklist: Checklist) -> frozenset[str]:
    conditions: list[Condition | None] = [each.show_if for each in checklist.sections]
    conditions += [each.show_if for each in checklist.questions]
    conditions += [each.when for each in checklist.gates]
    conditions += [each.when for each in checklist.combinations]
    return frozenset[str]().union(*(questions_of(each) for each in conditions))


def _thresholds(checklist: Checklist) -> Iterator[Problem]:
    for question in checklist.questions:
        if question.bands and not (question.basis or "").strip():
            yield Problem(
                "threshold_without_basis", question.key, "say in basis where its bands come from"
            )


def _words(checklist: Checklist) -> Iterator[Problem]:
    """Words of what findings will show, in every language of the checklist."""
    for use in checklist.sets:
        dimensions = indicator_set(use.name).dimensions
        for dimension, indicators in dimensions.items():
            yield from _complete("dimensions", dimension, checklist.languages)
            for each in indicators:
                yield from _complete("indicators", each.key, checklist.languages)
    raised = raised_somewhere(checklist)
    for form in sorted(raised.get("form", frozenset())):
        yield from _complete("forms", form, checklist.languages)
    for kind in sorted(raised.get("finding", frozenset())):
        yield from _complete("findings", kind, checklist.languages)


def _complete(part: str, key: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    entry: Any = texts(part).get(key, {})
    nested = [each for each in entry.values() if isinstance(each, dict)]
    for text in nested or [entry]:
        missing = [each for each in languages if not str(text.get(each, "")).strip()]
        if missing:
            yield Problem("words_missing", key, f"texts/{part}.json lacks {', '.join(missing)}")


def _notes(checklist: Checklist) -> Iterator[Problem]:
    for gate in checklist.gates:
        if gate.checklist is not None and gate.checklist not in available():
            yield Problem(
                "checklist_not_installed", gate.key, f"leads to {gate.checklist}, not installed"
            )
    if checklist.validation.status == "not_validated":
        yield Problem("not_validated", checklist.id, "not yet tried or reviewed with people")
    if not any(_asks_for_age(each) for each in checklist.questions):
        yield Problem(
            "no_age", checklist.id, "asks nobody's age; it cannot tell a child from adult"
        )


def _asks_for_age(question: Question) -> bool:
    return question.fills == "identity.age" or any(each.checklist for each in question.gates)
