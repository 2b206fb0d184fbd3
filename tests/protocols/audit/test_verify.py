"""Whatever is done to an export, the audit finds it; what is whole, it lets pass."""

import json
from copy import deepcopy
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from protocols.audit.export import NotAnExportError
from protocols.audit.report import Report, Seen
from protocols.audit.verify import verify_export
from protocols.plain import decode_base64, dump_json, encode_base64
from protocols.sealing.certificate import Role
from protocols.sealing.truststore import TrustStore
from protocols.timeline.event import Kind, new_referral_id

from .conftest import START, FictionalWorld, key, key_id


def rules(report: Report) -> set[str]:
    return {each.rule for each in report.faults}


def audit(world: FictionalWorld, lines: list[bytes] | None = None) -> Report:
    return verify_export(world.export() if lines is None else lines, world.root)


def test_a_whole_export_holds(world: FictionalWorld) -> None:
    seen: list[Seen] = []
    report = verify_export(world.export(), world.root, watch=seen.append)
    assert report.ok
    assert report.faults == ()
    assert (report.size, report.referrals, report.signers) == (27, 3, 4)
    assert report.states == {"closed": 3}
    assert report.directory == 7
    assert [str(each.event.kind) for each in seen[:4]] == [
        "submitted",
        "offered",
        "opened",
        "declined",
    ]
    assert seen[0].organisation == "demo-inspectorate"


def test_an_empty_log_holds() -> None:
    assert audit(FictionalWorld()).ok


@cache
def whole() -> tuple[FictionalWorld, tuple[bytes, ...]]:
    world = FictionalWorld()
    world.journey(1)
    world.journey(2)
    return world, tuple(world.export())


FIRST_LEAF = next(at for at, line in enumerate(whole()[1]) if b'"leaf"' in line)
LAST = len(whole()[1]) - 1
leaf_lines = st.integers(FIRST_LEAF, LAST - 1)


@settings(max_examples=300)
@given(st.integers(0, LAST), st.integers(min_value=0), st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_found(line: int, position: int, bit: int) -> None:
    world, good = whole()
    spoilt = bytearray(good[line])
    spoilt[position % (len(spoilt) - 1)] ^= 1 << bit
    lines = [*good[:line], bytes(spoilt), *good[line + 1 :]]
    try:
        report = verify_export(lines, world.root)
    except NotAnExportError:
        assert line == 0
        return
    if line == 0 and b'"exported"' in bytes(spoilt):
        return  # the one field that nothing signs: when the file was written
    assert not report.ok


@given(st.integers(1, LAST))
def test_a_dropped_line_is_found(line: int) -> None:
    world, good = whole()
    assert not verify_export([*good[:line], *good[line + 1 :]], world.root).ok


@given(st.integers(1, LAST))
def test_a_doubled_line_is_found(line: int) -> None:
    world, good = whole()
    assert not verify_export([*good[: line + 1], *good[line:]], world.root).ok


@given(st.integers(1, LAST), st.integers(1, LAST))
def test_reordered_lines_are_found(one: int, other: int) -> None:
    world, good = whole()
    lines = list(good)
    lines[one], lines[other] = lines[other], lines[one]
    assert verify_export(lines, world.root).ok == (one == other)


@given(st.integers(1, LAST + 1), st.integers(1, 100))
def test_a_truncated_file_is_found(length: int, bytes_less: int) -> None:
    world, good = whole()
    if length <= LAST:
        assert not verify_export(good[:length], world.root).ok
    *before, last = good[:length]
    if before:
        assert not verify_export([*before, last[:-bytes_less]], world.root).ok


def test_certificates_are_written_in_one_order_whatever_order_they_come_in(
    world: FictionalWorld,
) -> None:
    first = world.export()[2:]
    world.certificates.reverse()
    assert world.export()[2:] == first


def resealed(world: FictionalWorld, leaves: list[bytes]) -> Report:
    """As if the server itself were dishonest and signed what it altered."""
    return verify_export(world.export(leaves), world.root)


indices = st.integers(0, 17)


@given(indices)
def test_a_server_that_drops_an_event_and_signs_again_is_found(at: int) -> None:
    world, _ = whole()
    leaves = [*world.leaves[:at], *world.leaves[at + 1 :]]
    tail = at in (8, 17)
    report = resealed(world, leaves)
    assert report.ok == tail, "only a log cut after a whole step is a log of its own"


@given(indices)
def test_a_server_that_doubles_an_event_and_signs_again_is_found(at: int) -> None:
    world, _ = whole()
    report = resealed(world, [*world.leaves[: at + 1], *world.leaves[at:]])
    assert "broken_chain" in rules(report)


@given(indices, st.integers(1, 10_000))
def test_a_server_that_back_dates_an_event_and_signs_again_is_found(at: int, minutes: int) -> None:
    world, _ = whole()
    leaf = json.loads(world.leaves[at])
    received = START + timedelta(minutes=3 * at) - timedelta(minutes=minutes + 6)
    leaf["received"] = f"{received:%Y-%m-%dT%H:%M:%SZ}"
    report = resealed(world, [*world.leaves[:at], dump_json(leaf), *world.leaves[at + 1 :]])
    assert rules(report) & {"claimed_in_future", "time_reversed"}


@given(indices, st.integers(min_value=0), st.integers(0, 7))
def test_a_server_that_alters_an_event_and_signs_again_is_found(
    at: int, position: int, bit: int
) -> None:
    world, _ = whole()
    leaf = json.loads(world.leaves[at])
    payload = bytearray(decode_base64(leaf["event"]["payload"]))
    payload[position % len(payload)] ^= 1 << bit
    leaf["event"]["payload"] = encode_base64(bytes(payload))
    assert not resealed(world, [*world.leaves[:at], dump_json(leaf), *world.leaves[at + 1 :]]).ok


def test_a_device_that_back_dates_its_claim_is_found(world: FictionalWorld) -> None:
    referral = new_referral_id(lambda n: b"\x09" * n)
    world.event(referral, Kind.SUBMITTED, world.inspector, shortlist=("demo-shelter-north",))
    world.event(referral, Kind.OFFERED, world.server, "demo-shelter-north")
    world.event(
        referral,
        Kind.OPENED,
        world.north,
        "demo-shelter-north",
        claimed=world.now - timedelta(hours=1),
    )
    assert rules(audit(world)) == {"back_dated"}


def test_a_device_that_back_dates_after_its_own_step_is_found(world: FictionalWorld) -> None:
    referral = new_referral_id(lambda n: b"\x09" * n)
    north = "demo-shelter-north"
    world.event(referral, Kind.SUBMITTED, world.inspector, shortlist=(north,))
    world.event(referral, Kind.OFFERED, world.server, north)
    opened = world.now
    world.event(referral, Kind.OPENED, world.north, north, claimed=opened)
    world.now += timedelta(hours=2)
    world.event(referral, Kind.ACCEPTED, world.north, north, claimed=opened + timedelta(minutes=1))
    assert audit(world).ok, "two steps that left together, late"
    world.event(
        referral, Kind.IN_SERVICE, world.north, north, claimed=opened - timedelta(minutes=9)
    )
    assert rules(audit(world)) == {"back_dated"}


def stray(world: FictionalWorld, device: Any, claimed: Any = None) -> Report:
    referral = new_referral_id(lambda n: b"\x09" * n)
    world.event(
        referral, Kind.SUBMITTED, device, shortlist=("demo-shelter-north",), claimed=claimed
    )
    return audit(world)


def test_a_foreign_key_is_found(world: FictionalWorld) -> None:
    assert "unknown_device" in rules(stray(world, key(99)))


def test_a_certificate_expired_at_signing_is_found(world: FictionalWorld) -> None:
    old = key(40)
    world.add(Role.FIELD_WORKER, key_id(old), old, "demo-inspectorate", START)
    assert "expired" in rules(stray(world, old))


def test_a_revoked_device_is_found_from_its_revocation_on(world: FictionalWorld) -> None:
    assert audit(world).ok
    world.revoke(world.inspector)
    assert audit(world).ok, "what it signed before still stands"
    assert "revoked" in rules(stray(world, world.inspector))


def test_a_stripped_revocation_is_found(world: FictionalWorld) -> None:
    world.revoke(world.inspector)
    stray(world, world.inspector)
    lines = [each for each in world.export() if b"vnd.amana.revocation" not in each[:120]]
    kept = [
        each for each in lines if b'"type":"certificate"' not in each or b"revocation" not in each
    ]
    report = verify_export(kept, world.root)
    assert "stripped" in rules(report)


def test_one_bad_certificate_among_many_is_named_without_a_search_through_all(
    world: FictionalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(100, 228):
        world.add(Role.FIELD_WORKER, key_id(key(seed)), key(seed), "demo-inspectorate")
    lines = world.export()
    at = next(
        number for number, line in enumerate(lines) if key_id(key(200)).encode() in _said(line)
    )
    statement = json.loads(lines[at])
    signature = statement["statement"]["signatures"][0]
    signature["sig"] = encode_base64(bytes(64))
    lines[at] = dump_json(statement) + b"\n"
    builds = []
    build = TrustStore.build

    def counted(*given: Any) -> TrustStore:
        builds.append(given)
        return build(*given)

    monkeypatch.setattr(TrustStore, "build", counted)
    report = audit(world, lines)
    assert [each.where for each in report.faults if each.rule == "bad_signature"] == [
        f"line {at + 1}"
    ]
    assert len(builds) < 40


def _said(line: bytes) -> bytes:
    """What the certificate on this line says, if it is one."""
    read = json.loads(line)
    return decode_base64(read["statement"]["payload"]) if read["type"] == "certificate" else b""


def test_an_old_directory_cannot_hide_what_came_after_it(world: FictionalWorld) -> None:
    """An export shown with a directory that had lapsed: revocations since would not be missed."""
    world.now = START + timedelta(days=366)
    report = audit(world)
    assert rules(report) == {"stale_directory"}


@pytest.mark.parametrize("received", ["9999-12-31T23:59:59Z", "9999-01-01T00:00:00Z"])
def test_times_at_the_end_of_the_calendar_are_faults(world: FictionalWorld, received: str) -> None:
    leaf = json.loads(world.leaves[-1])
    report = resealed(world, [*world.leaves[:-1], dump_json({**leaf, "received": received})])
    assert not report.ok


@pytest.mark.parametrize("line", [1, 4, FIRST_LEAF, LAST])
def test_half_a_character_is_a_fault_on_its_line(line: int) -> None:
    world, good = whole()
    key_of = b'"note":"' if line == LAST else b'"data":"' if line == FIRST_LEAF else b'Type":"'
    spoilt = good[line].replace(key_of, key_of + b"\\ud800")
    assert spoilt != good[line]
    report = verify_export([*good[:line], spoilt, *good[line + 1 :]], world.root)
    assert any(each.where == f"line {line + 1}" for each in report.faults)


def test_an_index_is_a_number() -> None:
    world, good = whole()
    lines = [line.replace(b'"index":1,', b'"index":true,') for line in good]
    assert lines != list(good)
    assert "bad_line" in rules(verify_export(lines, world.root))


def test_a_step_out_of_mandate_is_found(world: FictionalWorld) -> None:
    referral = new_referral_id(lambda n: b"\x09" * n)
    world.event(referral, Kind.SUBMITTED, world.inspector, shortlist=("demo-shelter-north",))
    world.event(referral, Kind.OFFERED, world.server, "demo-shelter-north")
    world.event(referral, Kind.OPENED, world.south, "demo-shelter-north")
    assert "not_recipient" in rules(audit(world))


def in_care(world: FictionalWorld) -> str:
    """A referral that the first shelter's device has opened and accepted."""
    referral, north = new_referral_id(lambda n: b"\x09" * n), "demo-shelter-north"
    world.event(referral, Kind.SUBMITTED, world.inspector, shortlist=(north,))
    world.event(referral, Kind.OFFERED, world.server, north)
    world.event(referral, Kind.OPENED, world.north, north)
    world.event(referral, Kind.ACCEPTED, world.north, north)
    return referral


def sealed_anew(world: FictionalWorld, referral: str, signing: SigningKey) -> None:
    north = "demo-shelter-north"
    world.event(referral, Kind.RESEALED, signing, north, shortlist=(north,))


def test_cases_sealed_anew_by_who_may_hold(world: FictionalWorld) -> None:
    referral, colleague = in_care(world), key(21)
    world.add(Role.PROVIDER_STAFF, key_id(colleague), colleague, "demo-shelter-north")
    sealed_anew(world, referral, world.north)
    world.event(referral, Kind.UNREADABLE, colleague, "demo-shelter-north", reason="no_match")
    sealed_anew(world, referral, world.inspector)
    world.event(referral, Kind.OPENED, colleague, "demo-shelter-north")
    sealed_anew(world, referral, colleague)
    report = audit(world)
    assert report.ok, report.faults
    assert report.states["accepted"] == 1


def test_a_case_sealed_anew_by_anybody_else_is_found(world: FictionalWorld) -> None:
    colleague, stranger = key(21), key(22)
    world.add(Role.PROVIDER_STAFF, key_id(colleague), colleague, "demo-shelter-north")
    for signing, rule in (
        (colleague, "not_opened"),
        (world.inspector, "nobody_asked"),
        (world.south, "not_recipient"),
        (stranger, "unknown_device"),
    ):
        made = deepcopy(world)
        sealed_anew(made, in_care(made), signing)
        assert rules(audit(made)) == {rule}
    referral = in_care(world)
    world.revoke(world.north)
    sealed_anew(world, referral, world.north)
    assert rules(audit(world)) == {"revoked"}


def test_an_offer_answered_after_its_deadline_is_found(world: FictionalWorld) -> None:
    referral = new_referral_id(lambda n: b"\x09" * n)
    world.event(referral, Kind.SUBMITTED, world.inspector, shortlist=("demo-shelter-north",))
    world.event(referral, Kind.OFFERED, world.server, "demo-shelter-north")
    world.event(referral, Kind.OPENED, world.north, "demo-shelter-north")
    world.now += timedelta(hours=5)
    assert [each.referral for each in audit(world).overdue] == [referral]
    world.event(referral, Kind.ACCEPTED, world.north, "demo-shelter-north")
    assert "deadline_passed" in rules(audit(world))


def test_another_root_vouches_for_nothing(world: FictionalWorld) -> None:
    other = FictionalWorld(root_key=key(77))
    report = verify_export(world.export(), other.root)
    assert {"wrong_issuer", "unknown_device", "unsigned_checkpoint"} <= rules(report)


def test_every_fault_is_named_not_only_the_first(world: FictionalWorld) -> None:
    lines = world.export()
    first = next(at for at, line in enumerate(lines) if b'"leaf"' in line)
    lines[first] = b"{}\n"
    lines[first + 5] = b"noise\n"
    report = audit(world, lines)
    assert {each.where for each in report.faults} >= {
        f"line {first + 1}",
        f"line {first + 6}",
        f"line {len(lines)}",
    }


@pytest.mark.parametrize(
    "lines", [[], [b""], [b"{}"], [b"\xff\n"], [b'{"type":"header"}'], [b"[" * 100_000]]
)
def test_what_does_not_begin_as_an_export_is_unusable(
    world: FictionalWorld, lines: list[bytes]
) -> None:
    with pytest.raises(NotAnExportError):
        verify_export(lines, world.root)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=80), max_size=6))
def test_no_bytes_end_in_another_error(noise: list[bytes]) -> None:
    world, good = whole()
    assert not verify_export([good[0], *noise], world.root).ok
