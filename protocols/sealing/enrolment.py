"""Enrolling a device: what an invitation's secret proves, and the codes that two people compare.

The invitation's secret travels by QR code only, never to a server. The proof binds the new
device's keys to it. Two people then compare a short authentication string by voice: eight digits
over a random number of each side, the device's fixed beforehand by a commitment, so that nobody
can search for a key to fit (ZRTP, RFC 6189, sections 4.4.1.1 and 4.5.2; S. Vaudenay, "Secure
communications over insecure channels based on short authenticated strings", CRYPTO 2005); who
keeps to which order is `protocols.sealing.comparing`. Where only a file travels, 24 digits are
compared instead. HMAC-SHA-256 is RFC 2104's.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from attrs import frozen

from protocols.errors import AmanaError, MalformedError
from protocols.sealing.statement import PUBLIC_KEY_BYTES, keyid

SCHEME = "amana"
VERSION = "2"
FIELDS = ("id", "secret", "server", "root", "organisation", "role", "country", "expires")
"""The fields of an invitation, each a string in its JSON form."""
LONGEST_URI = 2000
LEAST_SECRET_BYTES = 16
CODE_DIGITS = 8
FILE_CODE_DIGITS = 24
"""About 80 bits: who knows the secret would need some 2^80 tries to find a key that shows them."""
NONCE_BYTES = 32
COMMITMENT_BYTES = 32
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LAST_PORT = 65535
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>\d{1,5}))?"
    r"(/[A-Za-z0-9._~/-]*)?"
)
"""A base URL (RFC 3986) without user, query or fragment; the host's name in its ASCII form."""
_START = f"{SCHEME}:enrol?"
_TRANSCRIPT_LABEL = b"amana enrolment v2"
_COMMITMENT_LABEL = b"amana enrolment v2 commitment"
_PROOF_LABEL = b"proof"
_CODE_LABEL = b"short code"
_FILE_CODE_LABEL = b"file code"


class EnrolmentProofError(AmanaError):
    """A device key that whoever holds the invitation did not put forward."""

    code = "enrolment_proof"


class InvitationError(MalformedError):
    """Text that is not an invitation, or not a whole one."""

    code = "invitation"


@frozen
class Claim:
    """What a new device puts forward at an invitation, and what both sides must agree on.

    `device_key` is its 32-byte Ed25519 key, `sealing_digest` the digest of its sealing-key
    statement (hex SHA-256), `label` its name, `commitment` what `commit` gives for these and its
    random number. Raises MalformedError for other lengths.
    """

    invitation: str
    device_key: bytes
    sealing_digest: str
    label: str
    commitment: bytes

    def __attrs_post_init__(self) -> None:
        if len(self.device_key) != PUBLIC_KEY_BYTES:
            raise MalformedError(f"a device key of {len(self.device_key)} bytes; Ed25519 has 32")
        if len(self.commitment) != COMMITMENT_BYTES:
            raise MalformedError(f"a commitment of {len(self.commitment)} bytes; SHA-256 has 32")

    @property
    def device(self) -> str:
        """The device's key id."""
        return keyid(self.device_key)

    @property
    def transcript(self) -> bytes:
        """Every field, each with its length before it."""
        named = _named(self.invitation, self.device_key, self.sealing_digest, self.label)
        return _joined(_TRANSCRIPT_LABEL, *named, self.commitment)


def commit(
    invitation: str, device_key: bytes, sealing_digest: str, label: str, nonce: bytes
) -> bytes:
    """32 bytes that fix `nonce` (32 random bytes) for these keys and hide it until it is shown."""
    named = _named(invitation, device_key, sealing_digest, label)
    return hashlib.sha256(_joined(_COMMITMENT_LABEL, *named, _whole(nonce))).digest()


def opens(claim: Claim, nonce: bytes) -> bool:
    """Whether `nonce` is the random number that the claim's commitment was made over."""
    if len(nonce) != NONCE_BYTES:
        return False
    made = commit(claim.invitation, claim.device_key, claim.sealing_digest, claim.label, nonce)
    return hmac.compare_digest(made, claim.commitment)


def proof(secret: bytes, claim: Claim) -> bytes:
    """32 bytes that only a holder of the invitation's `secret` can make for this claim."""
    return _mac(secret, _PROOF_LABEL, claim.transcript)


def check_proof(given: bytes, secret: bytes, claim: Claim) -> None:
    """Raises EnrolmentProofError unless `given` is the proof for exactly this claim."""
    if not hmac.compare_digest(given, proof(secret, claim)):
        raise EnrolmentProofError(
            "this request was not made with the invitation; do not approve it, invite again"
        )


def short_code(
    secret: bytes, claim: Claim, opened: bytes, contributed: bytes, *, digits: int = CODE_DIGITS
) -> str:
    """The decimal digits that both people read to each other before anybody signs.

    `opened` is the device's random number, which its commitment fixed before the inviting side
    chose its own, `contributed`; 32 bytes each.
    """
    drawn = _joined(claim.transcript, _whole(opened), _whole(contributed))
    return _digits(_mac(secret, _CODE_LABEL, drawn), digits)


def file_code(secret: bytes, claim: Claim) -> str:
    """The 24 decimal digits to compare where the request travels as a file and nothing comes back
    before it is decided."""
    return _digits(_mac(secret, _FILE_CODE_LABEL, claim.transcript), FILE_CODE_DIGITS)


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


def _named(invitation: str, device_key: bytes, sealing_digest: str, label: str) -> list[bytes]:
    return [invitation.encode(), device_key, sealing_digest.encode(), label.encode()]


def _joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def _whole(nonce: bytes) -> bytes:
    if len(nonce) != NONCE_BYTES:
        raise MalformedError(f"a random number of {len(nonce)} bytes; {NONCE_BYTES} are drawn")
    return nonce


def _digits(mac: bytes, count: int) -> str:
    return f"{int.from_bytes(mac[:16]) % 10**count:0{count}}"


def _mac(secret: bytes, label: bytes, message: bytes) -> bytes:
    if len(secret) < LEAST_SECRET_BYTES:
        raise InvitationError(f"an invitation's secret has at least {LEAST_SECRET_BYTES} bytes")
    return hmac.digest(secret, label + b"\0" + message, hashlib.sha256)
