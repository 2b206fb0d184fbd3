"""Log entries: kept only as the log's root proves them, each under its one index."""

from datetime import UTC, datetime

import nacl.utils
import pytest
from attrs import evolve
from nacl.signing import SigningKey

from mobile.sync.errors import HostileAnswerError
from mobile.sync.events import events_of, keep_event, read_proven
from mobile.sync.ledger import Head
from mobile.vault.records import OpenVault
from protocols.plain import to_json, to_plain
from protocols.sealing.statement import keyid, sign
from protocols.timeline.checkpoint import read_checkpoint
from protocols.timeline.event import EVENT_TYPE, EnvelopeRef, Event, Kind, Leaf
from tests.mobile.fake_log import FakeLog

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEY = SigningKey(bytes(32))
REFERRAL = "a" * 26


@pytest.fixture
def vault(tmp_path):
    opened = OpenVault(tmp_path / "vault.db", bytes(32), nacl.utils.random)
    yield opened
    opened.close()


def event(sequence=0, referral=REFERRAL):
    first = sequence == 0
    made = Event(
        referral=referral,
        kind=Kind.SUBMITTED if first else Kind.WITHDRAWN,
        sequence=sequence,
        previous=None if first else "0" * 64,
        actor=keyid(bytes(KEY.verify_key)),
        provider=None,
        claimed=NOW,
        reason=None,
        envelopes=(EnvelopeRef("fictional-a", "0" * 64, 1),) if first else (),
        respond_within=60 if first else None,
        country="TN",
    )
    return sign(EVENT_TYPE, made, KEY)


@pytest.fixture
def log():
    made = FakeLog("amana/fictional/tn", KEY)
    for number in range(5):
        made.append(event(number), NOW)
    return made


def head(log, size=None):
    note = log.checkpoint(size)
    checkpoint = read_checkpoint(note)
    return Head(note, checkpoint.size, checkpoint.root)


def test_each_entry_is_read_as_the_root_proves_it(log):
    for index in range(5):
        held = read_proven(log.logged(index), head(log))
        assert (held.index, held.event.sequence) == (index, index)
        assert held.digest == held.statement.digest


@pytest.mark.parametrize(
    "change",
    [
        lambda logged: evolve(logged, index=logged.index + 1),
        lambda logged: evolve(logged, index=-1),
        lambda logged: evolve(logged, index=10**18),
        lambda logged: evolve(logged, leaf=logged.leaf + b" "),
        lambda logged: evolve(logged, leaf=b"\xff"),
        lambda logged: evolve(logged, proof=logged.proof[:-1]),
        lambda logged: evolve(logged, proof=(*logged.proof, bytes(32))),
        lambda logged: evolve(logged, proof=(b"short",)),
        lambda logged: evolve(logged, proof=logged.proof[::-1]),
    ],
)
def test_what_the_root_does_not_prove_is_refused(log, change):
    with pytest.raises(HostileAnswerError):
        read_proven(change(log.logged(2)), head(log))


@pytest.mark.parametrize(
    "leaf",
    [
        b"null",
        to_json(Leaf({}, NOW)),
        to_json(Leaf(to_plain(sign("another/type", {}, KEY)), NOW)),
        to_json(Leaf(to_plain(sign(EVENT_TYPE, {"referral": REFERRAL}, KEY)), NOW)),
    ],
)
def test_a_proven_leaf_that_is_no_event_is_refused(leaf):
    log = FakeLog("amana/fictional/tn", KEY, [leaf])
    with pytest.raises(HostileAnswerError):
        read_proven(log.logged(0), head(log))


def test_entries_come_back_verbatim_in_the_logs_order(log, vault):
    for index in (3, 0, 4, 1, 2):
        logged = log.logged(index)
        assert keep_event(vault, logged, read_proven(logged, head(log)))
        assert not keep_event(vault, logged, read_proven(logged, head(log)))
    held = events_of(vault, REFERRAL)
    assert [each.index for each in held] == [0, 1, 2, 3, 4]
    assert [to_json(each.leaf) for each in held] == log.leaves
    assert vault.list("timeline") == (REFERRAL,)


def test_another_entry_under_the_same_index_is_refused(log, vault):
    logged = log.logged(0)
    keep_event(vault, logged, read_proven(logged, head(log)))
    other = FakeLog("amana/fictional/tn", KEY)
    other.append(event(0), NOW.replace(hour=10))
    forged = other.logged(0)
    with pytest.raises(HostileAnswerError, match="not the one kept"):
        keep_event(vault, forged, read_proven(forged, head(other)))
    assert [to_json(each.leaf) for each in events_of(vault, REFERRAL)] == log.leaves[:1]
