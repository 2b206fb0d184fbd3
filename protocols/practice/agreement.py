"""Whether the published rules, run on a case's script, say what its reference says.

The reference is decided from the law first. Where the two differ, one of them is wrong and a
person decides which; nothing here mends either.
"""

from collections.abc import Iterator

from protocols.practice import case_rules as rules
from protocols.practice.case import PracticeCase
from protocols.practice.errors import Problem
from protocols.practice.script import indicators_of, scripted
from protocols.screening.assessment import assess
from protocols.screening.model import Checklist


def disagreements(case: PracticeCase, checklist: Checklist) -> tuple[Problem, ...]:
    """Every difference between the reference and the assessment of the scripted answers."""
    return tuple(_disagreements(case, checklist))


def holds_on(case: PracticeCase, checklist: Checklist) -> bool:
    """Whether the case can be practised on that edition of its checklist: its script fits it and
    raises what the reference says."""
    if case.checklist != checklist.id or rules.with_fitting(case, case.answers, checklist)[1]:
        return False
    held = not any(True for _ in rules.problems_on(case, checklist))
    return held and not disagreements(case, checklist)


def _disagreements(case: PracticeCase, checklist: Checklist) -> Iterator[Problem]:
    interview = scripted(case, checklist)
    found = {each.kind: set(each.forms) for each in assess(interview).findings}
    wanted = {each.kind: set(each.forms) for each in case.reference.findings}
    for kind in sorted(found.keys() | wanted.keys()):
        if kind not in wanted:
            yield Problem(kind, f"found with {_listed(found[kind])}, not in the reference")
        elif kind not in found:
            yield Problem(kind, "in the reference, not found from the scripted answers")
        elif found[kind] != wanted[kind]:
            yield Problem(
                kind, f"forms found: {_listed(found[kind])}; reference: {_listed(wanted[kind])}"
            )
    raised = set(indicators_of(checklist, interview.answers))
    reference = set(case.reference.indicators)
    for each in sorted(raised - reference):
        yield Problem(each, "raised by the scripted answers, not in the reference")
    for each in sorted(reference - raised):
        yield Problem(each, "in the reference, raised by no scripted answer")


def _listed(forms: set[str]) -> str:
    return ", ".join(sorted(forms)) or "no form"
