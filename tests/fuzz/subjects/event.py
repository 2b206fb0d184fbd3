"""A log's leaves, rightly signed whatever they say: the audit names exactly
those that are no event.

An input is a list of [signer's number, when it was received, event], which the harness signs, or
of [the leaf's text].
"""

from collections.abc import Iterator
from typing import Any

from protocols.audit.export import write_export
from protocols.audit.verify import verify_export
from protocols.errors import MalformedError
from protocols.plain import dump_json, format_time, from_json, from_plain, load_json, to_plain
from protocols.sealing.statement import Statement, sign
from protocols.timeline.checkpoint import Checkpoint, origin_for, sign_checkpoint
from protocols.timeline.event import EVENT_TYPE, EnvelopeRef, Event, Kind, Leaf, new_referral_id
from protocols.timeline.merkle import root
from tests.fuzz.fictional import DEVICE, KEYS, NOW, ROOT, SERVER, entropy, key_id, statements
from tests.fuzz.target import Target, same

ORIGIN = origin_for(ROOT.programme, "TN")
REFERRAL = new_referral_id(entropy())


def read(data: bytes) -> object:
    given = load_json(data)
    if not isinstance(given, list):
        raise MalformedError("no list of events")
    leaves = [_leaf(each) for each in given]
    report = verify_export(_export(leaves), ROOT)
    told = {each.where for each in report.faults if each.rule == "bad_leaf"}
    same(told, {f"leaf {index}" for index, leaf in enumerate(leaves) if not _is_event(leaf)})
    return report


def _leaf(given: Any) -> bytes:
    match given:
        case [int(signer), received, dict(event)]:
            statement = sign(EVENT_TYPE, dump_json(event), KEYS[signer % len(KEYS)])
            return dump_json({"event": to_plain(statement), "received": received})
        case [str(verbatim)]:
            return verbatim.encode()
    return dump_json({"event": given, "received": format_time(NOW)})


def _is_event(leaf: bytes) -> bool:
    """By the strict reader alone, whatever shorter way the audit takes."""
    try:
        from_json(from_plain(from_json(leaf, Leaf).event, Statement).payload, Event)
    except MalformedError:
        return False
    return True


def _export(leaves: list[bytes]) -> Iterator[bytes]:
    checkpoint = Checkpoint(ORIGIN, len(leaves), root(leaves))
    return write_export(
        country="TN",
        origin=ORIGIN,
        exported=NOW,
        directory=None,
        certificates=statements(),
        leaves=leaves,
        checkpoint=sign_checkpoint(checkpoint, ORIGIN, SERVER),
    )


def _events() -> list[Any]:
    first = Event(
        referral=REFERRAL,
        kind=Kind.SUBMITTED,
        sequence=0,
        previous=None,
        actor=key_id(DEVICE),
        provider=None,
        claimed=NOW,
        reason=None,
        envelopes=(EnvelopeRef("fictional-shelter", "0" * 64, 700),),
        respond_within=60,
        country="TN",
    )
    signer, event = KEYS.index(DEVICE), to_plain(first)
    digest = sign(EVENT_TYPE, dump_json(event), DEVICE).digest
    follows = event | {
        "kind": "offered",
        "sequence": 1,
        "previous": digest,
        "actor": key_id(SERVER),
        "provider": "fictional-shelter",
        "envelopes": [],
        "respond_within": None,
    }
    at = format_time(NOW)
    return [[signer, at, event], [KEYS.index(SERVER), at, follows]]


def seeds() -> Iterator[bytes]:
    events = _events()
    yield dump_json(events)
    yield dump_json([[_leaf(each).decode()] for each in events])
    for kind in Kind:
        yield dump_json([*events, [3, format_time(NOW), events[1][2] | {"kind": str(kind)}]])


TARGET = Target(read, (MalformedError,), seeds, longest=8192)
