"""The check proves what it says: against every way walked by brute force, and for every damage."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve

from protocols.screening import search as searching
from protocols.screening.check import check
from protocols.screening.checklist import available, load
from protocols.screening.conditions import Answered, Not
from protocols.screening.errors import ChecklistTooWideError
from protocols.screening.flow import walk
from protocols.screening.model import Checklist, Kind, Question
from protocols.screening.search import search
from protocols.screening.tables import references
from tests.protocols.screening.fictional import (
    choice,
    plain,
    question,
    question_of,
    read,
    section_of,
)

File = dict[str, Any]


def values(asked: Question) -> Iterator[Any]:
    """Every answer there is, numbers about the thresholds."""
    yield None
    if asked.kind is Kind.MULTIPLE:
        keys = [each.key for each in asked.choices if not each.exclusive]
        yield from ((each.key,) for each in asked.choices if each.exclusive)
        for size in range(1, len(keys) + 1):
            yield from itertools.combinations(keys, size)
    elif asked.choices:
        yield from (each.key for each in asked.choices)
    elif asked.kind is Kind.NUMBER:
        yield from (0, 59, 60, 61, 79, 80, 168)


def consenting() -> File:
    """The fictional checklist, ended where nothing was said of consent."""
    file = plain()
    asked = question_of(file, "age_group")
    when = {"not": {"answered": "age_group"}}
    asked["gates"].append(
        {"key": "no_consent", "effect": "end", "when": when, "text": asked["text"]}
    )
    return file


def small(change: Callable[[File], object]) -> Checklist:
    """Few enough ways to walk every one: the fictional checklist without what opens nothing."""
    file = plain()
    section_of(file, "emergency")["questions"] = [question("danger", "notice")]
    section_of(file, "interpreter")["questions"] = [question("explain", "notice")]
    kept = [
        each
        for each in section_of(file, "questions")["questions"]
        if each["key"] in ("works", "hours", "pay", "tired")
    ]
    section_of(file, "questions")["questions"] = kept
    change(file)
    return read(file)


def put(asked: str, **changes: Any) -> Callable[[File], object]:
    return lambda file: question_of(file, asked).update(changes)


def open_to_all(file: File) -> None:
    """No gate ends the questions, and two of them are for those who do not work."""
    put("private", gates=[])(file)
    idle = {"not": {"equals": {"question": "works", "value": "yes"}}}
    put("hours", show_if=idle)(file)
    put("pay", show_if=idle)(file)


def between(file: File) -> None:
    """One number alone opens a question."""
    limits = [
        {"greater": {"question": "hours", "than": 60}},
        {"less": {"question": "hours", "than": 62}},
    ]
    put("tired", show_if={"all": limits})(file)


def never(file: File) -> None:
    """No number opens it."""
    limits = [
        {"greater": {"question": "hours", "than": 60}},
        {"less": {"question": "hours", "than": 61}},
    ]
    put("tired", show_if={"all": limits})(file)


@pytest.mark.parametrize("change", [lambda file: None, open_to_all, between, never])
def test_the_search_finds_what_walking_every_way_finds(change: Callable[[File], object]) -> None:
    checklist = small(change)
    asked = [each for each in checklist.questions if each.kind is not Kind.NOTICE]
    every = [each.key for each in checklist.questions]
    reached, gates, met, lengths = set(), set(), set(), set()
    for combination in itertools.product(*(list(values(each)) for each in asked)):
        given = {
            each.key: value
            for each, value in zip(asked, combination, strict=True)
            if value is not None
        }
        seen = walk(checklist, given, every)
        reached |= {each.key for each in seen.shown}
        gates |= {gate.key for hit in seen.gates.values() for gate in hit}
        met |= {each.key for each in checklist.combinations if each.when.holds(seen.answers)}
        lengths.add(len(seen.shown))
    found = search(checklist)
    assert found.reached == reached
    assert found.gates == gates
    assert found.combinations == met
    assert (found.shortest, found.longest) == (min(lengths), max(lengths))
    assert found.closes


def test_the_fictional_checklist_holds() -> None:
    report = check(read(consenting()))
    assert report.problems == ()
    assert report.holds
    assert report.reachable == report.questions == 14
    assert {each.rule for each in report.notes} == {"checklist_not_installed", "not_validated"}


@pytest.mark.parametrize("name", available())
def test_every_packaged_checklist_holds(name: str) -> None:
    report = check(load(name))
    assert report.problems == ()
    assert report.reachable == report.questions
    for each in report.coverage:
        assert each.coverage == "gate" or each.raised + each.not_observed == each.indicators


def full(file: File) -> None:
    file["sets"][0]["coverage"] = "full"


DAMAGES: dict[str, tuple[Callable[[File], object], str, str]] = {
    "a question that no answers show": (
        put(
            "tired",
            show_if={
                "all": [
                    {"equals": {"question": "works", "value": "yes"}},
                    {"equals": {"question": "works", "value": "no"}},
                ]
            },
        ),
        "unreachable_question",
        "tired",
    ),
    "a question beyond every number": (
        put("tired", show_if={"greater": {"question": "hours", "than": 168}}),
        "unreachable_question",
        "tired",
    ),
    "a question on two choices that exclude each other": (
        put(
            "tired",
            show_if={
                "all": [
                    {"includes": {"question": "seen", "value": "nothing"}},
                    {"includes": {"question": "seen", "value": "locked"}},
                ]
            },
        ),
        "unreachable_question",
        "tired",
    ),
    "a question hidden behind a hidden one": (
        lambda file: (
            put("hours", show_if={"less": {"question": "hours0", "than": 0}})(file),
            section_of(file, "observations")["questions"].append(
                question("hours0", "number", minimum=0, maximum=9)
            ),
        ),
        "unreachable_question",
        "tired",
    ),
    "a gate that never holds": (
        lambda file: question_of(file, "private")["gates"][0].update(
            when={
                "all": [
                    {"equals": {"question": "private", "value": "no"}},
                    {"not": {"answered": "private"}},
                ]
            }
        ),
        "unreachable_gate",
        "not_private",
    ),
    "a combination that cannot be": (
        lambda file: file["combinations"][0].update(
            when={
                "all": [
                    {"equals": {"question": "works", "value": "no"}},
                    {"equals": {"question": "pay", "value": "kept"}},
                ]
            }
        ),
        "impossible_combination",
        "kept_and_locked",
    ),
    "an indicator of a full set that nothing raises": (
        full,
        "indicator_not_raised",
        "coercive_recruitment.debt_bondage",
    ),
    "a sexual set at the gate without its element": (
        lambda file: question_of(file, "made_to")["choices"].pop(1),
        "indicator_not_raised",
        "exploitation.sexual_exploitation",
    ),
    "not observed, and raised": (
        lambda file: file["not_observed"].update({"exploitation.hazardous_work": "x"}),
        "not_observed_but_raised",
        "exploitation.hazardous_work",
    ),
    "not observed, without a reason": (
        lambda file: file["not_observed"].update({"coercive_recruitment.debt_bondage": " "}),
        "not_observed_without_reason",
        "coercive_recruitment.debt_bondage",
    ),
    "a question asked for nothing": (
        put("since", fills=None),
        "asked_for_nothing",
        "since",
    ),
    "a talk that goes on without a yes": (lambda file: None, "no_consent_gate", "s_consent"),
    "a gate of consent that only says something": (
        lambda file: question_of(file, "age_group")["gates"].append(
            {
                "key": "no_consent",
                "effect": "notice",
                "when": {"not": {"answered": "age_group"}},
                "text": question_of(file, "age_group")["text"],
            }
        ),
        "no_consent_gate",
        "s_consent",
    ),
    "a threshold out of the air": (put("hours", basis=None), "threshold_without_basis", "hours"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_found_and_named(name: str) -> None:
    damage, rule, where = DAMAGES[name]
    file = plain()
    damage(file)
    report = check(read(file))
    assert not report.holds
    assert (rule, where) in {(each.rule, each.where) for each in report.problems}


def test_a_full_set_holds_once_what_is_not_seen_is_accounted_for() -> None:
    file = consenting()
    full(file)
    missing = {each.where for each in check(read(file)).problems}
    file["not_observed"] = dict.fromkeys(sorted(missing), "a fictional role cannot see it")
    report = check(read(file))
    assert report.holds
    labour = report.coverage[0]
    assert labour.raised + labour.not_observed == len(references("adult-labour"))


def test_a_checklist_that_is_not_from_a_file_meets_the_same_rules() -> None:
    fictional = read(consenting())
    pay = evolve(fictional.by_key["pay"], text={"en": "only English"})
    parts = tuple(
        evolve(
            section,
            questions=tuple(pay if each.key == "pay" else each for each in section.questions),
        )
        for section in fictional.sections
    )
    report = check(evolve(fictional, sections=parts))
    assert {each.rule for each in report.problems} == {"checklist_translation_missing"}


def test_a_way_without_the_close_is_a_dead_end(fictional: Checklist) -> None:
    last = fictional.sections[-1]
    hidden = evolve(last, show_if=Not(Answered("private")))
    report = check(evolve(fictional, sections=(*fictional.sections[:-1], hidden)))
    assert "dead_end" in {each.rule for each in report.problems}


def test_too_many_ways_are_refused_not_guessed(
    fictional: Checklist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_STATES", 4)
    with pytest.raises(ChecklistTooWideError, match="conditions look at fewer"):
        check(fictional)


def test_a_multiple_choice_with_too_many_watched_is_refused() -> None:
    file = plain()
    many = [choice(f"c{n}", "need:medical") for n in range(14)]
    section_of(file, "observations")["questions"].append(question("many", "multiple", choices=many))
    watched = [{"includes": {"question": "many", "value": each["key"]}} for each in many]
    question_of(file, "since")["show_if"] = {"any": watched}
    with pytest.raises(ChecklistTooWideError, match="many"):
        check(read(file))


def test_states_stay_few_where_nothing_later_looks(fictional: Checklist) -> None:
    assert search(fictional).states < 60
