"""The published tables are as they were read, and the rule is the published one."""

import hashlib
import itertools
import json
from pathlib import Path

import pytest

from protocols.screening.errors import UnknownIndicatorError, UnknownSetError
from protocols.screening.forced_labour import eleven_of, forced_labour, signs_of
from protocols.screening.tables import (
    DIMENSIONS,
    SETS,
    SEXUAL_EXPLOITATION,
    Indicator,
    Strength,
    branch_met,
    indicator_set,
    references,
    resolve,
    rule,
    tables,
)

FACTS = Path(__file__).resolve().parents[4] / "shared/facts/ilo-ec-2009-indicators.json"
COUNTS = {"adult-labour": (10, 10, 16, 9, 15, 7), "child-labour": (10, 10, 15, 8, 15, 7)}
STRENGTHS = {
    "adult-labour": {"strong": 7, "medium": 53, "weak": 7},
    "child-labour": {"strong": 15, "medium": 50, "weak": 0},
}
DIGESTS = {
    "adult-labour": "6d2504460128424a82cb37abb0627e45978dc79d614b35a2f2dd2a383dab5439",
    "child-labour": "e21c2523ac0afe1a9c190f7ff04c2dbef44299097fbc63d1977363f7e35f207a",
}
"""SHA-256 of "dimension.key=strength" lines, as compared with the facts line by line."""
S, M, W = Strength.STRONG, Strength.MEDIUM, Strength.WEAK


def lines(dimensions: dict[str, list[tuple[str, str | None]]]) -> list[str]:
    return [f"{name}.{key}={strength}" for name in dimensions for key, strength in dimensions[name]]


def ours(name: str) -> list[str]:
    return lines(
        {
            dimension: [(each.key, each.strength) for each in indicators]
            for dimension, indicators in indicator_set(name).dimensions.items()
        }
    )


@pytest.mark.parametrize("name", COUNTS)
def test_the_labour_sets_have_the_published_numbers(name: str) -> None:
    dimensions = indicator_set(name).dimensions
    assert tuple(dimensions) == DIMENSIONS
    assert tuple(len(dimensions[each]) for each in DIMENSIONS) == COUNTS[name]
    every = [each.strength for group in dimensions.values() for each in group]
    assert {each.value: every.count(each) for each in Strength} == STRENGTHS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_no_strength_of_the_labour_sets_has_moved(name: str) -> None:
    digest = hashlib.sha256("\n".join(ours(name)).encode()).hexdigest()
    assert digest == DIGESTS[name]


@pytest.mark.skipif(not FACTS.exists(), reason="the shared facts are not on this machine")
@pytest.mark.parametrize("name", COUNTS)
def test_the_labour_sets_are_the_facts_line_by_line(name: str) -> None:
    facts = json.loads(FACTS.read_text())["sets"][name]
    theirs = {
        dimension: [(each["key"], each["strength"]) for each in indicators]
        for dimension, indicators in facts.items()
    }
    assert ours(name) == lines(theirs)


@pytest.mark.parametrize("name", ["adult-sexual", "child-sexual"])
def test_sexual_sets_claim_no_strength_that_no_source_gives(name: str) -> None:
    found = indicator_set(name)
    assert (found.decided_by, found.confirmed) == ("palermo_elements", "no")
    stated = {
        f"{dimension}.{each.key}"
        for dimension, indicators in found.dimensions.items()
        for each in indicators
        if each.strength is not None
    }
    hazard = {"exploitation.hazardous_work"} if name == "child-sexual" else set()
    assert stated == {"coercion_at_destination.forced_tasks_or_clients"} | hazard
    assert SEXUAL_EXPLOITATION in references(name)
    assert SEXUAL_EXPLOITATION not in references(name.replace("sexual", "labour"))


def test_no_dimension_names_an_indicator_twice_and_every_set_says_how_it_was_obtained() -> None:
    for name in SETS:
        found = indicator_set(name)
        assert (found.set, found.population) == (name, name.split("-")[0])
        assert len(found.how_obtained) > 80
        assert found.source.document == "WCMS_105023"
        for indicators in found.dimensions.values():
            assert len({each.key for each in indicators}) == len(indicators)
    assert set(tables()) == set(SETS)


def by_hand(strong: int, medium: int, weak: int) -> bool:
    """The published rule, written down again from the publication's words."""
    return (
        strong >= 2
        or (strong == 1 and medium + weak >= 1)
        or medium >= 3
        or (medium == 2 and weak >= 1)
    )


def test_the_rule_is_the_published_one_for_every_count() -> None:
    for strong, medium, weak in itertools.product(range(5), repeat=3):
        there = [
            Indicator(f"k{n}", strength)
            for n, strength in enumerate([S] * strong + [M] * medium + [W] * weak)
        ]
        assert (branch_met(there) is not None) is by_hand(strong, medium, weak), there


@pytest.mark.parametrize(
    ("strengths", "branch"),
    [
        ([S, S], "two_strong"),
        ([S, M], "one_strong_and_another"),
        ([S, W], "one_strong_and_another"),
        ([M, M, M], "three_medium"),
        ([M, M, W], "two_medium_and_one_weak"),
        ([S], None),
        ([M, M], None),
        ([M, W, W, W], None),
        ([W] * 9, None),
        ([None, None, None, None], None),
        ([], None),
    ],
)
def test_each_branch_has_its_name(strengths: list[Strength | None], branch: str | None) -> None:
    assert branch_met(Indicator(f"k{n}", each) for n, each in enumerate(strengths)) == branch
    assert branch is None or branch in {each.name for each in rule().branches}


def test_a_bare_key_counts_wherever_the_set_has_it_and_a_whole_one_there_alone() -> None:
    everywhere = resolve("adult-labour", ["debt_bondage", "debt_bondage"])
    assert {name for name, there in everywhere.items() if there} == {
        "coercive_recruitment",
        "coercion_at_destination",
    }
    once = resolve("adult-labour", ["coercive_recruitment.debt_bondage"])
    assert {name for name, there in once.items() if there} == {"coercive_recruitment"}


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("debt_bondag", "debt_bondage"),
        ("coercion_at_destination.violence", "coercion_at_destination.violence_on_victim"),
        ("sexual_exploitation", "set adult-labour"),
        ("exploitation.debt_bondage", "coercive_recruitment.debt_bondage"),
        ("x" * 10_000, "none is near"),
    ],
)
def test_an_unknown_indicator_is_refused_with_the_nearest(key: str, near: str) -> None:
    with pytest.raises(UnknownIndicatorError, match=near) as caught:
        resolve("adult-labour", ["hazardous_work", key])
    assert len(str(caught.value)) < 800


def test_an_unknown_set_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownSetError, match="child-sexual"):
        indicator_set("adult")


def test_the_eleven_are_fed_by_indicators_that_exist() -> None:
    table = forced_labour()
    assert len(table.eleven) == 11
    known = references("adult-labour") | set(DIMENSIONS)
    assert {each for feeds in table.eleven.values() for each in feeds} <= known
    for half in (table.menace, table.not_freely_agreed):
        assert set(half) <= set(table.eleven)
        assert {each for counts in half.values() for each in counts} <= known
    assert set(table.not_freely_agreed_beside_the_eleven) <= references("adult-labour")
    assert "deception" in eleven_of("deceptive_recruitment.family_reunification")


@pytest.mark.parametrize(
    ("there", "indicated"),
    [
        (["exploitation.excessive_working_days_or_hours"], False),
        (["coercion_at_destination.confiscation_of_documents"], False),
        (["coercion_at_destination.debt_bondage"], False),
        (["coercive_recruitment.debt_bondage", "deceptive_recruitment.wages_or_earnings"], False),
        (["exploitation.low_or_no_salary", "exploitation.hazardous_work"], False),
        (["exploitation.wage_manipulation", "exploitation.bad_living_conditions"], False),
        (
            [
                "abuse_of_vulnerability_at_destination.economic_reasons",
                "exploitation.hazardous_work",
            ],
            False,
        ),
        (
            [
                "coercion_at_destination.confiscation_of_documents",
                "exploitation.excessive_working_days_or_hours",
            ],
            True,
        ),
        (
            ["coercion_at_destination.withholding_of_wages", "exploitation.bad_living_conditions"],
            True,
        ),
        (
            ["coercion_at_destination.debt_bondage", "coercion_at_destination.violence_on_victim"],
            True,
        ),
        (
            [
                "coercion_at_destination.threats_of_violence",
                "coercion_at_destination.forced_tasks_or_clients",
            ],
            True,
        ),
        (
            [
                "coercion_at_destination.threats_of_violence",
                "deceptive_recruitment.working_conditions",
            ],
            True,
        ),
    ],
)
def test_forced_labour_needs_a_menace_and_work_not_freely_agreed(
    there: list[str], indicated: bool
) -> None:
    assert signs_of(there).indicated is indicated
