"""An edition that a directory names and the file that came for it, on a phone that carries
version 1: it is kept or refused by name, and whatever happened there is one to ask next.

An input is a JSON pair: what the directory says (hash and size are set right), the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import cast
from unittest.mock import patch

import mobile.sync.editions as editions
from mobile.sync.errors import (
    EditionAlteredError,
    EditionConflictError,
    EditionMismatchError,
    EditionOlderError,
    EditionUnusableError,
)
from mobile.vault.records import OpenVault
from protocols.errors import MalformedError
from protocols.messages import Edition
from protocols.plain import dump_json, from_plain, load_json
from tests.fuzz.fictional import NOW
from tests.fuzz.target import DifferentError, Target
from tests.mobile.cases import ID, Carried, checklist_file

CARRIED = Carried()


class DictVault:
    """A vault in memory, without secrets: only what the shelf asks of one."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    def get(self, kind: str, key: str) -> bytes | None:
        return self.kept.get((kind, key))

    def put(self, kind: str, key: str, body: bytes) -> None:
        self.kept[kind, key] = body

    def items(self, kind: str) -> list[tuple[str, bytes]]:
        return [(key, body) for (each, key), body in self.kept.items() if each == kind]


def read(data: bytes) -> object:
    match load_json(data):
        case [dict(named), dict(file)]:
            pass
        case _:
            raise MalformedError("no pair")
    body = dump_json(file)
    right = {"sha256": sha256(body).hexdigest(), "size": len(body)}
    edition = from_plain(named | right, Edition)
    with (
        patch.object(editions, "available", CARRIED.available),
        patch.object(editions, "packaged", CARRIED.packaged),
    ):
        return _taken(editions.Shelf(cast(OpenVault, DictVault())), edition, body)


def _taken(shelf: editions.Shelf, named: Edition, body: bytes) -> object:
    if shelf.wants(named):
        shelf.take(named, body, NOW)
    newest = shelf.newest(ID).checklist
    if newest.id != ID or newest.version < 1:
        raise DifferentError(f"asked next: {newest.id} version {newest.version}")
    shelf.demand_usable(named)
    return newest


def seeds() -> Iterator[bytes]:
    for version in (1, 2, 3):
        named = {"id": ID, "version": version, "sha256": "", "size": 0}
        yield dump_json([named, load_json(checklist_file(version))])
    yield dump_json([named, load_json(checklist_file(2))])


TARGET = Target(
    read,
    (
        *(MalformedError, EditionAlteredError, EditionConflictError, EditionMismatchError),
        *(EditionOlderError, EditionUnusableError),
    ),
    seeds,
    longest=16_000,
)
