"""A random valid log, then one thing done to it: the audit finds it, whichever log it was."""

import json
from collections.abc import Callable
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from protocols.audit.report import Fault, Report
from protocols.audit.verify import verify_export
from protocols.plain import decode_base64, dump_json, encode_base64
from protocols.sealing.statement import Signature, Statement, pae
from protocols.timeline.event import EVENT_TYPE, Kind, new_referral_id

from .conftest import START, FictionalWorld, key, key_id

NORTH, SOUTH = "demo-shelter-north", "demo-shelter-south"


def steps(world: FictionalWorld, number: int, declined: bool) -> list[Callable[[], None]]:
    """One referral's steps, each ready to be taken when its turn comes."""
    referral = new_referral_id(lambda n: bytes([number + 1]) * n)
    first, second = (NORTH, world.north), (SOUTH, world.south)
    plan: list[tuple[Kind, object, str | None, str | None]] = [
        (Kind.SUBMITTED, world.inspector, None, None),
        (Kind.OFFERED, world.server, NORTH, None),
    ]
    holder = first
    if declined:
        plan += [
            (Kind.DECLINED, world.north, NORTH, "no_places"),
            (Kind.OFFERED, world.server, SOUTH, None),
        ]
        holder = second
    name, device = holder
    plan += [
        (Kind.OPENED, device, name, None),
        (Kind.ACCEPTED, device, name, None),
        (Kind.IN_SERVICE, device, name, None),
        (Kind.CLOSED, device, name, "completed"),
    ]

    def step(kind: Kind, signer: object, provider: str | None, reason: str | None) -> None:
        shortlist = (NORTH, SOUTH) if kind is Kind.SUBMITTED else ()
        world.event(referral, kind, signer, provider, shortlist, reason)

    return [lambda each=each: step(*each) for each in plan]


@st.composite
def worlds(draw: st.DrawFn) -> FictionalWorld:
    """One to four referrals, interleaved, each gone some way."""
    world = FictionalWorld()
    waiting = [
        steps(world, number, draw(st.booleans()))[: draw(st.integers(2, 8))]
        for number in range(draw(st.integers(1, 4)))
    ]
    while waiting:
        chosen = draw(st.sampled_from(range(len(waiting))))
        waiting[chosen].pop(0)()
        waiting = [each for each in waiting if each]
    return world


def rules(report: Report) -> set[str]:
    return {each.rule for each in report.faults}


def resealed(world: FictionalWorld, leaves: list[bytes]) -> Report:
    """The verdict where a dishonest server signs what it altered."""
    return verify_export(world.export(leaves), world.root)


def event_of(leaf: bytes) -> dict:
    return json.loads(decode_base64(json.loads(leaf)["event"]["payload"]))


def signed_again(leaf: bytes, signer, **changes: object) -> bytes:
    """The leaf with other fields in its event, signed by whoever has the key."""
    read = json.loads(leaf)
    payload = dump_json({**event_of(leaf), **changes})
    read["event"]["payload"] = encode_base64(payload)
    signature = signer.sign(pae(EVENT_TYPE, payload)).signature
    read["event"]["signatures"] = [{"keyid": key_id(signer), "sig": encode_base64(signature)}]
    return dump_json(read)


@settings(max_examples=30)
@given(worlds())
def test_whatever_is_valid_holds(world: FictionalWorld) -> None:
    report = verify_export(world.export(), world.root)
    assert report.ok, report.faults
    assert report.size == len(world.leaves)


@settings(max_examples=60)
@given(worlds(), st.data())
def test_one_bit_in_a_leaf_is_found_even_where_the_server_signs_again(
    world: FictionalWorld, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(world.leaves) - 1))
    read = json.loads(world.leaves[at])
    part = data.draw(st.sampled_from(["payload", "sig", "keyid"]))
    if part == "keyid":
        holder = read["event"]["signatures"][0]
        holder["keyid"] = ("a" if holder["keyid"][0] != "a" else "b") + holder["keyid"][1:]
    else:
        holder = read["event"] if part == "payload" else read["event"]["signatures"][0]
        raw = bytearray(decode_base64(holder[part]))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        holder[part] = encode_base64(bytes(raw))
    leaves = [*world.leaves[:at], dump_json(read), *world.leaves[at + 1 :]]
    assert not resealed(world, leaves).ok


@settings(max_examples=40)
@given(worlds(), st.data())
def test_a_dropped_event_is_found_unless_it_ended_its_referral(
    world: FictionalWorld, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(world.leaves) - 1))
    referral = event_of(world.leaves[at])["referral"]
    last = all(event_of(each)["referral"] != referral for each in world.leaves[at + 1 :])
    leaves = [*world.leaves[:at], *world.leaves[at + 1 :]]
    assert resealed(world, leaves).ok == last
    lines = [each for each in world.export() if f'"index":{at},'.encode() not in each]
    assert not verify_export(lines, world.root).ok, "without a new checkpoint, every drop is found"


@settings(max_examples=40)
@given(worlds(), st.data())
def test_a_doubled_event_is_found_wherever_it_is_put(
    world: FictionalWorld, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(world.leaves) - 1))
    to = data.draw(st.integers(0, len(world.leaves)))
    leaves = [*world.leaves[:to], world.leaves[at], *world.leaves[to:]]
    assert "broken_chain" in rules(resealed(world, leaves))


@settings(max_examples=40)
@given(worlds(), st.data())
def test_reordered_events_are_found(world: FictionalWorld, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(world.leaves))))
    assume(order != list(range(len(order))))
    report = resealed(world, [world.leaves[at] for at in order])
    assert "time_reversed" in rules(report)


@settings(max_examples=40)
@given(worlds(), st.data(), st.integers(1, 100_000))
def test_a_back_dated_event_is_found(
    world: FictionalWorld, data: st.DataObject, minutes: int
) -> None:
    """The device itself claims, and truly signs, a time before the step that it follows."""
    devices = {key_id(each): each for each in (world.server, world.north, world.south)}
    later = [at for at, each in enumerate(world.leaves) if event_of(each)["sequence"] > 0]
    at = data.draw(st.sampled_from(later))
    event = event_of(world.leaves[at])
    before = next(
        other
        for each in reversed(world.leaves[:at])
        if (other := event_of(each))["referral"] == event["referral"]
    )
    claimed = START + timedelta(
        minutes=3 * next(i for i, each in enumerate(world.leaves) if event_of(each) == before)
    )
    claimed -= timedelta(minutes=5 + minutes)
    leaf = signed_again(
        world.leaves[at], devices[event["actor"]], claimed=f"{claimed:%Y-%m-%dT%H:%M:%SZ}"
    )
    assert "back_dated" in rules(resealed(world, [*world.leaves[:at], leaf]))


@settings(max_examples=40)
@given(worlds(), st.data(), st.booleans())
def test_a_foreign_key_is_found(world: FictionalWorld, data: st.DataObject, named: bool) -> None:
    """A key that nobody certified, under its own name or under a certified one's."""
    at = data.draw(st.integers(0, len(world.leaves) - 1))
    foreign = key(99)
    leaf = world.leaves[at]
    if named:
        leaf = signed_again(leaf, foreign, actor=key_id(foreign))
    else:
        read = json.loads(signed_again(leaf, foreign))
        read["event"]["signatures"][0]["keyid"] = event_of(leaf)["actor"]
        leaf = dump_json(read)
    report = resealed(world, [*world.leaves[:at], leaf, *world.leaves[at + 1 :]])
    assert rules(report) & {"unknown_device", "bad_signature"}


@settings(max_examples=30)
@given(worlds(), st.data(), st.booleans())
def test_a_certificate_outside_its_days_at_signing_is_found(
    world: FictionalWorld, data: st.DataObject, expired: bool
) -> None:
    """A device whose certificate ends, or is revoked, at some event of its own."""
    devices = {key_id(each): each for each in (world.inspector, world.north, world.south)}
    own = [at for at, leaf in enumerate(world.leaves) if event_of(leaf)["actor"] in devices]
    at = data.draw(st.sampled_from(own))
    signer = devices[event_of(world.leaves[at])["actor"]]
    moment = START + timedelta(minutes=3 * at)
    if expired:
        number = next(
            place
            for place, each in enumerate(world.certificates)
            if key_id(signer).encode() in each.payload
        )
        body = json.loads(world.certificates[number].payload)
        payload = dump_json({**body, "not_after": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})
        old = world.certificates[number]
        signature = world.authority_key.sign(pae(old.payloadType, payload)).signature
        world.certificates[number] = Statement(
            old.payloadType, payload, (Signature(key_id(world.authority_key), signature),)
        )
    else:
        end, world.now = world.now, moment
        world.revoke(signer)
        world.now = end
    report = verify_export(world.export(), world.root)
    broken = [each for each in report.faults if each.rule == ("expired" if expired else "revoked")]
    assert broken[0].where.startswith(f"leaf {at},"), "from this event on, and not before"


def test_a_fault_is_told_before_what_follows_it_is_read() -> None:
    world = FictionalWorld()
    for number in range(3):
        world.journey(number + 1)
    lines = world.export()
    bad = next(at for at, line in enumerate(lines) if b'"index":9,' in line)
    lines[bad] = b"noise\n"
    told: list[Fault] = []

    def streamed():
        for at, line in enumerate(lines):
            if at > bad + 1:
                assert any(each.where == f"line {bad + 1}" for each in told)
            yield line

    report = verify_export(streamed(), world.root, tell=told.append)
    assert set(told) <= set(report.faults)
    assert sum(each.rule == "out_of_order" for each in told) == 1, "one gap is one fault"


def test_a_valid_log_tells_of_nothing() -> None:
    world = FictionalWorld()
    world.journey(1)
    told: list[Fault] = []
    assert verify_export(world.export(), world.root, tell=told.append).ok
    assert told == []
