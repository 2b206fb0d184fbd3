"""The bytes of a workbook: the parts of a zip archive, each as it is, or packed from an input.

The first byte says whether the rest is the archive, or the text of one part of a small workbook.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress

from protocols.exchange.problems import ExchangeError
from protocols.exchange.workbook_reading import read_workbook
from protocols.exchange.workbook_writing import workbook
from protocols.exchange.xlsform import from_xlsform
from tests.fuzz.target import Target

SMALL = workbook({"survey": [["type", "name"], ["text", "fictional"]], "settings": [["form_id"]]})
PARTS = tuple(sorted(zipfile.ZipFile(io.BytesIO(SMALL)).namelist()))


def read(data: bytes) -> object:
    kind = data[0] if data else 0
    book = data[1:] if kind >= len(PARTS) else _with(PARTS[kind], data[1:])
    sheets = read_workbook(book)
    with suppress(ExchangeError):
        from_xlsform(book)
    return sheets


def _with(part: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SMALL)) as small, zipfile.ZipFile(written, "w") as book:
        for name in small.namelist():
            book.writestr(name, content if name == part else small.read(name))
    return written.getvalue()


def seeds() -> Iterator[bytes]:
    yield b"\xff" + SMALL
    with zipfile.ZipFile(io.BytesIO(SMALL)) as small:
        for place, name in enumerate(PARTS):
            yield bytes([place]) + small.read(name)


TARGET = Target(read, (ExchangeError,), seeds, json=False, longest=16_000)
