"""A whole export, and what an audit says of it and of what was done to it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from protocols.audit.export import write_export
from protocols.audit.verify import verify_export
from protocols.messages import Snapshot
from protocols.plain import dump_json
from protocols.sealing.statement import payload_type, sign
from tools.vectors.cast import DAY, START, key, root
from tools.vectors.log import ORIGIN, leaves, note
from tools.vectors.trust import chain

EXPORTED = START + timedelta(hours=2)
FIRST_LEAF = 11
"""The place of the first leaf among the lines, counted from 0."""


def lines() -> list[bytes]:
    """Header, directory, nine certificates, seven leaves, checkpoint."""
    snapshot = Snapshot(
        country="TN",
        number=7,
        issued=START - DAY,
        expires=START + 13 * DAY,
        statements=tuple(chain()),
        providers=(),
        focal_points=(),
        checklists=(),
    )
    return list(
        write_export(
            country="TN",
            origin=ORIGIN,
            exported=EXPORTED,
            directory=sign(
                payload_type("snapshot"), snapshot, key("authority-1"), key("authority-3")
            ),
            certificates=chain(),
            leaves=leaves(),
            checkpoint=note(),
        )
    )


def make() -> dict[str, Any]:
    """`docs/vectors/export.json`."""
    whole = lines()
    return {
        "about": "`lines` of an export under the root of statements.json. Each alteration gives"
        " the places of the lines that are kept, in order, and lines to put in others' place;"
        " `rules` are those that an audit names at least, none where all holds.",
        "lines": [each.decode() for each in whole],
        "alterations": [_judged(whole, *each) for each in _alterations(whole)],
    }


Alteration = tuple[str, list[int], dict[int, bytes]]


def _alterations(whole: list[bytes]) -> list[Alteration]:
    everything = list(range(len(whole)))
    end, leaf = len(whole) - 1, FIRST_LEAF + 2
    swapped = [*everything]
    swapped[leaf], swapped[leaf + 1] = leaf + 1, leaf
    return [
        ("nothing", everything, {}),
        ("a leaf dropped", [each for each in everything if each != leaf], {}),
        ("a leaf doubled", sorted([*everything, leaf]), {}),
        ("two leaves swapped", swapped, {}),
        ("the checkpoint cut off", everything[:end], {}),
        ("the last leaf cut off", [each for each in everything if each != end - 1], {}),
        ("a certificate stripped", [each for each in everything if each != 3], {}),
        ("the directory stripped", [each for each in everything if each != 1], {}),
        ("one bit of a leaf", everything, {leaf: _one_bit(whole[leaf])}),
        ("a line that is none", everything, {leaf: b'{"type":"leaf"}\n'}),
        ("another country in the header", everything, {0: _other_header(whole[0])}),
    ]


def _edit(line: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    read = json.loads(line)
    change(read)
    return dump_json(read) + b"\n"


def _one_bit(line: bytes) -> bytes:
    def flip(read: dict[str, Any]) -> None:
        text = read["data"]
        read["data"] = text[:40] + ("B" if text[40] != "B" else "A") + text[41:]

    return _edit(line, flip)


def _other_header(line: bytes) -> bytes:
    return _edit(line, lambda read: read.update(country="MA"))


def _judged(
    whole: list[bytes], name: str, kept: list[int], instead: dict[int, bytes]
) -> dict[str, Any]:
    altered = [instead.get(each, whole[each]) for each in kept]
    report = verify_export(altered, root())
    return {
        "name": name,
        "kept": kept,
        "instead": {str(place): line.decode() for place, line in instead.items()},
        "rules": sorted({each.rule for each in report.faults}),
    }
