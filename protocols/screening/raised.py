"""What the answers that count raise, each with the answers behind it."""

from collections.abc import Iterator

from attrs import field, frozen

from protocols.screening.conditions import (
    All,
    Answered,
    Answers,
    AnyOf,
    Condition,
    Equals,
    Includes,
    Value,
    questions_of,
)
from protocols.screening.model import Checklist
from protocols.screening.vocabulary import CONDUCT, split


@frozen
class AnswerRef:
    """One answer: a question's key and the chosen choice's key (of several, one reference each),
    the number, or the text."""

    question: str
    value: str


Refs = tuple[AnswerRef, ...]


@frozen
class Raised:
    """Everything that answers raise -> the answers that do, in the checklist's order. Indicators
    are "dimension.key", signs "sector.key"; the others are values of `vocabulary`."""

    indicators: dict[str, Refs] = field(factory=dict)
    needs: dict[str, Refs] = field(factory=dict)
    findings: dict[str, Refs] = field(factory=dict)
    forms: dict[str, Refs] = field(factory=dict)
    windows: dict[str, Refs] = field(factory=dict)
    signs: dict[str, Refs] = field(factory=dict)

    def kind(self, prefix: str) -> dict[str, Refs]:
        """The part that `prefix` (of `vocabulary.split`) writes into."""
        parts = {
            "indicator": self.indicators,
            "need": self.needs,
            "finding": self.findings,
            "form": self.forms,
            "window": self.windows,
            "sign": self.signs,
        }
        return parts[prefix]


def parts_of(value: Value) -> tuple[str | int, ...]:
    """The single answers in `value`: each chosen key, or the value itself."""
    return value if isinstance(value, tuple) else (value,)


def raised_by_answers(checklist: Checklist, answers: Answers, without: str = "") -> Raised:
    """What visible `answers` raise. The order in which they were given does not matter. `without`:
    the key of a question whose answer, or want of one, is not to count."""
    raised = Raised()
    for what, refs in _all(checklist, answers, without):
        prefix, value = split(what)
        into = raised.kind(prefix)
        into[value] = tuple(dict.fromkeys((*into.get(value, ()), *refs)))
    return raised


def _all(checklist: Checklist, answers: Answers, without: str) -> Iterator[tuple[str, Refs]]:
    for question in checklist.questions:
        if question.key not in answers or question.key == without:
            continue
        for part in parts_of(answers[question.key]):
            ref = AnswerRef(question.key, str(part))
            for what in question.raised_by(part):
                yield what, (ref,)
    for combination in checklist.combinations:
        if without not in questions_of(combination.when) and combination.when.holds(answers):
            refs = _behind(combination.when, answers)
            if _is_want(combination.when, answers):
                refs = [each for each in refs if not _is_conduct(checklist, each)]
            for what in combination.raises:
                yield what, tuple(dict.fromkeys(refs))


def _behind(condition: Condition, answers: Answers) -> list[AnswerRef]:
    """The answers that make a holding condition hold: of what must not be, those given instead."""
    if isinstance(condition, All | AnyOf):
        holding = [each for each in condition.parts if each.holds(answers)]
        return [ref for each in holding for ref in _behind(each, answers)]
    if isinstance(condition, Equals | Includes):
        return [AnswerRef(condition.question, condition.value)]
    return [
        AnswerRef(atom.question, str(part))
        for atom in condition.atoms()
        for part in parts_of(answers.get(atom.question, ()))
    ]


def _is_want(condition: Condition, answers: Answers) -> bool:
    """Whether it holds for want of an answer."""
    atoms = (each for each in condition.atoms() if isinstance(each, Answered))
    return any(not each.holds(answers) for each in atoms)


def _is_conduct(checklist: Checklist, ref: AnswerRef) -> bool:
    return checklist.by_key[ref.question].fills == CONDUCT
