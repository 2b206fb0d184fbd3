"""JSON Schemas of what travels, generated from the very classes that read and write it.

OpenAPI 3.1 speaks JSON Schema 2020-12. Because `protocols.plain` reads by the same type hints,
the schemas cannot drift from the code; a test checks real answers against them.
"""

from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from protocols.plain import to_plain

REF = "#/components/schemas/"

_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
    bytes: {
        "type": "string",
        "contentEncoding": "base64",
        "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    },
    datetime: {
        "type": "string",
        "format": "date-time",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
    },
}


class Schemas:
    """The `components/schemas` of an OpenAPI document, filled as classes are referred to."""

    def __init__(self) -> None:
        self.components: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """A schema for `kind`: an attrs class becomes a reference to its component."""
        if isinstance(kind, type) and attrs.has(kind):
            if kind.__name__ not in self.components:
                self.components[kind.__name__] = {}
                self.components[kind.__name__] = self._object(kind)
            return {"$ref": REF + kind.__name__}
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"type": "string", "enum": [member.value for member in kind]}
        if kind in _SIMPLE:
            return _SIMPLE[kind]
        return self._composed(kind)

    def _composed(self, kind: Any) -> dict[str, Any]:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(each) for each in arguments]}
        raise TypeError(f"no JSON schema for {kind}; teach backend.api.schema about it")

    def _object(self, kind: type) -> dict[str, Any]:
        hints = get_type_hints(kind)
        fields = [each for each in attrs.fields(kind) if each.init]
        properties = {}
        for each in fields:
            schema = dict(self.of(hints[each.name]))
            if each.default is not attrs.NOTHING and not isinstance(each.default, attrs.Factory):
                schema["default"] = to_plain(each.default)
            properties[each.name] = schema
        return {
            "type": "object",
            "description": (kind.__doc__ or "").strip(),
            "properties": properties,
            "required": [each.name for each in fields if each.default is attrs.NOTHING],
            "additionalProperties": False,
        }
