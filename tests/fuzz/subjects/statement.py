"""DSSE statements: nothing but what a known key signed under the right type is given out."""

from collections.abc import Iterator

from protocols.errors import MalformedError
from protocols.plain import from_json, to_json
from protocols.sealing.statement import Statement, StatementError, payload_type, sign, verify
from tests.fuzz.fictional import DEVICE, SERVER, key_id
from tests.fuzz.target import DifferentError, Target, same

TYPE = payload_type("event")
KEYS = {key_id(each): bytes(each.verify_key) for each in (DEVICE, SERVER)}
SIGNED = (b"", b"{}", b'{"fictional":true}')


def read(data: bytes) -> object:
    found = from_json(data, Statement)
    same(from_json(to_json(found), Statement), found)
    payload = verify(found, KEYS, payload_type=TYPE)
    if payload not in SIGNED:
        raise DifferentError(f"verified, and nobody signed it: {payload!r}")
    return payload


def seeds() -> Iterator[bytes]:
    for payload in SIGNED:
        yield to_json(sign(TYPE, payload, DEVICE))
        yield to_json(sign(TYPE, payload, DEVICE, SERVER))
    yield to_json(sign(payload_type("revocation"), b"{}", DEVICE))


TARGET = Target(read, (MalformedError, StatementError), seeds)
