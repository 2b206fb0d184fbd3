"""Every way through a checklist, by exhaustive search and not by sample.

A state keeps only the answers that a later condition looks at, each reduced to what those
conditions can tell apart; two ways that no later condition distinguishes are one state. The rule
for what is shown is the interview's own (`flow`).
"""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from attrs import frozen

from protocols.screening.conditions import (
    Condition,
    Equals,
    Greater,
    Includes,
    Less,
    Value,
    questions_of,
)
from protocols.screening.errors import ChecklistTooWideError
from protocols.screening.flow import gates_hit, is_shown
from protocols.screening.model import Checklist, Effect, Kind, Purpose, Question

MOST_STATES = 200_000
MOST_WATCHED_CHOICES = 12
SAMPLE_TEXT, SAMPLE_DATE = "x", "2026"

State = tuple[frozenset[tuple[str, Value]], bool, bool]
"""(answers still looked at, a gate ended the questions, the close was shown)."""


@frozen
class Search:
    """What was found. `reached`: questions shown on some way; `gates`, `combinations`: keys of
    those that hold on some way; `shortest`, `longest`: screens of a way from start to end;
    `states`: the most states held at once; `closes`: whether every way comes to a close."""

    reached: frozenset[str]
    gates: frozenset[str]
    combinations: frozenset[str]
    shortest: int
    longest: int
    states: int
    closes: bool


Screens = tuple[int, int]
"""(fewest, most) screens of the ways that led to a state."""


def search(checklist: Checklist) -> Search:
    """Search every way through. Raises ChecklistTooWideError when conditions tell too many ways
    apart to be held."""
    run = _Run(checklist, ())
    ends = run.all()
    most = run.most
    met = set()
    for combination in checklist.combinations:
        other = _Run(checklist, (combination.when,))
        if any(combination.when.holds(dict(answers)) for answers, _, _ in other.all()):
            met.add(combination.key)
        most = max(most, other.most)
    return Search(
        reached=frozenset(run.reached),
        gates=frozenset(run.gates),
        combinations=frozenset(met),
        shortest=min(low for low, _ in ends.values()),
        longest=max(high for _, high in ends.values()),
        states=most,
        closes=all(closed for _, _, closed in ends),
    )


class _Run:
    """One search from start to end. `at_end`: conditions to be told apart at the end too."""

    def __init__(self, checklist: Checklist, at_end: tuple[Condition, ...]) -> None:
        self._checklist = checklist
        self._watched = _watched(checklist, at_end)
        self._atoms = _atoms(checklist, at_end)
        self.reached: set[str] = set()
        self.gates: set[str] = set()
        self.most = 1

    def all(self) -> dict[State, Screens]:
        """The states at the end."""
        states: dict[State, Screens] = {(frozenset(), False, False): (0, 0)}
        for question, keep in zip(self._checklist.questions, self._watched, strict=True):
            states = self._pass(question, keep, states)
            self.most = max(self.most, len(states))
            if self.most > MOST_STATES:
                raise ChecklistTooWideError(
                    f"{self._checklist.id}: over {MOST_STATES} ways stay apart at {question.key}; "
                    f"let conditions look at fewer of {', '.join(sorted(keep))[:300]}"
                )
        return states

    def _pass(
        self, question: Question, keep: frozenset[str], states: dict[State, Screens]
    ) -> dict[State, Screens]:
        following: dict[State, Screens] = {}
        for state, (low, high) in states.items():
            for (answers, ended, closed), took in self._step(question, state):
                kept = frozenset((key, value) for key, value in answers.items() if key in keep)
                after = (kept, ended, closed)
                fewest, longest = following.get(after, (low + took, high + took))
                following[after] = (min(fewest, low + took), max(longest, high + took))
        return following

    def _step(
        self, question: Question, state: State
    ) -> Iterator[tuple[tuple[dict[str, Value], bool, bool], int]]:
        """What holds after the question and the screens it took, for each answer that can be told
        apart."""
        known, ended, closed = state
        answers = dict(known)
        section = self._checklist.sections_by_question[question.key]
        if not is_shown(section, question, answers, ended):
            yield (answers, ended, closed), 0
            return
        self.reached.add(question.key)
        closed = closed or section.purpose is Purpose.CLOSING
        for value in _answers(question, self._atoms.get(question.key, [])):
            now = answers if value is None else {**answers, question.key: value}
            hit = gates_hit(question, now)
            self.gates.update(gate.key for gate in hit)
            yield (now, ended or any(each.effect is Effect.END for each in hit), closed), 1


def _watched(checklist: Checklist, at_end: Iterable[Condition]) -> list[frozenset[str]]:
    """For each place: the questions that a later condition, or one of `at_end`, looks at."""
    later = frozenset[str]().union(*(questions_of(each) for each in at_end))
    watched: list[frozenset[str]] = []
    for question in reversed(checklist.questions):
        watched.append(later)
        section = checklist.sections_by_question[question.key]
        here = (section.show_if, question.show_if, *(gate.when for gate in question.gates))
        later = later.union(*(questions_of(each) for each in here))
    return watched[::-1]


def _atoms(checklist: Checklist, at_end: Iterable[Condition]) -> dict[str, list[Condition]]:
    """question key -> every atom that looks at it."""
    conditions: list[Condition | None] = [each.show_if for each in checklist.sections]
    conditions += [each.show_if for each in checklist.questions]
    conditions += [each.when for each in checklist.gates]
    conditions += at_end
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        for atom in condition.atoms() if condition else ():
            found.setdefault(atom.question, []).append(atom)
    return found


def _answers(question: Question, atoms: list[Condition]) -> Iterator[Value | None]:
    """One answer of each class that `atoms` tell apart, and None: a skipped question or notice."""
    yield None
    if not atoms or question.kind is Kind.NOTICE:
        return
    seen: set[tuple[bool, ...]] = set()
    for value in _candidates(question, atoms):
        told = tuple(atom.holds({question.key: value}) for atom in atoms)
        if told not in seen:
            seen.add(told)
            yield value


def _candidates(question: Question, atoms: list[Condition]) -> Iterable[Value]:
    if question.kind is Kind.MULTIPLE:
        named = {atom.value for atom in atoms if isinstance(atom, Includes)}
        return _selections(question, named)
    if question.kind is Kind.NUMBER:
        return _numbers(question, atoms)
    if question.choices:
        named = {atom.value for atom in atoms if isinstance(atom, Equals)}
        others = [each.key for each in question.choices if each.key not in named]
        return [each.key for each in question.choices if each.key in named] + others[:1]
    return (SAMPLE_DATE if question.kind is Kind.DATE else SAMPLE_TEXT,)


def _selections(question: Question, named: set[str]) -> Iterator[tuple[str, ...]]:
    """Every selection of named choices that may stand together, beside an unnamed one."""
    alone = [each.key for each in question.choices if each.exclusive]
    joint = [each.key for each in question.choices if not each.exclusive and each.key in named]
    others = [each.key for each in question.choices if not each.exclusive and each.key not in named]
    if len(joint) > MOST_WATCHED_CHOICES:
        raise ChecklistTooWideError(
            f"{question.key}: conditions look at {len(joint)} of its choices, at most "
            f"{MOST_WATCHED_CHOICES} can be searched; look at fewer"
        )
    yield from ((key,) for key in alone)
    for chosen in chain.from_iterable(combinations(joint, n) for n in range(len(joint) + 1)):
        picked = {*chosen, *others[:1]}
        if picked:
            yield tuple(each.key for each in question.choices if each.key in picked)


def _numbers(question: Question, atoms: list[Condition]) -> Iterator[int]:
    """The limits, and the numbers about each threshold, within them."""
    low, high = question.minimum or 0, question.maximum or 0
    near = {low, high}
    for atom in atoms:
        if isinstance(atom, Greater | Less):
            near |= {atom.than - 1, atom.than, atom.than + 1}
    yield from (each for each in sorted(near) if low <= each <= high)
