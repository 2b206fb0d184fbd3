"""One country's log: its leaves, roots, proofs and a checkpoint."""

from datetime import datetime, timedelta
from typing import Any

from protocols.plain import encode_base64, format_time, to_json, to_plain
from protocols.sealing.statement import sign
from protocols.timeline.checkpoint import Checkpoint, origin_for, sign_checkpoint
from protocols.timeline.cosignature import (
    FalseCosignatureError,
    cosign,
    witness_name,
    witnessed,
)
from protocols.timeline.event import EVENT_TYPE, EnvelopeRef, Event, Kind, Leaf, new_referral_id
from protocols.timeline.merkle import (
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
)
from tools.vectors.cast import NORTH, PROGRAMME, SOUTH, START, id_of, key, public, stream

ORIGIN = origin_for(PROGRAMME, "TN")
STEPS: tuple[tuple[str, Kind, str | None, str | None], ...] = (
    ("inspector", Kind.SUBMITTED, None, None),
    ("server", Kind.OFFERED, NORTH, None),
    ("north", Kind.DECLINED, NORTH, "no_places"),
    ("server", Kind.OFFERED, SOUTH, None),
    ("south", Kind.OPENED, SOUTH, None),
    ("south", Kind.ACCEPTED, SOUTH, None),
    ("south", Kind.CLOSED, SOUTH, "completed"),
)


def leaves() -> list[bytes]:
    """Seven events of one fictional referral."""
    referral = new_referral_id(stream("referral"))
    made: list[bytes] = []
    previous, now = None, START
    for sequence, (who, kind, provider, reason) in enumerate(STEPS):
        event = _event(referral, kind, sequence, previous, who=who, provider=provider, now=now)
        signed = sign(EVENT_TYPE, {**to_plain(event), "reason": reason}, key(who))
        made.append(to_json(Leaf(to_plain(signed), now)))
        previous, now = signed.digest, now + timedelta(minutes=7)
    return made


def _event(
    referral: str,
    kind: Kind,
    sequence: int,
    previous: str | None,
    *,
    who: str,
    provider: str | None,
    now: datetime,
) -> Event:
    first = sequence == 0
    sealed = (EnvelopeRef(NORTH, "ab" * 32, 4096), EnvelopeRef(SOUTH, "cd" * 32, 4096))
    return Event(
        referral=referral,
        kind=kind,
        sequence=sequence,
        previous=previous,
        actor=id_of(who),
        provider=provider,
        claimed=now,
        reason=None,
        envelopes=sealed if first else (),
        respond_within=240 if first else None,
        country="TN",
    )


def note() -> str:
    """The checkpoint over all leaves, signed by the server."""
    made = leaves()
    whole = Checkpoint(ORIGIN, len(made), root_at(len(made), Nodes(made).read))
    return sign_checkpoint(whole, ORIGIN, key("server"))


class Nodes:
    """The stored nodes of a tree."""

    def __init__(self, data: list[bytes]) -> None:
        self._nodes: dict[tuple[int, int], bytes] = {}
        for size, each in enumerate(data):
            for level, index, value in append(size, leaf_hash(each), self.read):
                self._nodes[level, index] = value

    def read(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree."""
        return self._nodes[level, index]


def make() -> dict[str, Any]:
    """`docs/vectors/log.json`."""
    made = leaves()
    nodes, size = Nodes(made), len(made)
    pairs = [(first, second) for second in range(1, size + 1) for first in range(1, second + 1)]
    return {
        "about": "Leaves as base64 of their very bytes; hashes in hex. Each proof holds as given;"
        " with any one hash altered, left out or added it does not. `at`: when the witness"
        " cosigned, null where its line is missing or false.",
        "leaves": [encode_base64(each) for each in made],
        "leaf_hashes": [leaf_hash(each).hex() for each in made],
        "roots": [root_at(each, nodes.read).hex() for each in range(size + 1)],
        "inclusion": [
            {"index": index, "size": of, "proof": _hex(inclusion_proof(index, of, nodes.read))}
            for of in (1, 2, 3, 4, 6, size)
            for index in range(of)
        ],
        "consistency": [
            {
                "first": first,
                "second": second,
                "proof": _hex(consistency_proof(first, second, nodes.read)),
            }
            for first, second in pairs
        ],
        "checkpoint": {"origin": ORIGIN, "public": public("server").hex(), "note": note()},
        "cosignatures": [_witnessed(*each) for each in _cosigned()],
    }


Cosigned = tuple[str, str, str | None]
"""Its name, a note, and when the witness says that it cosigned (None: it did not)."""


def _cosigned() -> list[Cosigned]:
    whole, name = note(), witness_name(id_of("coordinator"))
    at = START + timedelta(hours=1)
    line = cosign(whole, name, key("coordinator"), at)
    anew = cosign(whole, name, key("coordinator"), at + timedelta(seconds=1))
    moved = line[:-8] + ("A" if line[-8] != "A" else "B") + line[-7:]
    other = whole.replace("\n7\n", "\n6\n")
    stranger = cosign(whole, witness_name(id_of("stranger")), key("stranger"), at)
    return [
        ("cosigned", whole + line, format_time(at)),
        ("cosigned a second later", whole + anew, format_time(at + timedelta(seconds=1))),
        ("nobody did", whole, None),
        ("only a stranger did", whole + stranger, None),
        ("one letter of the line altered", whole + moved, None),
        ("another size under the line", other + line, None),
    ]


def _witnessed(name: str, text: str, at: str | None) -> dict[str, Any]:
    witness = witness_name(id_of("coordinator"))
    try:
        found = witnessed(text, {witness: public("coordinator")})
    except FalseCosignatureError:
        found = ()
    if [format_time(each.at) for each in found] != [at] * (at is not None):
        raise AssertionError(f"{name}: this code reads it otherwise than it should")
    return {
        "name": name,
        "witness": witness,
        "public": public("coordinator").hex(),
        "note": text,
        "at": at,
    }


def _hex(hashes: list[bytes]) -> list[str]:
    return [each.hex() for each in hashes]
