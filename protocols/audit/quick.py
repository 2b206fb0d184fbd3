"""A quick reader for leaves in exactly the bytes that Amana itself writes.

Each function gives what the strict reader (`protocols.plain`) would give, or None: then the strict
reader is to be asked, which alone says what is wrong. Nothing is accepted here that it refuses.
Kept because an audit reads three JSON documents an event, and a log has millions.
"""

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from datetime import datetime
from sys import intern

from protocols.errors import MalformedError
from protocols.sealing.statement import Signature, Statement
from protocols.timeline.event import EVENT_TYPE, EnvelopeRef, Event, Kind

LONGEST = 256 * 1024
"""Bytes; whatever is longer is left to the strict reader, which knows the true limits."""

_TIME = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_SLUG = r"[a-z0-9-]{1,64}"
_ENVELOPE = rf'\{{"recipient":"({_SLUG})","sha256":"([0-9a-f]{{64}})","size":([1-9][0-9]{{0,7}})\}}'
_EACH = re.sub(r"\((?!\?)", "(?:", _ENVELOPE)

_LINE_HEAD = b'{"data":"'
_LINE_TAIL = re.compile(rb'","index":(0|[1-9][0-9]{0,17}),"type":"leaf"\}\n')
_LEAF_HEAD = b'{"event":{"payload":"'
_LEAF_TAIL = re.compile(
    rb'","payloadType":"' + re.escape(EVENT_TYPE).encode() + rb'","signatures":\[\{'
    rb'"keyid":"([a-z2-7]{32})","sig":"([A-Za-z0-9+/]{86}==)"\}\]\},'
    rb'"received":"(' + _TIME.encode() + rb')"\}'
)
_EVENT = re.compile(
    rf'\{{"actor":"([a-z2-7]{{32}})","claimed":"({_TIME})","country":"([A-Z]{{2}})",'
    rf'"envelopes":\[((?:{_EACH}(?:,{_EACH})*)?)\],"kind":"([a-z_]{{1,20}})",'
    rf'"previous":(?:null|"([0-9a-f]{{64}})"),"provider":(?:null|"({_SLUG})"),'
    r'"reason":(?:null|"([a-z_]{1,40})"),"referral":"([a-z2-7]{26})",'
    r'"respond_within":(?:null|([1-9][0-9]{0,5})),"sequence":(0|[1-9][0-9]{0,8})\}'
)
_ENVELOPES = re.compile(_ENVELOPE)
_KINDS = {str(each): each for each in Kind}


def quick_line(line: bytes) -> tuple[int, bytes] | None:
    """Index and bytes of the leaf on a line of an export."""
    if len(line) > LONGEST or not line.startswith(_LINE_HEAD):
        return None
    end = line.find(b'"', len(_LINE_HEAD))
    tail = _LINE_TAIL.fullmatch(line, end) if end > 0 else None
    data = _decoded(line[len(_LINE_HEAD) : end]) if tail else None
    return None if tail is None or data is None else (int(tail[1]), data)


def quick_leaf(data: bytes) -> tuple[Statement, Event, datetime] | None:
    """The statement in a leaf, the event that it signs, and when the server received it."""
    if len(data) > LONGEST or not data.startswith(_LEAF_HEAD):
        return None
    end = data.find(b'"', len(_LEAF_HEAD))
    tail = _LEAF_TAIL.fullmatch(data, end) if end > 0 else None
    if tail is None:
        return None
    payload, signature = _decoded(data[len(_LEAF_HEAD) : end]), _decoded(tail[2])
    event = quick_event(payload) if payload else None
    received = _time(tail[3].decode())
    if payload is None or signature is None or event is None or received is None:
        return None
    signatures = (Signature(tail[1].decode(), signature),)
    return Statement(EVENT_TYPE, payload, signatures), event, received


def quick_event(payload: bytes) -> Event | None:
    """The event in a statement's payload."""
    match = _EVENT.fullmatch(payload.decode("latin-1"))
    if match is None:
        return None
    actor, claimed, country, envelopes, kind, previous, provider, reason, referral, minutes, at = (
        match.groups()
    )
    moment = _time(claimed)
    if moment is None or kind not in _KINDS:
        return None
    try:
        return Event(
            referral=referral,
            kind=_KINDS[kind],
            sequence=int(at),
            previous=previous,
            actor=actor,
            provider=provider and intern(provider),
            claimed=moment,
            reason=reason and intern(reason),
            envelopes=tuple(
                EnvelopeRef(intern(each[1]), each[2], int(each[3]))
                for each in _ENVELOPES.finditer(envelopes)
            ),
            respond_within=int(minutes) if minutes else None,
            country=intern(country),
        )
    except MalformedError:
        return None


def _decoded(text: bytes) -> bytes | None:
    """What canonical, padded base64 says; other text gives None."""
    try:
        data = a2b_base64(text)
    except BinasciiError:
        return None
    return data if b2a_base64(data, newline=False) == text else None


def _time(text: str) -> datetime | None:
    """A time already known to have the form of `format_time`; None for a day that is not."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
