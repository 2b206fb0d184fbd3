"""A case's script played on a checklist: the interview that a careful screener would have led."""

from collections.abc import Mapping

from protocols.practice.case import PracticeCase
from protocols.screening.conditions import Answers, Value
from protocols.screening.errors import AnswerError
from protocols.screening.flow import walk
from protocols.screening.interview import Given, Interview
from protocols.screening.model import Checklist, Question
from protocols.screening.raised import raised_by_answers


def played(checklist: Checklist, answers: Mapping[str, Value]) -> Interview:
    """The interview led to its end: what is in `answers` answered, everything else passed over.
    The same as answering and skipping one by one, since conditions only look back.

    Raises AnswerError for a question that the checklist lacks or a value that does not fit.
    """
    if unknown := sorted(set(answers) - set(checklist.by_key)):
        raise AnswerError(f"{checklist.id} has no question {unknown[0][:60]!r}; remove it")
    fitting = {key: checklist.by_key[key].accept(value) for key, value in answers.items()}
    shown = walk(checklist, fitting, checklist.by_key).shown
    return Interview(checklist, tuple(Given(each.key, fitting.get(each.key)) for each in shown))


def scripted(case: PracticeCase, checklist: Checklist) -> Interview:
    """The case as its script has it, led to the end. Raises AnswerError."""
    return played(checklist, case.answers)


def indicators_of(checklist: Checklist, answers: Answers) -> tuple[str, ...]:
    """ "dimension.key" of every indicator that the answers that count raise, in order."""
    return tuple(raised_by_answers(checklist, answers).indicators)


def steering(checklist: Checklist) -> frozenset[str]:
    """The questions whose answer shows or hides others, or ends the talk."""
    conditions = [each.show_if for each in checklist.sections]
    conditions += [each.show_if for each in checklist.questions]
    conditions += [gate.when for gate in checklist.gates if gate.effect == "end"]
    return frozenset(
        atom.question for condition in conditions if condition for atom in condition.atoms()
    )


def raises(checklist: Checklist, question: Question, answers: Answers) -> bool:
    """Whether the answer given at the question raises anything, alone or with others."""
    if question.raised_by(answers[question.key]):
        return True
    return any(
        question.key in {atom.question for atom in each.when.atoms()} and each.when.holds(answers)
        for each in checklist.combinations
    )
