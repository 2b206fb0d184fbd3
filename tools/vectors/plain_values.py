"""Strict JSON, times and base64: what is read and what is refused."""

from typing import Any

from attrs import frozen

from protocols.errors import MalformedError
from protocols.plain import from_json

JsonObject = dict[str, Any]


ACCEPTED = (
    ("compact", '{"flag":true,"number":7,"text":"أمانة"}'),
    ("spaced, escaped, another order", '{ "text": "\\u0623" ,"number":-0, "flag":false }'),
    ("a pair of surrogates", '{"flag":true,"number":1,"text":"\\ud83d\\ude00"}'),
)
REFUSED = (
    ("a name twice", '{"flag":true,"flag":true,"number":7,"text":""}'),
    ("a field too many", '{"extra":1,"flag":true,"number":7,"text":""}'),
    ("a field missing", '{"flag":true,"number":7}'),
    ("a whole number as a fraction", '{"flag":true,"number":7.0,"text":""}'),
    ("a flag as a number", '{"flag":1,"number":7,"text":""}'),
    ("a number as a flag", '{"flag":true,"number":true,"text":""}'),
    ("a number as text", '{"flag":true,"number":"7","text":""}'),
    ("nothing for text", '{"flag":true,"number":7,"text":null}'),
    ("NaN", '{"flag":true,"number":NaN,"text":""}'),
    ("a number beyond all numbers", '{"flag":true,"number":1e999,"text":""}'),
    ("half a pair of surrogates", '{"flag":true,"number":7,"text":"\\ud83d"}'),
    ("a comma at the end", '{"flag":true,"number":7,"text":"",}'),
    ("two values", '{"flag":true,"number":7,"text":""}{}'),
    ("an array", "[]"),
)
TIMES = (
    ("2026-11-24T13:54:00Z", True),
    ("9999-01-01T00:00:00Z", True),
    ("9999-01-01T00:00:01Z", False),
    ("2026-11-24T13:54:00+00:00", False),
    ("2026-11-24T13:54:00.5Z", False),
    ("2026-11-24T13:54:60Z", False),
    ("2026-11-24t13:54:00z", False),
    ("2026-02-29T00:00:00Z", False),
    ("2026-1-01T00:00:00Z", False),
)
BASE64 = (
    ("", "", True),
    ("AA==", "00", True),
    ("+/8=", "fbff", True),
    ("AA", None, False),
    ("AB==", None, False),
    ("-_8=", None, False),
    ("AA==\n", None, False),
)


@frozen
class _Object:
    flag: bool
    number: int
    text: str


def is_read(text: str) -> bool:
    """Whether our own reader takes `text` for an object of those three fields."""
    try:
        from_json(text.encode(), _Object)
    except MalformedError:
        return False
    return True


def make() -> JsonObject:
    """`docs/vectors/plain.json`."""
    return {
        "about": "An object has the fields flag (true or false), number (whole), text. `valid`"
        " says whether `json` (UTF-8) is read as one; times and base64 likewise.",
        "objects": [
            {"name": name, "json": text, "valid": is_read(text)}
            for name, text in (*ACCEPTED, *REFUSED)
        ],
        "times": [{"text": text, "valid": valid} for text, valid in TIMES],
        "base64": [{"text": text, "hex": data, "valid": valid} for text, data, valid in BASE64],
    }
