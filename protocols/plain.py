"""Strict JSON to and from frozen attrs/dataclass values: the one reader of untrusted JSON.

Strict means RFC 8259 and the interoperable profile of RFC 7493 (I-JSON): no duplicate names,
no NaN or Infinity, no unknown fields, no silent conversion of one type into another.
What is signed is bytes, never re-serialised, so no canonical form is needed.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin

from attrs import has
from cattrs import Converter
from cattrs.errors import (
    BaseValidationError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.v import format_exception, transform_error

from protocols.errors import AmanaError, MalformedError

T = TypeVar("T")
Entropy = Callable[[int], bytes]
"""Gives n unpredictable bytes; passed in so that tests and vectors can be repeated."""

MAX_JSON_BYTES = 8 * 1024 * 1024
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""No later time is read, so that adding hours or days to one never leaves the calendar."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def format_time(moment: datetime) -> str:
    """An aware `moment` as RFC 3339 UTC to the second: `2026-11-24T13:54:00Z`."""
    if moment.tzinfo is None:
        raise MalformedError("a time without a zone; pass an aware datetime")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """The aware UTC datetime that `format_time` wrote. Raises MalformedError."""
    try:
        parsed = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError(f"{text[:40]!r} is not a time like 2026-11-24T13:54:00Z") from error
    if format_time(parsed) != text:
        raise MalformedError(f"{text[:40]!r} is not written as 2026-11-24T13:54:00Z")
    if parsed > LATEST:
        raise MalformedError(f"{text} is later than any time that is read; correct it")
    return parsed


def encode_base64(data: bytes) -> str:
    """RFC 4648 section 4, padded."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Strict RFC 4648 section 4: canonical, padded. Raises MalformedError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("not base64 (RFC 4648, padded)") from error
    if encode_base64(data) != text:
        raise MalformedError("base64 that is not canonical")
    return data


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) != len(pairs):
        raise MalformedError("a JSON object names the same field twice")
    return seen


def _no_constant(name: str) -> Any:
    raise MalformedError(f"JSON has no {name}")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise MalformedError("a number too large to be one; correct it")
    return number


def _refuse_lone_surrogates(data: bytes, value: Any) -> None:
    """RFC 7493 section 2.1: half a character cannot be written again, hashed or stored."""
    if _SURROGATE.search(data):
        json.dumps(value, ensure_ascii=False).encode()


def load_json(data: bytes, limit: int = MAX_JSON_BYTES) -> Any:
    """Parse untrusted bytes. Raises MalformedError unless strict JSON of ≤ `limit` bytes."""
    if len(data) > limit:
        raise MalformedError(f"JSON of {len(data)} bytes; at most {limit} are read")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        _refuse_lone_surrogates(data, value)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, ValueError) as error:
        raise MalformedError(f"not JSON: {error}") from error
    return value


def dump_json(value: Any) -> bytes:
    """Compact UTF-8 JSON with sorted names; the same value gives the same bytes."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _exactly(kind: type) -> Callable[[Any, Any], Any]:
    def hook(value: Any, wanted: Any) -> Any:
        # A StrEnum is a str too, and cattrs hands it to the hook of its base.
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return _enum_in(value, wanted)
        if type(value) is not kind:
            raise MalformedError(f"expected {kind.__name__}, found {type(value).__name__}")
        return value

    return hook


def _enum_in(value: Any, kind: type[Enum]) -> Enum:
    if not isinstance(value, str):
        raise MalformedError(f"expected a name, found {type(value).__name__}")
    try:
        return kind(value)
    except ValueError as error:
        known = [str(each.value) for each in kind]
        near = get_close_matches(value[:40], known, 1)
        told = f"; nearest: {near[0]}" if near else f"; known: {', '.join(known)}"
        raise MalformedError(f"{value[:40]!r} is unknown{told}") from error


def _only_from_list(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (item, _) = get_args(kind)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise MalformedError(f"expected a list, found {type(value).__name__}")
        return tuple(_item(place, each) for place, each in enumerate(value))

    def _item(place: int, value: Any) -> Any:
        try:
            return converter.structure(value, item)
        except Exception as error:
            # The first fault is enough: a hostile list could have millions.
            error.add_note(IterableValidationNote(f"item {place}", place, item))
            raise IterableValidationError(f"item {place}", [error], kind) from error

    return hook


def _is_tuple(kind: object) -> bool:
    return get_origin(kind) is tuple


def _make_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind in (str, int, bool, float):
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(datetime, lambda value, _: parse_time(value))
    converter.register_unstructure_hook(datetime, format_time)
    converter.register_structure_hook(bytes, lambda value, _: decode_base64(value))
    converter.register_unstructure_hook(bytes, encode_base64)
    converter.register_structure_hook_func(
        lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _enum_in
    )

    @converter.register_structure_hook_factory(_is_tuple)
    def _(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
        return _only_from_list(kind, converter)

    return converter


_converter = _make_converter()


def to_plain(value: Any) -> Any:
    """A typed value as JSON-ready dicts and lists: times as RFC 3339, bytes as base64."""
    return _converter.unstructure(value)


def _in_words(error: BaseException, kind: type | None) -> str:
    return str(error) if isinstance(error, AmanaError) else format_exception(error, kind)


def from_plain(value: Any, kind: type[T]) -> T:
    """JSON-ready dicts and lists as `kind`. Raises MalformedError naming each wrong field."""
    if has(kind) and not isinstance(value, dict):
        raise MalformedError(f"{kind.__name__}: expected an object, found {type(value).__name__}")
    try:
        return _converter.structure(value, kind)
    except BaseValidationError as error:
        wrong = transform_error(error, format_exception=_in_words)
        raise MalformedError(f"{kind.__name__}: " + "; ".join(wrong)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MalformedError(f"{kind.__name__}: {error}") from error


def to_json(value: Any) -> bytes:
    """A typed value as compact JSON bytes."""
    return dump_json(to_plain(value))


def from_json(data: bytes, kind: type[T], limit: int = MAX_JSON_BYTES) -> T:
    """Untrusted JSON bytes as `kind`. Raises MalformedError."""
    return from_plain(load_json(data, limit), kind)
