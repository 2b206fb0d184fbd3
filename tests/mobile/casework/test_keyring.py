"""Sealing keys: always one for today, made ahead, destroyed in time, whatever the clock says."""

from datetime import UTC, datetime, timedelta

import nacl.utils
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobile.casework.keyring import GRACE, LIFE, WEEK, WEEKS_AHEAD, Keyring
from mobile.vault.errors import VaultDamagedError
from mobile.vault.records import OpenVault
from protocols.plain import dump_json, from_json, from_plain, load_json, to_json
from protocols.sealing.age import decrypt, encrypt
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_keys import recipient_from_text
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import SEALING_KEY_TYPE, SealingKey
from protocols.sealing.statement import Statement, verify
from tests.mobile.cases import NAME, send
from tests.mobile.fake_server import RefusalError
from tests.mobile.libraries import without_ml_kem
from tests.mobile.town import FIRST, codes, desk_of, sync_all

LARGEST_STATEMENT, MOST_AHEAD = 4 * 1024, 8
"""What a server publishes: `backend/services/live.py`."""
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SOME = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def vault(tmp_path):
    opened = OpenVault(tmp_path / "vault.db", bytes(32), nacl.utils.random)
    yield opened
    opened.close()


@pytest.fixture
def keyring(vault):
    made = Keyring(vault, nacl.utils.random)
    made.make(NOW)
    return made


def rotate(keyring, now):
    """What a sync does with the keys, at a moment that the server agrees about."""
    keyring.renew(now)
    keyring.destroy(now)


def usable(keyring, at):
    return [each for each in keyring.sealing() if each.not_before <= at < each.not_after]


def test_keys_are_made_once_and_kept(keyring, vault):
    assert keyring.make(NOW + timedelta(days=1)) == keyring.signing
    assert Keyring(vault, nacl.utils.random).keyid == keyring.keyid
    assert len(keyring.sealing()) == 1


def test_before_it_is_made_there_is_no_key(vault):
    with pytest.raises(VaultDamagedError):
        _ = Keyring(vault, nacl.utils.random).signing


def test_each_sealing_key_is_signed_by_the_device_and_says_its_days(keyring):
    rotate(keyring, NOW)
    for each in keyring.sealing():
        payload = verify(
            each.statement,
            {keyring.keyid: bytes(keyring.signing.verify_key)},
            payload_type=SEALING_KEY_TYPE,
        )
        key = from_json(payload, SealingKey)
        assert key.device == keyring.keyid
        assert (key.not_before, key.not_after) == (each.not_before, each.not_after)
        assert key.not_after - key.not_before <= LIFE + timedelta(minutes=5)


@SOME
@given(st.lists(st.integers(0, 60 * 24), max_size=4))
def test_however_long_the_phone_was_away_there_is_a_key_for_today_and_the_weeks_ahead(
    tmp_path_factory, hours
):
    vault = OpenVault(tmp_path_factory.mktemp("v") / "vault.db", bytes(32), nacl.utils.random)
    keyring, now = Keyring(vault, nacl.utils.random), NOW
    keyring.make(now)
    for each in hours:
        now += timedelta(hours=each)
        rotate(keyring, now)
        for days in range(WEEKS_AHEAD * 7):
            assert usable(keyring, now + timedelta(days=days)), days
        assert len(keyring.sealing()) <= WEEKS_AHEAD + 8 + GRACE // WEEK
    vault.close()


def test_a_secret_is_destroyed_after_its_grace_and_not_before(keyring, vault):
    (first,) = keyring.sealing()
    ends = first.not_after + GRACE
    rotate(keyring, ends - timedelta(seconds=1))
    assert first in keyring.sealing()
    rotate(keyring, ends)
    assert first.secret not in {each.secret for each in keyring.sealing()}
    assert all(first.secret.encode() not in body for _, body in vault.items("sealing-secret"))


def test_a_clock_that_ran_ahead_leaves_no_gap_once_it_is_right_again(keyring):
    """Else nobody could seal to this phone until the clock's mistaken date has come."""
    rotate(keyring, NOW + timedelta(days=400))
    rotate(keyring, NOW)
    for days in range(WEEKS_AHEAD * 7):
        assert usable(keyring, NOW + timedelta(days=days)), days


def test_a_clock_that_ran_behind_leaves_no_gap_once_it_is_right_again(keyring):
    rotate(keyring, NOW - timedelta(days=4000))
    rotate(keyring, NOW)
    for days in range(WEEKS_AHEAD * 7):
        assert usable(keyring, NOW + timedelta(days=days)), days


def test_a_clock_that_runs_ahead_destroys_no_secret_the_server_disagrees_about(town, clock):
    """Somebody set the date two months ahead: the mail of today must still open."""
    shelter, worker = town.shelter(), town.worker()
    sync_all(shelter, worker)
    referral = send(worker, FIRST)
    worker.sync()
    town.off["shelter-a"] = timedelta(days=60)
    shelter.sync()
    town.off["shelter-a"] = timedelta(0)
    shelter.sync()
    assert shelter.inbox.open(referral).content["identity"]["name"] == NAME
    assert usable(desk_of(shelter).keyring, clock())


def test_every_key_of_the_coming_weeks_is_with_the_server(town, server, clock):
    shelter = town.shelter()
    keyring = desk_of(shelter).keyring
    assert keyring.unpublished(clock()) == ()
    taken = {each.digest for each in server.live}
    assert {each.statement.digest for each in keyring.sealing()} <= taken


def test_a_key_that_ended_before_it_was_published_holds_no_later_one_up(town, server, clock):
    """The phone made keys, died before telling the server, and came back weeks later."""
    shelter = town.shelter()
    clock.forward(days=15)
    keyring = desk_of(shelter).keyring
    rotate(keyring, clock())
    clock.forward(days=36)

    def honest(request):
        if request.url.path == "/v1/sealing-keys":
            statement = from_plain(load_json(request.content)["statement"], Statement)
            if from_json(statement.payload, SealingKey).not_after <= clock():
                raise RefusalError(422, "live_unusable")

    server.before = honest
    assert "live_unusable" not in codes(shelter.sync())
    taken = {each.digest for each in server.live}
    now = usable(keyring, clock())
    assert now
    assert {each.statement.digest for each in now} <= taken


def test_one_key_refused_does_not_hold_the_others_up(town, server, clock):
    shelter = town.shelter()
    clock.forward(days=20)
    refused = []

    def once(request):
        if request.url.path == "/v1/sealing-keys" and not refused:
            refused.append(request)
            raise RefusalError(422, "live_unusable")

    server.before = once
    assert "live_unusable" in codes(shelter.sync())
    assert len(desk_of(shelter).keyring.unpublished(clock())) == 1
    shelter.sync()
    assert desk_of(shelter).keyring.unpublished(clock()) == ()


def test_a_key_says_nothing_of_its_secret_in_a_log(keyring):
    (only,) = keyring.sealing()
    assert only.secret not in repr(only)


def test_forgetting_leaves_nothing(keyring, vault):
    keyring.forget()
    assert keyring.sealing() == ()
    assert vault.list("device-key") == ()


def test_each_sealing_key_is_of_both_kinds_under_one_signature(keyring):
    rotate(keyring, NOW)
    for each in keyring.sealing():
        key = from_json(each.statement.payload, SealingKey)
        assert key.recipient == X25519Identity.from_text(each.secret).recipient.text
        assert key.hybrid == HybridIdentity.from_text(each.hybrid).recipient.text
        assert len(to_json(each.statement)) <= LARGEST_STATEMENT
        assert each.hybrid not in repr(each)
    assert len({each.hybrid for each in keyring.sealing()}) == WEEKS_AHEAD + 1


def test_both_kinds_open_with_what_is_kept(keyring):
    (only,) = keyring.sealing()
    key = from_json(only.statement.payload, SealingKey)
    for text in (key.recipient, key.hybrid):
        sealed = encrypt(b"mail", [recipient_from_text(text)], nacl.utils.random)
        assert decrypt(sealed, keyring.identities()) == b"mail"


def test_the_hybrid_secret_is_destroyed_with_the_other(keyring, vault):
    (first,) = keyring.sealing()
    rotate(keyring, first.not_after + GRACE)
    kept = b"".join(body for _, body in vault.items("sealing-secret"))
    assert first.hybrid.encode() not in kept
    assert first.hybrid not in {getattr(each, "text", "") for each in keyring.identities()}


@pytest.mark.usefixtures("bare")
def test_without_the_library_keys_are_x25519_alone(keyring):
    rotate(keyring, NOW)
    assert len(keyring.sealing()) == WEEKS_AHEAD + 1
    for each in keyring.sealing():
        assert each.hybrid is None
        assert from_json(each.statement.payload, SealingKey).hybrid is None
    assert len(keyring.identities()) == WEEKS_AHEAD + 1


def announced(keyring, at):
    """The key that a sender would seal to at a moment: the newest that has begun."""
    newest = max(usable(keyring, at), key=lambda each: each.not_before)
    return from_json(newest.statement.payload, SealingKey)


def test_a_phone_that_gains_the_library_announces_hybrid_keys_for_the_same_weeks(vault):
    with without_ml_kem():
        keyring = Keyring(vault, nacl.utils.random)
        keyring.make(NOW)
        rotate(keyring, NOW)
    before = keyring.sealing()
    later = NOW + timedelta(days=2)
    rotate(keyring, later)
    assert set(before) <= set(keyring.sealing())
    for days in range(WEEKS_AHEAD * 7):
        assert announced(keyring, later + timedelta(days=days)).hybrid, days
    count = len(keyring.sealing())
    assert sum(each.not_before > later for each in keyring.sealing()) <= MOST_AHEAD
    rotate(keyring, later)
    assert len(keyring.sealing()) == count


def test_a_phone_that_lost_the_library_is_not_sealed_to_as_if_it_had_it(keyring):
    rotate(keyring, NOW)
    with without_ml_kem():
        later = NOW + timedelta(days=2)
        rotate(keyring, later)
        for days in range(WEEKS_AHEAD * 7):
            assert announced(keyring, later + timedelta(days=days)).hybrid is None, days
        count = len(keyring.sealing())
        rotate(keyring, later)
        assert len(keyring.sealing()) == count


def test_keys_that_an_earlier_app_kept_are_read_and_open_on(keyring, vault):
    ((row, body),) = vault.items("sealing-secret")
    older = {name: value for name, value in load_json(body).items() if name != "hybrid"}
    vault.put("sealing-secret", row, dump_json(older))
    (kept,) = keyring.sealing()
    sealed = encrypt(b"mail", [X25519Identity.from_text(kept.secret).recipient], nacl.utils.random)
    assert decrypt(sealed, keyring.identities()) == b"mail"
    rotate(keyring, NOW)
    assert announced(keyring, NOW).hybrid
    assert decrypt(sealed, keyring.identities()) == b"mail"
