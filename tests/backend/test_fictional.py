"""The fictional providers: plainly fictional, over real divisions, with every kind of help."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from backend.commands.offices.country_data import CountryData, fictional
from protocols.countries.country import country
from protocols.referral.provider import Provider, Sex, Status
from protocols.referral.services import Service

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
ALL = {code: fictional(code, NOW) for code in ("EG", "LY", "MA", "TN")}
DATA = pytest.mark.parametrize("data", ALL.values(), ids=ALL)
FICTIONAL = {"ar": "خيالي", "fr": "fictif", "en": "fictional"}


def takes(provider: Provider, sex: Sex, age: int) -> bool:
    limit = provider.eligibility
    old_enough = limit.min_age is None or age >= limit.min_age
    young_enough = limit.max_age is None or age <= limit.max_age
    return (not limit.sexes or sex in limit.sexes) and old_enough and young_enough


def without_services(data: CountryData, accept: Callable[[Provider], bool]) -> set[Service]:
    given = {
        service
        for each in data.providers
        if each.status is Status.ACTIVE and each.capacity.free_places != 0 and accept(each)
        for service in each.services
    }
    return set(Service) - given


def test_there_are_enough_to_choose_from() -> None:
    assert sum(len(data.providers) for data in ALL.values()) >= 24


@DATA
def test_every_name_says_that_it_is_fictional_in_its_language(data: CountryData) -> None:
    for each in data.providers:
        assert set(each.names) == set(FICTIONAL)
        for language, word in FICTIONAL.items():
            assert word in each.names[language], each.id
    assert all("(fictional)" in each.name for each in data.organisations)


@DATA
@pytest.mark.parametrize("age", [3, 10, 16, 17])
@pytest.mark.parametrize("sex", [Sex.FEMALE, Sex.MALE])
def test_a_child_finds_every_service(data: CountryData, sex: Sex, age: int) -> None:
    assert without_services(data, lambda each: takes(each, sex, age)) == set()


@DATA
@pytest.mark.parametrize("sex", list(Sex))
def test_an_adult_finds_every_service_but_a_childs(data: CountryData, sex: Sex) -> None:
    assert without_services(data, lambda each: takes(each, sex, 30)) == set()


@DATA
def test_a_wheelchair_user_with_children_finds_shelter_and_medical_care(data: CountryData) -> None:
    missing = without_services(
        data, lambda each: each.eligibility.families and each.eligibility.disability_access
    )
    assert not missing & {Service.SHELTER, Service.MEDICAL, Service.EMERGENCY_MEDICAL}


@DATA
def test_urgent_care_is_reachable_at_any_hour_all_over_the_country(data: CountryData) -> None:
    always = [each for each in data.providers if each.hours.on_call and not each.divisions]
    given = {service for each in always for service in each.services}
    assert {Service.EMERGENCY_MEDICAL, Service.CLINICAL_CARE_SEXUAL_VIOLENCE} <= given
    assert Service.CHILD_PROTECTION in given


@DATA
def test_some_are_closed_at_night_some_full_some_for_men(data: CountryData) -> None:
    assert any(
        not each.hours.on_call and all(part.closes < "23:00" for part in each.hours.weekly)
        for each in data.providers
    )
    assert any(each.capacity.free_places == 0 for each in data.providers)
    assert any(each.eligibility.sexes == (Sex.MALE,) for each in data.providers)


@DATA
def test_each_country_has_one_focal_point(data: CountryData) -> None:
    assert sum(each.focal_point for each in data.providers) == 1


def test_who_serves_a_moroccan_region_serves_each_of_its_provinces() -> None:
    morocco = country("MA")
    inside = {each.code: each.parent for each in morocco.divisions if each.parent is not None}
    for provider in ALL["MA"].providers:
        for code, region in inside.items():
            if region in provider.divisions:
                assert code in provider.divisions, (provider.id, code)
