"""The rules that a checklist must hold before anybody is asked anything from it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from protocols.screening.conditions import (
    DEEPEST,
    Answered,
    Atom,
    Condition,
    Equals,
    Includes,
    depth,
    in_words,
)
from protocols.screening.errors import (
    ChecklistFormatError,
    ConditionError,
    DuplicateKeyError,
    MissingTranslationError,
    UnknownReferenceError,
)
from protocols.screening.model import (
    LANGUAGES,
    Checklist,
    Kind,
    Purpose,
    Question,
    Text,
)
from protocols.screening.tables import SETS, references
from protocols.screening.vocabulary import CASE_FIELDS, CHILD_FORMS, PREFIXES, split

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
COVERAGES = ("full", "gate")
STATUSES = ("not_validated", "reviewed", "validated")
POPULATIONS = ("adult", "child")


def hold(checklist: Checklist) -> None:
    """Raises the ChecklistError of the first rule that the checklist breaks."""
    _header(checklist)
    _keys(checklist)
    _order(checklist)
    for where, text in texts_of(checklist):
        _complete(where, text, checklist.languages)
    for question in checklist.questions:
        _shape(question)
    _references(checklist)
    _conditions(checklist)


def _header(checklist: Checklist) -> None:
    if checklist.id != f"{checklist.role}-{checklist.population}":
        raise ChecklistFormatError(f"{checklist.id}: the id is role-population")
    if checklist.population not in POPULATIONS or checklist.version < 1:
        raise ChecklistFormatError(f"{checklist.id}: population adult or child, version from 1")
    if sorted(checklist.languages) != sorted(LANGUAGES):
        told = f"languages are {', '.join(LANGUAGES)}, each once"
        raise MissingTranslationError(f"{checklist.id}: {told}")
    if len({use.name for use in checklist.sets}) < len(checklist.sets):
        raise ChecklistFormatError(f"{checklist.id}: a set stands twice; keep one coverage of it")
    for use in checklist.sets:
        if use.name not in SETS or use.coverage not in COVERAGES:
            raise UnknownReferenceError(f"{checklist.id}: no set {use.name} with {use.coverage}")
        if not use.name.startswith(checklist.population):
            raise UnknownReferenceError(f"{checklist.id}: {use.name} is for another population")
    if not checklist.sets or checklist.validation.status not in STATUSES:
        raise ChecklistFormatError(f"{checklist.id}: name a set; validation is one of {STATUSES}")


def texts_of(checklist: Checklist) -> Iterator[tuple[str, Text]]:
    """(place, text) of every text in the file."""
    yield "title", checklist.title
    yield "validation", checklist.validation.text
    for section in checklist.sections:
        yield section.key, section.title
        for question in section.questions:
            yield question.key, question.text
            if question.help is not None:
                yield f"{question.key}.help", question.help
            for choice in question.choices:
                yield f"{question.key}.{choice.key}", choice.text
            for gate in question.gates:
                yield f"{question.key}.{gate.key}", gate.text


def _complete(where: str, text: Text, languages: tuple[str, ...]) -> None:
    missing = [each for each in languages if not text.get(each, "").strip()]
    if missing:
        raise MissingTranslationError(f"{where}: no words in {', '.join(missing)}; add them")
    if set(text) - set(languages):
        extra = ", ".join(sorted(set(text) - set(languages)))
        raise MissingTranslationError(f"{where}: {extra} is not a language of this checklist")


def _unique(keys: Iterable[str], where: str) -> None:
    for key, times in Counter(keys).items():
        if not KEY.fullmatch(key):
            raise ChecklistFormatError(f"{where}: {key[:60]!r} is not a key like `pay_kept_back`")
        if times > 1:
            raise DuplicateKeyError(f"{where}: {key} stands {times} times; rename one")


def _keys(checklist: Checklist) -> None:
    _unique((each.key for each in checklist.sections), "sections")
    _unique((each.key for each in checklist.questions), "questions")
    _unique((each.key for each in checklist.combinations), "combinations")
    _unique((gate.key for each in checklist.questions for gate in each.gates), "gates")
    for question in checklist.questions:
        _unique((each.key for each in question.choices), question.key)


def _order(checklist: Checklist) -> None:
    order = list(Purpose)
    places = [order.index(section.purpose) for section in checklist.sections]
    if places != sorted(places):
        raise ChecklistFormatError(f"{checklist.id}: sections keep the order {', '.join(order)}")
    present = {section.purpose for section in checklist.sections}
    if present != set(order):
        absent = ", ".join(each for each in order if each not in present)
        raise ChecklistFormatError(f"{checklist.id}: add the sections {absent}")
    for section in checklist.sections:
        if not section.questions:
            raise ChecklistFormatError(f"{section.key}: a section without questions; remove it")
    last = checklist.sections[-1]
    if last.show_if is not None or last.questions[-1].show_if is not None:
        raise ChecklistFormatError(f"{last.key}: the close is shown to everyone; drop its show_if")


def _shape(question: Question) -> None:
    chooses = question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO_UNKNOWN)
    if chooses and len(question.choices) < 2:
        raise ChecklistFormatError(f"{question.key}: a dead end; give at least two choices")
    if not chooses and question.choices:
        raise ChecklistFormatError(f"{question.key}: {question.kind} has no choices")
    _numbers(question)
    if question.fills is not None and question.fills not in CASE_FIELDS:
        raise UnknownReferenceError(
            f"{question.key} fills {question.fills[:60]!r}; use one of {', '.join(CASE_FIELDS)}"
        )
    if question.kind is not Kind.MULTIPLE and any(each.exclusive for each in question.choices):
        raise ChecklistFormatError(f"{question.key}: exclusive is for choices of several")


def _numbers(question: Question) -> None:
    low, high = question.minimum, question.maximum
    if question.kind is not Kind.NUMBER:
        if question.bands or (low, high) != (None, None):
            raise ChecklistFormatError(f"{question.key}: bands and limits are for numbers")
        return
    if low is None or high is None or low >= high:
        raise ChecklistFormatError(f"{question.key}: a number needs minimum < maximum")
    for band in question.bands:
        first = low if band.minimum is None else max(low, band.minimum)
        last = high if band.maximum is None else min(high, band.maximum)
        if first > last or not band.raises:
            raise ChecklistFormatError(
                f"{question.key}: a band without a number between {low} and {high}, or for nothing"
            )


def _references(checklist: Checklist) -> None:
    known = frozenset[str]().union(*(references(use.name) for use in checklist.sets))
    places = [(each.key, each.may_raise()) for each in checklist.questions]
    places += [(each.key, each.raises) for each in checklist.combinations]
    for where, raised in places:
        for each in raised:
            prefix, value = split(each)
            if value not in (known if prefix == "indicator" else PREFIXES.get(prefix, ())):
                raise UnknownReferenceError(f"{where} raises {each!r}, which does not exist")
            if prefix == "form" and value in CHILD_FORMS and checklist.population != "child":
                raise UnknownReferenceError(f"{where} raises {each!r}, which is for children only")
    for reference in checklist.not_observed:
        if reference not in known:
            raise UnknownReferenceError(f"not_observed: {reference!r} does not exist")


def _conditions(checklist: Checklist) -> None:
    seen: dict[str, Question] = {}
    for section in checklist.sections:
        _known(section.show_if, seen, section.key)
        for question in section.questions:
            _known(question.show_if, seen, question.key)
            seen[question.key] = question
            for gate in question.gates:
                _known(gate.when, seen, f"{question.key}.{gate.key}")
    for combination in checklist.combinations:
        _known(combination.when, seen, combination.key)


def _known(condition: Condition | None, earlier: dict[str, Question], where: str) -> None:
    if condition is not None and depth(condition) > DEEPEST:
        raise ConditionError(f"{where}: conditions lie more than {DEEPEST} deep; write it flat")
    for atom in condition.atoms() if condition else ():
        question = earlier.get(atom.question)
        if question is None:
            raise ConditionError(f"{where}: {atom.question} is not asked before; move or rename it")
        _fits(atom, question, where)


def _fits(atom: Atom, question: Question, where: str) -> None:
    several = question.kind is Kind.MULTIPLE
    if isinstance(atom, Answered):
        fits = question.kind is not Kind.NOTICE
    elif isinstance(atom, Equals | Includes):
        fits = several is isinstance(atom, Includes) and question.choice(atom.value) is not None
    else:
        fits = question.kind is Kind.NUMBER
    if not fits:
        raise ConditionError(
            f"{where}: `{in_words(atom)}` cannot hold of a {question.kind} question; mend it"
        )
