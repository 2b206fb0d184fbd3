"""Sealing is hybrid where everybody can, X25519 for all where one cannot, and never unsaid."""

from io import BytesIO

import pytest
from attrs import evolve
from nacl.utils import random

from mobile.casework.errors import UnreadableError
from mobile.casework.records import REFERRALS, KeptReferral
from mobile.casework.sealing import Strength, seal_with
from mobile.casework.views import Message
from protocols.plain import dump_json, from_json, load_json
from protocols.sealing.age import encrypt
from protocols.sealing.age_header import read_header
from protocols.sealing.age_hybrid import HybridIdentity
from tests.mobile.cases import NAME, send
from tests.mobile.libraries import without_ml_kem
from tests.mobile.town import FIRST, SECOND, codes, desk_of, sync_all

HYBRID, X25519 = {"mlkem768x25519"}, {"X25519"}


def stanzas(data):
    return [each.kind for each in read_header(BytesIO(data)).stanzas]


def sent_to(server, recipient):
    """The kinds of stanza in each envelope that the server was given for `recipient`."""
    return [stanzas(data) for (_, whose), data in server.envelopes.items() if whose == recipient]


@pytest.fixture
def shelters(town):
    return town.shelter(), town.shelter("shelter-b", SECOND)


def devices_of(phone, organisation=FIRST):
    desk = desk_of(phone)
    return desk.directory.seal_to(organisation, desk.clock())


def test_between_phones_that_can_everything_is_hybrid(town, server, shelters):
    colleague, worker = town.shelter("colleague"), town.worker()
    sync_all(*shelters, colleague, worker)
    assert worker.referrals.strengths([FIRST, SECOND]) == {
        FIRST: Strength.HYBRID,
        SECOND: Strength.HYBRID,
    }
    referral = send(worker)
    worker.sync()
    assert sent_to(server, FIRST) == [["mlkem768x25519"] * 2]
    assert sent_to(server, SECOND) == [["mlkem768x25519"]]
    assert set(worker.referrals.get(referral).strengths.values()) == {Strength.HYBRID}
    for phone in (shelters[0], colleague):
        phone.sync()
        assert phone.inbox.open(referral).content["identity"]["name"] == NAME


def test_words_between_the_two_sides_are_hybrid_too_and_each_writer_knows(town, server, shelters):
    worker, shelter = town.worker(), shelters[0]
    sync_all(shelter, worker)
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.ask(referral, "CANARY when?")
    sync_all(shelter, worker)
    worker.referrals.answer(referral, "CANARY now")
    sync_all(worker, shelter)
    assert sent_to(server, desk_of(worker).me.keyid) == [["mlkem768x25519"]]
    assert sent_to(server, FIRST) == [["mlkem768x25519"]] * 2
    for phone, mine, theirs in ((worker, "answer", "question"), (shelter, "question", "answer")):
        found = {each.purpose: each for each in messages(phone, referral)}
        assert found[mine].strength is Strength.HYBRID
        assert found[theirs].strength is None


def messages(phone, referral) -> tuple[Message, ...]:
    return (
        (phone.referrals if phone.folder.name == "worker" else phone.inbox).get(referral).messages
    )


def test_one_device_without_the_library_decides_for_its_colleagues_and_for_nobody_else(
    town, server, shelters
):
    with without_ml_kem():
        plain = town.shelter("colleague")
    worker = town.worker()
    sync_all(*shelters, worker)
    said = {FIRST: Strength.X25519_THEIRS, SECOND: Strength.HYBRID}
    assert worker.referrals.strengths([FIRST, SECOND]) == said
    referral = send(worker)
    worker.sync()
    assert sent_to(server, FIRST) == [["X25519"] * 2]
    assert sent_to(server, SECOND) == [["mlkem768x25519"]]
    assert worker.referrals.get(referral).strengths == said
    with without_ml_kem():
        plain.sync()
        assert plain.inbox.open(referral).content["identity"]["name"] == NAME
    shelters[0].sync()
    assert shelters[0].inbox.open(referral).content["identity"]["name"] == NAME


def test_once_the_last_device_can_sealing_is_hybrid(town, shelters):
    with without_ml_kem():
        plain = town.shelter("colleague")
    worker = town.worker()
    assert worker.referrals.strengths([FIRST]) == {FIRST: Strength.X25519_THEIRS}
    sync_all(plain, worker)
    assert worker.referrals.strengths([FIRST]) == {FIRST: Strength.HYBRID}


def test_a_sender_without_the_library_reaches_everybody_and_is_told_why(town, server, shelters):
    sync_all(*shelters)
    with without_ml_kem():
        worker = town.worker()
        assert worker.referrals.strengths([FIRST]) == {FIRST: Strength.X25519_OURS}
        referral = send(worker, FIRST)
        worker.sync()
    assert sent_to(server, FIRST) == [["X25519"]]
    assert worker.referrals.get(referral).strengths == {FIRST: Strength.X25519_OURS}
    shelters[0].sync()
    assert shelters[0].inbox.open(referral).content["identity"]["name"] == NAME


@pytest.mark.usefixtures("bare")
def test_where_nobody_has_the_library_all_is_as_before(town, server):
    shelter, worker = town.shelter(), town.worker()
    sync_all(shelter, worker)
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    assert sent_to(server, FIRST) == [["X25519"]]
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME
    shelter.inbox.ask(referral, "CANARY when?")
    sync_all(shelter, worker)
    assert [each.purpose for each in worker.referrals.messages(referral)] == ["question"]


def test_a_phone_that_lost_the_library_says_so_and_the_next_mail_opens(town, server, clock):
    shelter, worker = town.shelter(), town.worker()
    sync_all(shelter, worker)
    lost = send(worker, FIRST)
    worker.sync()
    with without_ml_kem():
        shelter.sync()
        with pytest.raises(UnreadableError, match="X25519"):
            shelter.inbox.open(lost)
        sync_all(shelter, worker)
        reasons = {each.kind: each.reason for each in shelter.inbox.get(lost).timeline}
        assert reasons["unreadable"] == "kind_unavailable"
    clock.forward(minutes=2)
    assert worker.referrals.strengths([FIRST]) == {FIRST: Strength.X25519_THEIRS}
    again = send(worker, FIRST)
    worker.sync()
    with without_ml_kem():
        assert codes(shelter.sync()) == ()
        assert shelter.inbox.open(again).content["identity"]["name"] == NAME


def test_a_device_whose_own_hybrid_key_is_broken_gets_its_mail_under_the_other(worker, shelter):
    worker.sync()
    (honest,) = devices_of(worker)
    key = HybridIdentity.generate().recipient
    unreduced = evolve(key, public=b"\xff" * 1184 + key.public[1184:])
    for wrong in (unreduced.text, honest.hybrid[:-1] + "b"):
        found = seal_with([honest, evolve(honest, hybrid=wrong)])
        assert found.strength is Strength.X25519_THEIRS
        assert stanzas(encrypt(b"x", found.recipients, random)) == ["X25519"] * 2


def test_the_two_kinds_never_share_a_file(worker, shelter):
    worker.sync()
    (honest,) = devices_of(worker)
    plain = evolve(honest, hybrid=None)
    for fleet in ([honest], [plain], [honest, plain], [plain, honest, honest]):
        found = seal_with(fleet)
        assert len(found.recipients) == len(fleet)
        kinds = set(stanzas(encrypt(b"x", found.recipients, random)))
        assert kinds == (X25519 if plain in fleet else HYBRID)


def test_a_provider_that_nobody_can_open_for_has_no_strength(worker, shelter):
    worker.sync()
    assert worker.referrals.strengths([FIRST, SECOND]) == {FIRST: Strength.HYBRID}


def test_a_referral_that_an_earlier_app_sent_still_shows(worker, shelter):
    worker.sync()
    referral, vault = send(worker, FIRST), desk_of(worker).vault
    kept = load_json(vault.get(REFERRALS, referral))
    vault.put(REFERRALS, referral, dump_json({k: v for k, v in kept.items() if k != "strengths"}))
    assert from_json(vault.get(REFERRALS, referral), KeptReferral).strengths == {}
    assert worker.referrals.get(referral).strengths == {}
