"""The certificates and revocations an authority issues."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from protocols.errors import AmanaError
from protocols.plain import from_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    REVOCATION_TYPE,
    Certificate,
    Revocation,
    Role,
    authority_subject,
)
from protocols.sealing.statement import Statement, keyid

ORGANISATION_DAYS = 2 * 365
DEVICE_DAYS = 365
WITNESS_DAYS = 365
START_EARLIER = timedelta(minutes=10)
"""Certificates begin a little ago, so that a device whose clock is behind accepts them."""


class NotCertifiedError(AmanaError):
    """A device or organisation that this authority has not certified."""

    code = "not_certified"


def _lifetime(now: datetime, days: int) -> dict[str, datetime]:
    start = (now - START_EARLIER).replace(microsecond=0)
    return {"not_before": start, "not_after": start + timedelta(days=days)}


def authority_certificate(
    keys: tuple[bytes, ...], threshold: int, country: str, now: datetime, *, days: int
) -> Certificate:
    """An authority's certificate, not signed yet; `threshold` of its keepers' `keys` must sign
    whatever the authority says."""
    return Certificate(
        subject=authority_subject(country),
        role=Role.AUTHORITY,
        country=country,
        name=f"Authority {country}",
        organisation=None,
        keys=keys,
        threshold=threshold,
        serial=secrets.token_hex(16),
        **_lifetime(now, days),
    )


def server_certificate(public: bytes, country: str, now: datetime, *, days: int) -> Certificate:
    """A server's certificate, not signed yet."""
    return Certificate(
        subject=keyid(public),
        role=Role.SERVER,
        country=country,
        name=f"Server {country}",
        organisation=None,
        keys=(public,),
        threshold=1,
        serial=secrets.token_hex(16),
        **_lifetime(now, days),
    )


def witness_certificate(public: bytes, country: str, name: str, now: datetime) -> Certificate:
    """The certificate of a machine that may cosign the country's log, not signed yet."""
    return Certificate(
        subject=keyid(public),
        role=Role.WITNESS,
        country=country,
        name=name,
        organisation=None,
        keys=(public,),
        threshold=1,
        serial=secrets.token_hex(16),
        **_lifetime(now, WITNESS_DAYS),
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


def is_revoked(statements: Iterable[Statement], certificate: Certificate) -> bool:
    """Whether a revocation of this very certificate is among `statements`, signed or not yet."""
    return any(
        (found.subject, found.serial) == (certificate.subject, certificate.serial)
        for each in statements
        if each.payloadType == REVOCATION_TYPE
        for found in [from_json(each.payload, Revocation)]
    )


def revocation_of(certificate: Certificate, reason: str, now: datetime) -> Revocation:
    """A revocation from now on, not signed yet."""
    return Revocation(certificate.subject, certificate.serial, now.replace(microsecond=0), reason)
