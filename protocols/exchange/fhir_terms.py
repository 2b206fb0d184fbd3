"""The names that a checklist has in FHIR: extensions of the standard, and Amana's own.

HL7 FHIR R4B (4.3.0), resource Questionnaire; HL7 Structured Data Capture (SDC), STU 3. Amana's
own extensions live under a reserved domain (RFC 2606) that never resolves: they are names only.
"""

from collections.abc import Mapping
from typing import Any

from protocols.screening.model import LANGUAGES, Kind, Text

OWN = "https://amana.invalid/fhir/StructureDefinition/"
CANONICAL = "https://amana.invalid/fhir/Questionnaire/"
CODES = "https://amana.invalid/fhir/CodeSystem/"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"

TRANSLATION = f"{HL7}translation"
VARIABLE = f"{HL7}variable"
OPTION_EXCLUSIVE = f"{HL7}questionnaire-optionExclusive"
ITEM_CONTROL = f"{HL7}questionnaire-itemControl"
MIN_VALUE = f"{HL7}minValue"
MAX_VALUE = f"{HL7}maxValue"
ENABLE_WHEN_EXPRESSION = f"{SDC}-enableWhenExpression"
ITEM_CONTROL_CODES = "http://hl7.org/fhir/questionnaire-item-control"
FHIRPATH = "text/fhirpath"

BASE_LANGUAGE = "en"
"""The language of the resource itself; the others stand beside it as translations."""
TYPES = {
    Kind.SINGLE: "choice",
    Kind.MULTIPLE: "choice",
    Kind.YES_NO_UNKNOWN: "choice",
    Kind.NUMBER: "integer",
    Kind.DATE: "date",
    Kind.TEXT: "text",
    Kind.NOTICE: "display",
}

Plain = dict[str, Any]
ROOT = "Questionnaire"
"""Where a fault is that lies in no item."""


def own(name: str, kind: str, value: Any) -> Plain:
    """Amana's extension of that name with a value of a FHIR type, such as "Code"."""
    return {"url": f"{OWN}{name}", f"value{kind}": value}


def own_parts(name: str, *parts: Plain) -> Plain:
    """Amana's extension of that name made of parts."""
    return {"url": f"{OWN}{name}", "extension": list(parts)}


def part(name: str, kind: str, value: Any) -> Plain:
    """A part of such an extension."""
    return {"url": name, f"value{kind}": value}


def expression(path: str, **more: str) -> Plain:
    """A FHIR Expression in FHIRPath."""
    return {**more, "language": FHIRPATH, "expression": path}


def in_languages(name: str, text: Text) -> Plain:
    """The field `name` in the base language, its translations beside it as `_name`."""
    others = [each for each in LANGUAGES if each != BASE_LANGUAGE and each in text]
    said = [
        {
            "url": TRANSLATION,
            "extension": [part("lang", "Code", each), part("content", "String", text[each])],
        }
        for each in others
    ]
    return {name: text[BASE_LANGUAGE], f"_{name}": {"extension": said}}


def extensions(element: Mapping[str, Any], url: str) -> list[Plain]:
    """The element's extensions of that address, in order."""
    found = [each for each in element.get("extension") or [] if each.get("url") == url]
    return list(found)


def value_of(extension: Mapping[str, Any]) -> Any:
    """Whatever value the extension has, or None."""
    return next((each for name, each in extension.items() if name.startswith("value")), None)


def place_of(item: Mapping[str, Any]) -> str:
    """Where a fault in the item is, for its user: "item pay"."""
    return f"item {str(item.get('linkId'))[:80]}"
