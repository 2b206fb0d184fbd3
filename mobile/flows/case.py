"""The case by kind of information, from the interview and what the worker entered.

Answers travel as keys and values with the checklist's id and version, so that the reader's phone
can say them in its own language, and with the words as they were asked in case it cannot.
"""

from typing import Any

from mobile.casework.views import ScreeningRecord
from mobile.flows.draft import Draft
from protocols.plain import to_plain
from protocols.screening.assessment import Assessment
from protocols.screening.model import Checklist


def build_case(record: ScreeningRecord, assessment: Assessment, draft: Draft) -> dict[str, Any]:
    """The whole case, before any provider's part is cut from it; kinds without content are left
    out, and so is every empty field."""
    about = draft.about
    case = {
        "identity": _filled(
            name=about.name,
            sex=about.sex,
            age=about.age,
            age_group="child" if draft.child(assessment.population) else "adult",
            nationality=about.nationality,
            languages=list(about.languages),
        ),
        "contact": _filled(phone=about.phone, safe_times=about.safe_times, place=about.place),
        "needs": _filled(
            services=list(draft.services),
            urgency=draft.urgency,
            windows=list(assessment.windows),
            families=about.families,
            disability=about.disability,
            division=draft.division,
        ),
        "findings": [
            {
                "kind": each.kind,
                "forms": list(each.forms),
                "text": dict(each.text),
                "unconfirmed": each.unconfirmed,
                "rules": [reason.rule for reason in each.reasons],
            }
            for each in assessment.findings
        ],
        "answers": _answers(record),
        "health": _filled(text=about.health),
        "notes": _filled(text=about.notes),
    }
    return {kind: content for kind, content in case.items() if content}


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], False)}


def _answers(record: ScreeningRecord) -> list[dict[str, Any]]:
    """What was asked for the findings. Who the person is, how to reach them, health and notes are
    kinds of their own, so that none of them leaves with the answers."""
    interview, language = record.interview, record.language
    checklist = interview.checklist
    return [
        {
            "checklist": f"{checklist.id}/{checklist.version}",
            "question": key,
            "value": to_plain(value),
            "asked": checklist.by_key[key].text[language],
            "answer": given_text(checklist, key, value, language),
        }
        for key, value in interview.answers.items()
        if checklist.by_key[key].fills is None
    ]


def given_text(checklist: Checklist, question: str, value: Any, language: str) -> str:
    """An answer's words: its choices', else what was typed."""
    asked = checklist.by_key[question]
    if not asked.choices:
        return str(value)
    chosen = value if isinstance(value, list | tuple) else (value,)
    found = [asked.choice(each) for each in chosen]
    return " · ".join(each.text[language] for each in found if each is not None)
