"""Routing by worked examples: filters, order, children, borders, bundles and misses."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from protocols.errors import MalformedError
from protocols.referral.filters import EXCLUSIONS, STALE_AFTER
from protocols.referral.opening import zone
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
    Excluded,
    InvalidDirectoryError,
    InvalidRequestError,
    Person,
    Ranked,
    Ranking,
    Request,
    RoutingDirectory,
    Urgency,
    rank,
    tie_break,
)
from protocols.referral.services import Service

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAN = Person(sex=Sex.MALE, age=29, nationality="SD", languages=("ar",))
ALWAYS = Hours(on_call=True)


def provider(name: str = "demo-a", **fields: Any) -> Provider:
    given = {"country": "TN", "services": (Service.SHELTER,), "hours": ALWAYS, **fields}
    return Provider(id=name, **given)


def request(**fields: Any) -> Request:
    given = {
        "referral": "demo-referral",
        "country": "TN",
        "division": "TN-81",
        "services": (Service.SHELTER,),
        "urgency": Urgency.URGENT,
        "person": MAN,
        **fields,
    }
    return Request(**given)


def ranking(
    *providers: Provider, at: datetime = TUESDAY_NOON, trusted: Any = None, **fields: Any
) -> Ranking:
    ids = [each.id for each in providers] if trusted is None else trusted
    return rank(request(**fields), RoutingDirectory(providers, ids), at)


def order(*providers: Provider, at: datetime = TUESDAY_NOON, **fields: Any) -> list[str]:
    """The ids as ranked, when all of them are."""
    found = ranking(*providers, at=at, **fields)
    assert found.excluded == ()
    return [each.provider for each in found.ranked]


def why_not(one: Provider, **fields: Any) -> Excluded:
    found = ranking(one, **fields)
    assert found.ranked == ()
    return found.excluded[0]


def test_a_provider_of_a_region_serves_its_provinces_after_those_of_the_province() -> None:
    lives = {"country": "MA", "division": "MA-SET", "within": ("MA-06",)}
    region = provider("demo-region", country="MA", divisions=("MA-06",))
    province = provider("demo-province", country="MA", divisions=("MA-SET",))
    elsewhere = provider("demo-elsewhere", country="MA", divisions=("MA-07",))
    found = ranking(region, province, elsewhere, **lives)
    assert [each.provider for each in found.ranked] == ["demo-province", "demo-region"]
    assert [each.provider for each in found.excluded] == ["demo-elsewhere"]
    reasons = {each.code: each.values for each in found.ranked[1].reasons}
    assert reasons["named_area"] == {"division": "MA-06"}
    with pytest.raises(InvalidRequestError):
        request(within=("MA-06",))


def why(one: Provider, **fields: Any) -> Ranked:
    found = ranking(one, **fields)
    assert found.excluded == ()
    return found.ranked[0]


def codes(one: Ranked) -> list[str]:
    return [each.code for each in one.reasons]


def taking(**limits: Any) -> Provider:
    return provider(eligibility=Eligibility(**limits))


def free(places: int, hours_ago: float, name: str = "demo-a") -> Provider:
    stated = TUESDAY_NOON - timedelta(hours=hours_ago)
    return provider(name, capacity=Capacity(places, stated))


EXCLUDED: list[tuple[str, Provider, dict[str, Any]]] = [
    ("not_active", provider(status=Status.PAUSED), {}),
    ("not_active", provider(status=Status.CLOSED), {}),
    ("no_certificate", provider(), {"trusted": []}),
    ("other_country", provider(country="LY"), {}),
    ("outside_area", provider(divisions=("TN-11", "TN-12")), {}),
    ("outside_area", provider(divisions=("TN-81",)), {"division": None}),
    ("outside_area", provider(country="LY", cross_border=True, divisions=("TN-83",)), {}),
    ("service_not_given", provider(services=(Service.LEGAL_AID,)), {}),
    ("service_not_given", provider(services=()), {}),
    ("sex", taking(sexes=(Sex.FEMALE,)), {}),
    ("sex", taking(sexes=(Sex.FEMALE,)), {"person": Person(age=30)}),
    ("adults_only", taking(min_age=18), {"person": Person(age=17)}),
    ("adults_only", taking(min_age=18), {"person": Person(age=None)}),
    ("adults_only", taking(min_age=21), {"person": Person(age=0)}),
    ("too_young", taking(min_age=12), {"person": Person(age=11)}),
    ("too_young", taking(min_age=30), {}),
    ("too_young", taking(min_age=12, max_age=11), {"person": Person(age=None)}),
    ("too_old", taking(max_age=17), {}),
    ("no_families", provider(), {"person": Person(age=30, families=True)}),
    ("no_disability_access", provider(), {"person": Person(age=30, disability=True)}),
    ("nationality", taking(nationalities=("TN",)), {}),
    ("nationality", taking(nationalities=("TN",)), {"person": Person(age=30)}),
    ("no_common_language", taking(languages=("it", "en")), {}),
    ("conflict_of_interest", provider(), {"excluded_providers": ("demo-a",)}),
    ("not_consented", provider(), {"consented": ("demo-b",)}),
    ("not_consented", provider(), {"consented": ()}),
    ("full", free(0, 1), {}),
]


@pytest.mark.parametrize(("code", "one", "fields"), EXCLUDED)
def test_each_filter_excludes_and_says_so(code: str, one: Provider, fields: dict[str, Any]) -> None:
    assert why_not(one, **fields).reason.code == code


def test_every_exclusion_code_has_its_example() -> None:
    assert {code for code, _, _ in EXCLUDED} == set(EXCLUSIONS)


PASSES: list[tuple[Provider, dict[str, Any]]] = [
    (provider(divisions=("TN-61", "TN-81")), {}),
    (provider(), {"division": None}),
    (provider(country="LY", cross_border=True), {}),
    (provider(country="LY", cross_border=True, divisions=("LY-TB",)), {}),
    (provider(country="LY", cross_border=True, divisions=("LY-TB", "TN-81")), {}),
    (taking(sexes=(Sex.FEMALE, Sex.MALE)), {}),
    (taking(min_age=29, max_age=29), {}),
    (taking(min_age=12, max_age=17), {"person": Person(age=None)}),
    (taking(min_age=18), {"person": Person(age=18)}),
    (taking(families=True), {"person": Person(age=30, families=True)}),
    (taking(disability_access=True), {"person": Person(age=30, disability=True)}),
    (taking(nationalities=("TN", "SD")), {}),
    (taking(languages=("ar-TN", "it")), {}),
    (taking(languages=("it",)), {"person": Person(age=30)}),
    (provider(), {"consented": ("demo-a",)}),
    (provider(), {"excluded_providers": ("demo-b",)}),
    (free(1, 23.9), {}),
]


@pytest.mark.parametrize(("one", "fields"), PASSES)
def test_what_fits_is_ranked(one: Provider, fields: dict[str, Any]) -> None:
    assert why(one, **fields).provider == "demo-a"


def test_the_first_filter_failed_is_stated_and_the_others_are_listed() -> None:
    one = provider(divisions=("TN-11",), eligibility=Eligibility(sexes=(Sex.FEMALE,)))
    found = why_not(one, consented=())
    assert found.reason.code == "outside_area"
    assert found.reason.values == {"divisions": "TN-11"}
    assert [each.code for each in found.others] == ["sex", "not_consented"]


def test_a_stale_count_is_neither_free_nor_full() -> None:
    """A count from yesterday says nothing: ranked after a fresh one, with the reason."""
    old = STALE_AFTER / timedelta(hours=1) + 0.1
    for count in (0, 40):
        found = ranking(free(count, old, "demo-old"), free(1, 2, "demo-fresh"))
        assert [each.provider for each in found.ranked] == ["demo-fresh", "demo-old"]
        assert "places_stale" in codes(found.ranked[1])


def test_a_count_without_a_time_or_from_a_clock_ahead_is_not_believed() -> None:
    assert "places_stale" in codes(why(provider(capacity=Capacity(0, None))))
    assert "places_stale" in codes(why(free(0, -1)))
    assert why_not(free(0, -0.05)).reason.code == "full"
    assert "places_unknown" in codes(why(provider()))


@pytest.mark.parametrize(
    ("age", "believed"),
    [
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=1), False),
        (-timedelta(minutes=5), True),
        (-timedelta(minutes=5, seconds=1), False),
    ],
)
def test_how_long_and_how_early_a_count_is_believed(age: timedelta, believed: bool) -> None:
    found = ranking(provider(capacity=Capacity(0, TUESDAY_NOON - age)))
    assert [each.reason.code for each in found.excluded] == ["full"] * believed


def test_free_places_are_stated_with_their_age() -> None:
    (reason,) = [each for each in why(free(2, 3.5)).reasons if each.code == "free_places"]
    assert reason.values == {"places": "2", "hours": "3"}


WEEKDAYS = Hours(tuple(Opening(day, "08:00", "17:00") for day in list(Day)[:5]))


def reached(hours: Hours, at: datetime, country: str = "TN") -> tuple[str, str | None]:
    one = provider(country=country, hours=hours, cross_border=True)
    found = rank(request(), RoutingDirectory((one,), ("demo-a",)), at).ranked[0]
    codes_of_hours = ("open_now", "opens_in", "on_call", "hours_unknown")
    (reason,) = [each for each in found.reasons if each.code in codes_of_hours]
    return reason.code, reason.values.get("minutes")


@pytest.mark.parametrize(
    ("country", "opens_utc"),
    [("TN", 7), ("MA", 7), ("LY", 6), ("EG", 6)],
)
def test_hours_are_local(country: str, opens_utc: int) -> None:
    """8 o'clock in November 2025: UTC+1 in Tunisia and Morocco, UTC+2 in Libya and Egypt."""
    opens = datetime(2025, 11, 25, opens_utc, tzinfo=UTC)
    before = opens - timedelta(minutes=1)
    assert reached(WEEKDAYS, opens, country) == ("open_now", None)
    assert reached(WEEKDAYS, before, country) == ("opens_in", "1")
    assert reached(WEEKDAYS, opens + timedelta(hours=9), country)[0] == "opens_in"


def test_summer_time_and_ramadan_move_the_clock() -> None:
    """Egypt keeps summer time again since 2023; Morocco goes back to UTC in Ramadan."""
    july, ramadan = datetime(2026, 7, 7, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    assert reached(WEEKDAYS, july.replace(hour=5), "EG") == ("open_now", None)
    assert reached(WEEKDAYS, ramadan.replace(hour=7), "MA") == ("opens_in", "60")
    assert reached(WEEKDAYS, ramadan.replace(hour=8), "MA") == ("open_now", None)


def test_a_machine_with_wrong_or_old_time_zones_changes_nothing(tmp_path: Path) -> None:
    """The machine says that Tunis has Tokyo's time; the answer stays with the tzdata package."""
    (tmp_path / "Africa").mkdir()
    tokyo = files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes()
    (tmp_path / "Africa" / "Tunis").write_bytes(tokyo)
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zone.cache_clear()
    try:
        fooled = TUESDAY_NOON.astimezone(zoneinfo.ZoneInfo.no_cache("Africa/Tunis"))
        assert fooled.hour == 21
        assert TUESDAY_NOON.astimezone(zone("TN")).hour == 13
    finally:
        zoneinfo.reset_tzpath()
        zone.cache_clear()


def test_the_wait_is_real_minutes_when_the_clock_jumps_at_night() -> None:
    """On 24 April 2026 Egypt's clocks jump from 00:00 to 01:00: the night is an hour shorter."""
    evening = datetime(2026, 4, 23, 20, tzinfo=UTC)
    early = Hours((Opening(Day.FRIDAY, "08:00", "17:00"),))
    assert reached(early, evening, "EG") == ("opens_in", str(9 * 60))


def test_openings_run_past_midnight_and_over_the_end_of_the_week() -> None:
    night = Hours((Opening(Day.SUNDAY, "20:00", "04:00"),))
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert reached(night, monday.replace(hour=2)) == ("open_now", None)
    assert reached(night, monday.replace(hour=3))[0] == "opens_in"
    assert reached(night, datetime(2026, 11, 22, 19, tzinfo=UTC)) == ("open_now", None)
    for midnight in ("24:00", "00:00"):
        whole_day = Hours((Opening(Day.MONDAY, "00:00", midnight),))
        assert reached(whole_day, monday.replace(hour=22, minute=59)) == ("open_now", None)
        assert reached(whole_day, monday.replace(hour=23)) == ("opens_in", str(6 * 24 * 60))


def test_no_hours_are_not_known_and_on_call_is_always() -> None:
    assert reached(Hours(), TUESDAY_NOON) == ("hours_unknown", None)
    assert reached(Hours(WEEKDAYS.weekly, on_call=True), TUESDAY_NOON) == ("on_call", None)


def test_when_help_is_needed_now_who_is_open_comes_first() -> None:
    night = datetime(2026, 11, 24, 23, tzinfo=UTC)
    fits_better = provider("demo-closed", hours=WEEKDAYS, divisions=("TN-81",))
    unknown, open_now = provider("demo-unknown", hours=Hours()), provider("demo-open")
    all_three = (fits_better, unknown, open_now)
    expected = ["demo-open", "demo-closed", "demo-unknown"]
    assert order(*all_three, at=night, urgency=Urgency.IMMEDIATE) == expected


def test_when_it_can_wait_opening_in_the_morning_is_soon_enough() -> None:
    night = datetime(2026, 11, 24, 23, tzinfo=UTC)
    near, far = provider("demo-near", hours=WEEKDAYS, divisions=("TN-81",)), provider("demo-far")
    assert order(near, far, at=night, urgency=Urgency.ROUTINE) == ["demo-near", "demo-far"]
    assert order(near, far, at=night, urgency=Urgency.URGENT) == ["demo-far", "demo-near"]


BETTER_FIRST: list[tuple[str, Provider, Provider, dict[str, Any]]] = [
    (
        "home before abroad",
        provider("demo-z", hours=Hours()),
        provider("demo-y", country="LY", cross_border=True),
        {},
    ),
    (
        "what cannot wait before more of the rest",
        provider("demo-z", services=(Service.EMERGENCY_MEDICAL,)),
        provider("demo-y", services=(Service.SHELTER, Service.LEGAL_AID)),
        {"services": (Service.SHELTER, Service.LEGAL_AID, Service.EMERGENCY_MEDICAL)},
    ),
    (
        "more of the bundle",
        provider("demo-z", services=(Service.SHELTER, Service.LEGAL_AID)),
        provider("demo-y"),
        {"services": (Service.SHELTER, Service.LEGAL_AID)},
    ),
    (
        "made for this sex",
        provider("demo-z", eligibility=Eligibility(sexes=(Sex.MALE,))),
        provider("demo-y"),
        {},
    ),
    (
        "just this division before one of several",
        provider("demo-z", divisions=("TN-81",)),
        provider("demo-y", divisions=("TN-81", "TN-82")),
        {},
    ),
    (
        "one of several before the whole country",
        provider("demo-z", divisions=("TN-81", "TN-82")),
        provider("demo-y"),
        {},
    ),
    ("many places before few", free(3, 1, "demo-z"), free(2, 1, "demo-y"), {}),
    ("few places before unknown", free(1, 1, "demo-z"), provider("demo-y"), {}),
    (
        "a common language before interpretation",
        provider("demo-z", eligibility=Eligibility(languages=("ar",))),
        provider(
            "demo-y",
            services=(Service.SHELTER, Service.INTERPRETATION),
            eligibility=Eligibility(languages=("it",)),
        ),
        {},
    ),
    (
        "interpretation before unknown languages",
        provider("demo-z", services=(Service.SHELTER, Service.INTERPRETATION)),
        provider("demo-y"),
        {},
    ),
    (
        "prompt before slow",
        provider("demo-z", typical_response_minutes=60),
        provider("demo-y", typical_response_minutes=61),
        {},
    ),
    (
        "within hours before within a day",
        provider("demo-z", typical_response_minutes=240),
        provider("demo-y", typical_response_minutes=241),
        {},
    ),
    (
        "within a day before unknown",
        provider("demo-z", typical_response_minutes=1440),
        provider("demo-y"),
        {},
    ),
    (
        "unknown response before a slow one",
        provider("demo-z"),
        provider("demo-y", typical_response_minutes=1441),
        {},
    ),
]


@pytest.mark.parametrize(("what", "better", "worse", "fields"), BETTER_FIRST)
def test_order(what: str, better: Provider, worse: Provider, fields: dict[str, Any]) -> None:
    """Under ten referrals, so that no tie-break can pass for an order."""
    for number in range(10):
        found = order(worse, better, **fields, referral=f"demo-{number}")
        assert found == [better.id, worse.id], what


def test_ties_spread_the_load_and_can_be_recomputed() -> None:
    equal = [provider(f"demo-{letter}") for letter in "abcdef"]
    first: set[str] = set()
    for number in range(40):
        referral = f"demo-referral-{number}"
        found = order(*equal, referral=referral)
        assert found == sorted(found, key=lambda each: tie_break(referral, each))
        first.add(found[0])
    assert len(first) == len(equal)


def test_the_tie_break_is_hmac_sha256_of_rfc_4231() -> None:
    """RFC 4231, test case 2."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert tie_break("Jefe", "what do ya want for nothing?").hex() == expected


CHILD = Person(sex=Sex.FEMALE, age=14, languages=("ar",))


@pytest.mark.parametrize("person", [CHILD, Person(sex=Sex.FEMALE, age=None, languages=("ar",))])
def test_a_child_meets_child_protection_first_and_never_a_place_for_adults(
    person: Person,
) -> None:
    both = (Service.SHELTER, Service.LEGAL_AID)
    protects = provider("demo-protects", services=(Service.SHELTER, Service.CHILD_PROTECTION))
    gives_more = provider("demo-more", services=both)
    adults = provider("demo-adults", services=both, eligibility=Eligibility(min_age=18))
    found = ranking(adults, gives_more, protects, services=both, person=person)
    assert [each.provider for each in found.ranked] == ["demo-protects", "demo-more"]
    assert "child_protection" in codes(found.ranked[0])
    assert found.excluded[0].reason.code == "adults_only"
    assert ("age_unknown" in codes(found.ranked[0])) == (person.age is None)


def test_a_house_for_children_comes_first_for_a_child_only() -> None:
    house = provider("demo-house", eligibility=Eligibility(max_age=17))
    assert "made_for_children" in codes(why(house, person=CHILD))
    assert why_not(house).reason.code == "too_old"
    assert "made_for_children" not in codes(why(taking(max_age=18), person=CHILD))


def test_from_18_on_a_person_is_an_adult() -> None:
    grown, protects = Person(age=18), provider(services=(Service.SHELTER, Service.CHILD_PROTECTION))
    assert not grown.child
    assert Person(age=17).child
    assert why_not(taking(min_age=21), person=grown).reason.code == "too_young"
    assert "child_protection" in codes(why(protects, person=Person(age=17)))
    assert "child_protection" not in codes(why(protects, person=grown))


def test_no_common_language_keeps_nobody_from_help_that_cannot_wait() -> None:
    clinic = provider(
        services=(Service.EMERGENCY_MEDICAL,), eligibility=Eligibility(languages=("it",))
    )
    found = why(clinic, services=(Service.EMERGENCY_MEDICAL,))
    assert "bring_interpreter" in codes(found)


def test_a_bundle_is_split_over_providers_and_what_nobody_gives_is_said() -> None:
    services = (Service.LIVELIHOOD, Service.SHELTER, Service.LEGAL_AID, Service.ASYLUM)
    house = provider("demo-house", services=(Service.SHELTER, Service.LIVELIHOOD))
    lawyer = provider("demo-lawyer", services=(Service.LEGAL_AID,), hours=Hours())
    found = ranking(lawyer, house, services=services)
    assert [each.provider for each in found.ranked] == ["demo-house", "demo-lawyer"]
    assert found.ranked[0].services == (Service.SHELTER, Service.LIVELIHOOD)
    assert found.ranked[0].left == (Service.LEGAL_AID, Service.ASYLUM)
    assert [(each.provider, each.services) for each in found.split] == [
        ("demo-house", (Service.SHELTER, Service.LIVELIHOOD)),
        ("demo-lawyer", (Service.LEGAL_AID,)),
    ]
    assert found.unmet == (Service.ASYLUM,)


def test_nobody_left_names_the_nearest_misses_and_the_focal_point() -> None:
    far_and_full = provider(
        "demo-far-full", divisions=("TN-11",), capacity=Capacity(0, TUESDAY_NOON)
    )
    women = provider("demo-women", eligibility=Eligibility(sexes=(Sex.FEMALE,)))
    found = ranking(
        far_and_full,
        women,
        free(0, 1, "demo-full"),
        provider("demo-far", divisions=("TN-11",)),
        provider("demo-boss", capacity=Capacity(0, TUESDAY_NOON)),
        provider("demo-focal", services=(Service.CHILD_PROTECTION,), focal_point=True),
        provider("demo-focal-ly", country="LY", focal_point=True),
        provider("demo-focal-paused", status=Status.PAUSED, focal_point=True),
        excluded_providers=("demo-boss",),
    )
    assert found.ranked == ()
    assert found.nearest[:2] == ("demo-full", "demo-far")
    assert set(found.nearest[2:4]) == {"demo-far-full", "demo-focal-ly"}
    assert found.nearest[4:] == ("demo-women",)
    assert found.focal_points == ("demo-focal",)
    assert found.unmet == (Service.SHELTER,)


def test_for_a_child_a_place_for_adults_is_no_near_miss() -> None:
    adults = provider(eligibility=Eligibility(min_age=18))
    assert ranking(adults, person=CHILD).nearest == ()


def test_somebody_ranked_leaves_no_nearest_miss() -> None:
    assert ranking(provider(), free(0, 1, "demo-full")).nearest == ()


def test_a_focal_point_that_must_not_know_is_not_named() -> None:
    focal = provider(focal_point=True)
    assert ranking(focal).focal_points == ("demo-a",)
    assert ranking(focal, excluded_providers=("demo-a",)).focal_points == ()
    assert ranking(focal, trusted=()).focal_points == ()


def test_an_empty_directory_is_an_answer_too() -> None:
    assert ranking() == Ranking((), (), unmet=(Service.SHELTER,))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"services": ()}, InvalidRequestError),
        ({"division": "LY-TB"}, InvalidRequestError),
        ({"referral": ""}, InvalidRequestError),
        ({"country": "FR", "division": None}, MalformedError),
        ({"division": "Sfax"}, MalformedError),
        ({"excluded_providers": ("not an id",)}, MalformedError),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        request(**fields)


def test_a_person_of_less_than_zero_years_is_refused() -> None:
    with pytest.raises(MalformedError):
        Person(age=-1)


def test_two_providers_with_one_id_are_refused() -> None:
    with pytest.raises(InvalidDirectoryError, match="demo-a"):
        RoutingDirectory((provider(), provider(country="LY")), ())


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        ranking(provider(), at=datetime(2026, 11, 24, 12))  # noqa: DTZ001
