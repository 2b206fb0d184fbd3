"""A checklist as a spreadsheet: nothing is lost, forms run from it, and edits come back."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pyxform
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.exchange.checklist_json import checklist_json
from protocols.exchange.fhir import from_fhir, to_fhir
from protocols.exchange.problems import ExchangeError
from protocols.exchange.xlsform import from_xlsform, to_xlsform
from protocols.exchange.xlsform_columns import GATE
from protocols.screening.checklist import available, load
from protocols.screening.checklist_file import read_checklist
from protocols.screening.conditions import DEEPEST
from protocols.screening.errors import ChecklistError
from protocols.screening.flow import walk
from protocols.screening.model import Checklist, Kind
from tests.protocols.exchange.forms import Filled, changed, opened, put
from tests.protocols.screening.fictional import (
    answers_to,
    choice,
    plain,
    question,
    question_of,
    read,
    section_of,
)

FICTIONAL = read(plain())
FICTIONAL_FORM = to_xlsform(FICTIONAL)


@cache
def exported(name: str) -> bytes:
    return to_xlsform(load(name))


@pytest.mark.parametrize("name", available())
def test_a_round_trip_gives_back_an_equal_checklist(name: str) -> None:
    found = from_xlsform(exported(name))
    assert found == load(name)
    assert checklist_json(found) == checklist_json(load(name))
    assert read_checklist(checklist_json(found)) == load(name)


def test_the_same_checklist_gives_the_same_bytes() -> None:
    assert to_xlsform(FICTIONAL) == FICTIONAL_FORM


@pytest.mark.parametrize("name", available())
def test_every_form_converts_without_a_warning(name: str) -> None:
    assert Filled(exported(name)).warnings == []


@pytest.mark.skipif(shutil.which("java") is None, reason="the validator of ODK runs on Java")
def test_the_fields_own_validator_takes_the_forms(tmp_path: Path) -> None:
    validator = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    forms = []
    for name in ("two end gates", "labour_inspector-adult"):
        forms.append(tmp_path / f"{len(forms)}.xml")
        forms[-1].write_text(form_of(name)[1].xform, encoding="utf-8")
    command = ["java", "-Djava.awt.headless=true", "-jar", str(validator), *map(str, forms)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert told.returncode == 0, told.stderr
    assert (told.stdout + told.stderr).count("Xform is valid") == len(forms)


def test_every_kind_of_question_comes_back() -> None:
    assert from_xlsform(FICTIONAL_FORM) == FICTIONAL
    kinds = {each.kind for name in available() for each in load(name).questions}
    assert kinds | {each.kind for each in FICTIONAL.questions} == set(Kind)
    assert Filled(FICTIONAL_FORM).warnings == []


def ends_twice() -> Checklist:
    """A fictional checklist with two end gates in one section, one of them hidden at times."""
    file = plain()
    safety = section_of(file, "safety")["questions"]
    gate = question_of(file, "private")["gates"][0]
    silent = {"not": {"equals": {"question": "alone", "value": "yes"}}}
    safety.append(
        question(
            "alone",
            "yes_no_unknown",
            show_if={"not": {"answered": "private"}},
            gates=[{**gate, "key": "not_alone", "when": silent}],
        )
    )
    safety.append(question("calm", "yes_no_unknown"))
    question_of(file, "pay")["gates"] = [
        {**gate, "key": "kept", "when": {"equals": {"question": "pay", "value": "kept"}}}
    ]
    section_of(file, "observations")["show_if"] = {"answered": "age_group"}
    return read(file)


FORMS = (
    "fictional",
    "two end gates",
    "labour_inspector-adult",
    "border_officer-child",
    "consular_staff-adult",
)


@cache
def form_of(name: str) -> tuple[Checklist, Filled]:
    made = {"fictional": lambda: FICTIONAL, "two end gates": ends_twice}
    checklist = made[name]() if name in made else load(name)
    return checklist, Filled(to_xlsform(checklist))


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_form_shows_what_the_interview_shows(name: str, data: st.DataObject) -> None:
    checklist, form = form_of(name)
    answers = data.draw(answers_to(checklist))
    seen = walk(checklist, answers, [each.key for each in checklist.questions])
    shown = form.shown(answers)
    assert shown & set(checklist.by_key) == {each.key for each in seen.shown}
    hit = {gate.key for gates in seen.gates.values() for gate in gates}
    assert {each.removeprefix(GATE) for each in shown if each.startswith(GATE)} == hit


def test_an_end_gate_leaves_nothing_but_the_close() -> None:
    form = form_of("fictional")[1]
    shown = form.shown({"private": "no", "works": "yes", "hours": 90})
    assert shown & set(FICTIONAL.by_key) == {"private", "thanks"}
    assert "Gate_not_private" in shown


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_form_takes_the_answers_that_the_interview_takes(data: st.DataObject) -> None:
    asked = data.draw(st.sampled_from([each for each in FICTIONAL.questions if each.may_raise()]))
    form = form_of("fictional")[1]
    if asked.kind is Kind.NUMBER:
        value: Any = data.draw(st.integers(-300, 300))
        takes = asked.minimum <= value <= asked.maximum  # type: ignore[operator]
    else:
        keys = [each.key for each in asked.choices]
        value = tuple(data.draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))
        takes = len(value) == 1 or not any(
            each.exclusive for each in asked.choices if each.key in value
        )
        takes = takes or asked.kind is not Kind.MULTIPLE
    assert form.fits(asked.key, value) is takes


@pytest.mark.parametrize(
    ("text", "takes"),
    [("2026", True), ("2026-11", True), ("2026-11-24", True), ("24/11/2026", False), ("26", False)],
)
def test_a_form_takes_part_of_a_date(text: str, takes: bool) -> None:
    assert form_of("fictional")[1].fits("since", text) is takes


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff$"),
    min_size=1,
    max_size=12,
) | st.sampled_from(
    ["=1+1", "+33 1", "-2", "@SUM(A1)", " space ", "a\nb", "'quoted'", "007", "TRUE"]
)
WORDS = TEXTS.filter(str.strip)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    """A condition on the fictional checklist's first questions."""
    if depth and draw(st.booleans()):
        parts = draw(st.lists(conditions(depth=depth - 1), min_size=1, max_size=3))
        return draw(st.sampled_from([{"all": parts}, {"any": parts}, {"not": parts[0]}]))
    return draw(
        st.sampled_from(
            [
                {"answered": "interpreter"},
                {"equals": {"question": "age_group", "value": "unsure"}},
                {"equals": {"question": "danger", "value": "unknown"}},
                {"includes": {"question": "seen", "value": "nothing"}},
                {"includes": {"question": "seen", "value": "locked"}},
                {"greater": {"question": "hours", "than": draw(st.integers(-(10**14), 10**14))}},
                {"less": {"question": "hours", "than": draw(st.integers(-5, 200))}},
            ]
        )
    )


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    """The fictional checklist with other words, conditions, numbers, choices and facts."""
    file = plain()
    text = st.fixed_dictionaries(dict.fromkeys(["ar", "fr", "en"], WORDS))
    file["version"] = draw(st.integers(1, 10**14))
    file["languages"] = draw(st.permutations(["ar", "fr", "en"]))
    file["title"], file["validation"]["text"] = draw(text), draw(text)
    file["reviewers"] = draw(st.lists(WORDS, max_size=2))
    file["sources"][0] |= {
        "title": draw(WORDS),
        "confirmed": draw(st.booleans()),
        "url": draw(WORDS),
    }
    file["not_observed"] = {"coercive_recruitment.debt_bondage": draw(WORDS)}
    for key in ("tired", "made_to", "since", "wants"):
        question_of(file, key)["show_if"] = draw(conditions() | st.none())
        question_of(file, key)["text"] = draw(text)
        question_of(file, key)["help"] = draw(text | st.none())
    section_of(file, "observations")["show_if"] = None
    low = draw(st.integers(-50, 50))
    hours = question_of(file, "hours")
    hours |= {"minimum": low, "maximum": low + draw(st.integers(1, 300)), "bands": []}
    hours["basis"] = draw(WORDS | st.none())
    many = [
        choice(f"c{place}", exclusive=draw(st.booleans()))
        for place in range(draw(st.integers(2, 5)))
    ]
    question_of(file, "wants")["choices"] = many
    file["combinations"][0]["when"] = draw(conditions())
    gate = question_of(file, "private")["gates"][0]
    question_of(file, "wants")["gates"] = [
        {
            **gate,
            "key": "late",
            "when": draw(conditions()),
            "effect": draw(st.sampled_from(["end", "notice"])),
        }
    ]
    return read(file)


@settings(max_examples=30, deadline=None)
@given(checklists())
def test_any_checklist_comes_back_equal_and_converts(checklist: Checklist) -> None:
    data = to_xlsform(checklist)
    assert from_xlsform(data) == checklist
    assert Filled(data).paths


@pytest.mark.parametrize("words", ["=cmd|' /C calc'!A1", "+1", "-1", "@SUM(1)", "=1+1", "\t=1"])
def test_words_are_never_a_formula(words: str) -> None:
    file = plain()
    question_of(file, "pay")["text"]["en"] = words
    file["reviewers"] = [words]
    checklist = read(file)
    data = to_xlsform(checklist)
    for sheet in opened(data):
        assert {cell.data_type for row in sheet for cell in row if cell.value is not None} <= {
            "s",
            "n",
        }
    assert from_xlsform(data) == checklist


UNWRITABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a control character": ({"basis": "a\x07b"}, "no spreadsheet keeps"),
    "a carriage return": ({"basis": "a\rb"}, "no spreadsheet keeps"),
    "what a workbook takes for code": ({"basis": "_x0041_"}, "no spreadsheet keeps"),
    "a text beyond a cell": ({"basis": "x" * 40_000}, "a cell's limit"),
    "an empty text": ({"basis": ""}, "an empty text"),
    "a number beyond a spreadsheet": ({"maximum": 10**16}, "15 digits"),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_a_spreadsheet_would_lose_is_refused_not_lost(name: str) -> None:
    change, told = UNWRITABLE[name]
    file = plain()
    question_of(file, "hours").update(change)
    with pytest.raises(ExchangeError, match=told):
        to_xlsform(read(file))


def test_words_that_a_form_takes_for_a_reference_are_refused() -> None:
    file = plain()
    question_of(file, "pay")["text"]["fr"] = "combien ${pay} ?"
    with pytest.raises(ExchangeError, match=r"column label::Français \(fr\): words with"):
        to_xlsform(read(file))


def test_a_name_that_forms_keep_is_refused() -> None:
    file = plain()
    question_of(file, "wants")["key"] = "meta"
    with pytest.raises(ExchangeError, match="rename the question"):
        to_xlsform(read(file))


def test_the_deepest_condition_of_a_checklist_comes_back() -> None:
    file = plain()
    deep: dict[str, Any] = {"answered": "interpreter"}
    for level in range(1, DEEPEST):
        deep = {"not": deep} if level % 2 else {"all": [deep]}
    question_of(file, "wants")["show_if"] = deep
    checklist = read(file)
    assert from_xlsform(to_xlsform(checklist)) == checklist
    assert from_fhir(to_fhir(checklist)) == checklist


def test_a_checklist_that_breaks_the_rules_is_not_written() -> None:
    with pytest.raises(ChecklistError):
        to_xlsform(evolve(FICTIONAL, version=0))


EDITS: dict[str, tuple[tuple[str, str, str, Any], Any]] = {
    "a condition": (
        ("survey", "tired", "relevant", "${works} = “no” or not(selected(${seen}, 'locked'))"),
        {
            "any": [
                {"equals": {"question": "works", "value": "no"}},
                {"not": {"includes": {"question": "seen", "value": "locked"}}},
            ]
        },
    ),
    "a label": (("survey", "pay", "label::Français (fr)", "Vous paie-t-on ?"), "Vous paie-t-on ?"),
    "what yes raises": (
        ("survey", "tired", "raises_yes", "need:medical; exploitation.hazardous_work"),
        {"yes": ["need:medical", "exploitation.hazardous_work"]},
    ),
    "limits": (("survey", "hours", "constraint", ". > 0 and 100 >= ."), [1, 100]),
    "a number as a float": (("survey", "hours", "basis", 40.0), "40"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_comes_back(name: str) -> None:
    edit, expected = EDITS[name]
    found = from_xlsform(changed(FICTIONAL_FORM, put(*edit)))
    asked = next(
        each
        for section in json.loads(checklist_json(found))["sections"]
        for each in section["questions"]
        if each["key"] == edit[1]
    )
    said = {
        "a condition": asked.get("show_if"),
        "a label": asked["text"]["fr"],
        "what yes raises": asked.get("raises"),
        "limits": [asked.get("minimum"), asked.get("maximum")],
        "a number as a float": asked.get("basis"),
    }
    assert said[name] == expected
    assert evolve(found, sections=()) == evolve(FICTIONAL, sections=())


def test_a_choice_its_words_and_what_it_raises_come_back() -> None:
    def edit(book: Any) -> None:
        put("choices", "little", "label::English (en)", "Too little")(book)
        put("choices", "little", "raises", "need:legal_aid, need:shelter")(book)
        book["choices"].append(["pay", "late", "متأخر", "En retard", "Late", None])

    pay = from_xlsform(changed(FICTIONAL_FORM, edit)).by_key["pay"]
    assert [each.key for each in pay.choices] == ["fair", "little", "kept", "late"]
    assert pay.choices[1].text["en"] == "Too little"
    assert pay.choices[1].raises == ("need:legal_aid", "need:shelter")


def test_a_gates_condition_and_effect_come_back() -> None:
    end = put("survey", "End_not_private", "calculation", "if(${private} != 'yes', 'yes', 'no')")
    gate = from_xlsform(changed(FICTIONAL_FORM, end)).by_key["private"].gates[0]
    assert gate == evolve(FICTIONAL.by_key["private"].gates[0], when=gate.when)
    assert gate.when.holds({})
    assert not gate.when.holds({"private": "yes"})

    def notice_only(book: Any) -> None:
        put("survey", "Gate_not_private", "relevant", "${private} = 'no'")(book)
        sheet = book["survey"]
        rows = [
            row for row in range(2, sheet.max_row) if sheet.cell(row, 2).value == "End_not_private"
        ]
        sheet.delete_rows(rows[0])

    gate = from_xlsform(changed(FICTIONAL_FORM, notice_only)).by_key["private"].gates[0]
    assert gate == evolve(FICTIONAL.by_key["private"].gates[0], effect=gate.effect)
    assert gate.effect == "notice"
