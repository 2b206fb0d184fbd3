"""Signed statements: Ed25519 (RFC 8032) over DSSE v1's pre-authentication encoding.

Source: the Dead Simple Signing Envelope, https://github.com/secure-systems-lab/dsse. What is
signed is the payload's bytes as they travel, so nothing is ever re-serialised to be checked.
"""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from nacl.exceptions import BadSignatureError as NaclBadSignatureError
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import to_json

SIGNATURE_BYTES = 64
PUBLIC_KEY_BYTES = 32
KEYID_BYTES = 20


class StatementError(AmanaError):
    """A signed statement that cannot be relied on."""

    code = "statement"


class BadSignatureError(StatementError):
    """A signature that its key did not make over these bytes."""

    code = "bad_signature"


class TooFewSignaturesError(BadSignatureError):
    """Every known signature holds, but fewer different keys signed than the threshold asks."""

    code = "too_few_signatures"


class UnknownKeyError(StatementError):
    """None of the keys that signed is among those expected."""

    code = "unknown_key"


class WrongTypeError(StatementError):
    """A statement of another kind than the one asked for."""

    code = "wrong_type"


def _check_size(name: str, data: bytes, size: int) -> None:
    if len(data) != size:
        raise MalformedError(f"{name} of {len(data)} bytes; Ed25519 has {size}")


@frozen
class Signature:
    """One Ed25519 signature (64 bytes) and the id of the key that made it."""

    keyid: str
    sig: bytes

    def __attrs_post_init__(self) -> None:
        _check_size("a signature", self.sig, SIGNATURE_BYTES)


@frozen
class Statement:
    """A DSSE envelope; `to_json` gives its JSON form, with DSSE's own field names."""

    payloadType: str  # noqa: N815 - DSSE's own field name
    payload: bytes
    signatures: tuple[Signature, ...]

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what is signed, whoever signed it: the statement's hash everywhere."""
        return hashlib.sha256(pae(self.payloadType, self.payload)).hexdigest()


def payload_type(kind: str) -> str:
    """The media type of Amana's payload `kind`, as in `application/vnd.amana.event.v1+json`."""
    return f"application/vnd.amana.{kind}.v1+json"


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE v1's pre-authentication encoding: the exact bytes that are signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def keyid(public_key: bytes) -> str:
    """Name of a 32-byte Ed25519 public key: 32 characters of lower-case base32 (RFC 4648),
    the first 20 bytes of its SHA-256. Raises MalformedError for another length."""
    _check_size("a public key", public_key, PUBLIC_KEY_BYTES)
    return b32encode(hashlib.sha256(public_key).digest()[:KEYID_BYTES]).decode("ascii").lower()


def sign(payload_type: str, body: Any, *keys: SigningKey) -> Statement:
    """A statement of `body` (bytes as they are, any other value as JSON) signed by each key."""
    payload = body if isinstance(body, bytes) else to_json(body)
    message = pae(payload_type, payload)
    signatures = tuple(
        Signature(keyid(bytes(key.verify_key)), key.sign(message).signature) for key in keys
    )
    return Statement(payload_type, payload, signatures)


def holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether Ed25519 (RFC 8032, libsodium's strict reading) accepts `signature`."""
    try:
        VerifyKey(public_key).verify(message, signature)
    except (NaclBadSignatureError, CryptoError, ValueError):
        return False
    return True


def verify(
    statement: Statement, keys: Mapping[str, bytes], threshold: int = 1, *, payload_type: str
) -> bytes:
    """The payload, once at least `threshold` different `keys` (keyid -> public key) signed it.

    Signatures by keys outside `keys` don't count, as DSSE says; one that claims a known key and
    fails refuses the whole. Raises WrongTypeError, UnknownKeyError, BadSignatureError.
    """
    if threshold < 1:
        raise ValueError("a threshold below 1 would accept an unsigned statement")
    if statement.payloadType != payload_type:
        raise WrongTypeError(
            f"a statement of type {statement.payloadType[:80]!r} where {payload_type!r} belongs;"
            " ask its sender for the right one"
        )
    known = [each for each in statement.signatures if each.keyid in keys]
    if not known:
        raise UnknownKeyError(
            "none of the statement's signatures is by a key expected here;"
            " refresh the directory, or refuse it"
        )
    message = pae(statement.payloadType, statement.payload)
    for each in known:
        if not holds(keys[each.keyid], message, each.sig):
            raise BadSignatureError(
                f"the signature of key {each.keyid} does not fit; the statement was altered,"
                " refuse it"
            )
    signed = len({keys[each.keyid] for each in known})
    if signed < threshold:
        raise TooFewSignaturesError(
            f"{signed} of the {threshold} signatures needed; have more of its keepers sign it"
        )
    return statement.payload
