"""Every C2SP age test vector, one test per file: https://github.com/C2SP/CCTV/tree/main/age."""

import hashlib
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from attrs import frozen

from protocols.errors import AmanaError
from protocols.sealing.age import Identity, NoMatchError, decrypt_stream
from protocols.sealing.age_armor import AgeArmorError, dearmoring
from protocols.sealing.age_header import AgeFormatError, AgeHeaderMacError
from protocols.sealing.age_keys import identity_from_text
from protocols.sealing.age_scrypt import ScryptPassphrase
from protocols.sealing.age_stream import AgePayloadError

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors" / "age"
NAMES = sorted(path.name for path in VECTORS.iterdir()) if VECTORS.is_dir() else []
FAILURES: dict[str, type[AmanaError]] = {
    "header failure": AgeFormatError,
    "HMAC failure": AgeHeaderMacError,
    "payload failure": AgePayloadError,
    "no match": NoMatchError,
    "armor failure": AgeArmorError,
}


@frozen
class Vector:
    fields: dict[str, list[str]]
    body: bytes

    def only(self, name: str) -> str:
        (value,) = self.fields[name]
        return value


def load(name: str) -> Vector:
    head, _, body = (VECTORS / name).read_bytes().partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    if "compressed" in fields:
        assert fields["compressed"] == ["zlib"]
        body = zlib.decompress(body)
    return Vector(fields, body)


def identities(vector: Vector) -> list[Identity]:
    keys = [identity_from_text(text) for text in vector.fields.get("identity", [])]
    return [*keys, *(ScryptPassphrase(text) for text in vector.fields.get("passphrase", []))]


def test_the_vectors_are_all_there() -> None:
    if not NAMES:
        pytest.skip(f"the C2SP age vectors are not at {VECTORS}")
    assert len(NAMES) == 143


@pytest.mark.parametrize("name", NAMES)
def test_vector(name: str) -> None:
    vector = load(name)
    reader = BytesIO(vector.body)
    opened = BytesIO()
    source = dearmoring(reader) if vector.fields.get("armored") == ["yes"] else reader
    expected = vector.only("expect")
    if expected == "success":
        decrypt_stream(source, opened, identities(vector))
    else:
        with pytest.raises(FAILURES[expected]) as caught:
            decrypt_stream(source, opened, identities(vector))
        if expected == "header failure":
            assert not isinstance(caught.value, AgeArmorError)
    if "payload" in vector.fields:
        assert hashlib.sha256(opened.getvalue()).hexdigest() == vector.only("payload")
    else:
        assert opened.getvalue() == b""
