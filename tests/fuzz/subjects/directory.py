"""A directory that a server answers, rightly signed whatever it says: the phone keeps it or refuses
it by name, and from what it keeps it can always tell providers and whom to seal to, later too.

An input is JSON: {"snapshot": payload, "inside": [[issuer's number, payload]…], "live":
[[signer's number, payload]…]}; the harness signs all of it.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

import attrs

from mobile.sync.directory import CAPACITY_TYPE, SNAPSHOT_TYPE, Directory
from mobile.sync.errors import DirectoryInvalidError, DirectoryRollbackError
from mobile.sync.trust import Trust
from mobile.vault.records import OpenVault
from protocols.errors import AmanaError, MalformedError
from protocols.messages import DirectoryAnswer, Snapshot
from protocols.plain import dump_json, load_json, to_plain
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    REVOCATION_TYPE,
    SEALING_KEY_TYPE,
    Role,
    SealingKey,
    UntrustedError,
)
from protocols.sealing.statement import Statement, sign
from tests.fuzz.dict_vault import DictVault
from tests.fuzz.fictional import (
    AUTHORITY,
    DEVICE,
    KEYS,
    NOW,
    ORGANISATION,
    ROOT,
    certificate,
    certificates,
    key_id,
    statements,
)
from tests.fuzz.target import DifferentError, Target, same

LATER = (NOW, NOW + timedelta(days=2), NOW + timedelta(days=4000))


def read(data: bytes) -> object:
    match load_json(data):
        case {"snapshot": dict(snapshot), "inside": list(inside), "live": list(live)}:
            pass
        case _:
            raise MalformedError("no directory")
    listed = [to_plain(each) for each in _all_signed(inside)]
    signed = sign(SNAPSHOT_TYPE, dump_json(snapshot | {"statements": listed}), AUTHORITY)
    answer = DirectoryAnswer(statements()[0], signed, tuple(_all_signed(live)))
    vault = cast(OpenVault, DictVault())
    trust = Trust(vault)
    trust.pin(ROOT)
    directory = Directory(vault, trust, "TN")
    directory.take(answer, None, NOW)
    same(directory.take(answer, None, NOW), False)
    try:
        _use(directory)
    except AmanaError as error:
        raise DifferentError(f"kept, and then of no use: {error}") from error
    return directory


def _use(directory: Directory) -> None:
    for now in LATER:
        told = [each.id for each in directory.providers(now)]
        same(told, [each.id for each in directory.snapshot.providers])  # type: ignore[union-attr]
        for each in directory.trusted(now):
            directory.seal_to(each, now)
        for key in KEYS:
            with suppress(UntrustedError):
                directory.seal_to_device(key_id(key), now)


def _all_signed(given: list[Any]) -> Iterator[Statement]:
    for each in given:
        match each:
            case [int(signer), dict(body)]:
                yield sign(_type_of(body), dump_json(body), KEYS[signer % len(KEYS)])


def _type_of(body: dict[str, Any]) -> str:
    if "recipient" in body:
        return SEALING_KEY_TYPE
    if "free_places" in body:
        return CAPACITY_TYPE
    return REVOCATION_TYPE if "revoked" in body else CERTIFICATE_TYPE


def seeds() -> Iterator[bytes]:
    snapshot = to_plain(Snapshot("TN", 1, NOW, NOW + timedelta(days=9), (), (), (), ()))
    device = certificate(Role.PROVIDER_STAFF, DEVICE, organisation=ORGANISATION)
    issued = [[KEYS.index(by), to_plain(each)] for each, by in certificates()[1:3]]
    issued.append([1, to_plain(device)])
    recipient = X25519Identity(bytes([7]) * 32).recipient.text
    key = to_plain(SealingKey(key_id(DEVICE), recipient, NOW, NOW + timedelta(days=7)))
    capacity = {"provider": ORGANISATION, "free_places": 3, "stated": to_plain(NOW)}
    live = [[KEYS.index(DEVICE), key], [KEYS.index(DEVICE), capacity]]
    yield dump_json({"snapshot": snapshot, "inside": issued, "live": live})
    yield dump_json({"snapshot": snapshot, "inside": [], "live": []})
    tomorrow = attrs.evolve(device, not_before=NOW + timedelta(days=1))
    forged = [[KEYS.index(DEVICE), key | {"device": key_id(AUTHORITY)}]]
    later = [*issued[:-1], [1, to_plain(tomorrow)]]
    yield dump_json({"snapshot": snapshot, "inside": later, "live": forged})


TARGET = Target(
    read, (MalformedError, DirectoryInvalidError, DirectoryRollbackError), seeds, longest=8192
)
