"""What a single certificate, revocation or sealing key may say."""

from typing import Any

import pytest
from attrs import evolve

from protocols.errors import MalformedError
from protocols.plain import dump_json, from_json, to_json, to_plain
from protocols.sealing.certificate import (
    Certificate,
    ExpiredError,
    Revocation,
    Role,
    Root,
    SealingKey,
    WrongIssuerError,
    is_slug,
    read_sealing_key,
)
from protocols.sealing.statement import BadSignatureError, UnknownKeyError, WrongTypeError, sign


def test_every_certificate_reads_back(world) -> None:
    for certificate in world.certificates.values():
        assert from_json(to_json(certificate), Certificate) == certificate


def sealing_key(make, signing, **changes: Any) -> SealingKey:
    key = SealingKey(make.keyid(signing), "age1demo", make.NOW, make.NOW + 7 * make.DAY)
    return evolve(key, **changes)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("worker", {"country": "FR"}),
    ("worker", {"organisation": None}),
    ("worker", {"organisation": "Not A Slug"}),
    ("worker", {"subject": "demo-worker"}),
    ("worker", {"keys": ()}),
    ("worker", {"threshold": 2}),
    ("worker", {"threshold": 0}),
    ("worker", {"serial": "XYZ"}),
    ("worker", {"name": ""}),
    ("worker", {"name": "x" * 201}),
    ("worker", {"role": Role.SERVER}),
    ("worker", {"role": Role.AUTHORITY}),
    ("worker", {"role": Role.ORGANISATION}),
    ("server", {"organisation": "demo-shelter"}),
    ("shelters", {"keys": (bytes(32),), "threshold": 1}),
    ("shelters", {"threshold": 1}),
    ("shelters", {"subject": "authority-tn"}),
    ("shelters", {"subject": "a" * 32}),
    ("shelters", {"subject": "Demo"}),
    ("tn", {"subject": "authority-ma"}),
    ("tn", {"country": "MA"}),
    ("tn", {"keys": ()}),
    ("tn", {"keys": (bytes(31),)}),
    ("tn", {"keys": (bytes(32), bytes(32)), "threshold": 2}),
]


@pytest.mark.parametrize(("name", "changes"), WRONG)
def test_contradictions_are_refused(world, name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        evolve(world.certificates[name], **changes)


def test_a_contradiction_is_refused_when_read_too(world) -> None:
    data = to_json(world.certificates["worker"]).replace(b'"TN"', b'"FR"')
    with pytest.raises(MalformedError, match="country"):
        from_json(data, Certificate)


def test_validity_ends_before_its_last_moment(world, make) -> None:
    certificate = world.certificates["worker"]
    assert certificate.in_force(certificate.not_before)
    assert certificate.in_force(certificate.not_after - make.DAY)
    assert not certificate.in_force(certificate.not_after)
    with pytest.raises(MalformedError):
        evolve(certificate, not_after=certificate.not_before)


def test_the_fingerprint_pins_the_whole_root(world) -> None:
    root = world.root
    assert from_json(to_json(root), Root).fingerprint == root.fingerprint
    others = [evolve(root, threshold=1), evolve(root, keys=root.keys[::-1])]
    assert root.fingerprint not in {each.fingerprint for each in others}
    with pytest.raises(MalformedError):
        evolve(root, threshold=4)
    with pytest.raises(MalformedError):
        evolve(root, programme="")


def test_a_revocation_gives_a_known_reason(make) -> None:
    assert Revocation("demo", "0" * 16, make.NOW, "lost").reason == "lost"
    with pytest.raises(MalformedError):
        Revocation("demo", "0" * 16, make.NOW, "because I say so")


@pytest.mark.parametrize(
    ("text", "right"),
    [("demo-shelter", True), ("a", True), ("-a", False), ("", False), ("a" * 65, False)],
)
def test_slugs(text: str, right: bool) -> None:
    assert is_slug(text) is right


def test_a_device_signs_its_own_sealing_key(world, make) -> None:
    key = sealing_key(make, world.worker)
    statement = sign("application/vnd.amana.sealing-key.v1+json", key, world.worker)
    own = world.certificates["worker"]
    assert read_sealing_key(statement, own, make.NOW) == key
    with pytest.raises(ExpiredError):
        read_sealing_key(statement, own, make.NOW + 7 * make.DAY)
    with pytest.raises(ExpiredError):
        read_sealing_key(statement, own, make.NOW - make.DAY)
    with pytest.raises(UnknownKeyError):
        read_sealing_key(statement, world.certificates["colleague"], make.NOW)
    with pytest.raises(WrongTypeError):
        read_sealing_key(sign("other", key, world.worker), own, make.NOW)


def test_no_device_speaks_for_another_s_sealing_key(world, make) -> None:
    key = sealing_key(make, world.colleague)
    statement = sign("application/vnd.amana.sealing-key.v1+json", key, world.worker)
    with pytest.raises(WrongIssuerError):
        read_sealing_key(statement, world.certificates["worker"], make.NOW)


def test_a_sealing_key_is_an_age_recipient(make, world) -> None:
    with pytest.raises(MalformedError):
        sealing_key(make, world.worker, recipient="ssh-ed25519 AAAA")
    with pytest.raises(MalformedError):
        sealing_key(make, world.worker, device="demo-shelter")
    with pytest.raises(MalformedError):
        sealing_key(make, world.worker, not_after=make.NOW)


HYBRID = "age1pq1" + "q" * 1952


def test_a_sealing_key_may_name_a_hybrid_one_of_the_same_days(make, world) -> None:
    pair = sealing_key(make, world.worker, hybrid=HYBRID)
    assert from_json(to_json(pair), SealingKey) == pair
    for wrong in ("", "age1demo", HYBRID[:-1], HYBRID + "q", HYBRID.upper(), HYBRID[:-1] + "-"):
        with pytest.raises(MalformedError):
            sealing_key(make, world.worker, hybrid=wrong)


def test_a_sealing_key_of_before_hybrid_ones_still_reads(make, world) -> None:
    alone = sealing_key(make, world.worker)
    older = {name: value for name, value in to_plain(alone).items() if name != "hybrid"}
    assert from_json(dump_json(older), SealingKey) == alone


def test_neither_key_of_a_pair_can_be_taken_from_the_other(make, world) -> None:
    """Who holds back, adds or swaps one of the two breaks the device's signature."""
    own = world.certificates["worker"]
    kind = "application/vnd.amana.sealing-key.v1+json"
    pair = sealing_key(make, world.worker, hybrid=HYBRID)
    signed = sign(kind, pair, world.worker)
    assert read_sealing_key(signed, own, make.NOW) == pair
    for other in (None, "age1pq1" + "p" * 1952):
        forged = evolve(signed, payload=to_json(evolve(pair, hybrid=other)))
        with pytest.raises(BadSignatureError):
            read_sealing_key(forged, own, make.NOW)
