"""Weeks on a provider's phone: mail of the first week is opened in time, and at week six the whole
phone, taken by a thief who knows its PIN, can't open it any more."""

import re
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest

from mobile.casework.errors import ClockWrongError
from mobile.casework.keyring import GRACE, HELD, LIFE, WEEKS_AHEAD
from mobile.vault.records import OpenVault
from protocols.plain import from_json
from protocols.sealing.age import NoMatchError, decrypt
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import SealingKey
from tests.mobile.cases import NAME, send
from tests.mobile.libraries import without_ml_kem
from tests.mobile.town import FIRST, codes, desk_of, sync_all
from tests.mobile.vault.carver import carve, folder_bytes, known_by, opened_by

SECRET = re.compile(rb"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+")
HYBRID_SECRET = b"AGE-SECRET-KEY-PQ-1"
LAST_WEEK = 6


def secrets_of(phone):
    """The texts of every sealing secret kept now."""
    kept = desk_of(phone).keyring.sealing()
    return {text.encode() for each in kept for text in (each.secret, each.hybrid) if text}


def vault_key(phone):
    """What the PIN opens; a thief who has that has this."""
    return bytes(desk_of(phone).vault._key)


def envelopes(server, to=FIRST):
    return [data for (_, recipient), data in server.envelopes.items() if recipient == to]


def carved(files, phone):
    """The text of whatever the phone's key decrypts in the files."""
    return b"\n".join(each.text for each in carve(files, vault_key(phone)))


def carved_identities(text):
    """Every whole secret in a text, as something that opens."""
    found = {each.decode() for each in SECRET.findall(text)}
    identities = []
    for each in found:
        kind = HybridIdentity if each.startswith(HYBRID_SECRET.decode()) else X25519Identity
        try:
            identities.append(kind.from_text(each))
        except ValueError:
            continue
    return identities


def opens(data, identities):
    try:
        return bool(decrypt(data, identities))
    except NoMatchError:
        return False


def taken(town, phone, name):
    """All that a thief copies, and the copy opened with the PIN, offline."""
    folder = town.folder / name
    shutil.copytree(phone.folder, folder)
    files = folder_bytes(folder)
    town.server.before = lambda _: pytest.fail("a thief's phone asked the server")
    stolen = town.restart(SimpleNamespace(folder=folder))
    town.server.before = None
    return files, stolen


def served(worker, shelter):
    """One referral from the interview to its end."""
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME
    shelter.inbox.accept(referral)
    shelter.inbox.start_service(referral)
    shelter.inbox.feedback(referral, "CANARY fictional feedback", "service_completed")
    shelter.inbox.close(referral, "service_completed")
    sync_all(shelter, worker)
    assert worker.referrals.get(referral).state == "closed"
    return referral


def week_later(town, worker, shelter):
    town.clock.forward(days=7)
    town.server.number += 1
    sync_all(shelter, worker)


@pytest.mark.parametrize("library", [True, False])
def test_a_phone_taken_at_week_six_with_its_pin_opens_nothing_of_week_one(town, library):
    if library:
        whole_story(town)
    else:
        with without_ml_kem():
            whole_story(town)


def whole_story(town):
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    first_secrets = secrets_of(shelter)
    served(worker, shelter)
    mail = envelopes(town.server)

    files, stolen = taken(town, shelter, "taken-in-week-one")
    text = carved(files, stolen)
    assert known_by(text, first_secrets) == first_secrets
    identities = carved_identities(text)
    assert all(opens(each, identities) for each in mail)

    first_secrets = {each for each in first_secrets if each in used_by(shelter, town.clock())}
    assert first_secrets
    for week in range(LAST_WEEK):
        if week % 3 == 0:
            served(worker, shelter)
        week_later(town, worker, shelter)
    served(worker, shelter)

    for locked in (False, True):
        if locked:
            shelter.lock()
        files, stolen = taken(town, shelter, f"taken-at-week-six-{locked}")
        text = carved(files, stolen)
        assert known_by(text, first_secrets) == set()
        identities = (*carved_identities(text), *desk_of(stolen).keyring.identities())
        assert len(identities) > WEEKS_AHEAD
        assert not any(opens(each, identities) for each in mail)
        assert any(opens(each, identities) for each in envelopes(town.server))


def used_by(phone, at):
    """The secrets to which mail of this moment is sealed."""
    kept = desk_of(phone).keyring.sealing()
    now = [each for each in kept if each.not_before <= at < each.not_after]
    return {text.encode() for each in now for text in (each.secret, each.hybrid) if text}


@pytest.mark.parametrize("kept", ["the log", "the schedule"])
def test_the_thief_opens_week_one_where_something_is_kept(town, monkeypatch, kept):
    """The controls: the same weeks on a phone that erases no old pages, and on one that destroys
    nothing."""
    if kept == "the log":
        monkeypatch.setattr(OpenVault, "_fold", lambda _: None)
    else:
        monkeypatch.setattr("mobile.casework.keyring.Keyring.destroy", lambda *_, **__: None)
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    first = used_by(shelter, town.clock())
    served(worker, shelter)
    mail = envelopes(town.server)
    for _ in range(LAST_WEEK):
        town.clock.forward(days=7)
        sync_all(shelter, worker)
    files, stolen = taken(town, shelter, "taken")
    text = carved(files, stolen)
    identities = carved_identities(text)
    assert known_by(text, first)
    assert all(opens(each, identities) for each in mail)


def test_the_keys_of_three_coming_weeks_are_published_before_they_begin(town, server, clock):
    shelter = town.shelter()
    for _ in range(LAST_WEEK):
        shelter.sync()
        published = [from_json(each.payload, SealingKey) for each in server.live]
        for days in range(WEEKS_AHEAD * 7):
            at = clock() + timedelta(days=days)
            assert any(each.not_before <= at < each.not_after for each in published), days
        assert all(
            each.not_after - each.not_before <= LIFE + timedelta(hours=1) for each in published
        )
        clock.forward(days=7)


def test_a_phone_that_was_off_for_two_weeks_receives_what_was_sealed_meanwhile(town, clock):
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    shelter.lock()
    sent = []
    for _ in range(2):
        clock.forward(days=7)
        worker.sync()
        sent.append(send(worker, FIRST))
        worker.sync()
    shelter = town.restart(shelter)
    shelter.sync()
    for referral in sent:
        assert shelter.inbox.open(referral).content["identity"]["name"] == NAME


def destroyed_at(town, phone, secrets, files="taken-at-last"):
    found, stolen = taken(town, phone, files)
    return opened_by(found, vault_key(stolen), secrets) == set()


@pytest.mark.parametrize("meanwhile", ["off", "set back and right again", "offline"])
def test_what_is_due_is_destroyed_at_the_first_sync_after(town, clock, meanwhile):
    shelter = town.shelter()
    first = used_by(shelter, clock())
    if meanwhile == "off":
        shelter.lock()
        clock.forward(days=45)
        shelter = town.restart(shelter)
        assert first <= secrets_of(shelter)
    elif meanwhile == "offline":
        clock.forward(days=45)
        assert first <= secrets_of(shelter)
    else:
        town.off["shelter-a"] = -timedelta(days=400)
        clock.forward(days=45)
        with pytest.raises(ClockWrongError):
            shelter.sync()
        assert first <= secrets_of(shelter)
        town.off["shelter-a"] = timedelta(0)
    shelter.sync()
    assert not first & secrets_of(shelter)
    assert destroyed_at(town, shelter, first)


def test_a_clock_set_ahead_while_offline_destroys_nothing(town, clock, server):
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    referral = send(worker, FIRST)
    worker.sync()
    town.off["shelter-a"] = timedelta(days=900)

    def silent(_):
        raise OSError("no network")

    server.before = silent
    with pytest.raises(OSError, match="no network"):
        shelter.sync()
    server.before = None
    with pytest.raises(ClockWrongError):
        shelter.sync()
    town.off["shelter-a"] = timedelta(0)
    shelter.sync()
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME


def test_words_that_waited_at_the_server_past_their_grace_are_read_before_the_key_goes(town, clock):
    """A worker comes back after six weeks: the shelter's feedback of the first is still read."""
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    shelter.inbox.ask(referral, "CANARY fictional question")
    sync_all(shelter)
    first = used_by(worker, clock())
    clock.forward(days=LAST_WEEK * 7)
    worker.sync()
    assert [each.purpose for each in worker.referrals.messages(referral)] == ["question"]
    assert not first & secrets_of(worker)
    assert destroyed_at(town, worker, first)


def test_words_that_the_server_kept_back_past_their_grace_are_read_once_it_is_honest(
    town, clock, server
):
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.ask(referral, "CANARY fictional question")
    sync_all(shelter)
    first, honest = used_by(worker, clock()), server._parts
    server._parts = lambda *_: ()
    clock.forward(days=LAST_WEEK * 7)
    assert "envelope_withheld" in codes(worker.sync())
    assert first <= secrets_of(worker)
    server._parts = honest
    worker.sync()
    assert [each.purpose for each in worker.referrals.messages(referral)] == ["question"]
    assert not first & secrets_of(worker)


def test_a_case_that_came_in_time_and_was_not_opened_yet_keeps_its_key_for_a_while(town, clock):
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    referral = send(worker, FIRST)
    sync_all(worker, shelter)
    first = used_by(shelter, clock())
    clock.forward(days=LAST_WEEK * 7)
    shelter.sync()
    assert first <= secrets_of(shelter)
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME
    shelter.sync()
    assert not first & secrets_of(shelter)


def test_no_unopened_case_keeps_a_key_for_ever(town, clock):
    worker, shelter = town.worker(), town.shelter()
    sync_all(worker, shelter)
    send(worker, FIRST)
    sync_all(worker, shelter)
    first = used_by(shelter, clock())
    clock.forward(seconds=(LIFE + GRACE + HELD).total_seconds() - 3600)
    shelter.sync()
    assert first <= secrets_of(shelter)
    clock.forward(hours=2)
    shelter.sync()
    assert not first & secrets_of(shelter)


def test_an_envelope_that_is_none_keeps_no_key(town, clock):
    shelter = town.shelter()
    first = used_by(shelter, clock())
    clock.forward(days=LAST_WEEK * 7)
    desk_of(shelter).vault.put("envelope", "ff", b"no age file at all")
    shelter.sync()
    assert not first & secrets_of(shelter)


def test_a_server_that_gives_no_mail_cannot_keep_a_key_for_ever(town, clock, server):
    """It serves the directory and breaks off before the mail."""
    shelter = town.shelter()
    first = used_by(shelter, clock())

    def withhold(request):
        if request.url.path.startswith("/v1/sync"):
            raise OSError("cut")

    server.before = withhold
    clock.forward(days=LAST_WEEK * 7)
    with pytest.raises(OSError, match="cut"):
        shelter.sync()
    assert first <= secrets_of(shelter)
    clock.forward(days=HELD.days)
    with pytest.raises(OSError, match="cut"):
        shelter.sync()
    assert not first & secrets_of(shelter)
