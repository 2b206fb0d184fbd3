"""Section "Enrolment"."""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

LABEL = b"amana enrolment v2"


def invitation_of(uri: str) -> dict[str, str]:
    """The fields of a QR code's text."""
    return dict(parse_qsl(urlsplit(uri).query, strict_parsing=True))


def parts(*each: bytes) -> bytes:
    """Each part with its length before it."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in each)


class Keys:
    """What a device puts forward, under an invitation's secret."""

    def __init__(self, secret: bytes, *named: bytes) -> None:
        self.secret, self.named = secret, named

    def commitment(self, r_d: bytes) -> bytes:
        """Fixes R_D."""
        return hashlib.sha256(parts(LABEL + b" commitment", *self.named, r_d)).digest()

    def transcript(self, commitment: bytes) -> bytes:
        """What both sides agree on."""
        return parts(LABEL, *self.named, commitment)

    def proof(self, transcript: bytes) -> bytes:
        """Shows that the secret is known."""
        return self._mac(b"proof", transcript)

    def short_code(self, transcript: bytes, r_d: bytes, r_c: bytes) -> str:
        """Eight digits."""
        return self._digits(b"short code", parts(transcript, r_d, r_c), 8)

    def file_code(self, transcript: bytes) -> str:
        """Twenty-four digits."""
        return self._digits(b"file code", transcript, 24)

    def _mac(self, label: bytes, message: bytes) -> bytes:
        return hmac.new(self.secret, label + b"\x00" + message, hashlib.sha256).digest()

    def _digits(self, label: bytes, message: bytes, count: int) -> str:
        number = int.from_bytes(self._mac(label, message)[:16], "big") % 10**count
        return str(number).zfill(count)
