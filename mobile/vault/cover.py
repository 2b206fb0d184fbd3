"""Rows that say nothing, so that the two databases of a vault look alike.

For each collection and record of one vault the other has a record of the same length, empty
inside. Who reads the files sees two databases of about the same size and shape; who has neither
key cannot tell an empty record from another.
"""

from attrs import frozen

from mobile.vault.keys import NONCE_BYTES
from mobile.vault.records import OpenVault
from protocols.plain import from_json, to_json

COVER, LIST_ROW = "cover", "list"
AROUND = NONCE_BYTES + 16 + 4
"""Bytes of a stored body that are nonce, tag and length."""


@frozen
class KeptCover:
    """collection -> record -> stored length, of what is covered; both as hashes."""

    rows: dict[str, dict[str, int]]


def cover(one: OpenVault, other: OpenVault) -> None:
    """Give each vault empty records in the shape of the other's own ones."""
    shapes = [_own(each) for each in (one, other)]
    _follow(one, shapes[1])
    _follow(other, shapes[0])


def _own(vault: OpenVault) -> KeptCover:
    covers = (_name(each) for each in _kept(vault).rows)
    rows: dict[str, dict[str, int]] = {}
    for collection, row, length in vault.shape(without=(COVER, *covers)):
        rows.setdefault(collection.hex(), {})[row.hex()] = length
    return KeptCover(rows)


def _follow(vault: OpenVault, wanted: KeptCover) -> None:
    present = _kept(vault)
    if present == wanted:
        return
    with vault.transaction():
        for collection in present.rows.keys() | wanted.rows.keys():
            before = present.rows.get(collection, {})
            after = wanted.rows.get(collection, {})
            for row in before.keys() - after.keys():
                vault.delete(_name(collection), row)
            for row, length in after.items():
                if before.get(row) != length:
                    vault.put(_name(collection), row, bytes(max(0, length - AROUND)))
        vault.put(COVER, LIST_ROW, to_json(wanted))


def _kept(vault: OpenVault) -> KeptCover:
    data = vault.get(COVER, LIST_ROW)
    return KeptCover({}) if data is None else from_json(data, KeptCover)


def _name(collection: str) -> str:
    return f"{COVER} {collection}"
