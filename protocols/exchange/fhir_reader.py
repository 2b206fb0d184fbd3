"""A FHIR Questionnaire as the JSON of a checklist file, with a list of everything that is wrong.

What Amana would have to drop is a problem too: nothing of a form is lost in silence, but for what
only describes the resource (`TOLD_ELSEWHERE`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from protocols.exchange.fhir_items import Items
from protocols.exchange.fhir_path import FhirPathError, from_path
from protocols.exchange.fhir_terms import (
    BASE_LANGUAGE,
    OWN,
    ROOT,
    VARIABLE,
    Plain,
    extensions,
    value_of,
)
from protocols.exchange.problems import Problem
from protocols.screening.checklist_file import FORMAT

READ = frozenset(("language", "extension", "version", "title", "_title", "item"))
TOLD_ELSEWHERE = frozenset(
    (
        *("resourceType", "id", "meta", "implicitRules", "text", "url", "identifier", "name"),
        *("status", "experimental", "subjectType", "date", "publisher", "contact", "code"),
        *("description", "useContext", "jurisdiction", "purpose", "copyright"),
        *("approvalDate", "lastReviewDate", "effectivePeriod"),
    )
)
"""What describes the resource and nothing that is asked: left out."""
KNOWN_FACTS = frozenset(
    (
        *("role", "population", "language", "set", "source", "reviewer", "validation"),
        *("notObserved", "combination"),
    )
)


def checklist_plain(resource: Mapping[str, Any]) -> tuple[Plain, list[Problem]]:
    """The checklist file's JSON that the resource states, and what is wrong with the resource."""
    problems: list[Problem] = []
    _only_known(resource, problems)
    items = Items(problems)
    sections = items.sections(resource.get("item") or [])
    facts = _Facts(resource, problems)
    file: Plain = {
        "format": FORMAT,
        "id": f"{facts.one('role')}-{facts.one('population')}",
        "version": _version(resource, problems),
        "role": facts.one("role"),
        "population": facts.one("population"),
        "languages": facts.values("language"),
        "title": items.words(resource, "title", ROOT),
        "sets": facts.parts("set", ("name", "coverage")),
        "sources": [_source(each) for each in facts.parts("source", ("title", "usedFor"))],
        "reviewers": facts.values("reviewer"),
        "validation": _validation(facts),
        "not_observed": {
            each.get("indicator"): each.get("reason")
            for each in facts.parts("notObserved", ("indicator", "reason"))
        },
        "sections": sections,
    }
    combinations = [_combination(each, items, problems) for each in facts.raw("combination")]
    if combinations:
        file["combinations"] = combinations
    return file, problems


def _only_known(resource: Mapping[str, Any], problems: list[Problem]) -> None:
    for name in sorted(set(resource) - READ - TOLD_ELSEWHERE):
        problems.append(Problem(ROOT, f"a checklist has no place for {name[:60]!r}; remove it"))
    for each in resource.get("extension") or []:
        url = str(each.get("url"))
        name = url.removeprefix(OWN)
        if not (name != url and name in KNOWN_FACTS) and url != VARIABLE:
            problems.append(Problem(ROOT, f"the extension {url[:120]} is not known; remove it"))
    if resource.get("language", BASE_LANGUAGE) != BASE_LANGUAGE:
        problems.append(
            Problem(
                ROOT,
                f"the language of the resource is {BASE_LANGUAGE}; others "
                "stand beside it as translations",
            )
        )


def _version(resource: Mapping[str, Any], problems: list[Problem]) -> int:
    text = str(resource.get("version", ""))
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    problems.append(Problem(f"{ROOT}.version", "write the edition as a whole number from 1"))
    return 1


class _Facts:
    """Amana's extensions of the resource."""

    def __init__(self, resource: Mapping[str, Any], problems: list[Problem]) -> None:
        self._resource = resource
        self._problems = problems

    def raw(self, name: str) -> list[Plain]:
        return extensions(self._resource, f"{OWN}{name}")

    def values(self, name: str) -> list[Any]:
        return [value_of(each) for each in self.raw(name)]

    def one(self, name: str) -> str:
        found = self.values(name)
        if len(found) == 1 and isinstance(found[0], str):
            return found[0]
        told = f"give the extension {OWN}{name} exactly once, as a code"
        if not any(each.message == told for each in self._problems):
            self._problems.append(Problem(ROOT, told))
        return ""

    def parts(self, name: str, needed: tuple[str, ...]) -> list[Plain]:
        found = []
        for each in self.raw(name):
            there = {str(part.get("url")): value_of(part) for part in each.get("extension") or []}
            missing = [part for part in needed if there.get(part) is None]
            if missing:
                told = f"the extension {name} lacks {', '.join(missing)}; add it"
                self._problems.append(Problem(ROOT, told))
            else:
                found.append(there)
        return found

    def texts(self, name: str) -> Plain:
        """language -> words of the parts `text` of the one extension of that name."""
        words: Plain = {}
        for each in self.raw(name):
            for said in extensions(each, "text"):
                parts = {part["url"]: value_of(part) for part in said.get("extension") or []}
                words[str(parts.get("lang"))] = parts.get("content")
        return words


def _source(parts: Plain) -> Plain:
    source = {
        "title": parts["title"],
        "used_for": parts["usedFor"],
        "confirmed": parts.get("confirmed") is True,
    }
    return source if parts.get("url") is None else {**source, "url": parts["url"]}


def _validation(facts: _Facts) -> Plain:
    found = facts.parts("validation", ("status",))
    status = found[0]["status"] if len(found) == 1 else ""
    return {"status": status, "text": facts.texts("validation")}


def _combination(extension: Plain, items: Items, problems: list[Problem]) -> Plain:
    parts = extension.get("extension") or []
    key = _first(parts, "key")
    when = _expression(_first(parts, "when"))
    where = f"combination {key}"
    try:
        condition, gates = from_path(when, items.kinds)
    except FhirPathError as error:
        problems.append(Problem(where, str(error)))
        condition, gates = None, ()
    if gates:
        problems.append(Problem(where, "a combination looks at answers only; drop the variables"))
    raises = [value_of(each) for each in parts if each.get("url") == "raises"]
    return {"key": key, "when": condition, "raises": raises}


def _expression(value: Any) -> str:
    return str(value.get("expression")) if isinstance(value, dict) else ""


def _first(parts: Iterable[Plain], name: str) -> Any:
    return next((value_of(each) for each in parts if each.get("url") == name), None)
