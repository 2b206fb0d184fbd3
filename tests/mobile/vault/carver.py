"""What somebody who has the vault's key can get back from raw bytes: a forensic carver.

It follows no tree and trusts no header. At every byte of every file it supposes a record's nonce,
and keeps what decrypts to a length and text; the rest of a long record is sought in every page of
the database and of its log, live, free or replaced long since. Authenticity is not asked for: half
a secret counts.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import frozen
from nacl._sodium import ffi, lib
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.encoding import RawEncoder
from nacl.hash import blake2b

NONCE, LENGTH = 24, 4
PAGE = 4096
LINK = 4
"""Before the content of an overflow page stands the number of the next."""
WAL_HEADER, FRAME_HEADER = 32, 24
PROBE, MOST_MEGABYTES = 16, 15
ENOUGH = 48
"""Bytes of good text that no chance makes."""
OWN_HASHES, NAME, PADDED_TO, TAG = 32, 296, 256, 16
_LENGTH = struct.Struct(">I")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_BEGINS = re.compile(rb"\x00[\x00-\x0f]..[\x20-\x7e]{8}", re.DOTALL)


@frozen
class Piece:
    """What was decrypted of a record: in which file and at which byte it begins, and its text."""

    file: str
    at: int
    text: bytes


def folder_bytes(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def carve(files: Mapping[str, bytes], vault_key: bytes) -> list[Piece]:
    """Everything in `files` that the vault's key still opens, a record (or what is left of it) a
    piece."""
    key = blake2b(b"", digest_size=32, key=vault_key, person=b"amana-record", encoder=RawEncoder)
    found = {}
    for name, data in files.items():
        for at in _nonces(data, key):
            nonce = data[at : at + NONCE]
            (begins,) = _LENGTH.unpack(data[at + NONCE : at + NONCE + LENGTH])
            (added,) = _LENGTH.unpack(_keystream(key, nonce, LENGTH))
            size = (begins ^ added) + LENGTH
            stream = _keystream(key, nonce, size + -size % PADDED_TO)
            local = data[at + NONCE : at + NONCE + min(size, PAGE)]
            found[name, at] = (_xor(local, stream), stream)
    return _whole(files, found)


def opened_by(files: Mapping[str, bytes], vault_key: bytes, wanted: Iterable[bytes]) -> set[bytes]:
    """Which of the texts `wanted` come back, whole or their first or second half."""
    return known_by(b"\n".join(each.text for each in carve(files, vault_key)), wanted)


def known_by(text: bytes, wanted: Iterable[bytes]) -> set[bytes]:
    """Which of the texts `wanted` are in `text`, whole or their first or second half."""
    halves = {each: (each[: len(each) // 2], each[len(each) // 2 :]) for each in wanted}
    return {each for each, two in halves.items() if any(half in text for half in two)}


def _nonces(data: bytes, key: bytes) -> Iterable[int]:
    """Where a nonce stands after which a length below a megabyte and readable text decrypt. One of
    many zeros is erased space; no nonce is that in a lifetime."""
    erased, base = bytes(8), ffi.from_buffer(data)
    zeros, stream, size = bytes(PROBE), ffi.new("unsigned char[]", PROBE + TAG), ffi.NULL
    failed = set()
    for at in range(len(data) - NONCE - PROBE):
        if data[at : at + 8] == erased or data[at + 16 : at + NONCE] == erased:
            continue
        window = data[at : at + NONCE + 2]
        if window in failed:
            continue
        lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
            stream, size, zeros, PROBE, size, 0, size, base + at, key
        )
        if stream[0] != window[NONCE] or stream[1] ^ window[NONCE + 1] > MOST_MEGABYTES:
            failed.add(window)
        elif _BEGINS.match(_xor(data[at + NONCE : at + NONCE + PROBE], bytes(stream)[:PROBE])):
            yield at


def _whole(
    files: Mapping[str, bytes], found: Mapping[tuple[str, int], tuple[bytes, bytes]]
) -> list[Piece]:
    """The records found, each with what overflow pages hold of it."""
    pages = [
        data[at + LINK : at + PAGE]
        for name, data in files.items()
        for at in _pages(name, data)
        if any(data[at + LINK : at + LINK + ENOUGH])
    ]
    tails: dict[bytes, list[tuple[int, bytes]]] = {}
    pieces = []
    for (name, at), (local, stream) in found.items():
        if stream not in tails:
            tails[stream] = list(_tails(pages, stream))
        text, end = local, 0
        for begin, tail in tails[stream]:
            text = (text[:begin] if begin >= end else text) + tail
            end = begin + len(tail)
        pieces.append(Piece(name, at, text))
    return pieces


def _tails(pages: Sequence[bytes], stream: bytes) -> Iterable[tuple[int, bytes]]:
    """Where a part of this record goes on in an overflow page, and that part, in their order."""
    for first in _locals(len(stream)):
        for begin in range(first, len(stream), PAGE - LINK):
            part = stream[begin : begin + PAGE - LINK]
            texts = (_xor(page, part) for page in pages if _is_text(_xor(page[:ENOUGH], part)))
            if (text := next(iter(texts), None)) is not None:
                yield begin, text


def _locals(size: int) -> list[int]:
    """How many bytes of a record of `size` padded bytes stay beside its nonce and do not overflow
    (https://www.sqlite.org/fileformat2.html, section 1.6, index b-trees), for names of up to a
    few hundred bytes."""
    body = NONCE + size + TAG
    found = []
    for name in range(NAME, NAME + 4 * PADDED_TO, PADDED_TO):
        before = 5 + (3 if 12 + 2 * body > 0x3FFF else 2) + OWN_HASHES + name
        payload = before + body
        most, least = (PAGE - 12) * 64 // 255 - 23, (PAGE - 12) * 32 // 255 - 23
        if payload > most:
            local = least + (payload - least) % (PAGE - LINK)
            found.append((local if local <= most else least) - before - NONCE)
    return [each for each in found if -PAGE < each < size]


def _is_text(data: bytes) -> bool:
    """Whether it reads as JSON would, wherever it was cut."""
    text = data.rstrip(b"\0").decode("utf-8", "replace")
    inner = text[4:-4]
    return len(inner) > PROBE and "\ufffd" not in inner and not CONTROL.search(inner)


def _pages(name: str, data: bytes) -> range:
    if name.endswith("-wal"):
        return range(WAL_HEADER + FRAME_HEADER, len(data) - PAGE + 1, PAGE + FRAME_HEADER)
    return range(0, len(data) - PAGE + 1, PAGE)


def _keystream(key: bytes, nonce: bytes, size: int) -> bytes:
    """What this nonce adds to a record's first `size` bytes: zeros, encrypted."""
    sealed: bytes = crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(size), b"", nonce, key)
    return sealed[:size]


def _xor(data: bytes, stream: bytes) -> bytes:
    size = min(len(data), len(stream))
    one, other = int.from_bytes(data[:size], "big"), int.from_bytes(stream[:size], "big")
    return (one ^ other).to_bytes(size, "big")
