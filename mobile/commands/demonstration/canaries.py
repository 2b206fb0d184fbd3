"""The secret strings of the demo's case, and the search for them where none may be.

A secret is looked for as UTF-8, UTF-16, JSON with Unicode escapes, percent-encoded and in
hexadecimal, and in base64 at its three alignments. What is searched is also unwrapped: base64 in it
is decoded, to four levels, HTTP's chunks are joined, gzip and zlib are inflated, so that a secret
inside a signed statement inside a JSON body is found too.
"""

import json
import re
import sqlite3
import zlib
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from attrs import frozen

SHORTEST = 7
"""Characters. Shorter strings occur by chance, or in everybody's words."""
LEVELS = 4
JOINT = " · "
"""Between several answers to one question."""
_CODE = re.compile(r"[a-z0-9]+([_./:-][a-z0-9]+)*")
_MANY_DIGITS = re.compile(r"\d{7}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_CHUNK_BORDER = re.compile(rb"\r\n[0-9A-Fa-f]{1,8}\r\n")
_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
"""How gzip's (RFC 1952) and zlib's (RFC 1950) streams begin."""
_EITHER = 32 + zlib.MAX_WBITS
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@frozen
class Hit:
    """A secret met where it may not be, and in which form."""

    secret: str
    place: str
    form: str


def strings_of(value: Any) -> Iterator[str]:
    """Every string in a JSON value; the names of its fields are no secrets."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from strings_of(value.values())
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for each in value:
            yield from strings_of(each)


def distinctive(strings: Iterable[str], public: Iterable[str] = ()) -> tuple[str, ...]:
    """Those that can be searched for, line by line, and where several answers stand on a line each
    by itself too; each once: not short, no code such as `within_72_hours` or `livelihood`, and
    none of `public`, words that stand there for everybody to read."""
    leave = set(public)
    lines = (
        part.strip()
        for each in strings
        for line in each.splitlines()
        for part in (line, *line.split(JOINT))
    )
    return tuple(
        dict.fromkeys(
            line
            for line in lines
            if len(line) >= SHORTEST and line not in leave and not _is_code(line)
        )
    )


def _is_code(line: str) -> bool:
    return _CODE.fullmatch(line) is not None and _MANY_DIGITS.search(line) is None


def forms_of(secret: str) -> dict[bytes, str]:
    """How `secret` could travel: bytes -> the form's name."""
    escaped = json.dumps(secret)[1:-1]
    utf8, percent = secret.encode(), quote(secret, safe="")
    forms = [
        (utf8, "UTF-8"),
        (secret.encode("utf-16-le"), "UTF-16, little endian"),
        (secret.encode("utf-16-be"), "UTF-16, big endian"),
        (escaped.encode(), "JSON escapes"),
        (re.sub(r"\\u[0-9a-f]{4}", _upper_digits, escaped).encode(), "JSON escapes, upper case"),
        (percent.encode(), "percent-encoded"),
        (re.sub(r"%[0-9A-F]{2}", _lower, percent).encode(), "percent-encoded, lower case"),
        (quote_plus(secret).encode(), "form-encoded"),
        (utf8.hex().encode(), "hexadecimal"),
        (utf8.hex().upper().encode(), "hexadecimal, upper case"),
    ]
    for data, name in (forms[0], forms[1], forms[3]):
        for shift in range(3):
            encoded = _aligned(data, shift)
            forms.append((encoded, f"base64 of {name}"))
            forms.append((encoded.translate(_URL_SAFE), f"URL-safe base64 of {name}"))
    return dict(reversed(forms))


def _upper_digits(found: re.Match[str]) -> str:
    return "\\u" + found[0][2:].upper()


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()


def _aligned(data: bytes, shift: int) -> bytes:
    """The base64 that `data` alone decides where it starts `shift` bytes into a group of three."""
    first = (0, 2, 3)[shift]
    return b64encode(bytes(shift) + data)[first : (shift + len(data)) * 8 // 6]


def views(data: bytes, levels: int = LEVELS) -> Iterator[bytes]:
    """`data`; its HTTP chunks joined; and what its base64, its gzip and its zlib streams hold."""
    yield data
    joined = _CHUNK_BORDER.sub(b"", data)
    if joined != data:
        yield joined
    if levels:
        for inner in (*_decoded(joined), *_inflated(joined)):
            yield from views(inner, levels - 1)


def _decoded(data: bytes) -> Iterator[bytes]:
    """All base64 in `data`, decoded, a run a line."""
    if found := b"\n".join(_from_base64(each[0]) for each in _BASE64.finditer(data)):
        yield found


def _from_base64(run: bytes) -> bytes:
    usable = run.translate(_URL_SAFE)
    if len(usable) % 4 == 1:
        usable = usable[:-1]
    return urlsafe_b64decode(usable + b"=" * (-len(usable) % 4))


def _inflated(data: bytes) -> Iterator[bytes]:
    """What follows each gzip or zlib header in `data`; bytes that only look like one give nothing,
    or a little nonsense."""
    for begins in _STREAM.finditer(data):
        try:
            inner = zlib.decompressobj(wbits=_EITHER).decompress(data[begins.start() :])
        except zlib.error:
            continue
        if inner:
            yield inner


def search(secrets: Iterable[str], data: bytes, place: str) -> tuple[Hit, ...]:
    """Which of `secrets` are in `data`; each once, in the first form met."""
    found: dict[str, Hit] = {}
    forms = {secret: forms_of(secret) for secret in secrets}
    for view in views(data):
        for secret in forms.keys() - found.keys():
            met = next((name for form, name in forms[secret].items() if form in view), None)
            if met is not None:
                found[secret] = Hit(secret, place, met)
    return tuple(found[secret] for secret in forms if secret in found)


def search_files(secrets: Iterable[str], files: Iterable[Path]) -> tuple[Hit, ...]:
    """The same over whole files."""
    wanted = tuple(secrets)
    return tuple(hit for each in files for hit in search(wanted, each.read_bytes(), each.name))


def search_tables(secrets: Iterable[str], database: Path) -> tuple[Hit, ...]:
    """The same over every value of an SQLite database: in the file itself a long value lies in
    pages, and a secret could be cut in two."""
    wanted = tuple(secrets)
    hits: dict[Hit, None] = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in listed.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 a table's own name
            data = b"\n".join(_bytes(value) for row in rows for value in row)
            hits.update(dict.fromkeys(search(wanted, data, f"{database.name}, table {table}")))
    return tuple(hits)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
