"""The chain of trust, and everyone who would like to be in it."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import AmanaError
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import (
    ConflictingError,
    ExpiredError,
    Revocation,
    RevokedError,
    Role,
    UnknownDeviceError,
    WrongIssuerError,
    certify,
    revoke,
)
from protocols.sealing.statement import (
    BadSignatureError,
    Statement,
    TooFewSignaturesError,
    WrongTypeError,
    sign,
)
from protocols.sealing.truststore import TrustStore


def test_the_whole_chain_answers(world, make) -> None:
    store = world.store()
    found = world.certificates
    assert store.authority("TN", make.NOW) == found["tn"]
    assert store.organisation("demo-shelter", make.NOW) == found["shelters"]
    assert store.device(make.keyid(world.worker), make.NOW) == found["worker"]
    assert store.device(make.keyid(world.server), make.NOW) == found["server"]
    assert set(store.devices_of("demo-inspectors", make.NOW)) == {
        found[name] for name in ("worker", "colleague", "coordinator")
    }
    assert store.servers("TN", make.NOW) == (found["server"],)
    assert store.servers("MA", make.NOW) == ()
    assert store.organisations("MA", make.NOW) == (found["clinics"],)


def test_strangers_are_unknown(world, make) -> None:
    store = world.store()
    with pytest.raises(UnknownDeviceError):
        store.device(make.keyid(make.key("stranger")), make.NOW)
    with pytest.raises(UnknownDeviceError):
        store.organisation("demo-nobody", make.NOW)
    with pytest.raises(UnknownDeviceError):
        store.authority("EG", make.NOW)
    with pytest.raises(UnknownDeviceError):
        store.organisation(make.keyid(world.worker), make.NOW)
    with pytest.raises(UnknownDeviceError):
        store.device("demo-shelter", make.NOW)
    with pytest.raises(UnknownDeviceError):
        store.device("authority-tn", make.NOW)


@settings(max_examples=25)
@given(st.data())
def test_the_order_of_statements_is_no_matter(world, make, data) -> None:
    revoked = world.revoke("colleague")
    statements = [*world.statements.values(), revoked, world.statements["tn"]]
    store = TrustStore.build(world.root, data.draw(st.permutations(statements)))
    reference = world.store(revoked)
    assert store == reference
    assert store.statements == reference.statements
    assert len(store.statements) == len(statements) - 1
    assert store.devices_of("demo-inspectors", make.NOW) == reference.devices_of(
        "demo-inspectors", make.NOW
    )


def test_a_device_falls_with_its_organisation_and_its_authority(world, make) -> None:
    worker = make.keyid(world.worker)
    for name in ("worker", "inspectors", "tn"):
        store = world.store(world.revoke(name))
        assert store.device(worker, make.NOW - make.DAY).subject == worker
        with pytest.raises(RevokedError):
            store.device(worker, make.NOW)
    assert world.store(world.revoke("inspectors")).devices_of("demo-inspectors", make.NOW) == ()


@pytest.mark.parametrize("name", ["worker", "inspectors", "tn"])
def test_a_device_expires_with_any_link_of_its_chain(world, make, name: str) -> None:
    short = evolve(world.certificates[name], not_after=make.NOW)
    store = world.store(world.issue(short), without=(name,))
    worker = make.keyid(world.worker)
    assert store.device(worker, make.NOW - make.DAY).subject == worker
    with pytest.raises(ExpiredError):
        store.device(worker, make.NOW)
    with pytest.raises(ExpiredError):
        store.device(worker, make.NOW - 30 * make.DAY)


def test_the_earliest_of_two_revocations_counts(world, make) -> None:
    late, early = world.revoke("worker"), world.revoke("worker", make.NOW - 2 * make.DAY)
    with pytest.raises(RevokedError):
        world.store(late, early).device(make.keyid(world.worker), make.NOW - make.DAY)


def renewed(world, make, name: str, **changes):
    old = world.certificates[name]
    return evolve(old, serial="f" * 16, not_before=make.NOW - make.DAY, **changes)


def test_a_renewal_counts_from_its_first_moment(world, make) -> None:
    new = renewed(world, make, "worker", organisation="demo-shelter", role=Role.PROVIDER_STAFF)
    store = world.store(world.issue(new))
    worker = make.keyid(world.worker)
    assert store.device(worker, make.NOW) == new
    assert store.device(worker, make.NOW - 2 * make.DAY) == world.certificates["worker"]
    assert new in store.devices_of("demo-shelter", make.NOW)
    assert new not in store.devices_of("demo-inspectors", make.NOW)


def test_a_revoked_renewal_does_not_bring_the_old_one_back(world, make) -> None:
    new = renewed(world, make, "worker")
    taken = revoke(Revocation(new.subject, new.serial, make.NOW, "lost"), world.tn)
    with pytest.raises(RevokedError):
        world.store(world.issue(new), taken).device(new.subject, make.NOW)


def test_superseding_the_old_one_leaves_the_renewal(world, make) -> None:
    new = renewed(world, make, "worker")
    store = world.store(world.issue(new), world.revoke("worker"))
    assert store.device(new.subject, make.NOW) == new


def test_an_authority_changes_its_keys(world, make) -> None:
    fresh = make.key("authority tn, second")
    new = renewed(world, make, "tn", keys=(make.public(fresh),))
    phone = make.key("new phone")
    later = make.device(phone, Role.FIELD_WORKER, "TN", "demo-inspectors")
    store = world.store(world.issue(new), certify(later, fresh))
    assert store.authority("TN", make.NOW) == new
    assert store.authority("TN", make.NOW - 2 * make.DAY) == world.certificates["tn"]
    assert store.device(make.keyid(world.worker), make.NOW)
    # The organisation's certificate is still by the old keys, so both fall with them.
    fallen = store.extended([world.revoke("tn")])
    assert fallen.authority("TN", make.NOW) == new
    with pytest.raises(RevokedError):
        fallen.device(make.keyid(world.worker), make.NOW)
    again = fallen.extended([certify(world.certificates["inspectors"], fresh)])
    assert again.device(make.keyid(phone), make.NOW) == later


def build(world, *names: str, more: tuple[Statement, ...] = ()) -> TrustStore:
    return TrustStore.build(world.root, [*(world.statements[name] for name in names), *more])


def test_another_country_s_authority_certifies_nobody_here(world) -> None:
    for name in ("clinics", "clinic"):
        with pytest.raises(WrongIssuerError):
            build(world, "tn", "ma", more=(certify(world.certificates[name], world.tn),))


def test_a_device_of_a_foreign_organisation_is_not_trusted(world, make) -> None:
    phone = make.key("border phone")
    foreign = make.device(phone, Role.PROVIDER_STAFF, "TN", "demo-clinic")
    with pytest.raises(WrongIssuerError):
        world.store(world.issue(foreign)).device(make.keyid(phone), make.NOW)


def test_two_countries_cannot_claim_one_subject(world, make) -> None:
    claimed = make.organisation("demo-clinic", "TN", serial="e" * 16)
    with pytest.raises(ConflictingError):
        world.store(world.issue(claimed))
    poached = make.device(world.clinic, Role.FIELD_WORKER, "TN", "demo-inspectors", serial="e" * 16)
    with pytest.raises(ConflictingError):
        world.store(world.issue(poached))


def test_one_serial_names_one_certificate(world) -> None:
    double = evolve(world.certificates["worker"], name="Another label (fictional)")
    with pytest.raises(ConflictingError):
        world.store(world.issue(double))


def test_a_device_is_no_authority(world, make) -> None:
    friend = make.device(make.key("friend"), Role.FIELD_WORKER, "TN", "demo-inspectors")
    for signer in (world.worker, world.coordinator, world.server):
        with pytest.raises(WrongIssuerError):
            world.store(certify(friend, signer))
        with pytest.raises(WrongIssuerError):
            world.store(world.revoke("shelter", by=[signer]))


def test_an_authority_is_no_root(world, make) -> None:
    crowned = make.authority("EG", make.key("authority eg"))
    with pytest.raises(WrongIssuerError):
        world.store(certify(crowned, world.tn))
    with pytest.raises(WrongIssuerError):
        world.store(world.revoke("ma", by=[world.tn]))


def test_the_root_needs_its_threshold_of_different_keys(world, make) -> None:
    crowned = make.authority("EG", make.key("authority eg"))
    first, second, third = world.root_keys
    assert world.store(certify(crowned, first, third)).authority("EG", make.NOW) == crowned
    with pytest.raises(TooFewSignaturesError):
        world.store(certify(crowned, first))
    with pytest.raises(TooFewSignaturesError):
        world.store(certify(crowned, second, second))


def test_an_authority_of_several_keys_needs_its_threshold(world, make) -> None:
    keepers = [make.key(f"keeper {n}") for n in range(3)]
    egypt = make.authority("EG", *keepers, threshold=2)
    office = make.organisation("demo-office", "EG")
    crowned = world.issue(egypt)
    good = certify(office, keepers[0], keepers[2])
    assert world.store(crowned, good).organisation("demo-office", make.NOW) == office
    for signers in ([keepers[1]], [keepers[1], keepers[1]]):
        with pytest.raises(TooFewSignaturesError):
            world.store(crowned, certify(office, *signers))


def test_an_authority_revokes_only_in_its_country(world) -> None:
    with pytest.raises(WrongIssuerError):
        world.store(world.revoke("shelter", by=[world.ma]))
    with pytest.raises(WrongIssuerError):
        build(world, "tn", more=(world.revoke("worker", by=[world.worker]),))


def test_a_revocation_may_come_before_what_it_revokes(world, make) -> None:
    early = build(world, "tn", "inspectors", more=(world.revoke("worker"),))
    with pytest.raises(RevokedError):
        early.extended([world.statements["worker"]]).device(make.keyid(world.worker), make.NOW)


def test_former_devices_are_those_that_an_organisation_has_no_more(world, make) -> None:
    worker, colleague = make.keyid(world.worker), make.keyid(world.colleague)
    lost = world.store(world.revoke("worker", make.NOW))
    before, since = make.NOW - make.DAY, make.NOW
    assert lost.former_devices_of("demo-inspectors", before) == ()
    assert lost.former_devices_of("demo-inspectors", since) == (worker,)
    moved = evolve(
        world.certificates["worker"],
        organisation="demo-shelter",
        not_before=make.NOW,
        serial="f" * 16,
    )
    store = world.store(world.issue(moved))
    assert store.former_devices_of("demo-inspectors", since) == (worker,)
    assert store.former_devices_of("demo-shelter", since) == ()
    ended = make.NOW + 250 * make.DAY
    assert {worker, colleague} <= set(world.store().former_devices_of("demo-inspectors", ended))


def test_nothing_is_trusted_without_its_authority(world) -> None:
    with pytest.raises(WrongIssuerError):
        build(world, "inspectors", "worker")
    with pytest.raises(WrongIssuerError):
        build(world, "ma", "inspectors")


def test_another_root_trusts_none_of_it(world, make) -> None:
    foreign = evolve(world.root, keys=(make.public(make.key("other root")),), threshold=1)
    with pytest.raises(WrongIssuerError):
        TrustStore.build(foreign, world.statements.values())


def test_other_payload_types_are_no_certificates(world) -> None:
    disguised = sign(
        "application/vnd.amana.event.v1+json", world.certificates["shelters"], world.tn
    )
    with pytest.raises(WrongTypeError):
        world.store(disguised)
    relabelled = Statement(
        "application/vnd.amana.certificate.v1+json", disguised.payload, disguised.signatures
    )
    with pytest.raises(BadSignatureError):
        build(world, "tn", more=(relabelled,))
    confused = sign(
        "application/vnd.amana.certificate.v1+json",
        Revocation("demo", "0" * 16, world.root.created, "lost"),
        world.tn,
    )
    with pytest.raises(AmanaError):
        world.store(confused)


@settings(max_examples=150)
@given(st.integers(min_value=0))
def test_a_flipped_bit_anywhere_is_refused(world, position: int) -> None:
    whole = to_json(world.statements["worker"])
    damaged = bytearray(whole)
    position %= len(whole) * 8
    damaged[position // 8] ^= 1 << position % 8
    with pytest.raises(AmanaError):
        build(world, "tn", "inspectors", more=(from_json(bytes(damaged), Statement),))


def test_witnesses_are_the_countrys_coordinators_and_those_certified_for_it(world, make):
    key = make.key("witness")
    certificate = make.device(key, Role.WITNESS, "TN", None)
    store = world.store(world.issue(certificate))
    expected = {world.certificates["coordinator"].subject, certificate.subject}
    assert {each.subject for each in store.witnesses("TN", make.NOW)} == expected
    assert store.witnesses("MA", make.NOW) == ()
    assert store.witness(certificate.subject, "TN", make.NOW) == certificate
    for keyid, country in ((certificate.subject, "MA"), (make.keyid(world.worker), "TN")):
        assert store.witness(keyid, country, make.NOW) is None
    assert store.witness("a" * 32, "TN", make.NOW) is None
    taken_back = world.store(world.issue(certificate), world.revoke("coordinator"))
    assert [each.subject for each in taken_back.witnesses("TN", make.NOW)] == [certificate.subject]
    later = certificate.not_after
    assert certificate.subject not in {each.subject for each in store.witnesses("TN", later)}


def test_a_key_that_witnesses_is_nothing_else(world, make):
    key = make.key("witness")
    world_store = world.store(world.issue(make.device(key, Role.WITNESS, "TN", None)))
    for role, within in ((Role.SERVER, None), (Role.COORDINATOR, "demo-inspectors")):
        other = make.device(key, role, "TN", within, serial="ab" * 8)
        with pytest.raises(ConflictingError):
            world_store.extended([world.issue(other)])
