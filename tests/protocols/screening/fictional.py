"""A small fictional checklist as a file's JSON, to damage and to walk through."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from protocols.screening.checklist_file import read_checklist
from protocols.screening.interview import Interview
from protocols.screening.model import Checklist, Effect, Kind, Question
from protocols.screening.vocabulary import CHILD_FORMS, FORMS

CHILDS_FORMS = tuple(each for each in FORMS if each != "forced_labour")
AWAITED_FORMS = tuple(each for each in FORMS if each not in CHILD_FORMS)
ADULT_FORMS = tuple(each for each in CHILDS_FORMS if each not in CHILD_FORMS)
"""The forms that a role can hear of: forced labour is a form only where it is awaited."""
NO_AGE = {"not": {"equals": {"question": "age_group", "value": "adult"}}}


def words(text: str) -> dict[str, str]:
    """Fictional words, told apart by language."""
    return {language: f"{text} ({language}, fictional)" for language in ("ar", "fr", "en")}


def choice(key: str, *raises: str, exclusive: bool = False) -> dict[str, Any]:
    return {"key": key, "text": words(key), "raises": list(raises), "exclusive": exclusive}


def question(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "voice": "person", "text": words(key), **more}


def section(purpose: str, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "key": f"s_{purpose}",
        "title": words(purpose),
        "purpose": purpose,
        "questions": list(questions),
        **more,
    }


FILE: dict[str, Any] = {
    "format": "amana-checklist/1",
    "id": "fictional-adult",
    "version": 3,
    "role": "fictional",
    "population": "adult",
    "languages": ["ar", "fr", "en"],
    "title": words("fictional checklist"),
    "sets": [
        {"name": "adult-labour", "coverage": "gate"},
        {"name": "adult-sexual", "coverage": "gate"},
    ],
    "sources": [{"title": "Made up for tests", "used_for": "tests", "confirmed": False}],
    "reviewers": [],
    "validation": {"status": "not_validated", "text": words("fictional")},
    "not_observed": {},
    "sections": [
        section(
            "safety",
            question(
                "private",
                "yes_no_unknown",
                gates=[
                    {
                        "key": "not_private",
                        "effect": "end",
                        "when": {"equals": {"question": "private", "value": "no"}},
                        "text": words("not private"),
                    }
                ],
            ),
        ),
        section(
            "emergency",
            question(
                "danger",
                "yes_no_unknown",
                raises={"yes": ["finding:emergency", "need:safety_protection"]},
            ),
        ),
        section(
            "interpreter",
            question("interpreter", "text", fills="conduct"),
            question("explain", "notice"),
        ),
        section(
            "consent",
            question(
                "age_group",
                "single",
                choices=[choice("adult"), choice("child"), choice("unsure")],
                gates=[
                    {
                        "key": "child_path",
                        "effect": "notice",
                        "when": NO_AGE,
                        "text": words("another way for children"),
                        "checklist": "fictional-child",
                    }
                ],
            ),
        ),
        section(
            "observations",
            question(
                "seen",
                "multiple",
                choices=[
                    choice("papers", "coercion_at_destination.confiscation_of_documents"),
                    choice("locked", "coercion_at_destination.isolation_confinement_surveillance"),
                    choice("housing", "exploitation.bad_living_conditions"),
                    choice("nothing", exclusive=True),
                ],
            ),
        ),
        section(
            "questions",
            question("works", "yes_no_unknown"),
            question(
                "hours",
                "number",
                minimum=0,
                maximum=168,
                basis="fictional threshold",
                bands=[
                    {
                        "minimum": 80,
                        "maximum": None,
                        "raises": ["exploitation.excessive_working_days_or_hours"],
                    }
                ],
                show_if={"equals": {"question": "works", "value": "yes"}},
            ),
            question(
                "pay",
                "single",
                choices=[
                    choice("fair"),
                    choice("little", "exploitation.low_or_no_salary"),
                    choice("kept", "coercion_at_destination.withholding_of_wages"),
                ],
                show_if={"equals": {"question": "works", "value": "yes"}},
            ),
            question(
                "tired",
                "yes_no_unknown",
                raises={"yes": ["exploitation.hazardous_work"]},
                show_if={"greater": {"question": "hours", "than": 60}},
            ),
            question(
                "made_to",
                "multiple",
                choices=[
                    choice("beg", "form:forced_begging"),
                    choice("sex", "exploitation.sexual_exploitation", "window:within_72_hours"),
                    choice("other"),
                ],
            ),
            question("since", "date", fills="notes.text"),
            question(
                "wants",
                "multiple",
                choices=[choice("bed", "need:shelter"), choice("lawyer", "need:legal_aid")],
            ),
        ),
        section("closing", question("thanks", "notice")),
    ],
    "combinations": [
        {
            "key": "kept_and_locked",
            "when": {
                "all": [
                    {"equals": {"question": "pay", "value": "kept"}},
                    {"includes": {"question": "seen", "value": "locked"}},
                ]
            },
            "raises": ["coercion_at_destination.threats_of_violence"],
        }
    ],
}


def plain() -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(FILE)


def read(file: dict[str, Any]) -> Checklist:
    return read_checklist(json.dumps(file, ensure_ascii=False).encode())


def section_of(file: dict[str, Any], purpose: str) -> dict[str, Any]:
    return next(each for each in file["sections"] if each["purpose"] == purpose)


def question_of(file: dict[str, Any], key: str) -> dict[str, Any]:
    return next(
        each for part in file["sections"] for each in part["questions"] if each["key"] == key
    )


def fitting(asked: Question) -> st.SearchStrategy[Any]:
    """Values that the question takes; a notice takes none."""
    keys = [each.key for each in asked.choices]
    if asked.kind is Kind.MULTIPLE:
        alone = [each.key for each in asked.choices if each.exclusive]
        others = [each for each in keys if each not in alone]
        several = st.lists(st.sampled_from(others), min_size=1, unique=True)
        return several if not alone else several | st.sampled_from([[each] for each in alone])
    if asked.choices:
        return st.sampled_from(keys)
    if asked.kind is Kind.NUMBER:
        return st.integers(asked.minimum, asked.maximum)
    if asked.kind is Kind.DATE:
        return st.sampled_from(["2026", "2025-12", "2024-02-29"])
    return st.text(min_size=1, max_size=5).filter(str.strip)


@st.composite
def answers_to(draw: st.DrawFn, checklist: Checklist) -> dict[str, Any]:
    """Answers to some questions, hidden ones too."""
    found = {}
    for asked in checklist.questions:
        if asked.kind is not Kind.NOTICE and draw(st.integers(0, 3)):
            found[asked.key] = asked.accept(draw(fitting(asked)))
    return found


def walked(checklist: Checklist, answers: dict[str, Any]) -> Interview:
    """A finished interview that gave these answers where asked, and skipped the rest."""
    interview = Interview.start(checklist)
    while (asked := interview.current) is not None:
        if asked.kind is Kind.NOTICE:
            interview = interview.next()
        elif asked.key in answers:
            interview = interview.answer(answers[asked.key])
        else:
            interview = interview.skip()
    return interview


@st.composite
def talks(draw: st.DrawFn, checklist: Checklist) -> Interview:
    """A finished interview, led as shown, that seldom ends before its questions."""
    interview = Interview.start(checklist)
    while (asked := interview.current) is not None:
        if asked.kind is Kind.NOTICE:
            interview = interview.next()
            continue
        ways = [interview.skip()] if draw(st.integers(0, 3)) == 0 else []
        ways += [interview.answer(draw(fitting(asked))) for _ in range(0 if ways else 1)]
        if any(gate.effect is Effect.END for gate in asked.gates) and draw(st.integers(0, 9)):
            ways = [interview.answer(each.key) for each in asked.choices]
            ways = [each for each in ways if not _ends(each)] or ways
        interview = draw(st.sampled_from(ways))
    return interview


def _ends(interview: Interview) -> bool:
    return any(each.effect is Effect.END for each in interview.gates)
