"""A practised interview beside its case: what was noticed, what was missed, and why.

A function of what was answered: the order of answers and the clock do not matter.
"""

from collections.abc import Iterator

from protocols.practice.case import PracticeCase
from protocols.practice.feedback import (
    Difference,
    Feedback,
    FindingFeedback,
    Sign,
    Standing,
    Why,
)
from protocols.practice.script import scripted
from protocols.screening.assessment import assess
from protocols.screening.conditions import Value, questions_of
from protocols.screening.flow import walk
from protocols.screening.interview import Interview
from protocols.screening.model import Effect, Kind, Purpose, Question
from protocols.screening.raised import parts_of, raised_by_answers
from protocols.screening.vocabulary import FINDINGS

BEFORE_THE_QUESTIONS = (Purpose.SAFETY, Purpose.EMERGENCY, Purpose.INTERPRETER, Purpose.CONSENT)


def compare(case: PracticeCase, interview: Interview) -> Feedback:
    """What to tell whoever led `interview` with the case's person.

    The case must hold on the interview's checklist (`case_rules.problems_on`). Raises AnswerError
    where its script does not fit it.
    """
    script = scripted(case, interview.checklist)
    return Feedback(
        findings=tuple(_findings(case, interview)),
        signs=tuple(_signs(case, interview, script)),
        differences=tuple(_differences(case, interview, script)),
        stopped=interview.stopped,
    )


def _findings(case: PracticeCase, interview: Interview) -> Iterator[FindingFeedback]:
    found = {each.kind: each.forms for each in assess(interview).findings}
    wanted = {each.kind: each.forms for each in case.reference.findings}
    for kind in sorted(found.keys() | wanted.keys(), key=FINDINGS.index):
        there, here = wanted.get(kind, ()), found.get(kind, ())
        yield FindingFeedback(
            kind=kind,
            standing=_standing(kind in wanted, kind in found),
            forms=tuple(each for each in there if each in here),
            missed_forms=tuple(each for each in there if each not in here),
            added_forms=tuple(each for each in here if each not in there),
        )


def _standing(wanted: bool, found: bool) -> Standing:
    if wanted:
        return Standing.AGREES if found else Standing.MISSED
    return Standing.NOT_THERE


def _signs(case: PracticeCase, interview: Interview, script: Interview) -> Iterator[Sign]:
    raised = raised_by_answers(interview.checklist, interview.answers).indicators
    to_raise = raised_by_answers(script.checklist, script.answers).indicators
    wanted = case.reference.indicators
    for each in (*wanted, *(key for key in raised if key not in wanted)):
        behind = raised.get(each) or to_raise.get(each, ())
        questions = tuple(dict.fromkeys(ref.question for ref in behind))
        yield Sign(each, _standing(each in wanted, each in raised), questions)


def _differences(
    case: PracticeCase, interview: Interview, script: Interview
) -> Iterator[Difference]:
    given, wanted = interview.answers, script.answers
    for question in interview.checklist.questions:
        chosen, fitting = given.get(question.key), wanted.get(question.key)
        if _same(question, chosen, fitting):
            continue
        why = _why(question, interview, chosen, fitting)
        here, there = _raised(question, chosen), _raised(question, fitting)
        section = interview.checklist.sections_by_question[question.key]
        yield Difference(
            question=question.key,
            why=why,
            chosen=_parts(chosen),
            fitting=_parts(fitting),
            says=case.says.get(question.key),
            hidden_by=_hidden_by(question, interview, script) if why is Why.HIDDEN else (),
            missed=tuple(each for each in there if each not in here),
            added=tuple(each for each in here if each not in there),
            safety=section.purpose in BEFORE_THE_QUESTIONS,
        )


def _same(question: Question, chosen: Value | None, fitting: Value | None) -> bool:
    """Two answers in free words are as good as each other."""
    if question.kind is Kind.TEXT:
        return (chosen is None) is (fitting is None)
    return chosen == fitting


def _parts(value: Value | None) -> tuple[str, ...]:
    return () if value is None else tuple(str(each) for each in parts_of(value))


def _raised(question: Question, value: Value | None) -> tuple[str, ...]:
    return () if value is None else question.raised_by(value)


def _why(
    question: Question, interview: Interview, chosen: Value | None, fitting: Value | None
) -> Why:
    if fitting is None:
        return Why.NOT_SAID
    if chosen is not None:
        return Why.OTHERWISE
    if question in _shown_if_not_stopped(interview):
        if question.key in interview.passed:
            return Why.SKIPPED
        return Why.NOT_REACHED if interview.stopped is None else Why.STOPPED
    return Why.HIDDEN


def _shown_if_not_stopped(interview: Interview) -> tuple[Question, ...]:
    values = {each.question: each.value for each in interview.given if each.value is not None}
    return walk(interview.checklist, values, interview.passed).shown


def _hidden_by(question: Question, interview: Interview, script: Interview) -> tuple[str, ...]:
    """The questions that were asked and whose answers, unlike the script's, hide this one: those
    that its condition looks at, and where a gate closed the way, the gate's; each after what led
    to it."""
    roots = _differing(question, interview, script)
    for each in interview.shown:
        ends = [gate for gate in each.gates if gate.effect is Effect.END]
        if any(gate in interview.gates and gate not in script.gates for gate in ends):
            opened = () if each in script.shown else _differing(each, interview, script)
            roots += (*opened, each.key)
    places = interview.checklist.places
    return tuple(sorted(set(roots), key=lambda each: places[each]))


def _differing(question: Question, interview: Interview, script: Interview) -> tuple[str, ...]:
    """The questions that its condition looks at and that were answered otherwise; for one of them
    that was not asked itself, what its own condition looks at."""
    checklist, given, wanted = interview.checklist, interview.answers, script.answers
    looked_at = questions_of(question.show_if)
    looked_at |= questions_of(checklist.sections_by_question[question.key].show_if)
    roots: list[str] = []
    for each in checklist.questions:
        if each.key in looked_at and given.get(each.key) != wanted.get(each.key):
            shown = each in interview.shown
            roots += (each.key,) if shown else _differing(each, interview, script)
    return tuple(roots)
