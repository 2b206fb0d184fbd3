"""Certificates and revocations with rightful signatures, whatever they say: the trust store takes
them or names what is wrong, and then answers about anybody at any time by name.

An input is a list of [issuer's number, what is signed]; the harness signs it.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from protocols.errors import MalformedError
from protocols.plain import dump_json, load_json, to_plain
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    REVOCATION_TYPE,
    Revocation,
    UntrustedError,
)
from protocols.sealing.statement import StatementError, sign
from protocols.sealing.truststore import TrustStore
from tests.fuzz.fictional import DEVICE, KEYS, NOW, ORGANISATION, ROOT, certificates, key_id
from tests.fuzz.target import Target, same

TIMES = (NOW - timedelta(days=9000), NOW, NOW + timedelta(days=9000))


def read(data: bytes) -> object:
    given = load_json(data)
    statements = []
    for each in given if isinstance(given, list) else []:
        match each:
            case [int(issuer), dict(body)]:
                kind = REVOCATION_TYPE if "revoked" in body else CERTIFICATE_TYPE
                statements.append(sign(kind, dump_json(body), KEYS[issuer % len(KEYS)]))
    store = TrustStore.build(ROOT, statements)
    same(TrustStore.build(ROOT, reversed(statements)), store)
    same(store.extended(statements), store)
    for at in TIMES:
        for ask in (store.authority, store.devices_of, store.servers, store.organisations):
            for subject in ("TN", "EG", ORGANISATION, "\0"):
                with suppress(UntrustedError):
                    ask(subject, at)
        for ask in (store.organisation, store.device):
            for subject in (ORGANISATION, key_id(DEVICE), "authority-tn"):
                with suppress(UntrustedError):
                    ask(subject, at)
    return store


def seeds() -> Iterator[bytes]:
    issued = [[KEYS.index(issuer), to_plain(each)] for each, issuer in certificates()]
    revoked = [
        [1, to_plain(Revocation(each.subject, each.serial, NOW, "lost"))]
        for each, _ in certificates()
    ]
    yield dump_json(issued)
    for count in range(1, len(issued) + 1):
        yield dump_json([*issued[:count], revoked[count - 1]])
    yield dump_json([])


TARGET = Target(read, (MalformedError, UntrustedError, StatementError), seeds, longest=8192)
