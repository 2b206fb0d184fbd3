"""Enrolling a device: what an invitation's secret proves, and the code that two people compare.

The invitation's secret travels by QR code only, never to a server. The proof binds the new
device's keys to it; the short code lets the device's holder and the coordinator notice, by
voice, that they see different keys. HMAC-SHA-256 is RFC 2104's; the idea of comparing a short
authentication string is ZRTP's (RFC 6189, section 4.3). Plain values, since `messages` sits above.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from protocols.errors import AmanaError, MalformedError
from protocols.sealing.statement import PUBLIC_KEY_BYTES

SCHEME = "amana"
VERSION = "1"
FIELDS = ("id", "secret", "server", "root", "organisation", "role", "country", "expires")
"""The fields of an invitation, each a string in its JSON form."""
LONGEST_URI = 2000
LEAST_SECRET_BYTES = 16
CODE_DIGITS = 8
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LAST_PORT = 65535
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>\d{1,5}))?"
    r"(/[A-Za-z0-9._~/-]*)?"
)
"""A base URL (RFC 3986) without user, query or fragment; the host's name in its ASCII form."""
_START = f"{SCHEME}:enrol?"
_TRANSCRIPT_LABEL = b"amana enrolment v1"
_PROOF_LABEL = b"proof"
_CODE_LABEL = b"short code"


class EnrolmentProofError(AmanaError):
    """A device key that whoever holds the invitation did not put forward."""

    code = "enrolment_proof"


class InvitationError(MalformedError):
    """Text that is not an invitation, or not a whole one."""

    code = "invitation"


def transcript(invitation_id: str, device_key: bytes, sealing_digest: str) -> bytes:
    """What both sides must agree on, each part with its length before it: the invitation, the
    device's 32-byte Ed25519 key, the digest of its sealing-key statement (hex SHA-256)."""
    if len(device_key) != PUBLIC_KEY_BYTES:
        raise MalformedError(f"a device key of {len(device_key)} bytes; Ed25519 has 32")
    parts = (_TRANSCRIPT_LABEL, invitation_id.encode(), device_key, sealing_digest.encode())
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def proof(secret: bytes, invitation_id: str, device_key: bytes, sealing_digest: str) -> bytes:
    """32 bytes that only a holder of the invitation's `secret` can make for these keys."""
    return _mac(secret, _PROOF_LABEL, transcript(invitation_id, device_key, sealing_digest))


def check_proof(
    given: bytes, secret: bytes, invitation_id: str, device_key: bytes, sealing_digest: str
) -> None:
    """Raises EnrolmentProofError unless `given` is the proof for exactly these values."""
    if not hmac.compare_digest(given, proof(secret, invitation_id, device_key, sealing_digest)):
        raise EnrolmentProofError(
            "this request was not made with the invitation; do not approve it, invite again"
        )


def short_code(secret: bytes, invitation_id: str, device_key: bytes, sealing_digest: str) -> str:
    """Eight decimal digits that both people read to each other before the authority signs."""
    mac = _mac(secret, _CODE_LABEL, transcript(invitation_id, device_key, sealing_digest))
    return f"{int.from_bytes(mac[:16]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def invitation_to_uri(plain: Mapping[str, Any]) -> str:
    """An invitation (its JSON form, a string per name of `FIELDS`) as the text of a QR code:
    `amana:enrol?v=1&id=…`. Raises InvitationError."""
    if plain.keys() != set(FIELDS) or not all(isinstance(plain[name], str) for name in FIELDS):
        raise InvitationError(f"an invitation has the texts {', '.join(FIELDS)}")
    uri = _START + urlencode([("v", VERSION), *((name, plain[name]) for name in FIELDS)])
    if len(uri) > LONGEST_URI:
        raise InvitationError("an invitation too long for a QR code; shorten the server's address")
    return uri


def invitation_from_uri(uri: str) -> dict[str, str]:
    """The invitation's JSON form, read back strictly. Raises InvitationError."""
    if len(uri) > LONGEST_URI or not uri.startswith(_START):
        raise InvitationError("not an Amana invitation; scan or type the whole code again")
    try:
        pairs = parse_qsl(
            uri.removeprefix(_START), keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise InvitationError("an invitation that breaks off; scan it again") from error
    found = dict(pairs)
    if found.pop("v", None) != VERSION:
        raise InvitationError("an invitation of another version; update the app")
    if len(pairs) != len(FIELDS) + 1 or found.keys() != set(FIELDS):
        raise InvitationError("an invitation with fields missing or doubled; scan it again")
    return found


def address_fault(server: str) -> Literal["unreachable", "unencrypted"] | None:
    """Why no phone takes an invitation to `server`: it is no plain address, or one without
    encryption that is not the machine itself. None where it is taken."""
    found = ADDRESS.fullmatch(server)
    if found is None or int(found["port"] or 0) > LAST_PORT:
        return "unreachable"
    unencrypted = found["scheme"] == "http" and found["host"] not in LOOPBACK
    return "unencrypted" if unencrypted else None


def _mac(secret: bytes, label: bytes, message: bytes) -> bytes:
    if len(secret) < LEAST_SECRET_BYTES:
        raise InvitationError(f"an invitation's secret has at least {LEAST_SECRET_BYTES} bytes")
    return hmac.digest(secret, label + b"\0" + message, hashlib.sha256)
