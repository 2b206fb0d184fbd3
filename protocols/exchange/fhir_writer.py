"""A checklist as a FHIR Questionnaire (R4B, with SDC's expressions), as JSON-ready dicts.

Questions, choices, translations, limits and conditions are said in FHIR's own terms, so that a form
filler that knows SDC can show them; what FHIR has no word for stands in Amana's extensions. A gate
that ends the talk is a variable, and whatever it closes is enabled only while it does not hold.
"""

from collections.abc import Iterable
from typing import Any

from protocols.exchange.fhir_path import ENDED, enabled_path, to_path
from protocols.exchange.fhir_terms import (
    CANONICAL,
    CODES,
    ENABLE_WHEN_EXPRESSION,
    ITEM_CONTROL,
    ITEM_CONTROL_CODES,
    MAX_VALUE,
    MIN_VALUE,
    OPTION_EXCLUSIVE,
    TYPES,
    VARIABLE,
    Plain,
    expression,
    in_languages,
    own,
    own_parts,
    part,
)
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
from protocols.screening.model import (
    LANGUAGES,
    LONGEST_TEXT,
    Band,
    Checklist,
    Choice,
    Effect,
    Gate,
    Kind,
    Purpose,
    Question,
    Section,
)

SDC_PROFILE = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"


def questionnaire(checklist: Checklist) -> Plain:
    """The checklist as a Questionnaire resource."""
    return {
        "resourceType": "Questionnaire",
        "id": checklist.id.replace("_", "-"),
        "meta": {"profile": [SDC_PROFILE]},
        "language": "en",
        "extension": [*_facts(checklist), *_ended(checklist)],
        "url": f"{CANONICAL}{checklist.id}",
        "version": str(checklist.version),
        "name": checklist.id.replace("-", "_").title().replace("_", ""),
        **in_languages("title", checklist.title),
        "status": "draft" if checklist.validation.status == "not_validated" else "active",
        "item": [_section(each, checklist) for each in checklist.sections],
    }


def _facts(checklist: Checklist) -> Iterable[Plain]:
    yield own("role", "Code", checklist.role)
    yield own("population", "Code", checklist.population)
    for language in checklist.languages:
        yield own("language", "Code", language)
    for use in checklist.sets:
        yield own_parts(
            "set", part("name", "Code", use.name), part("coverage", "Code", use.coverage)
        )
    for source in checklist.sources:
        yield own_parts(
            "source",
            part("title", "String", source.title),
            part("usedFor", "String", source.used_for),
            part("confirmed", "Boolean", source.confirmed),
            *([] if source.url is None else [part("url", "Uri", source.url)]),
        )
    for reviewer in checklist.reviewers:
        yield own("reviewer", "String", reviewer)
    yield own_parts(
        "validation",
        part("status", "Code", checklist.validation.status),
        *(_said(each, checklist.validation.text[each]) for each in LANGUAGES),
    )
    for indicator, reason in sorted(checklist.not_observed.items()):
        yield own_parts(
            "notObserved", part("indicator", "Code", indicator), part("reason", "String", reason)
        )
    for each in checklist.combinations:
        yield own_parts(
            "combination",
            part("key", "Code", each.key),
            part("when", "Expression", expression(to_path(each.when))),
            *(part("raises", "Code", raised) for raised in each.raises),
        )


def _said(language: str, words: str) -> Plain:
    """A translation inside an extension, whose value cannot have one of its own."""
    parts = [part("lang", "Code", language), part("content", "String", words)]
    return {"url": "text", "extension": parts}


def _ending(checklist: Checklist) -> tuple[tuple[Question, Gate], ...]:
    """The gates that end the talk, each with its question; the first has the variable %ended1."""
    return tuple(
        (each, gate)
        for each in checklist.questions
        for gate in each.gates
        if gate.effect is Effect.END
    )


def _ended_before(checklist: Checklist, place: int, since: int = 0) -> tuple[str, ...]:
    """The variables of the gates between the questions of place `since` and `place`."""
    return tuple(
        f"{ENDED}{number}"
        for number, (question, _) in enumerate(_ending(checklist), 1)
        if since <= checklist.places[question.key] < place
    )


def _ended(checklist: Checklist) -> Iterable[Plain]:
    """One variable a gate: true once it closed the way. It can hold only where its question is
    shown."""
    for number, (question, gate) in enumerate(_ending(checklist), 1):
        section = checklist.sections_by_question[question.key]
        parts = [each for each in (section.show_if, question.show_if) if each is not None]
        path = to_path(All((*parts, gate.when)) if parts else gate.when)
        variable = expression(path, name=f"{ENDED}{number}")
        yield {"url": VARIABLE, "valueExpression": variable}


def _section(section: Section, checklist: Checklist) -> Plain:
    first = checklist.places[section.questions[0].key]
    closing = section.purpose is Purpose.CLOSING
    ended = () if closing else _ended_before(checklist, first)
    items = [
        _question(each, () if closing else _ended_before(checklist, place, first), checklist)
        for place, each in enumerate(section.questions, first)
    ]
    return _item(
        {
            "linkId": section.key,
            **in_languages("text", section.title),
            "type": "group",
            "item": items,
        },
        [own("purpose", "Code", section.purpose.value)],
        section.show_if,
        ended,
    )


def _item(
    item: Plain, said: list[Plain], show_if: Condition | None, ended: tuple[str, ...]
) -> Plain:
    """The item with its extensions, and when it is enabled: by `enableWhen` where that can say it,
    by an expression of SDC otherwise."""
    simple = None if ended or show_if is None else _enable_when(show_if)
    path = None if simple is not None else enabled_path(show_if, ended)
    if path is not None:
        said = [*said, {"url": ENABLE_WHEN_EXPRESSION, "valueExpression": expression(path)}]
    found = {**({"extension": said} if said else {}), **item, **(simple or {})}
    return {name: value for name, value in found.items() if value != []}


def _enable_when(condition: Condition) -> Plain | None:
    """The condition as `enableWhen`, or None where that cannot say it."""
    if isinstance(condition, All | AnyOf):
        behaviour: Plain = {
            "enableBehavior": "all" if isinstance(condition, All) else "any",
        }
        parts = condition.parts
    else:
        behaviour, parts = {}, (condition,)
    tests = [_test(each) for each in parts]
    if any(each is None for each in tests):
        return None
    return {"enableWhen": tests, **behaviour}


def _test(condition: Condition) -> Plain | None:
    if isinstance(condition, Not) and isinstance(condition.part, Answered):
        return _when(condition.part.question, "exists", "Boolean", False)
    if isinstance(condition, Answered):
        return _when(condition.question, "exists", "Boolean", True)
    if isinstance(condition, Equals | Includes):
        return _when(condition.question, "=", "Coding", {"code": condition.value})
    if isinstance(condition, Greater | Less):
        sign = ">" if isinstance(condition, Greater) else "<"
        return _when(condition.question, sign, "Integer", condition.than)
    return None


def _when(question: str, operator: str, kind: str, answer: Any) -> Plain:
    return {"question": question, "operator": operator, f"answer{kind}": answer}


def _question(question: Question, ended: tuple[str, ...], checklist: Checklist) -> Plain:
    limits = [
        {"url": url, "valueInteger": limit}
        for url, limit in ((MIN_VALUE, question.minimum), (MAX_VALUE, question.maximum))
        if limit is not None
    ]
    kept = [
        own(name, kind, value)
        for name, kind, value in (
            ("voice", "Code", question.voice.value),
            ("fills", "Code", question.fills),
            ("basis", "String", question.basis),
        )
        if value is not None
    ]
    if question.kind is Kind.YES_NO_UNKNOWN:
        kept.insert(0, own("kind", "Code", question.kind.value))
    item: Plain = {
        "linkId": question.key,
        **in_languages("text", question.text),
        "type": TYPES[question.kind],
    }
    if question.kind is Kind.MULTIPLE:
        item["repeats"] = True
    if question.kind is Kind.TEXT:
        item["maxLength"] = LONGEST_TEXT
    system = f"{CODES}{checklist.id}/{question.key}"
    item["answerOption"] = [_option(each, system) for each in question.choices]
    item["item"] = [*_help(question), *(_gate(each, question) for each in question.gates)]
    return _item(item, [*kept, *limits, *map(_band, question.bands)], question.show_if, ended)


def _option(choice: Choice, system: str) -> Plain:
    said = [own("raises", "Code", each) for each in choice.raises]
    if choice.exclusive:
        said.insert(0, {"url": OPTION_EXCLUSIVE, "valueBoolean": True})
    coding = {"system": system, "code": choice.key, **in_languages("display", choice.text)}
    return {**({"extension": said} if said else {}), "valueCoding": coding}


def _band(band: Band) -> Plain:
    return own_parts(
        "band",
        *([] if band.minimum is None else [part("minimum", "Integer", band.minimum)]),
        *([] if band.maximum is None else [part("maximum", "Integer", band.maximum)]),
        *(part("raises", "Code", each) for each in band.raises),
    )


def _help(question: Question) -> list[Plain]:
    if question.help is None:
        return []
    control = {"coding": [{"system": ITEM_CONTROL_CODES, "code": "help"}]}
    return [
        {
            "extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": control}],
            "linkId": f"{question.key}.help",
            **in_languages("text", question.help),
            "type": "display",
        }
    ]


def _gate(gate: Gate, question: Question) -> Plain:
    said = [own("gate", "Code", gate.key), own("effect", "Code", gate.effect.value)]
    if gate.checklist is not None:
        said.append(own("checklist", "Code", gate.checklist))
    return _item(
        {
            "linkId": f"{question.key}.gate.{gate.key}",
            **in_languages("text", gate.text),
            "type": "display",
        },
        said,
        gate.when,
        (),
    )
