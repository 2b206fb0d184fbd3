"""The log a phone has seen only grows; whatever contradicts it is noticed, and kept as proof."""

from datetime import UTC, datetime

import nacl.utils
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from mobile.sync.errors import HostileAnswerError, LogForkError
from mobile.sync.ledger import Ledger
from mobile.vault.records import OpenVault
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.merkle import ProofError
from tests.mobile.fake_log import FakeLog

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ORIGIN = "amana/fictional/tn"
KEY = SigningKey(bytes(range(32)))
LEAVES = [f"leaf {number}".encode() for number in range(12)]


@pytest.fixture
def vault(tmp_path):
    opened = OpenVault(tmp_path / "vault.db", bytes(32), nacl.utils.random)
    yield opened
    opened.close()


@pytest.fixture
def ledger(vault):
    return Ledger(vault, "TN", ORIGIN, lambda: [bytes(KEY.verify_key)])


def log(size=12, change=None):
    return FakeLog(ORIGIN, KEY, [change(each) if change else each for each in LEAVES[:size]])


def never(first, second):
    raise AssertionError("no proof needed to be fetched")


def refusing(first, second):
    raise ProofError("the server does not prove it")


def keep(ledger, size, of=None):
    head = ledger.check((of or log()).checkpoint(size), None, log().consistency, NOW)
    ledger.keep(head)
    return head


def test_the_first_checkpoint_is_taken_as_it_is(ledger):
    head = ledger.check(log(5).checkpoint(), None, never, NOW)
    assert ledger.head is None
    ledger.keep(head)
    assert ledger.head == head
    assert head.size == 5


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6).map(sorted))
def test_every_growth_is_taken(tmp_path_factory, sizes):
    vault = OpenVault(tmp_path_factory.mktemp("v") / "vault.db", bytes(32), nacl.utils.random)
    ledger = Ledger(vault, "TN", ORIGIN, lambda: [bytes(KEY.verify_key)])
    for size in sizes:
        assert keep(ledger, size).size == size
    assert ledger.head.size == sizes[-1]
    assert ledger.fork is None
    vault.close()


def test_growth_needs_a_proof_that_came_along_or_is_fetched(ledger):
    keep(ledger, 5)
    asked = []

    def fetch(first, second):
        asked.append((first, second))
        return log().consistency(first, second)

    assert ledger.check(log().checkpoint(9), log().consistency(5, 9), never, NOW).size == 9
    assert ledger.check(log().checkpoint(9), None, fetch, NOW).size == 9
    assert asked == [(5, 9)]


@pytest.mark.parametrize(
    "proof",
    [
        (),
        (bytes(32),),
        (b"short",),
        tuple(bytes([number]) * 32 for number in range(60)),
        log().consistency(5, 10),
        log().consistency(4, 9),
    ],
)
def test_growth_with_a_false_proof_is_a_fork(ledger, proof):
    kept = keep(ledger, 5)
    offered = log().checkpoint(9)
    with pytest.raises(LogForkError):
        ledger.check(offered, proof, never, NOW)
    assert ledger.head == kept
    assert (ledger.fork.kept, ledger.fork.offered, ledger.fork.seen) == (kept.note, offered, NOW)


def rewritten(size):
    return log(size, lambda each: each.upper())


@pytest.mark.parametrize("size", [3, 5, 9])
def test_a_rewritten_log_is_a_fork_whatever_it_proves_of_itself(ledger, size):
    keep(ledger, 5)
    other = rewritten(12)
    with pytest.raises(LogForkError):
        ledger.check(other.checkpoint(size), other.consistency(5, size), other.consistency, NOW)
    assert ledger.fork.offered == other.checkpoint(size)


@pytest.mark.parametrize("size", [0, 3])
def test_a_log_rolled_back_is_a_fork(ledger, size):
    keep(ledger, 5)
    with pytest.raises(LogForkError):
        ledger.check(log().checkpoint(size), None, refusing, NOW)


def test_an_older_checkpoint_of_the_same_log_is_refused_yet_no_fork(ledger):
    keep(ledger, 9)
    with pytest.raises(HostileAnswerError, match="older") as told:
        ledger.check(log().checkpoint(5), None, log().consistency, NOW)
    assert not isinstance(told.value, LogForkError)
    assert (ledger.head.size, ledger.fork) == (9, None)


def test_the_first_contradiction_stays(ledger):
    keep(ledger, 5)
    for size in (5, 9):
        with pytest.raises(LogForkError):
            ledger.check(rewritten(size).checkpoint(), (), never, NOW)
    assert ledger.fork.offered == rewritten(5).checkpoint()


def test_a_fork_is_kept_though_the_sync_that_met_it_fails(ledger, vault):
    keep(ledger, 5)
    with pytest.raises(LogForkError):
        ledger.check(rewritten(5).checkpoint(), (), never, NOW)
    again = Ledger(vault, "TN", ORIGIN, lambda: [])
    assert again.fork.offered == rewritten(5).checkpoint()


def stranger(size=5):
    return FakeLog(ORIGIN, SigningKey.generate(), LEAVES[:size]).checkpoint()


def another_log(size=5):
    origin = "amana/fictional/ma"
    return FakeLog(origin, KEY, LEAVES[:size]).checkpoint()


def signed_by_name_only():
    text = Checkpoint("amana/fictional/ma", 5, bytes(32))
    return sign_checkpoint(text, ORIGIN, KEY)


@pytest.mark.parametrize(
    "note", ["", "nonsense", stranger(), another_log(), signed_by_name_only(), "a\n" * 40_000]
)
def test_what_the_countrys_server_did_not_sign_is_refused(ledger, note):
    with pytest.raises(HostileAnswerError) as told:
        ledger.check(note, None, never, NOW)
    assert not isinstance(told.value, LogForkError)
    assert ledger.head is None


def test_without_a_certified_server_nothing_is_believed(vault):
    ledger = Ledger(vault, "TN", ORIGIN, list)
    with pytest.raises(HostileAnswerError):
        ledger.check(log(5).checkpoint(), None, never, NOW)


def test_any_of_the_certified_servers_may_sign(vault):
    keys = [bytes(SigningKey.generate().verify_key), bytes(KEY.verify_key)]
    ledger = Ledger(vault, "TN", ORIGIN, lambda: keys)
    assert ledger.check(log(5).checkpoint(), None, never, NOW).size == 5
