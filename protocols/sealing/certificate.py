"""Who is who: the payloads by which a programme certifies its authorities, organisations, devices.

Root (offline, pinned by fingerprint) -> country authority -> organisation and device. Every rule
here is about one payload alone; how they chain is `protocols.sealing.truststore`.
"""

import hashlib
import re
from datetime import datetime
from enum import StrEnum

from attrs import field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import from_json, to_json
from protocols.sealing.statement import Statement, keyid, payload_type, sign, verify

CERTIFICATE_TYPE = payload_type("certificate")
REVOCATION_TYPE = payload_type("revocation")
SEALING_KEY_TYPE = payload_type("sealing-key")

COUNTRIES = ("EG", "LY", "MA", "TN")
REASONS = ("lost", "compromised", "left", "superseded")
"""Codes of why a certificate was revoked."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_KEYID = re.compile(r"[a-z2-7]{32}")
_SERIAL = re.compile(r"[0-9a-f]{16,64}")
_RECIPIENT = re.compile(r"age1[0-9a-z]{1,4000}")
_HYBRID = re.compile(r"age1pq1[0-9a-z]{1952}")
LONGEST_NAME = 200


class UntrustedError(AmanaError):
    """No valid chain of certificates leads from the programme's root to this subject."""

    code = "untrusted"


class ExpiredError(UntrustedError):
    """A certificate outside its period of validity."""

    code = "expired"


class RevokedError(UntrustedError):
    """A certificate that its issuer has taken back."""

    code = "revoked"


class UnknownDeviceError(UntrustedError):
    """A subject of which no certificate is known here."""

    code = "unknown_device"


class WrongIssuerError(UntrustedError):
    """A certificate or revocation that its country's authority (or the root) did not sign."""

    code = "wrong_issuer"


class ConflictingError(UntrustedError):
    """Two certificates that cannot both be right about the same subject."""

    code = "conflicting_certificates"


class Role(StrEnum):
    """What a certificate lets its subject do."""

    AUTHORITY = "authority"
    ORGANISATION = "organisation"
    FIELD_WORKER = "field_worker"
    PROVIDER_STAFF = "provider_staff"
    COORDINATOR = "coordinator"
    SERVER = "server"
    WITNESS = "witness"
    """Cosigns checkpoints of the country's log, and may do nothing else."""


PERSONAL = (Role.FIELD_WORKER, Role.PROVIDER_STAFF, Role.COORDINATOR)
"""Roles of devices that people of an organisation hold."""
WITNESSING = (Role.COORDINATOR, Role.WITNESS)
"""Roles whose cosignatures on their country's log count."""


def _need(holds: bool, wrong: str) -> None:
    if not holds:
        raise MalformedError(f"{wrong}; have it issued anew")


def _check_keys(keys: tuple[bytes, ...], threshold: int) -> None:
    _need(len(set(keys)) == len(keys), "a certificate that names one key twice")
    _need(all(len(key) == 32 for key in keys), "a public key that is not 32 bytes")
    _need(1 <= threshold <= len(keys), f"a threshold of {threshold} with {len(keys)} keys")


@frozen
class Root:
    """The programme's trust anchor (root.json): public, pinned by `fingerprint`, never fetched
    on trust. `threshold` of its `keys` must sign an authority's certificate."""

    programme: str
    keys: tuple[bytes, ...]
    threshold: int
    created: datetime

    def __attrs_post_init__(self) -> None:
        _need(bool(self.programme), "a programme without a name")
        _check_keys(self.keys, self.threshold)

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the root's JSON."""
        return hashlib.sha256(to_json(self)).hexdigest()


@frozen
class Certificate:
    """That `subject` holds `keys` and acts as `role` in `country`, from `not_before` up to but
    not including `not_after`.

    Subjects: an authority is `authority-tn`, an organisation its slug, a device or server its
    keyid. `name` is public (a device's is its label). Organisations hold no key.
    Raises MalformedError when the fields contradict the role.
    """

    subject: str
    role: Role
    country: str
    name: str
    organisation: str | None
    keys: tuple[bytes, ...] = field(repr=False)
    threshold: int
    not_before: datetime
    not_after: datetime
    serial: str

    def __attrs_post_init__(self) -> None:
        _need(self.country in COUNTRIES, f"a certificate for country {self.country[:8]!r}")
        _need(0 < len(self.name) <= LONGEST_NAME, "a certificate without a name, or a long one")
        _need(self.not_before < self.not_after, "a certificate that ends before it begins")
        _need(bool(_SERIAL.fullmatch(self.serial)), "a serial that is not 16 to 64 hex digits")
        _check_subject(self)
        if self.role is Role.ORGANISATION:
            _need(not self.keys and self.threshold == 0, "an organisation that holds keys")
        else:
            _check_keys(self.keys, self.threshold)
        if self.role in PERSONAL:
            _need(is_slug(self.organisation or ""), "a device without an organisation")
        else:
            _need(self.organisation is None, f"a {self.role} inside an organisation")

    @property
    def key_map(self) -> dict[str, bytes]:
        """keyid -> public key, as `statement.verify` wants it."""
        return {keyid(key): key for key in self.keys}

    def in_force(self, at: datetime) -> bool:
        """Whether `at` lies within the certificate's own validity."""
        return self.not_before <= at < self.not_after


def _check_subject(certificate: Certificate) -> None:
    subject, role = certificate.subject, certificate.role
    if role is Role.AUTHORITY:
        expected = authority_subject(certificate.country)
        _need(subject == expected, f"an authority that is not named {expected}")
    elif role is Role.ORGANISATION:
        _need(is_slug(subject), "an organisation whose id is not a lower-case slug")
    else:
        _need(len(certificate.keys) == 1, f"a {role} certificate with other than one key")
        _need(subject == keyid(certificate.keys[0]), f"a {role} not named by its own key")


def is_slug(text: str) -> bool:
    """Whether `text` can be an organisation's id: no keyid, no authority, 1 to 64 characters."""
    return bool(
        _SLUG.fullmatch(text) and not _KEYID.fullmatch(text) and not text.startswith("authority-")
    )


def is_keyid(text: str) -> bool:
    """Whether `text` has the form of a key's id."""
    return bool(_KEYID.fullmatch(text))


def authority_subject(country: str) -> str:
    """`authority-tn` for `TN`."""
    return f"authority-{country.lower()}"


@frozen
class Revocation:
    """That the certificate `serial` of `subject` is void from `revoked` on; `reason` is a code."""

    subject: str
    serial: str
    revoked: datetime
    reason: str

    def __attrs_post_init__(self) -> None:
        _need(bool(_SERIAL.fullmatch(self.serial)), "a serial that is not 16 to 64 hex digits")
        _need(self.reason in REASONS, f"a revocation for {self.reason[:40]!r}")


@frozen
class SealingKey:
    """Where to seal mail for `device` (its keyid) from `not_before` up to `not_after`: an age
    recipient, signed by the device itself and replaced about weekly.

    `hybrid` is the device's hybrid recipient (`age1pq1…`) for the same days, None where it has no
    library for one. Both stand under one signature, so that nobody can hold back the stronger."""

    device: str
    recipient: str
    not_before: datetime
    not_after: datetime
    hybrid: str | None = None

    def __attrs_post_init__(self) -> None:
        _need(is_keyid(self.device), "a sealing key for something that is no device")
        _need(bool(_RECIPIENT.fullmatch(self.recipient)), "a sealing key that is no age recipient")
        hybrid = self.hybrid is None or bool(_HYBRID.fullmatch(self.hybrid))
        _need(hybrid, "a hybrid sealing key that is no hybrid age recipient")
        _need(self.not_before < self.not_after, "a sealing key that ends before it begins")


def certify(certificate: Certificate, *issuer: SigningKey) -> Statement:
    """`certificate` signed by its issuer's keys (the root's for an authority, else the country
    authority's)."""
    return sign(CERTIFICATE_TYPE, certificate, *issuer)


def revoke(revocation: Revocation, *issuer: SigningKey) -> Statement:
    """`revocation` signed by the keys that may issue the certificate it takes back."""
    return sign(REVOCATION_TYPE, revocation, *issuer)


def publish_sealing_key(key: SealingKey, device: SigningKey) -> Statement:
    """`key` signed by the device that it belongs to."""
    return sign(SEALING_KEY_TYPE, key, device)


def read_sealing_key(statement: Statement, device: Certificate, at: datetime) -> SealingKey:
    """The sealing key that `device` itself signed, if usable at `at`.

    Raises the errors of `statement.verify`, WrongIssuerError for another device's key,
    ExpiredError outside its days. The certificate is to come from a TrustStore.
    """
    payload = verify(statement, device.key_map, payload_type=SEALING_KEY_TYPE)
    key = from_json(payload, SealingKey)
    if key.device != device.subject:
        raise WrongIssuerError("a device signed another's sealing key; do not seal to it")
    if not key.not_before <= at < key.not_after:
        raise ExpiredError("this sealing key is not for today; refresh the directory")
    return key
