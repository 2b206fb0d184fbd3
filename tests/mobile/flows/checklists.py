"""A fictional checklist with every kind of question, read as a file is read."""

import json

from protocols.screening.checklist_file import read_checklist

ID = "labour_inspector-adult"


def said(text):
    """Words in three languages that a test can tell apart."""
    return {"en": text, "fr": f"fr:{text}", "ar": f"ar:{text}"}


def question(key, kind="yes_no_unknown", voice="person", **more):
    return {"key": key, "kind": kind, "voice": voice, "text": said(key), **more}


def choice(key, *raises, **more):
    return {"key": key, "text": said(key), "raises": list(raises), **more}


def section(key, purpose, *questions):
    return {"key": key, "title": said(key), "purpose": purpose, "questions": list(questions)}


def everything(version=1):
    """The checklist that `everything_file` holds."""
    return read_checklist(everything_file(version))


def everything_file(version=1):
    """The checklist's file. `signs` raises needs, `hurt` an emergency; without an age it is a
    child's."""
    unsafe = {
        "key": "unsafe",
        "effect": "notice",
        "when": {"equals": {"question": "private", "value": "no"}},
        "text": said("find another place"),
    }
    refused = {
        "key": "refused",
        "effect": "end",
        "when": {"equals": {"question": "agrees", "value": "no"}},
        "text": said("respect it"),
    }
    young = {
        "key": "young",
        "effect": "notice",
        "when": {"less": {"question": "age", "than": 18}},
        "text": said("a child"),
        "checklist": "labour_inspector-child",
    }
    file = {
        "format": "amana-checklist/1",
        "id": ID,
        "version": version,
        "role": "labour_inspector",
        "population": "adult",
        "languages": ["ar", "fr", "en"],
        "title": said("Fictional checklist"),
        "sets": [{"name": "adult-labour", "coverage": "gate"}],
        "sources": [{"title": "fictional", "used_for": "tests", "confirmed": True}],
        "reviewers": [],
        "validation": {"status": "not_validated", "text": said("not validated")},
        "not_observed": {},
        "sections": [
            section("safety", "safety", question("private", gates=[unsafe], fills="conduct")),
            section(
                "emergency", "emergency", question("hurt", raises={"yes": ["finding:emergency"]})
            ),
            section(
                "interpreter",
                "interpreter",
                question("spoken", "single", choices=[choice("ar"), choice("fr")], fills="conduct"),
            ),
            section("consent", "consent", question("agrees", gates=[refused], fills="conduct")),
            section(
                "observations",
                "observations",
                question(
                    "signs",
                    "multiple",
                    "worker",
                    help=said("look around"),
                    choices=[
                        choice("shelter", "need:shelter"),
                        choice("lawyer", "need:legal_aid"),
                        choice("none", exclusive=True),
                    ],
                ),
            ),
            section(
                "questions",
                "questions",
                question("who", "text", fills="identity.name"),
                question(
                    "age",
                    "number",
                    minimum=0,
                    maximum=120,
                    gates=[young],
                    fills="identity.age",
                ),
                question("since", "date", fills="notes.text"),
                question(
                    "papers",
                    "single",
                    choices=[choice("own"), choice("taken", "need:consular_help")],
                ),
            ),
            section("closing", "closing", question("goodbye", "notice")),
        ],
    }
    return json.dumps(file).encode()
