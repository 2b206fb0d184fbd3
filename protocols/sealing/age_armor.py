"""age's ASCII armor: strict PEM (RFC 7468) with 64 columns, for channels that carry only text.

Source: C2SP age, section "ASCII armor". Reading and writing stream.
"""

import base64
import binascii
from io import BufferedReader, BytesIO, RawIOBase
from typing import BinaryIO, cast

from protocols.sealing.age_header import AgeFormatError

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
LINE_BYTES = 48
LONGEST_LINE = 1024
WHITESPACE = b" \t\r\n"
MOST_OUTSIDE = 1024
"""The most whitespace read over before the first line or after the last."""


class AgeArmorError(AgeFormatError):
    """Armor that is not strict: foreign text, wrong columns, base64 that is not canonical."""

    code = "age_armor"


class ArmorWriter(RawIOBase):
    """Writes armored lines into `writer`. `close` ends the armor; it leaves `writer` open."""

    def __init__(self, writer: BinaryIO) -> None:
        super().__init__()
        self._writer = writer
        self._waiting = bytearray()
        writer.write(BEGIN + b"\n")

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        given = bytes(cast(bytes, data))
        self._waiting += given
        whole = len(self._waiting) - len(self._waiting) % LINE_BYTES
        self._put(bytes(self._waiting[:whole]))
        del self._waiting[:whole]
        return len(given)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting))
            self._writer.write(END + b"\n")
        super().close()

    def _put(self, data: bytes) -> None:
        for at in range(0, len(data), LINE_BYTES):
            self._writer.write(base64.b64encode(data[at : at + LINE_BYTES]) + b"\n")


class _Dearmored(RawIOBase):
    """The bytes inside the armor that `reader` gives; any fault raises AgeArmorError."""

    def __init__(self, reader: BinaryIO) -> None:
        super().__init__()
        self._reader = reader
        self._ready = b""
        self._state = "before"
        self._short = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(cast(bytearray, buffer))
        while not self._ready and self._state != "after":
            self._advance()
        part, self._ready = self._ready[: len(target)], self._ready[len(target) :]
        target[: len(part)] = part
        return len(part)

    def _advance(self) -> None:
        if self._state == "before":
            self._begin()
            self._state = "inside"
            return
        line = self._line()
        if line == END:
            self._expect_nothing_more()
            self._state = "after"
            return
        if self._short or not 0 < len(line) <= COLUMNS:
            raise AgeArmorError("armor with a line of the wrong length; copy the whole text again")
        self._short = len(line) < COLUMNS
        self._ready = _decode_line(line)
        self._short = self._short or line.endswith(b"=")

    def _line(self) -> bytes:
        line = self._reader.readline(LONGEST_LINE)
        if not line:
            raise AgeArmorError("armor without its last line; copy the whole text again")
        return line.removesuffix(b"\n").removesuffix(b"\r") if line.endswith(b"\n") else line

    def _begin(self) -> None:
        skipped = 0
        while skipped <= MOST_OUTSIDE:
            line = self._reader.readline(LONGEST_LINE)
            if line.strip(WHITESPACE):
                break
            skipped += len(line) or MOST_OUTSIDE + 1
        # Like age itself, whitespace may stand before the armor only as lines of its own.
        if line.removesuffix(b"\n").removesuffix(b"\r") != BEGIN:
            raise AgeArmorError("no age armor here; copy the whole text again")

    def _expect_nothing_more(self) -> None:
        rest = self._reader.read(MOST_OUTSIDE + 1)
        if len(rest) > MOST_OUTSIDE or rest.strip(WHITESPACE):
            raise AgeArmorError("text after the armor's end; copy only the armor")


def _decode_line(line: bytes) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise AgeArmorError("armor that is not base64; copy the whole text again") from error
    if base64.b64encode(data) != line:
        raise AgeArmorError("armor with base64 that is not canonical; refuse it")
    return data


def dearmoring(reader: BinaryIO) -> BinaryIO:
    """A reader of the binary age file inside the armor; its reads raise AgeArmorError."""
    return cast(BinaryIO, BufferedReader(_Dearmored(reader)))


def looks_armored(start: bytes) -> bool:
    """Whether a file that begins with `start` is meant to be armored."""
    return start.lstrip(WHITESPACE).startswith(b"-----BEGIN")


def armor(data: bytes) -> bytes:
    """`data` as armored text with LF line ends."""
    text = BytesIO()
    writer = ArmorWriter(text)
    writer.write(data)
    writer.close()
    return text.getvalue()


def dearmor(text: bytes) -> bytes:
    """The binary age file inside. Raises AgeArmorError."""
    return dearmoring(BytesIO(text)).read()
