"""What the practice cases hold together: enough of everybody and everything to learn on."""

from collections import Counter

import pytest

from protocols.countries.country import codes
from protocols.practice.case import PracticeCase, Sex
from protocols.practice.case_rules import known_forms
from protocols.practice.cases import available, load
from protocols.screening import checklist
from protocols.screening.vocabulary import FINDINGS

CASES = [load(each) for each in available()]


def kinds(case: PracticeCase) -> set[str]:
    return {each.kind for each in case.reference.findings}


def forms() -> set[str]:
    return {form for case in CASES for finding in case.reference.findings for form in finding.forms}


def test_there_are_at_least_forty() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", checklist.available())
def test_every_checklist_has_several(name: str) -> None:
    assert sum(each.checklist == name for each in CASES) >= 3


@pytest.mark.parametrize("code", codes())
def test_every_country_has_several(code: str) -> None:
    assert sum(each.country == code for each in CASES) >= 5


def test_women_men_girls_and_boys_of_many_ages() -> None:
    who = Counter((each.person.sex, each.person.age < 18) for each in CASES)
    for sex in (Sex.FEMALE, Sex.MALE):
        assert who[sex, False] >= 5 and who[sex, True] >= 5
    ages = {each.person.age // 10 for each in CASES}
    assert ages >= {0, 1, 2, 3, 4} and max(ages) >= 5


def test_people_of_the_country_itself_and_people_from_elsewhere() -> None:
    own = [each for each in CASES if each.person.nationality == each.country]
    assert len(own) >= 5
    others = {each.person.nationality for each in CASES} - set(codes()) - {None}
    assert len(others) >= 6


@pytest.mark.parametrize("kind", FINDINGS)
def test_every_kind_of_finding_is_somebody_s(kind: str) -> None:
    assert [each.id for each in CASES if kind in kinds(each)]


@pytest.mark.parametrize("form", known_forms())
def test_every_form_of_exploitation_is_somebody_s(form: str) -> None:
    assert form in forms()


def test_smuggling_without_trafficking() -> None:
    found = [
        each.id
        for each in CASES
        if "smuggling_aggravated" in kinds(each) and "trafficking_indicated" not in kinds(each)
    ]
    assert len(found) >= 3


def test_labour_law_short_of_trafficking() -> None:
    found = [
        each.id
        for each in CASES
        if "labour_rights_violation" in kinds(each) and "trafficking_indicated" not in kinds(each)
    ]
    assert len(found) >= 3


def test_children_by_the_children_s_checklists_and_one_found_by_an_adult_s() -> None:
    assert sum(each.population == "child" for each in CASES) >= 10
    assert [each for each in CASES if each.population == "adult" and each.person.age < 18]


def test_no_two_are_told_in_the_same_words() -> None:
    for language in ("ar", "fr", "en"):
        assert len({each.scene[language] for each in CASES}) == len(CASES)
        assert len({each.title[language] for each in CASES}) == len(CASES)


def test_whoever_says_that_a_source_was_read_says_where() -> None:
    for each in CASES:
        for pattern in each.patterns:
            assert not pattern.read or pattern.url
