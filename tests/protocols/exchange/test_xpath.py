"""Conditions as XPath: what we write is read again, and so is what people type."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.exchange.xpath import relevant, to_xpath, too_much
from protocols.exchange.xpath_meaning import (
    Asked,
    Meaning,
    alone,
    is_end,
    limits,
    standing_alone,
    within,
)
from protocols.exchange.xpath_reading import ExpressionError, read_calculation, read_expression
from protocols.screening.conditions import (
    All,
    Answered,
    AnyOf,
    Condition,
    Equals,
    Greater,
    Includes,
    Less,
    Not,
)
from protocols.screening.model import Kind

ASKED = Meaning(
    {
        "one": Asked(Kind.SINGLE, ("a", "b"), 0),
        "many": Asked(Kind.MULTIPLE, ("a", "b"), 1),
        "number": Asked(Kind.NUMBER, (), 2),
        "words": Asked(Kind.TEXT, (), 3),
    }
)
ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Answered, st.sampled_from(["one", "many", "number", "words"])),
    st.builds(Equals, st.just("one"), st.sampled_from(["a", "b"])),
    st.builds(Includes, st.just("many"), st.sampled_from(["a", "b"])),
    st.builds(Greater, st.just("number"), st.integers(-(10**14), 10**14)),
    st.builds(Less, st.just("number"), st.integers(-(10**14), 10**14)),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        *(
            st.builds(kind, st.lists(inner, min_size=1, max_size=3).map(tuple))
            for kind in (All, AnyOf)
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_what_is_written_is_read_again(condition: Condition) -> None:
    assert ASKED.when(to_xpath(condition), 4) == condition
    assert ASKED.calculation(f"if({to_xpath(condition)}, 'yes', 'no')", 4) == condition


@settings(max_examples=80, deadline=None)
@given(CONDITIONS | st.none(), st.lists(st.sampled_from(["x", "y", "z"]), unique=True))
def test_what_closes_the_way_is_not_part_of_the_condition(
    condition: Condition | None, ends: list[str]
) -> None:
    written = relevant(condition, ends)
    assert (ASKED.relevant(written, 4) if written else None) == condition


ONE_A, MANY_A = Equals("one", "a"), Includes("many", "a")
EVERYDAY: dict[str, Condition] = {
    '${one} = "a"': ONE_A,
    "${one}='a'": ONE_A,
    "'a' = ${one}": ONE_A,
    "${ one } = ‘a’": ONE_A,
    "${one} = “a”": ONE_A,
    "selected(${one}, 'a')": ONE_A,
    'selected( ${many} , "a" )': MANY_A,
    "((${one} = 'a'))": ONE_A,
    "${one} != 'a'": Not(ONE_A),
    "not(${one} = 'a')": Not(ONE_A),
    "not (selected(${many},'a'))": Not(MANY_A),
    "${words} != ''": Answered("words"),
    "${words} = ''": Not(Answered("words")),
    "string-length(${words}) > 0": Answered("words"),
    "string-length(${words}) = 0": Not(Answered("words")),
    "count-selected(${many}) >= 1": Answered("many"),
    "count-selected(${many}) = 0": Not(Answered("many")),
    "${number} > 60": Greater("number", 60),
    "${number} >= 60": Greater("number", 59),
    "60 < ${number}": Greater("number", 60),
    "${number} <= 60.0": Less("number", 61),
    "${number} > '60'": Greater("number", 60),
    "${number} = 5": All((Greater("number", 4), Less("number", 6))),
    "${number} = '5'": All((Greater("number", 4), Less("number", 6))),
    "${number} != 5": Not(All((Greater("number", 4), Less("number", 6)))),
    "${one} = 'a' and ${number} > -3\n or ${words} != ''": AnyOf(
        (All((ONE_A, Greater("number", -3))), Answered("words"))
    ),
    "${one} = 'a' and true()": All((ONE_A,)),
    "${End_x} != 'yes' and ${one} = 'a' and ${words} != ''": All((ONE_A, Answered("words"))),
}


@pytest.mark.parametrize("text", EVERYDAY)
def test_what_people_type_is_read(text: str) -> None:
    assert ASKED.relevant(text, 4) == EVERYDAY[text]


REFUSED = (
    "",
    "   ",
    "true()",
    "false() or true()",
    "not(true())",
    "${one}",
    "${one} = a",
    "${one} = 'a' AND ${words} != ''",
    "${one} = 'a' or 'b'",
    "${one} <> 'a'",
    "${number} > 1.5",
    "${number} > 9999999999999999",
    "${number} > 'many'",
    "${words} = 'x'",
    "${number} = 'x'",
    "${number} = '-'",
    "${number} = '²'",
    "${many} = 'a'",
    "${many} > 3",
    "${none} = 'a'",
    "${End_x} = 'yes'",
    ". = 'a'",
    "one = 'a'",
    "/data/one = 'a'",
    "today() > 3",
    "${one} = 'a' ]",
    "if(${one} = 'a', 'yes', 'no')",
    "count-selected(${many}) > 1",
    "count-selected(${many}) > 5",
    "string-length(${words}) > 5",
    "(" * 50 + "${one} = 'a'" + ")" * 50,
    "${one} = 'a" * 900,
)


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"[;,] "):
        ASKED.relevant(text, 4)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("${}()'\"=<>!., aneondrtm1-"), max_size=40) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_expression, read_calculation):
        try:
            read(text)
        except ExpressionError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("text", "between"),
    [
        (". >= 0 and . <= 168", (0, 168)),
        (". > -1 and 169 > .", (0, 168)),
        (". <= 5", (None, 5)),
        (". = 5", (5, 5)),
    ],
)
def test_limits_are_read(text: str, between: tuple[Any, Any]) -> None:
    assert limits(text) == between
    assert limits(within(*between)) == between


@pytest.mark.parametrize(
    "text", [". != 5", ". > 1 and . > 2", "${x} > 3", ". > 1 or . < 0", ". = 'a'"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="not the limits of a number"):
        limits(text)


@pytest.mark.parametrize(
    "text",
    [
        standing_alone(["none"]),
        "not(count-selected(.) >= 2 and selected(., 'none'))",
        "not(selected(., 'none')) or count-selected(.) = 1",
        "count-selected(.) < 2 or not(selected(., 'none'))",
        "(selected(., 'none') and count-selected(.) = 1) or not(selected(., 'none'))",
    ],
)
def test_a_choice_that_stands_alone_is_read(text: str) -> None:
    assert alone(text) == ("none",)
    assert alone(f"({text}) and {standing_alone(['never'])}") == ("none", "never")


@pytest.mark.parametrize(
    "text",
    [
        "not(selected(., 'none'))",
        "count-selected(.) = 1",
        "selected(., 'none') and count-selected(.) > 1",
        "not(selected(., 'none') or count-selected(.) > 1)",
        "(selected(., 'other') and count-selected(.) = 1) or not(selected(., 'none'))",
        "not(selected(${x}, 'none') and count-selected(${x}) > 1)",
        "not(selected(., 'a') and selected(., 'b') and count-selected(.) > 1)",
    ],
)
def test_what_says_something_else_of_choices_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="stand alone"):
        alone(text)


def test_an_end_gates_note_is_told_apart() -> None:
    assert is_end("${End_x} = 'yes'", "x")
    assert not is_end("${End_y} = 'yes'", "x")
    assert not is_end("${one} = 'a'", "x")


def test_a_condition_too_large_for_a_cell_is_told() -> None:
    assert "split it" in too_much(All((ONE_A,) * 2000), "x")[0].message
    assert "15 digits" in too_much(Greater("number", 10**15), "x")[0].message
    assert too_much(None, "x") == too_much(ONE_A, "x") == []
