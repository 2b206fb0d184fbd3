"""Two views of one log: which continues which, and what is never taken for a verdict."""

import json
from itertools import product

import pytest

from protocols.audit.compare import (
    Compared,
    NotComparableError,
    Verdict,
    View,
    compare,
    view_of_export,
    views_of_evidence,
)
from protocols.errors import MalformedError
from protocols.plain import dump_json, format_time, to_plain
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.merkle import root as tree_root

from .conftest import FictionalWorld, key


@pytest.fixture(scope="module")
def written():
    made = FictionalWorld()
    for number in (1, 2, 3):
        made.journey(number)
    return made


@pytest.fixture(scope="module")
def other():
    made = FictionalWorld()
    made.journey(1)
    for number in (7, 8):
        made.journey(number)
    return made


def exported(world, size=27):
    lines = world.export(world.leaves[:size])
    return view_of_export(lambda: iter(lines))


def noted(world, size=27, signer=None):
    checkpoint = Checkpoint(world.origin, size, tree_root(world.leaves[:size]))
    return View(sign_checkpoint(checkpoint, world.origin, signer or world.server))


@pytest.mark.parametrize(("one", "two"), list(product([0, 1, 8, 26, 27], repeat=2)))
def test_two_views_of_one_history(written, one, two):
    verdict = Verdict.SAME if one == two else Verdict.EXTENDS if two > one else Verdict.BEGINS
    expected = Compared(verdict, written.origin, one, two, min(one, two))
    root = written.root
    assert compare(exported(written, one), exported(written, two), root) == expected
    if two <= one:
        assert compare(exported(written, one), noted(written, two), root) == expected
    else:
        short = compare(exported(written, one), noted(written, two), root)
        assert (short.verdict, short.first, short.second) == (Verdict.SHORT, one, two)
    if one <= two:
        assert compare(noted(written, one), exported(written, two), root) == expected


def test_two_histories(written, other):
    root = written.root
    found = compare(exported(written), exported(other), root)
    assert (found.verdict, found.agreed) == (Verdict.FORKED, 9)
    assert compare(exported(written), noted(other), root).verdict is Verdict.FORKED
    assert compare(noted(other, 12), exported(written), root).verdict is Verdict.FORKED
    assert compare(exported(written), noted(other, 9), root).verdict is Verdict.BEGINS
    assert compare(exported(written, 12), exported(other, 20), root).verdict is Verdict.FORKED


def test_evidence_of_a_phone_proves_itself(written, other):
    evidence = {
        "format": "amana-fork/1",
        "country": "TN",
        "seen": format_time(written.now),
        "notes": [noted(written).note, noted(other).note],
        "statements": [to_plain(each) for each in written.certificates],
    }
    found = compare(*views_of_evidence(dump_json(evidence)), written.root)
    assert found.verdict is Verdict.FORKED
    evidence["notes"][1] = noted(other, 20).note
    with pytest.raises(NotComparableError):
        compare(*views_of_evidence(dump_json(evidence)), written.root)
    for wrong in ({}, {**evidence, "format": "x"}, {**evidence, "more": 1}, [1]):
        with pytest.raises(MalformedError):
            views_of_evidence(json.dumps(wrong).encode())


def test_what_no_certified_server_signed_proves_nothing(written):
    for signer in (key(99), key(4)):
        with pytest.raises(NotComparableError, match="no certified server"):
            compare(exported(written), noted(written, signer=signer), written.root)


def test_what_cannot_be_told_is_no_verdict(written):
    root = written.root
    with pytest.raises(NotComparableError, match="name an export"):
        compare(noted(written), noted(written), root)
    lines = written.export()
    for damaged in ([*lines[:-2], lines[-1]], [*lines[:12], b"noise\n", *lines[13:]]):
        with pytest.raises(NotComparableError, match="verify"):
            compare(view_of_export(lambda: iter(damaged)), exported(written), root)  # noqa: B023
    with pytest.raises(NotComparableError, match="checkpoint"):
        view_of_export(lambda: iter(lines[:-1]))
    stranger = FictionalWorld(root_key=key(77))
    with pytest.raises(NotComparableError, match="do not hold"):
        compare(exported(written), exported(written), stranger.root)
