"""How a signed certificate or revocation becomes a row."""

import hashlib
from collections.abc import Iterable
from typing import Any

from protocols.plain import from_json, to_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    REVOCATION_TYPE,
    Certificate,
    Revocation,
    Role,
)
from protocols.sealing.statement import Statement


def rows(country: str, statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Rows for `store.directory.add_statements`. A row's digest covers the signatures too: a
    renewed authority's signature over an old certificate is worth keeping. It covers the country
    too: what one country's directory holds is never missing from another's."""
    return [_row(country, each) for each in statements]


def _row(country: str, statement: Statement) -> dict[str, Any]:
    body = to_json(statement)
    digest = hashlib.sha256(country.encode() + b"\n" + body).hexdigest()
    row = {"digest": digest, "body": body}
    if statement.payloadType == CERTIFICATE_TYPE:
        certificate = from_json(statement.payload, Certificate)
        return {
            **row,
            "kind": "certificate",
            "role": str(certificate.role),
            "subject": certificate.subject,
        }
    revocation = from_json(statement.payload, Revocation)
    return {**row, "kind": "revocation", "role": "", "subject": revocation.subject}


def root_words(statements: Iterable[Statement]) -> list[Statement]:
    """Those that only the root may say: authorities' certificates and revocations."""
    return [each for each in statements if _is_of_root(each)]


def _is_of_root(statement: Statement) -> bool:
    if statement.payloadType == CERTIFICATE_TYPE:
        return from_json(statement.payload, Certificate).role is Role.AUTHORITY
    if statement.payloadType == REVOCATION_TYPE:
        return from_json(statement.payload, Revocation).subject.startswith("authority-")
    return False


def country_of(statement: Statement) -> str:
    """The country that a certificate statement names."""
    return from_json(statement.payload, Certificate).country
