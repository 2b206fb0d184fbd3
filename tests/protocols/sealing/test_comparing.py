"""The comparison as two people play it, and as an adversary does who holds the invitation's secret
and runs the server: grinding, substituting, replaying, opening otherwise, trying often."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from nacl.signing import SigningKey

from protocols.sealing.certificate import Certificate, Role, Root, UntrustedError, certify, keyid
from protocols.sealing.comparing import (
    MOST_FAILED,
    ComparisonError,
    Contribution,
    DeadInvitationError,
    Endorsement,
    Hosting,
    Joining,
    OpeningError,
    SecondContributionError,
    endorse,
    read_contribution,
    read_endorsement,
)
from protocols.sealing.enrolment import Claim, commit, proof, short_code
from protocols.sealing.statement import BadSignatureError, UnknownKeyError
from protocols.sealing.truststore import TrustStore

SECRET = bytes(range(32))
INVITATION = "tn-0000000000000001"
DIGEST = "d" * 64
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = SigningKey(bytes([1]) * 32)


class Dice:
    """Repeatable random numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, size: int) -> bytes:
        return self.random.randbytes(size)


def joining(dice: Dice, label: str = "Fictional phone") -> Joining:
    named = (INVITATION, dice(32), DIGEST, label)
    nonce = dice(32)
    return Joining(Claim(*named, commit(*named, nonce)), nonce)


def offer(device: Joining) -> tuple[Claim, bytes]:
    return device.claim, proof(SECRET, device.claim)


def met(dice: Dice, device: Joining) -> Hosting:
    return Hosting(INVITATION).meet(SECRET, [offer(device)], dice)


def drawn(host: Hosting) -> bytes:
    assert host.nonce is not None
    return host.nonce


def test_two_who_follow_the_order_see_the_same_eight_digits() -> None:
    dice = Dice(1)
    device = joining(dice)
    assert (device.opening, device.code(SECRET)) == (None, None)
    host = met(dice, device)
    assert host.code(SECRET) is None
    device = device.take(drawn(host))
    assert device.opening == device.nonce
    host = host.open(device.nonce)
    code = device.code(SECRET)
    assert code is not None
    assert len(code) == 8
    assert host.code(SECRET) == code
    assert host.compared(same=True).agreed


def test_a_number_is_drawn_once_for_a_claim_however_often_it_is_shown() -> None:
    dice = Dice(2)
    device = joining(dice)
    host = met(dice, device)
    assert host.meet(SECRET, [offer(device), offer(device)], dice) == host
    assert host.contribution(KEY) == host.contribution(KEY)


def test_a_device_takes_one_number_and_shows_its_own_only_then() -> None:
    device = joining(Dice(3))
    first = device.take(bytes(32))
    assert first.take(bytes(32)) == first
    with pytest.raises(SecondContributionError):
        first.take(bytes(range(32)))


def test_opening_otherwise_is_refused_and_changes_nothing() -> None:
    dice = Dice(4)
    device = joining(dice)
    host = met(dice, device)
    for wrong in (dice(32), b"", device.nonce[:-1], device.nonce + b"\0"):
        with pytest.raises(OpeningError):
            host.open(wrong)
    assert host.open(device.nonce).opening == device.nonce


def test_what_nobody_proved_is_not_met() -> None:
    dice = Dice(5)
    device = joining(dice)
    swapped = evolve(device.claim, device_key=dice(32))
    elsewhere = evolve(device.claim, invitation="tn-0000000000000002")
    offers = [
        (swapped, proof(SECRET, device.claim)),
        (device.claim, proof(SECRET[::-1], device.claim)),
        (elsewhere, proof(SECRET, elsewhere)),
    ]
    empty = Hosting(INVITATION)
    assert empty.meet(SECRET, offers, dice) == empty
    with pytest.raises(ComparisonError):
        empty.contribution(KEY)
    with pytest.raises(ComparisonError):
        empty.compared(same=True)


@pytest.mark.parametrize("at_once", [True, False])
def test_two_devices_with_the_secret_kill_the_invitation(at_once: bool) -> None:
    dice = Dice(6)
    rightful, thief = joining(dice), joining(dice)
    host = Hosting(INVITATION)
    shown = [[offer(rightful), offer(thief)]] if at_once else [[offer(rightful)], [offer(thief)]]
    for offers in shown:
        host = host.meet(SECRET, offers, dice)
    assert host.dead == "two_devices"
    assert host.code(SECRET) is None
    for step in (lambda: host.contribution(KEY), lambda: host.open(rightful.nonce)):
        with pytest.raises(DeadInvitationError):
            step()
    with pytest.raises(DeadInvitationError):
        host.compared(same=True)
    assert host.meet(SECRET, [offer(rightful)], dice) == host


def test_the_same_key_under_another_number_is_a_second_device() -> None:
    dice = Dice(7)
    device = joining(dice)
    named = (INVITATION, device.claim.device_key, DIGEST, device.claim.label)
    again = Joining(Claim(*named, commit(*named, bytes(32))), bytes(32))
    assert met(dice, device).meet(SECRET, [offer(again)], dice).dead == "two_devices"


def test_the_third_difference_kills_the_invitation() -> None:
    dice = Dice(8)
    device = joining(dice)
    host = met(dice, device).open(device.nonce)
    for failed in range(1, MOST_FAILED):
        host = host.compared(same=False)
        assert (host.failed, host.dead) == (failed, None)
    host = host.compared(same=False)
    assert host.dead == "different"
    with pytest.raises(DeadInvitationError):
        host.compared(same=True)


def test_after_an_agreement_another_device_changes_nothing() -> None:
    dice = Dice(9)
    device = joining(dice)
    host = met(dice, device).open(device.nonce).compared(same=True)
    assert host.meet(SECRET, [offer(joining(dice))], dice) == host


DIGITS = 2
GRINDS = 400
"""Candidates that the adversary of these tests tries, four for each code of two digits."""
ROUNDS = 400
LIKELY = range(0, 17)
"""Hits among ROUNDS at one in a hundred: more than 16 come once in a million runs."""


def test_without_a_commitment_grinding_would_always_succeed() -> None:
    """The adversary that the scheme is made against: it knows everything that a code comes from."""
    dice = Dice(10)
    wanted = "42"
    found = (
        each
        for each in (joining(dice) for _ in range(20 * 100))
        if short_code(SECRET, each.claim, each.nonce, bytes(32), digits=DIGITS) == wanted
    )
    assert next(found, None) is not None


def test_grinding_before_the_office_has_drawn_gains_nothing() -> None:
    """The thief opens the rightful device first, with a number of its own, so that its digits are
    known; then it tries many keys and hands the office the best: the office draws only then."""
    dice, hits = Dice(11), 0
    for _ in range(ROUNDS // 4):
        rightful = joining(dice).take(dice(32))
        wanted = rightful.code(SECRET, digits=DIGITS)
        guess = dice(32)
        best = next(
            (
                each
                for each in (joining(dice) for _ in range(GRINDS // 4))
                if short_code(SECRET, each.claim, each.nonce, guess, digits=DIGITS) == wanted
            ),
            joining(dice),
        )
        host = met(dice, best).open(best.nonce)
        hits += host.code(SECRET, digits=DIGITS) == wanted
    assert hits in range(0, 9)


def test_grinding_after_the_office_has_drawn_gains_nothing() -> None:
    """The thief's own claim is fixed and the office's digits known; now it tries many numbers for
    the rightful device, whose own number it cannot see before the device has taken one."""
    dice, hits = Dice(12), 0
    for _ in range(ROUNDS):
        rightful, thief = joining(dice), joining(dice)
        host = met(dice, thief).open(thief.nonce)
        wanted = host.code(SECRET, digits=DIGITS)
        guess = dice(32)
        best = next(
            (
                each
                for each in (dice(32) for _ in range(50))
                if short_code(SECRET, rightful.claim, guess, each, digits=DIGITS) == wanted
            ),
            dice(32),
        )
        hits += rightful.take(best).code(SECRET, digits=DIGITS) == wanted
    assert hits in LIKELY


def test_passing_the_offices_number_on_gains_nothing() -> None:
    dice, hits = Dice(13), 0
    for _ in range(ROUNDS):
        rightful, thief = joining(dice), joining(dice)
        host = met(dice, thief).open(thief.nonce)
        taken = rightful.take(drawn(host))
        hits += taken.code(SECRET, digits=DIGITS) == host.code(SECRET, digits=DIGITS)
    assert hits in LIKELY


def test_copying_the_rightful_commitment_leads_nowhere() -> None:
    """A commitment names the keys: under another key nobody can open it."""
    dice = Dice(14)
    rightful = joining(dice)
    copied = evolve(rightful.claim, device_key=dice(32))
    host = Hosting(INVITATION).meet(SECRET, [(copied, proof(SECRET, copied))], dice)
    taken = rightful.take(drawn(host))
    with pytest.raises(OpeningError):
        host.open(taken.nonce)


def test_many_requests_are_one_try() -> None:
    dice = Dice(15)
    host = Hosting(INVITATION)
    for _ in range(5):
        host = host.meet(SECRET, [offer(joining(dice))], dice)
    assert host.dead == "two_devices"


# signed by whom


def certificate(key: SigningKey, role: Role, **changes: object) -> Certificate:
    public = bytes(key.verify_key)
    values: dict[str, object] = {
        "subject": "authority-tn" if role is Role.AUTHORITY else keyid(public),
        "role": role,
        "country": "TN",
        "name": "Fictional",
        "organisation": None if role is Role.AUTHORITY else "fictional-office",
        "keys": (public,),
        "threshold": 1,
        "not_before": NOW - timedelta(days=1),
        "not_after": NOW + timedelta(days=30),
        "serial": "0" * 16,
    }
    return Certificate(**{**values, **changes})  # type: ignore[arg-type]


ROOT_KEY, AUTHORITY, COORDINATOR, WORKER = (SigningKey(bytes([n]) * 32) for n in range(2, 6))
ROOT = Root("fictional", (bytes(ROOT_KEY.verify_key),), 1, NOW)
ORGANISATIONS = [
    certificate(KEY, Role.ORGANISATION, subject=name, organisation=None, keys=(), threshold=0)
    for name in ("fictional-office", "fictional-inspectorate")
]
TRUST = TrustStore.build(
    ROOT,
    [
        certify(certificate(AUTHORITY, Role.AUTHORITY), ROOT_KEY),
        *(certify(each, AUTHORITY) for each in ORGANISATIONS),
        certify(certificate(COORDINATOR, Role.COORDINATOR), AUTHORITY),
        certify(certificate(WORKER, Role.FIELD_WORKER), AUTHORITY),
    ],
)


@pytest.mark.parametrize("key", [AUTHORITY, COORDINATOR])
def test_the_authority_and_coordinators_draw_for_this_claim_alone(key: SigningKey) -> None:
    dice = Dice(20)
    device, other = joining(dice), joining(dice)
    host = met(dice, device)
    given = host.contribution(key)
    assert read_contribution(given, TRUST, device.claim, "TN", NOW) == host.nonce
    with pytest.raises(ComparisonError):
        read_contribution(given, TRUST, other.claim, "TN", NOW)
    with pytest.raises(UntrustedError):
        read_contribution(given, TRUST, device.claim, "TN", NOW + timedelta(days=60))
    with pytest.raises(UntrustedError):
        read_contribution(given, TRUST, device.claim, "MA", NOW)


@pytest.mark.parametrize("key", [WORKER, KEY])
def test_nobody_else_draws(key: SigningKey) -> None:
    device = joining(Dice(21))
    given = met(Dice(22), device).contribution(key)
    with pytest.raises(UntrustedError):
        read_contribution(given, TRUST, device.claim, "TN", NOW)


def test_a_contribution_with_other_bytes_or_signatures_is_refused() -> None:
    device = joining(Dice(23))
    given = met(Dice(24), device).contribution(COORDINATOR)
    fits = (device.claim.invitation, device.claim.device, device.claim.commitment)
    altered = evolve(given, payload=given.payload.replace(b"nonce", b"nonce "))
    with pytest.raises(BadSignatureError):
        read_contribution(altered, TRUST, device.claim, "TN", NOW)
    with pytest.raises(UnknownKeyError):
        read_contribution(evolve(given, signatures=()), TRUST, device.claim, "TN", NOW)
    assert Contribution(*fits, bytes(32)).nonce == bytes(32)


def word(claim: Claim, **changes: object) -> Endorsement:
    values: dict[str, object] = {
        "invitation": claim.invitation,
        "device": claim.device,
        "sealing_digest": claim.sealing_digest,
        "label": claim.label,
        "organisation": "fictional-inspectorate",
        "role": "field_worker",
        "country": "TN",
        "endorsed": NOW,
    }
    return Endorsement(**{**values, **changes})  # type: ignore[arg-type]


def test_a_coordinators_word_names_the_very_device() -> None:
    claim = joining(Dice(30)).claim
    said, by = read_endorsement(endorse(word(claim), COORDINATOR), TRUST, claim, "TN", NOW)
    assert (said, by.subject) == (word(claim), keyid(bytes(COORDINATOR.verify_key)))


@pytest.mark.parametrize(
    "changes",
    [
        {"invitation": "tn-0000000000000009"},
        {"device": "a" * 32},
        {"sealing_digest": "0" * 64},
        {"label": "Another"},
        {"country": "MA"},
        {"role": "coordinator"},
        {"role": "server"},
        {"organisation": "fictional-nobody"},
        {"endorsed": NOW - timedelta(days=3)},
    ],
)
def test_a_word_for_anything_else_is_refused(changes: dict[str, object]) -> None:
    """The last: the coordinator was not certified yet when it claims to have compared."""
    claim = joining(Dice(31)).claim
    given = endorse(word(claim, **changes), COORDINATOR)
    with pytest.raises((ComparisonError, UntrustedError)):
        read_endorsement(given, TRUST, claim, "TN", NOW)


@pytest.mark.parametrize("key", [WORKER, AUTHORITY, KEY])
def test_only_a_coordinator_vouches(key: SigningKey) -> None:
    claim = joining(Dice(32)).claim
    with pytest.raises(UntrustedError):
        read_endorsement(endorse(word(claim), key), TRUST, claim, "TN", NOW)
