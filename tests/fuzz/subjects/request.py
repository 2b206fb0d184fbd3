"""Signed requests (RFC 9421): only the very request that was signed is verified.

An input is the request in JSON: method, authority, path, query, headers, body.
"""

from collections.abc import Iterator

from protocols.errors import MalformedError
from protocols.plain import dump_json, load_json
from protocols.sealing.request import (
    DigestMismatchError,
    StaleRequestError,
    UnsignedError,
    parse_request,
    sign_request,
    verify_request,
)
from protocols.sealing.statement import BadSignatureError
from tests.fuzz.fictional import DEVICE, NOW, key_id
from tests.fuzz.target import DifferentError, Target

PUBLIC = bytes(DEVICE.verify_key)
URL = "https://fictional.example/v1/referrals"
SENT = (("GET", "", None), ("POST", "", b"{}"), ("GET", "a=1&b=%20", None))


def read(data: bytes) -> object:
    match load_json(data):
        case {
            "method": str(method),
            "authority": str(authority),
            "path": str(path),
            "query": str(query),
            "headers": dict(headers),
            "body": None | str() as body,
        }:
            pass
        case _:
            raise MalformedError("no request")
    kept = {name: value for name, value in headers.items() if isinstance(value, str)}
    inside = None if body is None else body.encode()
    signed = parse_request(method, authority, path, query, kept, inside)
    verify_request(signed, PUBLIC, NOW)
    if (method.upper(), query, inside or None) not in SENT or path != "/v1/referrals":
        raise DifferentError("verified, and nobody sent it")
    return signed


def seeds() -> Iterator[bytes]:
    for method, query, body in SENT:
        url = f"{URL}?{query}" if query else URL
        headers = sign_request(method, url, body, DEVICE, created=NOW, nonce="n-1")
        given = {
            "method": method,
            "authority": "fictional.example",
            "path": "/v1/referrals",
            "query": query,
            "headers": headers,
            "body": None if body is None else body.decode(),
        }
        yield dump_json(given)
        inner = headers["Signature-Input"].replace(key_id(DEVICE), "a" * 32)
        yield dump_json(given | {"headers": headers | {"Signature-Input": inner}})


TARGET = Target(
    read,
    (MalformedError, UnsignedError, DigestMismatchError, StaleRequestError, BadSignatureError),
    seeds,
)
