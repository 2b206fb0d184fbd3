"""Whatever is wrong with a checklist file has a name and a place; what is right is read whole."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from protocols.screening.checklist import available, load
from protocols.screening.checklist_file import read_checklist
from protocols.screening.conditions import DEEPEST
from protocols.screening.errors import (
    ChecklistError,
    ChecklistFormatError,
    ConditionError,
    DuplicateKeyError,
    MissingTranslationError,
    UnknownChecklistError,
    UnknownReferenceError,
)
from protocols.screening.model import Checklist, Kind
from tests.protocols.screening.fictional import (
    choice,
    plain,
    question,
    question_of,
    read,
    section,
    section_of,
    words,
)

File = dict[str, Any]
Damage = Callable[[File], object]


def put(key: str, value: Any) -> Damage:
    return lambda file: file.update({key: value})


def on(asked: str, **changes: Any) -> Damage:
    return lambda file: question_of(file, asked).update(changes)


def deep(levels: int) -> Any:
    found: Any = {"answered": "private"}
    for _ in range(levels):
        found = {"not": found}
    return found


def drop_section(purpose: str) -> Damage:
    return lambda file: file["sections"].remove(section_of(file, purpose))


GATE = {"key": "g", "effect": "end", "when": {"answered": "private"}, "text": words("g")}

DAMAGES: dict[str, tuple[Damage, type[ChecklistError], str]] = {
    "another format": (put("format", "amana-checklist/2"), ChecklistFormatError, "amana-check"),
    "a field too many": (put("author", "x"), ChecklistFormatError, "author"),
    "a set twice": (
        lambda f: f["sets"].append({**f["sets"][0], "coverage": "full"}),
        ChecklistFormatError,
        "a set stands twice",
    ),
    "a language twice": (lambda f: f["languages"].append("fr"), MissingTranslationError, "once"),
    "a field missing": (lambda f: f.pop("sets"), ChecklistFormatError, "sets"),
    "a wrong type": (put("version", "3"), ChecklistFormatError, "version"),
    "a boolean for a number": (put("version", True), ChecklistFormatError, "version"),
    "version zero": (put("version", 0), ChecklistFormatError, "version"),
    "an id that is not role-population": (put("id", "other"), ChecklistFormatError, "role-pop"),
    "another population": (
        lambda f: f.update(population="elder", id="fictional-elder"),
        ChecklistFormatError,
        "population",
    ),
    "no set": (put("sets", []), ChecklistFormatError, "set"),
    "an unknown set": (
        put("sets", [{"name": "adult-begging", "coverage": "full"}]),
        UnknownReferenceError,
        "adult-begging",
    ),
    "an unknown coverage": (
        put("sets", [{"name": "adult-labour", "coverage": "half"}]),
        UnknownReferenceError,
        "half",
    ),
    "a child's set for adults": (
        put("sets", [{"name": "child-labour", "coverage": "full"}]),
        UnknownReferenceError,
        "population",
    ),
    "an unknown validation": (
        put("validation", {"status": "perfect", "text": words("x")}),
        ChecklistFormatError,
        "validation",
    ),
    "a language less": (put("languages", ["ar", "en"]), MissingTranslationError, "fr"),
    "a title without French": (
        lambda f: f["title"].pop("fr"),
        MissingTranslationError,
        "title.*fr",
    ),
    "a blank question": (on("pay", text={**words("x"), "ar": " "}), MissingTranslationError, "pay"),
    "a choice without Arabic": (
        lambda f: question_of(f, "pay")["choices"][1]["text"].pop("ar"),
        MissingTranslationError,
        "pay.little",
    ),
    "a help without English": (
        on("pay", help={"ar": "x", "fr": "x"}),
        MissingTranslationError,
        "pay.help",
    ),
    "a gate without words": (
        lambda f: question_of(f, "private")["gates"][0].update(text={}),
        MissingTranslationError,
        "not_private",
    ),
    "a fourth language": (
        on("pay", text={**words("x"), "de": "x"}),
        MissingTranslationError,
        "de is not",
    ),
    "a question twice": (
        lambda f: section_of(f, "questions")["questions"].append(question("pay", "text")),
        DuplicateKeyError,
        "pay",
    ),
    "a section twice": (
        lambda f: section_of(f, "questions").update(key="s_safety"),
        DuplicateKeyError,
        "s_safety",
    ),
    "a choice twice": (
        lambda f: question_of(f, "pay")["choices"].append(choice("fair")),
        DuplicateKeyError,
        "fair",
    ),
    "a gate twice": (on("danger", gates=[{**GATE, "key": "child_path"}]), DuplicateKeyError, "chi"),
    "a combination twice": (
        lambda f: f["combinations"].append(f["combinations"][0]),
        DuplicateKeyError,
        "kept_and_locked",
    ),
    "a key with a space": (on("pay", key="the pay"), ChecklistFormatError, "the pay"),
    "a key in Arabic": (on("pay", key="أجر"), ChecklistFormatError, "أجر"),
    "sections out of order": (
        lambda f: f["sections"].reverse(),
        ChecklistFormatError,
        "order",
    ),
    "no consent": (drop_section("consent"), ChecklistFormatError, "consent"),
    "no close": (drop_section("closing"), ChecklistFormatError, "closing"),
    "an unknown purpose": (
        lambda f: section_of(f, "consent").update(purpose="chat"),
        ChecklistFormatError,
        "purpose",
    ),
    "an empty section": (
        lambda f: section_of(f, "emergency").update(questions=[]),
        ChecklistFormatError,
        "s_emergency",
    ),
    "a close not for everyone": (
        lambda f: section_of(f, "closing").update(show_if={"answered": "private"}),
        ChecklistFormatError,
        "s_closing",
    ),
    "a last question not for everyone": (
        on("thanks", show_if={"answered": "private"}),
        ChecklistFormatError,
        "closing",
    ),
    "an unknown kind": (on("since", kind="slider"), ChecklistFormatError, "kind"),
    "an unknown voice": (on("since", voice="robot"), ChecklistFormatError, "voice"),
    "one choice only": (on("pay", choices=[choice("fair")]), ChecklistFormatError, "dead end"),
    "choices on a date": (
        on("since", choices=[choice("a"), choice("b")]),
        ChecklistFormatError,
        "date has no choices",
    ),
    "choices on yes/no": (
        on("works", choices=[choice("a"), choice("b")]),
        ChecklistFormatError,
        "works",
    ),
    "yes/no that raises on maybe": (
        on("works", raises={"maybe": []}),
        ChecklistFormatError,
        "works",
    ),
    "raises on a choice question": (on("pay", raises={"fair": []}), ChecklistFormatError, "pay"),
    "exclusive where one is chosen": (
        lambda f: question_of(f, "pay")["choices"][0].update(exclusive=True),
        ChecklistFormatError,
        "exclusive",
    ),
    "a number without limits": (on("hours", maximum=None), ChecklistFormatError, "minimum"),
    "limits the wrong way": (on("hours", minimum=168), ChecklistFormatError, "minimum"),
    "limits on a text": (on("interpreter", maximum=0), ChecklistFormatError, "limits"),
    "bands on a text": (
        on("interpreter", bands=[{"minimum": 1, "maximum": 2, "raises": []}]),
        ChecklistFormatError,
        "bands",
    ),
    "a band without a number": (
        on("hours", bands=[{"minimum": 200, "maximum": None, "raises": ["need:medical"]}]),
        ChecklistFormatError,
        "band",
    ),
    "an unknown indicator": (
        on("danger", raises={"yes": ["exploitation.boredom"]}),
        UnknownReferenceError,
        "boredom",
    ),
    "an indicator without its dimension": (
        on("danger", raises={"yes": ["hazardous_work"]}),
        UnknownReferenceError,
        "hazardous_work",
    ),
    "an unknown need": (
        on("danger", raises={"yes": ["need:money"]}),
        UnknownReferenceError,
        "money",
    ),
    "an unknown prefix": (
        on("danger", raises={"yes": ["law:x"]}),
        UnknownReferenceError,
        "law",
    ),
    "a finding that no answer can show alone": (
        on("danger", raises={"yes": ["finding:trafficking_indicated"]}),
        UnknownReferenceError,
        "trafficking",
    ),
    "an unknown field to fill": (on("since", fills="identity.tattoo"), UnknownReferenceError, "ta"),
    "an unknown indicator not observed": (
        put("not_observed", {"exploitation.boredom": "x"}),
        UnknownReferenceError,
        "boredom",
    ),
    "a condition on a later question": (
        on("danger", show_if={"answered": "pay"}),
        ConditionError,
        "danger.*pay",
    ),
    "a condition on itself": (on("pay", show_if={"answered": "pay"}), ConditionError, "pay"),
    "a condition on nothing known": (
        on("pay", show_if={"answered": "mood"}),
        ConditionError,
        "mood",
    ),
    "a condition on a value it cannot have": (
        on("pay", show_if={"equals": {"question": "works", "value": "often"}}),
        ConditionError,
        "works",
    ),
    "equals of several": (
        on("pay", show_if={"equals": {"question": "seen", "value": "locked"}}),
        ConditionError,
        "seen",
    ),
    "includes of one": (
        on("made_to", show_if={"includes": {"question": "pay", "value": "kept"}}),
        ConditionError,
        "pay",
    ),
    "greater of a text": (
        on("pay", show_if={"greater": {"question": "interpreter", "than": 1}}),
        ConditionError,
        "interpreter",
    ),
    "answered of a notice": (
        on("pay", show_if={"answered": "explain"}),
        ConditionError,
        "explain",
    ),
    "a malformed condition": (on("pay", show_if={"maybe": 1}), ConditionError, "pay"),
    "a condition too deep": (on("pay", show_if=deep(700)), ConditionError, "fictional-adult"),
    "a condition deeper than people review": (
        on("pay", show_if=deep(DEEPEST)),
        ConditionError,
        "write it flat",
    ),
    "a combination of nothing known": (
        lambda f: f["combinations"][0].update(when={"answered": "mood"}),
        ConditionError,
        "mood",
    ),
    "a section shown on a later answer": (
        lambda f: section_of(f, "emergency").update(show_if={"answered": "danger"}),
        ConditionError,
        "s_emergency",
    ),
}


def test_the_undamaged_file_is_read_whole(fictional: Checklist) -> None:
    assert [each.key for each in fictional.questions][:3] == ["private", "danger", "interpreter"]
    assert fictional.by_key["hours"].bands[0].has(80)
    assert [each.key for each in fictional.by_key["private"].choices] == ["yes", "no", "unknown"]
    assert fictional.by_key["danger"].may_raise() == ("finding:emergency", "need:safety_protection")
    assert [each.key for each in fictional.gates] == ["not_private", "child_path"]
    assert fictional.sections_by_question["pay"].purpose == "questions"
    assert fictional.by_key["explain"].kind is Kind.NOTICE


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_has_a_name_and_a_place(name: str) -> None:
    damage, error, place = DAMAGES[name]
    file = plain()
    damage(file)
    with pytest.raises(error, match=place) as caught:
        read(file)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'{"format": "amana-checklist/1"',
        b'{"format": "a", "format": "b"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version": NaN}',
    ],
)
def test_bytes_that_are_no_checklist_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(ChecklistFormatError):
        read_checklist(data)


def test_a_file_cut_short_anywhere_is_refused_by_name() -> None:
    data = json.dumps(plain()).encode()
    for end in range(0, len(data), 997):
        with pytest.raises(ChecklistFormatError):
            read_checklist(data[:end])


def test_a_closing_section_of_its_own_may_come_twice() -> None:
    file = plain()
    more = section("closing", question("hotline", "notice"))
    file["sections"].append({**more, "key": "s_more"})
    assert read(file).questions[-1].key == "hotline"


@pytest.mark.parametrize("name", available())
def test_every_packaged_checklist_is_read(name: str) -> None:
    found = load(name)
    assert found.id == name
    assert found.validation.status in ("not_validated", "reviewed", "validated")


def test_an_unknown_checklist_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownChecklistError, match="there are"):
        load("../../etc/passwd")
