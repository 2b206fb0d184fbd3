"""Conditions hold of exactly the answers they speak of, and are read strictly."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.screening.conditions import (
    All,
    AnyOf,
    Condition,
    Equals,
    Not,
    condition_from_plain,
    in_words,
    questions_of,
)
from protocols.screening.errors import ConditionError

ANSWERS = {"one": "a", "many": ("x", "y"), "number": 12, "free": "anything"}

CASES: list[tuple[dict[str, Any], bool]] = [
    ({"answered": "one"}, True),
    ({"answered": "absent"}, False),
    ({"equals": {"question": "one", "value": "a"}}, True),
    ({"equals": {"question": "one", "value": "b"}}, False),
    ({"equals": {"question": "many", "value": "x"}}, False),
    ({"equals": {"question": "absent", "value": "a"}}, False),
    ({"includes": {"question": "many", "value": "y"}}, True),
    ({"includes": {"question": "many", "value": "z"}}, False),
    ({"includes": {"question": "free", "value": "any"}}, False),
    ({"includes": {"question": "absent", "value": "x"}}, False),
    ({"greater": {"question": "number", "than": 11}}, True),
    ({"greater": {"question": "number", "than": 12}}, False),
    ({"less": {"question": "number", "than": 13}}, True),
    ({"less": {"question": "number", "than": 12}}, False),
    ({"greater": {"question": "absent", "than": 0}}, False),
    ({"less": {"question": "one", "than": 99}}, False),
    ({"not": {"answered": "absent"}}, True),
    ({"not": {"equals": {"question": "absent", "value": "a"}}}, True),
    ({"all": [{"answered": "one"}, {"answered": "many"}]}, True),
    ({"all": [{"answered": "one"}, {"answered": "absent"}]}, False),
    ({"any": [{"answered": "absent"}, {"answered": "many"}]}, True),
    ({"any": [{"answered": "absent"}]}, False),
]


@pytest.mark.parametrize(("plain", "holds"), CASES)
def test_a_condition_holds_of_what_it_says(plain: dict[str, Any], holds: bool) -> None:
    assert condition_from_plain(plain, "here").holds(ANSWERS) is holds


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        "answered",
        {},
        {"answered": "a", "not": {"answered": "b"}},
        {"unless": {"answered": "a"}},
        {"answered": 3},
        {"all": []},
        {"any": []},
        {"all": {"answered": "a"}},
        {"equals": {"question": "a"}},
        {"equals": {"question": "a", "value": 3}},
        {"equals": {"question": "a", "value": "b", "more": 1}},
        {"greater": {"question": "a", "than": "3"}},
        {"greater": {"question": "a", "than": True}},
        {"less": {"question": 1, "than": 3}},
        {"not": None},
        {"all": [{"answered": "a"}, {"never": "b"}]},
    ],
)
def test_a_malformed_condition_is_refused_with_its_place(plain: Any) -> None:
    with pytest.raises(ConditionError, match="here"):
        condition_from_plain(plain, "here")


atoms = st.builds(Equals, st.sampled_from("pq"), st.sampled_from("ab"))
conditions: st.SearchStrategy[Condition] = st.recursive(
    atoms,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=8,
)
given_answers = st.dictionaries(st.sampled_from("pq"), st.sampled_from("ab"))


@given(conditions, given_answers)
def test_not_turns_every_condition_round(condition: Condition, answers: dict[str, str]) -> None:
    assert Not(condition).holds(answers) is not condition.holds(answers)


@given(conditions, given_answers, st.sampled_from("ab"))
def test_only_the_questions_it_names_matter(
    condition: Condition, answers: dict[str, str], other: str
) -> None:
    before = condition.holds(answers)
    assert condition.holds({**answers, "unrelated": other}) is before
    named = {key: value for key, value in answers.items() if key in questions_of(condition)}
    assert condition.holds(named) is before


@given(conditions)
def test_a_condition_is_told_in_words_that_name_every_question(condition: Condition) -> None:
    assert all(key in in_words(condition) for key in questions_of(condition))


def test_words_keep_the_brackets_that_matter() -> None:
    plain = {"all": [{"any": [{"answered": "a"}, {"answered": "b"}]}, {"not": {"answered": "c"}}]}
    words = in_words(condition_from_plain(plain, "here"))
    assert words == "(a is answered or b is answered) and not c is answered"
