"""The certificates and revocations an authority issues."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from nacl.signing import SigningKey

from protocols.errors import AmanaError
from protocols.plain import from_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    Certificate,
    Revocation,
    Role,
    authority_subject,
    keyid,
)
from protocols.sealing.statement import Statement

ORGANISATION_DAYS = 2 * 365
DEVICE_DAYS = 365
START_EARLIER = timedelta(minutes=10)
"""Certificates begin a little ago, so that a device whose clock is behind accepts them."""


class NotCertifiedError(AmanaError):
    """A device or organisation that this authority has not certified."""

    code = "not_certified"


def _lifetime(now: datetime, days: int) -> dict[str, datetime]:
    start = (now - START_EARLIER).replace(microsecond=0)
    return {"not_before": start, "not_after": start + timedelta(days=days)}


def certificate_for_key(
    key: SigningKey, role: Role, country: str, name: str, now: datetime, *, days: int
) -> Certificate:
    """An authority's or server's certificate, not signed yet."""
    public = bytes(key.verify_key)
    subject = authority_subject(country) if role is Role.AUTHORITY else keyid(public)
    return Certificate(
        subject=subject,
        role=role,
        country=country,
        name=name,
        organisation=None,
        keys=(public,),
        threshold=1,
        serial=secrets.token_hex(16),
        **_lifetime(now, days),
    )


def organisation_certificates(
    names: Mapping[str, str], country: str, now: datetime
) -> list[Certificate]:
    """Certificates of organisations (id -> public name), not signed yet."""
    return [
        Certificate(
            subject=subject,
            role=Role.ORGANISATION,
            country=country,
            name=name,
            organisation=None,
            keys=(),
            threshold=0,
            serial=secrets.token_hex(16),
            **_lifetime(now, ORGANISATION_DAYS),
        )
        for subject, name in names.items()
    ]


def device_certificate(  # noqa: PLR0917 - a certificate, in its own order
    public: bytes, role: Role, country: str, organisation: str, label: str, now: datetime
) -> Certificate:
    """A device's certificate, not signed yet."""
    return Certificate(
        subject=keyid(public),
        role=role,
        country=country,
        name=label,
        organisation=organisation,
        keys=(public,),
        threshold=1,
        serial=secrets.token_hex(16),
        **_lifetime(now, DEVICE_DAYS),
    )


def certificates(statements: Iterable[Statement]) -> list[Certificate]:
    """Every certificate among `statements`, in their order."""
    return [
        from_json(each.payload, Certificate)
        for each in statements
        if each.payloadType == CERTIFICATE_TYPE
    ]


def newest_of(statements: Iterable[Statement], subject: str) -> Certificate:
    """The subject's newest certificate. Raises NotCertifiedError."""
    own = [each for each in certificates(statements) if each.subject == subject]
    if not own:
        raise NotCertifiedError(
            f"{subject} is not certified here; `amana programme status` lists who is"
        )
    return max(own, key=lambda each: each.not_before)


def revocation_of(certificate: Certificate, reason: str, now: datetime) -> Revocation:
    """A revocation from now on, not signed yet."""
    return Revocation(certificate.subject, certificate.serial, now.replace(microsecond=0), reason)
