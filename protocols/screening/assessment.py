"""Answers -> indicators -> dimensions -> findings, each with the rule and the answers behind it.

`assess` is a function of what counts: the order of answers, hidden answers and the clock do not.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from attrs import evolve, frozen

from protocols.screening import reasons as why
from protocols.screening.conditions import Answers, Value, questions_of
from protocols.screening.dimensions import (
    DimensionResult,
    RaisedIndicator,
    SetAssessment,
    assess_indicators,
    assess_raised,
)
from protocols.screening.errors import InterviewError
from protocols.screening.findings import NOTHING_YET, Finding, Ground, findings_of
from protocols.screening.flow import walk
from protocols.screening.forced_labour import ROLES_AT_WORK
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist, Kind
from protocols.screening.open_questions import open_questions, say_what_would_change
from protocols.screening.raised import AnswerRef, Raised, parts_of, raised_by_answers
from protocols.screening.reasons import Reason
from protocols.screening.tables import SEXUAL_EXPLOITATION
from protocols.screening.vocabulary import NEEDS, WINDOWS
from protocols.screening.words import (
    answer_text,
    dimension_text,
    finding_title,
    form_text,
    indicator_text,
)

__all__ = [
    "AnswerRef",
    "Assessment",
    "DimensionResult",
    "Finding",
    "RaisedIndicator",
    "Reason",
    "SetAssessment",
    "answer_text",
    "assess",
    "assess_answers",
    "assess_indicators",
    "dimension_text",
    "finding_title",
    "findings_of_set",
    "form_text",
    "indicator_text",
]

CHILD_CHECKLIST = "-child"
URGENT = (
    "trafficking_indicated",
    "forced_labour_indicated",
    "unaccompanied_or_separated_child",
    "international_protection_need",
    "smuggling_aggravated",
)


@frozen
class Assessment:
    """What one interview's answers show. `population`: whose rule was applied, "adult" or "child"
    (an age not known is a child's); `findings`: never empty, emergency first; `needs`: values of
    the service taxonomy; `windows`: medical deadlines; `urgency`: immediate|urgent|routine."""

    checklist: str
    version: int
    population: str
    sets: tuple[SetAssessment, ...]
    findings: tuple[Finding, ...]
    needs: tuple[str, ...]
    windows: tuple[str, ...]
    urgency: str


def assess(interview: Interview) -> Assessment:
    """The assessment of an interview as it stands, finished, stopped or under way."""
    values = {each.question: each.value for each in interview.given if each.value is not None}
    return _assess(interview.checklist, values, interview.passed)


def assess_answers(
    checklist: Checklist, answers: Mapping[str, Any], skipped: Iterable[str] = ()
) -> Assessment:
    """The assessment of answers given in whatever order. Answers of questions that the others hide
    do not count.

    Raises InterviewError for a question that the checklist lacks, AnswerError for a value that
    does not fit.
    """
    unknown = sorted((set(answers) | set(skipped)) - set(checklist.by_key))
    if unknown:
        raise InterviewError(f"{checklist.id} has no question {unknown[0][:60]!r}; remove it")
    values = {key: checklist.by_key[key].accept(value) for key, value in answers.items()}
    return _assess(checklist, values, {*values, *skipped})


def findings_of_set(assessed: SetAssessment) -> tuple[Finding, ...]:
    """The findings that one set gives when nothing else is known."""
    raised = Raised(
        {
            f"{dimension.name}.{each.key}": each.answers
            for dimension in assessed.dimensions
            for each in dimension.indicators
        }
    )
    return findings_of(Ground((assessed,), raised, assessed.population == "child"))


def _assess(
    checklist: Checklist, values: Mapping[str, Value], passed: Collection[str]
) -> Assessment:
    read = {each.key for each in checklist.questions if each.kind is Kind.NOTICE}
    seen = walk(checklist, values, {*passed, *read})
    raised = raised_by_answers(checklist, seen.answers)
    treated = _treated_as_child(checklist, seen.answers)
    child = checklist.population == "child" or treated is not None

    def decide(what: Raised, adult: bool) -> Ground:
        by_child_rule = child and not (adult and treated is not None)
        sets = _sets(checklist, what, by_child_rule)
        where = f"{checklist.id}, version {checklist.version}"
        why_child = treated if by_child_rule else None
        at_work = checklist.role in ROLES_AT_WORK
        return Ground(sets, what, by_child_rule, why_child, where, at_work)

    ground = decide(raised, False)
    ages = _age_questions(checklist)
    unasked = () if any(each in seen.answers for each in ages) else ages
    asked = treated is None or any(each in ages for each in passed)
    findings = say_what_would_change(
        findings_of(ground),
        open_questions(checklist, seen.shown, seen.answers, unasked),
        raised,
        lambda what, adult: findings_of(decide(what, adult)),
    )
    return Assessment(
        checklist=checklist.id,
        version=checklist.version,
        population="child" if child else "adult",
        sets=ground.sets,
        findings=findings,
        needs=_needs(raised, findings, child and asked),
        windows=tuple(each for each in WINDOWS if each in raised.windows),
        urgency=_urgency(raised, findings, child and asked),
    )


def _age_questions(checklist: Checklist) -> tuple[str, ...]:
    """The questions by which an adult's checklist tells that a child's applies."""
    looked_at = frozenset[str]().union(
        *(questions_of(each.when) for each in checklist.gates if _to_child(each.checklist))
    )
    return tuple(each.key for each in checklist.questions if each.key in looked_at)


def _to_child(checklist_id: str | None) -> bool:
    return checklist_id is not None and checklist_id.endswith(CHILD_CHECKLIST)


def _treated_as_child(checklist: Checklist, answers: Answers) -> Reason | None:
    """Why somebody screened with an adult's checklist is under the child's rule: a gate to a
    child's checklist holds, or nothing that such a gate looks at is known."""
    ages = _age_questions(checklist)
    if checklist.population == "child" or not ages:
        return None
    holds = any(_to_child(each.checklist) and each.when.holds(answers) for each in checklist.gates)
    known = [key for key in ages if key in answers]
    if known and not holds:
        return None
    refs = [AnswerRef(key, str(part)) for key in known for part in parts_of(answers[key])]
    return evolve(why.palermo("treated_as_child"), answers=tuple(refs))


def _sets(checklist: Checklist, raised: Raised, child: bool) -> tuple[SetAssessment, ...]:
    """The checklist's sets; under the child's rule an adult's checklist also has the child's."""
    names: list[str] = []
    for use in checklist.sets:
        names += [use.name.replace("adult", "child")] if child else []
        names += [use.name]
    return tuple(_one_set(name, raised) for name in dict.fromkeys(names))


def _one_set(name: str, raised: Raised) -> SetAssessment:
    """Answers about work speak of sexual exploitation only once that itself is raised."""
    about_work_only = name.endswith("sexual") and SEXUAL_EXPLOITATION not in raised.indicators
    return assess_raised(
        name,
        {
            reference: refs
            for reference, refs in raised.indicators.items()
            if not (about_work_only and reference.startswith("exploitation."))
        },
    )


def _needs(raised: Raised, findings: tuple[Finding, ...], child: bool) -> tuple[str, ...]:
    kinds = {each.kind for each in findings}
    needs = set(raised.needs)
    if (child and kinds != {NOTHING_YET}) or "unaccompanied_or_separated_child" in kinds:
        needs.add("child_protection")
    if "international_protection_need" in kinds:
        needs.add("asylum")
    if not needs and "trafficking_indicated" in kinds:
        needs.add("safety_protection")
    return tuple(each for each in NEEDS if each in needs)


def _urgency(raised: Raised, findings: tuple[Finding, ...], child: bool) -> str:
    kinds = {each.kind for each in findings}
    if "emergency" in kinds or "emergency_medical" in raised.needs:
        return "immediate"
    named = raised.windows or raised.forms or "safety_protection" in raised.needs
    urgent = kinds & set(URGENT) or named or (child and kinds != {NOTHING_YET})
    return "urgent" if urgent else "routine"
