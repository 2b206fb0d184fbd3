"""Section "Plain values"."""

import base64
import json
import re
from datetime import UTC, datetime


class RefusedError(Exception):
    """The page says that this is not accepted; `code` where the page names one."""

    def __init__(self, code: str = "malformed") -> None:
        super().__init__(code)
        self.code = code


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise RefusedError
    return dict(pairs)


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise RefusedError
    return value


def _no(_: str) -> object:
    raise RefusedError


def read(data: bytes) -> object:
    """Strict JSON."""
    if len(data) > 8 * 1024 * 1024:
        raise RefusedError
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_pairs, parse_float=_number, parse_constant=_no
        )
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise RefusedError from error
    return value


def fields(value: object, **kinds: object) -> dict:
    """An object of exactly these fields; a kind is a type, or a tuple of them."""
    if not isinstance(value, dict) or set(value) != set(kinds):
        raise RefusedError
    for name, kind in kinds.items():
        allowed = kind if isinstance(kind, tuple) else (kind,)
        if type(value[name]) not in allowed:
            raise RefusedError
    return value


def moment(text: str) -> datetime:
    """A time."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text, re.ASCII):
        raise RefusedError
    try:
        value = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise RefusedError from error
    if value > datetime(9999, 1, 1, tzinfo=UTC):
        raise RefusedError
    return value


def unbase64(text: str) -> bytes:
    """Canonical, padded base64."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise RefusedError from error
    if base64.b64encode(data).decode() != text:
        raise RefusedError
    return data
