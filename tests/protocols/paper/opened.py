"""What stands in a PDF file, without a reader of PDF."""

import re
import zlib
from datetime import date

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT_PROGRAM = b"\x00\x01\x00\x00"


def streams(pdf: bytes) -> list[bytes]:
    """The inflated streams of a file made by fpdf2, without its font programs."""
    found = []
    for each in _STREAM.findall(pdf):
        try:
            inflated = zlib.decompress(each)
        except zlib.error:
            inflated = each
        if not inflated.startswith(_FONT_PROGRAM):
            found.append(inflated)
    return found


def drawing(pdf: bytes) -> bytes:
    """What draws the one page."""
    (found,) = (each for each in streams(pdf) if b" BDC" in each)
    return found


def dated(pdf: bytes) -> date:
    """The day of making that the file states."""
    found = re.search(rb"/CreationDate \(D:(\d{4})(\d\d)(\d\d)", pdf)
    assert found
    year, month, day = map(int, found.groups())
    return date(year, month, day)
