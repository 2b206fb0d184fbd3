"""Routing's promises, whatever the directory, the person and the moment."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import TypeVar

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.referral.provider import (
    Capacity,
    Day,
    Eligibility,
    Hours,
    Opening,
    Provider,
    Sex,
    Status,
)
from protocols.referral.routing import (
    EXCLUSIONS,
    Person,
    Ranking,
    Request,
    RoutingDirectory,
    Urgency,
    rank,
    routing_text,
)
from protocols.referral.services import Service
from protocols.referral.wording import LANGUAGES

from .fictional_directory import fictional_directory, fictional_request
from .plain_ranking import plain_rank

FEW = settings(max_examples=200, deadline=None)
T0 = datetime(2026, 1, 1, tzinfo=UTC)
PLACES = {"TN": ("TN-11", "TN-81"), "LY": ("LY-TB",), "EG": ("EG-C",), "MA": ("MA-06",)}
TONGUES = ("ar", "ar-TN", "fr", "ti")
SERVICES = (
    Service.SHELTER,
    Service.EMERGENCY_MEDICAL,
    Service.CHILD_PROTECTION,
    Service.INTERPRETATION,
)


Drawn = TypeVar("Drawn")


def mostly(usual: Drawn, other: st.SearchStrategy[Drawn]) -> st.SearchStrategy[Drawn]:
    """`usual` four times in five, so that some providers pass all fourteen filters at once."""
    return st.tuples(st.integers(0, 4), other).map(
        lambda drawn: drawn[1] if drawn[0] == 4 else usual
    )


def some(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True).map(tuple)


moments = st.one_of(st.integers(0, 26 * 60), st.integers(0, 365 * 24 * 60)).map(
    lambda minutes: T0 + timedelta(minutes=minutes)
)
clocks = st.sampled_from(("00:00", "08:00", "17:30", "23:59", "24:00"))
hours = st.builds(
    Hours,
    weekly=st.lists(st.builds(Opening, st.sampled_from(Day), clocks, clocks), max_size=3).map(
        tuple
    ),
    on_call=st.booleans(),
)
ages = st.one_of(st.none(), st.integers(0, 60))
eligibility = st.builds(
    Eligibility,
    sexes=mostly((), some(tuple(Sex))),
    min_age=mostly(None, ages),
    max_age=mostly(None, ages),
    families=mostly(True, st.booleans()),
    disability_access=mostly(True, st.booleans()),
    nationalities=mostly((), some(("SD", "TN"))),
    languages=mostly(("ar", "fr"), some(TONGUES)),
)
providers = st.builds(
    Provider,
    id=st.integers(0, 30).map(lambda number: f"demo-{number}"),
    country=mostly("TN", st.just("LY")),
    services=some(SERVICES, least=1),
    divisions=mostly((), some((*PLACES["TN"], *PLACES["LY"]))),
    cross_border=st.booleans(),
    eligibility=eligibility,
    capacity=st.builds(
        Capacity,
        free_places=st.one_of(st.none(), st.integers(0, 4)),
        stated=st.one_of(st.none(), st.just(T0), moments),
    ),
    hours=hours,
    typical_response_minutes=st.one_of(st.none(), st.integers(0, 3000)),
    status=mostly(Status.ACTIVE, st.sampled_from(Status)),
    focal_point=st.booleans(),
)
directories = st.lists(providers, max_size=8, unique_by=lambda each: each.id)
people = st.builds(
    Person,
    sex=st.sampled_from(Sex),
    age=ages,
    families=mostly(False, st.just(True)),
    disability=mostly(False, st.just(True)),
    nationality=st.sampled_from((None, "SD", "ER")),
    languages=some(TONGUES),
)
ids = some(tuple(f"demo-{number}" for number in range(31)))
requests = st.builds(
    Request,
    referral=st.sampled_from(("demo-r1", "demo-r2")),
    country=st.just("TN"),
    division=st.sampled_from((None, *PLACES["TN"])),
    within=mostly((), some(PLACES["TN"])),
    services=some(SERVICES, least=1),
    urgency=st.sampled_from(Urgency),
    person=people,
    excluded_providers=ids,
    consented=mostly(None, ids),
)


def distrusting(listed: list[Provider], distrusted: tuple[str, ...]) -> RoutingDirectory:
    return RoutingDirectory(listed, {each.id for each in listed} - set(distrusted))


def can_help(one: Provider, request: Request, trusted: frozenset[str], now: datetime) -> bool:
    """The oracle: the same rules, written down a second time as one statement about people."""
    person, takes = request.person, one.eligibility
    child_ages = range(18) if person.age is None else [person.age]
    lowest = 0 if takes.min_age is None else takes.min_age
    highest = 10**3 if takes.max_age is None else takes.max_age
    mother_tongues = [each.split("-")[0] for each in person.languages]
    spoken = [each.split("-")[0] for each in takes.languages]
    understood = (
        not mother_tongues
        or not spoken
        or any(each in spoken for each in mother_tongues)
        or "interpretation" in one.services
        or ("emergency_medical" in request.services and "emergency_medical" in one.services)
    )
    stated = one.capacity.stated
    believed = stated is not None and (
        now - timedelta(hours=24) <= stated <= now + timedelta(minutes=5)
    )
    at_home = one.country == request.country
    limits = [each for each in one.divisions if at_home or each.split("-")[0] == request.country]
    return (
        one.status == "active"
        and one.id in trusted
        and (at_home or one.cross_border)
        and (not limits or any(each in limits for each in (request.division, *request.within)))
        and any(each in one.services for each in request.services)
        and (takes.sexes == () or person.sex in takes.sexes)
        and any(lowest <= age <= highest for age in child_ages)
        and (takes.families or not person.families)
        and (takes.disability_access or not person.disability)
        and (takes.nationalities == () or person.nationality in takes.nationalities)
        and understood
        and one.id not in request.excluded_providers
        and (request.consented is None or one.id in request.consented)
        and not (believed and one.capacity.free_places == 0)
    )


def names(found: Ranking) -> list[str]:
    return [each.provider for each in found.ranked]


@FEW
@given(directories, ids, requests, moments)
def test_exactly_those_who_can_help_are_ranked(
    listed: list[Provider], distrusted: tuple[str, ...], request: Request, now: datetime
) -> None:
    directory = distrusting(listed, distrusted)
    expected = {e.id for e in listed if can_help(e, request, directory.trusted, now)}
    assert set(names(rank(request, directory, now))) == expected


@settings(max_examples=400, deadline=None)
@given(directories, ids, requests, moments)
def test_groups_of_the_alike_rank_as_everybody_asked_alone(
    listed: list[Provider], distrusted: tuple[str, ...], request: Request, now: datetime
) -> None:
    directory = distrusting(listed, distrusted)
    assert rank(request, directory, now) == plain_rank(request, directory, now)


@pytest.mark.parametrize("seed", range(6))
def test_a_large_directory_ranks_as_everybody_asked_alone(seed: int) -> None:
    drawn = Random(seed)
    directory = fictional_directory(700, drawn)
    for _ in range(8):
        request, now = fictional_request(drawn), T0 + timedelta(minutes=drawn.randrange(600_000))
        assert rank(request, directory, now) == plain_rank(request, directory, now)


@FEW
@given(directories, ids, requests, moments)
def test_every_provider_comes_back_exactly_once(
    listed: list[Provider], distrusted: tuple[str, ...], request: Request, now: datetime
) -> None:
    found = rank(request, distrusting(listed, distrusted), now)
    returned = [*names(found), *(each.provider for each in found.excluded)]
    assert sorted(returned) == sorted(each.id for each in listed)
    assert all(each.reason.code in EXCLUSIONS for each in found.excluded)
    assert all(each.reasons for each in found.ranked)


@FEW
@given(directories, providers, requests, moments)
def test_one_more_provider_removes_nobody_and_swaps_no_two(
    listed: list[Provider], newcomer: Provider, request: Request, now: datetime
) -> None:
    newcomer = evolve(newcomer, id="demo-newcomer")
    before = rank(request, distrusting(listed, ()), now)
    after = rank(request, distrusting([*listed, newcomer], ()), now)
    assert [each for each in after.ranked if each.provider != newcomer.id] == list(before.ranked)
    assert [e for e in after.excluded if e.provider != newcomer.id] == list(before.excluded)


@FEW
@given(directories.flatmap(lambda d: st.tuples(st.just(d), st.permutations(d))), requests, moments)
def test_the_order_of_the_directory_changes_nothing(
    both: tuple[list[Provider], list[Provider]], request: Request, now: datetime
) -> None:
    one, other = (rank(request, distrusting(listed, ()), now) for listed in both)
    assert one == other


@FEW
@given(directories, requests, moments)
def test_the_same_question_gets_the_same_answer_in_any_zone(
    listed: list[Provider], request: Request, now: datetime
) -> None:
    directory = distrusting(listed, ())
    elsewhere = now.astimezone(timezone(timedelta(hours=-9)))
    assert rank(request, directory, now) == rank(request, directory, elsewhere)
    doubled = evolve(request, services=(*reversed(request.services), *request.services))
    assert rank(doubled, directory, now) == rank(request, directory, now)


@FEW
@given(directories, requests, moments)
def test_a_bundle_is_met_as_far_as_anybody_ranked_can(
    listed: list[Provider], request: Request, now: datetime
) -> None:
    found = rank(request, distrusting(listed, ()), now)
    shared = [service for each in found.split for service in each.services]
    given_by_somebody = {service for each in found.ranked for service in each.services}
    assert len(shared) == len(set(shared))
    assert set(shared) == given_by_somebody
    assert set(found.unmet) == set(request.services) - given_by_somebody
    for each in found.ranked:
        assert {*each.services, *each.left} == set(request.services)


@FEW
@given(directories, requests, moments)
def test_a_nearest_miss_is_neither_unsafe_nor_refused_nor_for_adults_only(
    listed: list[Provider], request: Request, now: datetime
) -> None:
    found = rank(request, distrusting(listed, ()), now)
    never = {"not_active", "no_certificate", "adults_only", "conflict_of_interest"}
    never |= {"not_consented", "service_not_given"}
    reasons = {
        each.provider: {each.reason.code, *(other.code for other in each.others)}
        for each in found.excluded
    }
    assert not (found.nearest and found.ranked)
    assert all(not (reasons[each] & never) for each in found.nearest)


@FEW
@given(directories, requests, moments)
def test_every_reason_has_words_without_gaps(
    listed: list[Provider], request: Request, now: datetime
) -> None:
    found = rank(request, distrusting(listed, ()), now)
    reasons = [reason for each in found.ranked for reason in each.reasons]
    reasons += [reason for each in found.excluded for reason in (each.reason, *each.others)]
    for reason in reasons:
        for language in LANGUAGES:
            text = routing_text(reason, language)
            assert text
            assert "{" not in text
