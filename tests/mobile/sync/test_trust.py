"""Whom a phone trusts: what chains to its pinned root, and a revocation is never forgotten."""

from datetime import timedelta

import pytest
from nacl.signing import SigningKey

from mobile.sync.errors import DirectoryInvalidError
from mobile.sync.trust import Trust
from mobile.vault.errors import VaultDamagedError
from protocols.sealing.certificate import Role, UntrustedError
from protocols.sealing.statement import keyid
from tests.mobile.town import INSPECTORATE, desk_of


@pytest.fixture
def vault(worker):
    return desk_of(worker).vault


@pytest.fixture
def trust(worker):
    return desk_of(worker).trust


def device(server, by="tn"):
    public = bytes(SigningKey.generate().verify_key)
    return keyid(public), server._certificate(
        keyid(public), Role.FIELD_WORKER, None, by=by, organisation=INSPECTORATE, public=public
    )


def test_before_enrolment_there_is_no_root(town):
    with pytest.raises(VaultDamagedError):
        _ = desk_of(town.new_phone("new")).trust.root


def test_what_is_kept_is_there_after_a_restart(trust, vault, server, clock):
    subject, certificate = device(server)
    trust.keep(trust.with_([certificate]))
    assert Trust(vault).store.device(subject, clock()).subject == subject
    assert trust.store.device(subject, clock()).subject == subject


def test_looking_with_more_statements_keeps_none_of_them(trust, vault, server, clock):
    subject, certificate = device(server)
    assert trust.with_([certificate]).device(subject, clock())
    for each in (trust, Trust(vault)):
        with pytest.raises(UntrustedError):
            each.store.device(subject, clock())


def test_what_does_not_chain_to_the_root_is_refused_whole(trust, vault, server):
    server.keys["false"] = SigningKey.generate()
    before = vault.items("trust")
    with pytest.raises(DirectoryInvalidError):
        trust.with_([device(server)[1], device(server, by="false")[1]])
    assert vault.items("trust") == before


def test_keeping_the_same_again_writes_nothing(trust, vault):
    before = vault.items("trust")
    trust.keep(trust.with_(trust.store.statements))
    assert vault.items("trust") == before


def test_a_keep_undone_by_its_transaction_is_forgotten_in_memory_too(trust, vault, server, clock):
    subject, certificate = device(server)
    with pytest.raises(RuntimeError), vault.transaction():
        trust.keep(trust.with_([certificate]))
        raise RuntimeError
    with pytest.raises(UntrustedError):
        trust.store.device(subject, clock())


def test_a_revocation_is_never_forgotten(trust, vault, server, clock):
    subject, certificate = device(server)
    server.statements.append(certificate)
    clock.forward(minutes=1)
    server.revoke(subject)
    trust.keep(trust.with_(server.statements))
    again = Trust(vault)
    again.keep(again.with_([certificate]))
    with pytest.raises(UntrustedError):
        again.store.device(subject, clock())
    assert again.store.device(subject, clock() - timedelta(minutes=2)).subject == subject


def test_the_countrys_servers_are_those_certified_now(trust, server, clock):
    public = bytes(server.keys["server"].verify_key)
    assert trust.servers("TN", clock()) == (public,)
    assert trust.servers("MA", clock()) == ()
    assert trust.servers("TN", clock() + timedelta(days=4000)) == ()


def test_forgetting_leaves_nothing(trust, vault):
    trust.clear()
    assert vault.items("trust") == vault.items("trust-root") == ()
    with pytest.raises(VaultDamagedError):
        _ = trust.store
