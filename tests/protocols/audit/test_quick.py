"""The quick reader says what the strict one says, or nothing."""

import json
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.audit.export import LeafLine, read_line
from protocols.audit.judge import read_leaf
from protocols.audit.quick import quick_event, quick_leaf, quick_line
from protocols.audit.signers import Signers
from protocols.errors import MalformedError
from protocols.plain import decode_base64, dump_json, encode_base64, from_json, from_plain
from protocols.sealing.certificate import Role, UntrustedError
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore
from protocols.timeline.event import Event, Leaf

from .conftest import START, FictionalWorld, key, key_id


@cache
def leaves() -> tuple[bytes, ...]:
    world = FictionalWorld()
    world.journey(1)
    return tuple(world.leaves)


def payloads() -> tuple[bytes, ...]:
    return tuple(decode_base64(json.loads(each)["event"]["payload"]) for each in leaves())


def strict_line(line: bytes) -> tuple[int, bytes] | None:
    try:
        value = json.loads(line.decode()) if line.endswith(b"\n") else None
        assert value["type"] == "leaf"
        return value["index"], decode_base64(value["data"])
    except (ValueError, TypeError, KeyError, AssertionError, MalformedError):
        return None


def strict_leaf(data: bytes) -> Any:
    try:
        leaf = from_json(data, Leaf)
        statement = from_plain(leaf.event, Statement)
        return statement, from_json(statement.payload, Event), leaf.received
    except MalformedError as error:
        return str(error)


def strict_event(payload: bytes) -> Event | None:
    try:
        return from_json(payload, Event)
    except MalformedError:
        return None


def test_what_amana_writes_is_read_quickly() -> None:
    for index, data in enumerate(leaves()):
        line = dump_json({"type": "leaf", "index": index, "data": encode_base64(data)}) + b"\n"
        assert quick_line(line) == (index, data)
        assert read_line(7, line) == LeafLine(7, index, data)
        assert quick_leaf(data) == strict_leaf(data)
    for payload in payloads():
        assert quick_event(payload) == strict_event(payload)


JSON_LIKE = st.sampled_from(
    [bytes([each]) for each in range(256)]
    + [b"null", b"true", b"0", b"-1", b"1e2", b"1.0", b'""', b"\\u0061", b" ", b"\t", b",", b"00"]
    + [b"2026-02-30T00:00:00Z", b"2026-11-24T24:00:00Z", b"2026-11-24T23:59:60Z", b"0999", b"9999"]
    + ["٣".encode(), b"\xed\xa0\x80", b'"kind":"closed",', b'"reason":null,', b"=", b"=="]
)


@st.composite
def damaged(draw: st.DrawFn, wholes: st.SearchStrategy[bytes]) -> bytes:
    """One of the whole ones with one to three pieces cut out, put in or put in the place of."""
    data = draw(wholes)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 30)))
        data = data[:start] + draw(st.just(b"") | JSON_LIKE) + data[end:]
    return data


@settings(max_examples=400)
@given(damaged(st.sampled_from(payloads())))
def test_a_damaged_event_is_read_as_strictly(payload: bytes) -> None:
    assert quick_event(payload) in (None, strict_event(payload))


@settings(max_examples=400)
@given(damaged(st.sampled_from(leaves())))
def test_a_damaged_leaf_is_read_as_strictly(data: bytes) -> None:
    strict = strict_leaf(data)
    assert quick_leaf(data) in (None, strict)
    try:
        found: Any = read_leaf(data)
    except MalformedError as error:
        found = str(error)
    assert found == strict, "the same value, or the same words about what is wrong"


@settings(max_examples=400)
@given(
    damaged(
        st.sampled_from(leaves()).map(
            lambda data: (
                dump_json({"type": "leaf", "index": 3, "data": encode_base64(data)}) + b"\n"
            )
        )
    )
)
@example(b'{"data":"YR==","index":3,"type":"leaf"}\n')
@example(b'{"data":"YQ==","index":03,"type":"leaf"}\n')
def test_a_damaged_line_is_read_as_strictly(line: bytes) -> None:
    assert quick_line(line) in (None, strict_line(line))


FIELDS = {
    "actor": ["a" * 31, "A" * 32, None],
    "claimed": ["2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "0999-03-01T00:00:00Z", 1],
    "country": ["tn", "TNN", "ÉG"],
    "envelopes": [[], [{"recipient": "-a", "sha256": "ab" * 32, "size": 1}], [{}], None],
    "kind": ["closed", "submitted", "unknown", ""],
    "previous": [None, "ab" * 32, "AB" * 32],
    "provider": ["a-", "-a", "demo", "", None],
    "reason": ["a" * 41, "A", "no_places", ""],
    "referral": ["a" * 26, "b" * 26, "a" * 25],
    "respond_within": [0, 1, 10_081, 1.0, True, None, "1"],
    "sequence": [-1, 0, 1, 10**12, 1.0, True],
}
CHANGES = [(name, value) for name, values in FIELDS.items() for value in values]


@given(st.sampled_from(payloads()), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3))
def test_an_event_with_other_fields_is_read_as_strictly(
    payload: bytes, changes: list[tuple[str, Any]]
) -> None:
    changed = dump_json({**json.loads(payload), **dict(changes)})
    assert quick_event(changed) in (None, strict_event(changed))


@cache
def changing() -> TrustStore:
    """A store in which devices begin, end, are renewed and revoked."""
    world = FictionalWorld()
    for days in (3, 10):
        world.add(
            Role.FIELD_WORKER,
            key_id(key(40)),
            key(40),
            "demo-inspectorate",
            START + timedelta(days=days),
        )
    world.now = START + timedelta(days=5)
    world.revoke(world.inspector)
    return TrustStore.build(world.root, world.certificates)


def told(ask: Any, subject: str, at: Any) -> Any:
    try:
        return ask(subject, at)
    except UntrustedError as error:
        return error.code, str(error)


SUBJECTS = [key_id(key(seed)) for seed in (2, 3, 4, 5, 40, 99)] + ["demo-inspectorate"]
seconds = st.sampled_from(changing().turning_points()).flatmap(
    lambda turn: st.integers(-2, 2).map(lambda off: turn + timedelta(seconds=off))
)


@given(st.lists(st.tuples(st.sampled_from(SUBJECTS), seconds), max_size=30))
def test_signers_answer_as_the_store_does_at_every_moment(asked: list[tuple[str, Any]]) -> None:
    signers = Signers(changing())
    for subject, at in asked:
        wanted = told(changing().device, subject, at)
        found = told(signers.device, subject, at)
        assert found == wanted or found.certificate == wanted
