"""The header of an age file: one stanza per recipient, then a MAC under the file key.

Source: C2SP age, https://c2sp.org/age, section "Header".
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import BinaryIO

from attrs import field, frozen

from protocols.errors import AmanaError, MalformedError
from protocols.sealing.hkdf import hkdf

VERSION_LINE = b"age-encryption.org/v1\n"
MAC_START = b"---"
STANZA_START = b"-> "
COLUMNS = 64
FILE_KEY_BYTES = 16
MAC_BYTES = 32
LONGEST_LINE = 16 * 1024
LONGEST_HEADER = 1024 * 1024


class AgeFormatError(MalformedError):
    """Bytes that are not an age v1 file, or a header that breaks its rules."""

    code = "age_format"


class AgeIntegrityError(AmanaError):
    """An age file altered or cut since it was sealed."""

    code = "age_integrity"


class AgeHeaderMacError(AgeIntegrityError):
    """The header's MAC does not fit: a stanza was added, removed or changed."""

    code = "age_header_mac"


@frozen
class Stanza:
    """One wrapping of the file key: its type, arguments (printable ASCII words) and body."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The stanza's lines; the body's last line is always shorter than 64 columns."""
        first = " ".join(("->", self.kind, *self.arguments))
        text = encode_unpadded(self.body)
        lines = [text[at : at + COLUMNS] for at in range(0, len(text) + 1, COLUMNS)]
        return "".join(f"{line}\n" for line in (first, *lines)).encode("ascii")


@frozen
class Header:
    """A parsed header: its stanzas, the bytes that the MAC covers, and the MAC itself."""

    stanzas: tuple[Stanza, ...]
    covered: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    def check(self, file_key: bytes) -> None:
        """Raises AgeHeaderMacError unless the MAC was made with `file_key`."""
        if not hmac.compare_digest(_mac(file_key, self.covered), self.mac):
            raise AgeHeaderMacError("the file's header was altered; ask for it to be sent again")


def encode_unpadded(data: bytes) -> str:
    """RFC 4648 section 4 without padding, as age writes it."""
    return base64.b64encode(data).decode("ascii").rstrip("=")


def decode_unpadded(text: str) -> bytes:
    """Canonical unpadded base64 only. Raises AgeFormatError."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise AgeFormatError("an age header with text that is not base64; refuse it") from error
    if encode_unpadded(data) != text:
        raise AgeFormatError("an age header with base64 that is not canonical; refuse it")
    return data


def write_header(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """The whole header, from its version line to its MAC."""
    covered = VERSION_LINE + b"".join(each.to_bytes() for each in stanzas) + MAC_START
    return covered + f" {encode_unpadded(_mac(file_key, covered))}\n".encode("ascii")


def read_header(reader: BinaryIO) -> Header:
    """Read up to and including the MAC line. Raises AgeFormatError."""
    lines = _Lines(reader)
    if lines.next() != VERSION_LINE:
        raise AgeFormatError("not an age v1 file; check that it is the right one")
    stanzas = []
    while True:
        before = bytes(lines.taken)
        line = lines.next()
        if line.startswith(MAC_START):
            break
        stanzas.append(_read_stanza(line, lines))
    if not stanzas:
        raise AgeFormatError("an age file for nobody; ask for it to be sealed again")
    start, space, text = _ascii(line[:-1]).partition(" ")
    if start.encode() != MAC_START or not space:
        raise AgeFormatError("an age header that ends without its MAC; refuse it")
    mac = decode_unpadded(text)
    if len(mac) != MAC_BYTES:
        raise AgeFormatError(f"a header MAC of {len(mac)} bytes; age has {MAC_BYTES}")
    return Header(tuple(stanzas), before + MAC_START, mac)


class _Lines:
    """Whole lines of bounded length, remembering what was taken."""

    def __init__(self, reader: BinaryIO) -> None:
        self._reader = reader
        self.taken = bytearray()

    def next(self) -> bytes:
        line = self._reader.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise AgeFormatError("an age header that breaks off; ask for the file again")
        self.taken += line
        if len(self.taken) > LONGEST_HEADER:
            raise AgeFormatError(f"an age header of more than {LONGEST_HEADER} bytes")
        return line


def _ascii(line: bytes) -> str:
    try:
        return line.decode("ascii")
    except UnicodeDecodeError as error:
        raise AgeFormatError("an age header with bytes that are not ASCII; refuse it") from error


def _read_stanza(line: bytes, lines: _Lines) -> Stanza:
    if not line.startswith(STANZA_START):
        raise AgeFormatError("an age header with a line that begins no stanza; refuse it")
    words = _ascii(line[len(STANZA_START) : -1]).split(" ")
    if not all(word and all(33 <= ord(each) <= 126 for each in word) for word in words):
        raise AgeFormatError("an age stanza with an empty or unprintable word; refuse it")
    text = ""
    while True:
        part = _ascii(lines.next()[:-1])
        text += part
        if len(part) > COLUMNS:
            raise AgeFormatError(f"an age stanza with a line over {COLUMNS} columns; refuse it")
        if len(part) < COLUMNS:
            return Stanza(words[0], tuple(words[1:]), decode_unpadded(text))


def _mac(file_key: bytes, covered: bytes) -> bytes:
    return hmac.digest(hkdf(file_key, b"", b"header"), covered, hashlib.sha256)
