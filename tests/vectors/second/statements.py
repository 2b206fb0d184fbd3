"""Section "Statements"."""

import hashlib
from base64 import b32encode

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from .plain import RefusedError, fields, unbase64


def key_id(public: bytes) -> str:
    """A public key's name."""
    return b32encode(hashlib.sha256(public).digest()[:20]).decode().lower()


def encoding(kind: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    name = kind.encode()
    parts = [b"DSSEv1", str(len(name)).encode(), name, str(len(payload)).encode(), payload]
    return b" ".join(parts)


def digest(statement: dict) -> str:
    """A statement's hash."""
    message = encoding(statement["payloadType"], unbase64(statement["payload"]))
    return hashlib.sha256(message).hexdigest()


def fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519."""
    try:
        VerifyKey(public).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def opened(statement: object, keys: list[bytes], threshold: int, kind: str) -> bytes:
    """The payload, if enough of `keys` signed it."""
    read = fields(statement, payloadType=str, payload=str, signatures=list)
    if read["payloadType"] != kind:
        raise RefusedError("wrong_type")
    payload = unbase64(read["payload"])
    message = encoding(kind, payload)
    by_id = {key_id(each): each for each in keys}
    signed = set()
    for each in read["signatures"]:
        fields(each, keyid=str, sig=str)
        public = by_id.get(each["keyid"])
        if public is None:
            continue
        if not fits(public, message, unbase64(each["sig"])):
            raise RefusedError("bad_signature")
        signed.add(public)
    if not signed:
        raise RefusedError("unknown_key")
    if len(signed) < threshold:
        raise RefusedError("too_few_signatures")
    return payload
