"""The items of a FHIR Questionnaire as the sections and questions of a checklist file."""

from collections.abc import Mapping
from typing import Any

from protocols.exchange.fhir_conditions import condition_of
from protocols.exchange.fhir_terms import (
    BASE_LANGUAGE,
    ENABLE_WHEN_EXPRESSION,
    ITEM_CONTROL,
    MAX_VALUE,
    MIN_VALUE,
    OPTION_EXCLUSIVE,
    OWN,
    TRANSLATION,
    Plain,
    extensions,
    place_of,
    value_of,
)
from protocols.exchange.problems import Problem
from protocols.screening.checklist_file import yes_no_unknown
from protocols.screening.model import LONGEST_TEXT, Kind, Purpose

KNOWN = frozenset(
    (
        *("id", "linkId", "extension", "text", "_text", "prefix", "code", "definition", "type"),
        *("enableWhen", "enableBehavior", "repeats", "maxLength", "item"),
    )
)
"""What an item may have besides answers; prefix, code and definition only describe it."""
KNOWN_EXTENSIONS = frozenset(
    (
        *(f"{OWN}{each}" for each in ("purpose", "kind", "voice", "fills", "basis", "band")),
        *(f"{OWN}{each}" for each in ("gate", "effect", "checklist")),
        *(ENABLE_WHEN_EXPRESSION, ITEM_CONTROL, MIN_VALUE, MAX_VALUE),
    )
)
KINDS = {
    "integer": Kind.NUMBER,
    "date": Kind.DATE,
    "text": Kind.TEXT,
    "display": Kind.NOTICE,
}


class Items:
    """Reads items and notes what is wrong. `kinds`: question -> kind, of those read so far."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self.kinds: dict[str, Kind] = {}
        self._closing = False

    def sections(self, items: list[Plain]) -> list[Plain]:
        """The sections that the resource's items are."""
        found = []
        for each in items:
            where = place_of(each)
            if each.get("type") != "group":
                self._tell(where, "outside a section; put each question into a group")
                continue
            self._only_known(each, where, ())
            purpose = self._own(each, "purpose", where)
            self._closing = purpose == Purpose.CLOSING
            section: Plain = {
                "key": each.get("linkId"),
                "title": self.words(each, "text", where),
                "purpose": purpose,
                "questions": [self._question(one) for one in each.get("item") or []],
            }
            found.append(self._with_condition(section, each, where, "show_if"))
        return found

    def words(self, element: Mapping[str, Any], name: str, where: str) -> Plain:
        """language -> words, from the field and its translations."""
        said: Plain = {}
        if element.get(name) is not None:
            said[BASE_LANGUAGE] = element[name]
        for each in extensions(element.get(f"_{name}") or {}, TRANSLATION):
            parts = {str(part.get("url")): value_of(part) for part in each.get("extension") or []}
            language = str(parts.get("lang"))
            if language in said:
                self._tell(where, f"{name}: translated twice into {language[:20]!r}; keep one")
            said[language] = parts.get("content")
        return said

    def _tell(self, where: str, message: str) -> None:
        self._problems.append(Problem(where, message))

    def _question(self, item: Plain) -> Plain:
        where = place_of(item)
        kind = self._kind(item, where)
        self._only_known(item, where, ("answerOption",) if kind in _CHOOSING else ())
        key = str(item.get("linkId"))
        self.kinds[key] = kind
        question: Plain = {
            "key": key,
            "kind": kind.value,
            "voice": self._own(item, "voice", where),
            "text": self.words(item, "text", where),
        }
        for name in ("fills", "basis"):
            found = extensions(item, f"{OWN}{name}")
            if found:
                question[name] = value_of(found[0])
        if kind is Kind.NUMBER:
            self._numbers(item, question)
        if kind in _CHOOSING:
            self._options(item, kind, question, where)
        self._children(item, question, where)
        return self._with_condition(question, item, where, "show_if")

    def _kind(self, item: Plain, where: str) -> Kind:
        if item.get("type") == "choice":
            if value_of((extensions(item, f"{OWN}kind") or [{}])[0]) == Kind.YES_NO_UNKNOWN:
                return Kind.YES_NO_UNKNOWN
            return Kind.MULTIPLE if item.get("repeats") is True else Kind.SINGLE
        if item.get("repeats") is True:
            self._tell(where, "only a choice may repeat; drop repeats")
        if item.get("type") == "text" and item.get("maxLength", LONGEST_TEXT) != LONGEST_TEXT:
            self._tell(
                where, f"a text has at most {LONGEST_TEXT} characters; write that or nothing"
            )
        kind = KINDS.get(str(item.get("type")))
        if kind is None:
            known = ", ".join(["choice", *KINDS])
            self._tell(where, f"type {str(item.get('type'))[:40]!r} is not asked; use {known}")
            return Kind.NOTICE
        return kind

    def _numbers(self, item: Plain, question: Plain) -> None:
        for name, url in (("minimum", MIN_VALUE), ("maximum", MAX_VALUE)):
            for each in extensions(item, url):
                question[name] = value_of(each)
        bands = []
        for each in extensions(item, f"{OWN}band"):
            parts = each.get("extension") or []
            there = {str(part.get("url")): value_of(part) for part in parts}
            raises = [value_of(part) for part in parts if part.get("url") == "raises"]
            limits = {name: there.get(name) for name in ("minimum", "maximum")}
            bands.append({**limits, "raises": raises})
        if bands:
            question["bands"] = bands

    def _options(self, item: Plain, kind: Kind, question: Plain, where: str) -> None:
        choices = [self._option(each, where) for each in item.get("answerOption") or []]
        if kind is not Kind.YES_NO_UNKNOWN:
            question["choices"] = choices
            return
        words = yes_no_unknown()
        there = {each["key"]: each["text"] for each in choices}
        if there != words:
            told = "its answers are those of every yes/no question, in the same words; restore them"
            self._tell(where, told)
        raises = {each["key"]: each["raises"] for each in choices if each.get("raises")}
        if raises:
            question["raises"] = raises

    def _option(self, option: Plain, where: str) -> Plain:
        coding = option.get("valueCoding")
        if not isinstance(coding, dict):
            self._tell(where, "each answer is a coding with code and display")
            coding = {}
        place = f"{where}, answer {coding.get('code')}"
        choice: Plain = {
            "key": str(coding.get("code")),
            "text": self.words(coding, "display", place),
        }
        for each in option.get("extension") or []:
            if each.get("url") not in (OPTION_EXCLUSIVE, f"{OWN}raises"):
                url = str(each.get("url"))
                self._tell(place, f"the extension {url[:120]} is not known; remove it")
        raises = [value_of(each) for each in extensions(option, f"{OWN}raises")]
        if raises:
            choice["raises"] = raises
        if any(value_of(each) is True for each in extensions(option, OPTION_EXCLUSIVE)):
            choice["exclusive"] = True
        return choice

    def _children(self, item: Plain, question: Plain, where: str) -> None:
        """Help and gates stand below their question as words to be shown."""
        gates = []
        for each in item.get("item") or []:
            place = place_of(each)
            self._only_known(each, place, ())
            if each.get("type") != "display" or each.get("item"):
                self._tell(place, "below a question stand help and gates only; move it out")
            elif extensions(each, f"{OWN}gate"):
                gates.append(self._gate(each, place))
            elif "help" in question:
                self._tell(place, "a question has one help text; join them")
            elif each.get("enableWhen") or extensions(each, ENABLE_WHEN_EXPRESSION):
                self._tell(place, "help is always shown with its question; drop the condition")
            else:
                question["help"] = self.words(each, "text", place)
        if gates:
            question["gates"] = gates

    def _gate(self, item: Plain, where: str) -> Plain:
        gate: Plain = {
            "key": self._own(item, "gate", where),
            "effect": self._own(item, "effect", where),
            "text": self.words(item, "text", where),
        }
        found = extensions(item, f"{OWN}checklist")
        if found:
            gate["checklist"] = value_of(found[0])
        return self._with_condition(gate, item, where, "when")

    def _with_condition(self, told: Plain, item: Plain, where: str, name: str) -> Plain:
        closed = name == "show_if" and not self._closing
        condition = condition_of(item, self.kinds, closed, where, self._tell)
        if condition is None and name == "when":
            self._tell(where, "say when the gate holds (enableWhen)")
        return told if condition is None else {**told, name: condition}

    def _own(self, item: Plain, name: str, where: str) -> str:
        found = [value_of(each) for each in extensions(item, f"{OWN}{name}")]
        if len(found) == 1 and isinstance(found[0], str):
            return found[0]
        self._tell(where, f"give the extension {OWN}{name} exactly once, as a code")
        return ""

    def _only_known(self, item: Plain, where: str, more: tuple[str, ...]) -> None:
        known = KNOWN | set(more)
        for name in sorted(set(item) - known):
            self._tell(where, f"a checklist has no place for {name[:60]!r} here; remove it")
        for each in item.get("extension") or []:
            if each.get("url") not in KNOWN_EXTENSIONS:
                self._tell(
                    where, f"the extension {str(each.get('url'))[:120]} is not known; remove it"
                )


_CHOOSING = (Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO_UNKNOWN)
