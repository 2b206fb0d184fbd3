"""Which questions are shown, given what was answered: the one walk that the running interview and
the exhaustive check share."""

from collections.abc import Collection, Mapping

from attrs import field, frozen

from protocols.screening.conditions import Answers, Value
from protocols.screening.model import Checklist, Effect, Gate, Purpose, Question, Section


def is_shown(section: Section, question: Question, answers: Answers, ended: bool) -> bool:
    """Whether the question is shown after visible `answers`. `ended`: a gate closed the way."""
    if ended and section.purpose is not Purpose.CLOSING:
        return False
    return all(
        condition is None or condition.holds(answers)
        for condition in (section.show_if, question.show_if)
    )


def gates_hit(question: Question, answers: Answers) -> tuple[Gate, ...]:
    """The gates that hold once `question` was passed with visible `answers`."""
    return tuple(gate for gate in question.gates if gate.when.holds(answers))


@frozen
class Walk:
    """What a set of given answers makes visible: questions in order, the answers that count, and
    the gates that hold, by the question that opened them."""

    shown: tuple[Question, ...]
    answers: dict[str, Value]
    gates: dict[str, tuple[Gate, ...]] = field(factory=dict)


def walk(
    checklist: Checklist,
    values: Mapping[str, Value],
    passed: Collection[str],
    stopped: bool = False,
) -> Walk:
    """Walk the checklist once. `values`: every answer ever given, hidden ones too; `passed`: the
    keys of the questions answered, skipped or read. Once `stopped`, only passed questions and the
    close are shown."""
    shown: list[Question] = []
    answers: dict[str, Value] = {}
    gates: dict[str, tuple[Gate, ...]] = {}
    ended = False
    for question in checklist.questions:
        section = checklist.sections_by_question[question.key]
        closing = section.purpose is Purpose.CLOSING
        if not is_shown(section, question, answers, ended) or (
            stopped and not closing and question.key not in passed
        ):
            continue
        shown.append(question)
        if question.key not in passed:
            continue
        if question.key in values:
            answers[question.key] = values[question.key]
        gates[question.key] = gates_hit(question, answers)
        ended = ended or any(gate.effect is Effect.END for gate in gates[question.key])
    return Walk(tuple(shown), answers, {key: hit for key, hit in gates.items() if hit})
