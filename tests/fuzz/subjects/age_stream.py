"""The payload of an age file: what was sealed is opened as it was, and a payload cut, lengthened
or damaged anywhere opens to none.

An input is where and how to damage (5 bytes), then the words to seal.
"""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from protocols.sealing.age_header import AgeFormatError, AgeIntegrityError
from protocols.sealing.age_stream import decrypt_payload, encrypt_payload
from protocols.sealing.padding import PaddingError, pad, unpad
from tests.fuzz.target import DifferentError, Target, same

FILE_KEY = b"fictional key 16"
NONCE = bytes(16)
CHUNK = 64 * 1024
HEAD = 5


def read(data: bytes) -> object:
    place, act = int.from_bytes(data[:4]), data[4] if len(data) >= HEAD else 0
    words = data[HEAD:]
    same(unpad(pad(words)), words)
    words *= 1 if act % 8 else 1 + CHUNK // max(len(words), 1)
    sealed = _sealed(words)
    same(_opened(sealed), words)
    changed = _damaged(sealed, place, act >> 3)
    if changed != sealed:
        try:
            _opened(changed)
        except (AgeFormatError, AgeIntegrityError):
            pass
        else:
            raise DifferentError("a damaged payload opens")
    with suppress(PaddingError):
        same(pad(unpad(data)), data)
    with suppress(AgeFormatError, AgeIntegrityError):
        same(_sealed(_opened(data))[16:], data[16:])
    return words


def _sealed(words: bytes) -> bytes:
    writer = BytesIO()
    encrypt_payload(BytesIO(words), writer, FILE_KEY, NONCE)
    return writer.getvalue()


def _opened(sealed: bytes) -> bytes:
    writer = BytesIO()
    decrypt_payload(BytesIO(sealed), writer, FILE_KEY)
    return writer.getvalue()


def _damaged(sealed: bytes, place: int, act: int) -> bytes:
    at = place % len(sealed)
    if act % 3 == 0:
        return sealed[:at]
    if act % 3 == 1:
        return sealed[:at] + sealed[at:] * 2
    return sealed[:at] + bytes([sealed[at] ^ (1 << place % 8)]) + sealed[at + 1 :]


def seeds() -> Iterator[bytes]:
    for act in (0, 1, 8, 9, 16, 17):
        for words in (b"", b"fictional"):
            yield (act * 77).to_bytes(4) + bytes([act]) + words
    yield _sealed(b"fictional")


TARGET = Target(read, (), seeds, json=False, longest=2048)
