"""The rules that a practice case holds before anybody learns from it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve

from protocols.countries.country import codes
from protocols.practice.case import PracticeCase
from protocols.practice.errors import Problem
from protocols.practice.script import raises, scripted, steering
from protocols.screening.conditions import Value
from protocols.screening.errors import AnswerError
from protocols.screening.model import LANGUAGES, Checklist, Kind, Question, Text
from protocols.screening.raised import parts_of
from protocols.screening.tables import SETS, indicator_set, references
from protocols.screening.vocabulary import FINDINGS, FORMS

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")
FICTIONAL = {"ar": "خيالي", "fr": "(ficti", "en": "(fictional)"}
"""What a name says of itself, per language (whatever the gender)."""
OLDEST = 110
LONGEST = 2000
OWN_WORDS = 3
"""A choice of so many words, found whole in what is said, gives the answer away."""
WITH_FORMS = ("trafficking_indicated", "forced_labour_indicated", "labour_rights_violation")
_WORD = re.compile(r"[^\W_]+")


def known_forms() -> tuple[str, ...]:
    """Every form of exploitation that a finding can name."""
    return tuple(dict.fromkeys((*(indicator_set(each).exploitation_form for each in SETS), *FORMS)))


def known_indicators(checklist: Checklist) -> frozenset[str]:
    """Every "dimension.key" that the checklist's answers may raise, for a child as well."""
    names = {use.name for use in checklist.sets}
    names |= {each.replace("adult", "child") for each in names}
    return frozenset[str]().union(*(references(each) for each in names))


def with_fitting(
    case: PracticeCase, answers: dict[str, Any], checklist: Checklist
) -> tuple[PracticeCase, tuple[Problem, ...]]:
    """The case with every answer that fits its question, and what is wrong with the others."""
    fitting: dict[str, Value] = {}
    problems: list[Problem] = []
    for key, value in answers.items():
        question = checklist.by_key.get(key)
        if question is None:
            problems.append(Problem(f"answers.{key[:60]}", f"{checklist.id} has no such question"))
            continue
        try:
            fitting[key] = question.accept(value)
        except AnswerError as error:
            problems.append(Problem(f"answers.{key}", str(error)))
    return evolve(case, answers=fitting), tuple(problems)


def own_problems(case: PracticeCase) -> Iterator[Problem]:
    """What is wrong with the case whatever the checklist's edition."""
    start, slug = f"{case.country.lower()}-{case.checklist}-", ""
    if case.id.startswith(start):
        slug = case.id.removeprefix(start)
    if not SLUG.fullmatch(slug):
        yield Problem("id", f"{case.id[:80]!r} is not {start}short-slug; rename it")
    if case.country not in codes():
        yield Problem("country", f"{case.country[:9]!r} is none of {', '.join(codes())}")
    if case.person.nationality is not None and not COUNTRY.fullmatch(case.person.nationality):
        yield Problem("person.nationality", "write two capital letters (ISO 3166-1), or null")
    if not 0 <= case.person.age <= OLDEST:
        yield Problem("person.age", f"years from 0 to {OLDEST}")
    for where, text in _texts(case):
        yield from _complete(where, text)
    for language, word in FICTIONAL.items():
        if word not in case.person.name.get(language, word):
            yield Problem(f"person.name.{language}", "say that the name is fictional: Leila (…)")
    yield from _reference(case)
    yield from _patterns(case)


def _patterns(case: PracticeCase) -> Iterator[Problem]:
    for place, pattern in enumerate(case.patterns):
        if not pattern.title.strip():
            yield Problem(f"patterns.{place}.title", "name the judgment or the instrument")
        if pattern.read and not pattern.url:
            yield Problem(f"patterns.{place}.url", "what was read has an address; give it")
        if pattern.url is not None and not pattern.url.startswith("https://"):
            yield Problem(f"patterns.{place}.url", "an address that begins with https://")
    if not case.patterns:
        yield Problem("patterns", "name at least one published pattern that the case follows")


def problems_on(case: PracticeCase, checklist: Checklist) -> Iterator[Problem]:
    """What is wrong with the case as it stands on that edition of its checklist.

    Every answer fits its question (see `with_fitting`); says, script and indicators are held here.
    """
    interview = scripted(case, checklist)
    shown = {each.key for each in interview.shown}
    for key in case.answers:
        if key not in shown:
            yield Problem(f"answers.{key}", "never asked, given the other answers; remove one")
    steers = steering(checklist)
    counted = interview.answers
    for key in case.answers:
        question = checklist.by_key[key]
        needed = key in steers or (key in counted and raises(checklist, question, counted))
        if needed and key not in case.says:
            yield Problem(f"says.{key}", "this answer raises or steers something; add the words")
    for key, text in case.says.items():
        if key not in case.answers:
            yield Problem(f"says.{key[:60]}", "words for a question without an answer; remove them")
        else:
            yield from _own_words(key, text, checklist.by_key[key], case.answers[key])
    known = known_indicators(checklist)
    for place, indicator in enumerate(case.reference.indicators):
        if indicator not in known:
            yield Problem(
                f"reference.indicators.{place}", f"{indicator[:80]!r} is in no set of the checklist"
            )


def _texts(case: PracticeCase) -> Iterator[tuple[str, Text]]:
    yield "person.name", case.person.name
    yield "title", case.title
    yield "scene", case.scene
    yield "reference.why", case.reference.why
    for key, text in case.says.items():
        yield f"says.{key[:60]}", text
    for place, pattern in enumerate(case.patterns):
        yield f"patterns.{place}.shows", pattern.shows


def _complete(where: str, text: Text) -> Iterator[Problem]:
    for language in LANGUAGES:
        if not text.get(language, "").strip():
            yield Problem(f"{where}.{language}", "no words; add them")
        elif len(text[language]) > LONGEST:
            yield Problem(f"{where}.{language}", f"longer than {LONGEST} characters; shorten it")
    for extra in sorted(set(text) - set(LANGUAGES)):
        yield Problem(f"{where}.{extra[:9]}", f"the languages are {', '.join(LANGUAGES)}")


def _reference(case: PracticeCase) -> Iterator[Problem]:
    findings = case.reference.findings
    if not findings:
        yield Problem("reference.findings", "name at least one; no_indicators_now is one")
    if _doubles(each.kind for each in findings):
        yield Problem("reference.findings", "each kind stands once; join their forms")
    if _doubles(case.reference.indicators):
        yield Problem("reference.indicators", "an indicator stands twice; remove one")
    forms = known_forms()
    for place, finding in enumerate(findings):
        where = f"reference.findings.{place}"
        if finding.kind not in FINDINGS:
            told = ", ".join(FINDINGS)
            yield Problem(f"{where}.kind", f"{finding.kind[:60]!r} is none of {told}")
        if unknown := [each for each in finding.forms if each not in forms]:
            told = ", ".join(forms)
            yield Problem(f"{where}.forms", f"{unknown[0][:60]!r} is none of {told}")
        if _doubles(finding.forms):
            yield Problem(f"{where}.forms", "a form stands twice; remove one")
        if finding.kind in WITH_FORMS and not finding.forms:
            yield Problem(f"{where}.forms", f"{finding.kind} names at least one form")
    if len(findings) > 1 and any(each.kind == "no_indicators_now" for each in findings):
        yield Problem("reference.findings", "no_indicators_now stands alone")


def _doubles(values: Iterable[str]) -> bool:
    listed = tuple(values)
    return len(set(listed)) != len(listed)


def _own_words(key: str, text: Text, question: Question, value: Value) -> Iterator[Problem]:
    """The words of the choice itself would spare the learner the judgement."""
    if question.kind in (Kind.NUMBER, Kind.DATE, Kind.TEXT):
        return
    for part in parts_of(value):
        choice = question.choice(str(part))
        for language in LANGUAGES if choice else ():
            given = _words(choice.text.get(language, "")) if choice else ()
            said = _words(text.get(language, ""))
            if given == said or (len(given) >= OWN_WORDS and _within(given, said)):
                yield Problem(f"says.{key}.{language}", f"these are the words of {part!r}; reword")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[n : n + len(part)] == part for n in range(len(whole) - len(part) + 1))
