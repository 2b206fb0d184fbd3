"""The PIN: counted before it is judged, slower each time, and the vault gone after the last."""

from datetime import UTC, datetime, timedelta

import nacl.utils
import pytest

from mobile.vault import keys
from mobile.vault.errors import (
    LockedOutError,
    NoVaultError,
    VaultDamagedError,
    WeakParametersError,
    WeakPinError,
    WipedError,
    WrongPinError,
)
from mobile.vault.keys import TEST_PARAMETERS, Parameters, Protection, measure_parameters
from mobile.vault.tries import DELAYS
from mobile.vault.vault import Vault
from tests.mobile.vault.fictional_hardware import FictionalHardware

PIN = "482913"
WRONG = "482914"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path):
    made = Vault(tmp_path, nacl.utils.random)
    opened = made.create(PIN, NOW, TEST_PARAMETERS)
    opened.put("case", "one", b"kept")
    opened.close()
    return made


def test_the_right_pin_opens_what_was_kept(vault):
    assert vault.unlock(PIN, NOW).get("case", "one") == b"kept"


@pytest.mark.parametrize("typed", ["٤٨٢٩١٣", "４８２９１３"])
def test_digits_of_another_keyboard_are_the_same_pin(vault, typed):
    assert vault.unlock(typed, NOW).get("case", "one") == b"kept"


def test_delays_grow_and_the_last_try_wipes(vault, tmp_path):
    now, waits = NOW, []
    for tries_left in range(9, 0, -1):
        with pytest.raises(WrongPinError) as wrong:
            vault.unlock(WRONG, now)
        assert wrong.value.tries_left == tries_left
        waits.append(wrong.value.wait_seconds)
        now += timedelta(seconds=wrong.value.wait_seconds)
    assert waits == sorted(waits) == list(DELAYS[1:])
    with pytest.raises(WipedError):
        vault.unlock(WRONG, now)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoVaultError):
        vault.unlock(PIN, now)


def test_too_early_is_neither_judged_nor_counted(vault):
    for _ in range(2):
        with pytest.raises(WrongPinError) as wrong:
            vault.unlock(WRONG, NOW + timedelta(hours=_))
    assert wrong.value.tries_left == 8
    with pytest.raises(LockedOutError) as early:
        vault.unlock(PIN, NOW + timedelta(hours=1, seconds=1))
    assert early.value.wait_seconds == 4
    assert vault.unlock(PIN, NOW + timedelta(hours=1, seconds=5)).is_open


def test_a_clock_set_back_waits_in_full(vault):
    for hour in range(4):
        with pytest.raises(WrongPinError) as wrong:
            vault.unlock(WRONG, NOW + timedelta(hours=hour))
    assert wrong.value.wait_seconds == 60
    back = NOW - timedelta(days=400)
    with pytest.raises(LockedOutError) as early:
        vault.unlock(PIN, back)
    assert early.value.wait_seconds == 60
    with pytest.raises(LockedOutError):
        vault.unlock(PIN, back + timedelta(seconds=59))
    assert vault.unlock(PIN, back + timedelta(seconds=60)).is_open


def test_a_crash_while_judging_still_counts(vault, monkeypatch):
    def power_cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keys, "derive", power_cut)
        for hour in range(9):
            with pytest.raises(KeyboardInterrupt):
                vault.unlock(WRONG, NOW + timedelta(hours=3 * hour))
    with pytest.raises(WipedError):
        vault.unlock(WRONG, NOW + timedelta(days=3))


def test_crashes_to_the_very_last_try_end_in_a_wipe(vault, monkeypatch):
    def power_cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keys, "derive", power_cut)
        for hour in range(10):
            with pytest.raises(KeyboardInterrupt):
                vault.unlock(PIN, NOW + timedelta(hours=3 * hour))
    with pytest.raises(WipedError):
        vault.unlock(PIN, NOW + timedelta(days=3))


def test_the_right_pin_forgives_the_wrong_ones(vault):
    with pytest.raises(WrongPinError):
        vault.unlock(WRONG, NOW)
    vault.unlock(PIN, NOW + timedelta(minutes=1)).close()
    with pytest.raises(WrongPinError) as wrong:
        vault.unlock(WRONG, NOW + timedelta(minutes=2))
    assert wrong.value.tries_left == 9


def test_deleting_the_count_gains_no_fresh_start(vault, tmp_path):
    (tmp_path / "vault.tries").unlink()
    with pytest.raises(LockedOutError):
        vault.unlock(PIN, NOW)
    (tmp_path / "vault.tries").write_bytes(b'{"counted":-99}')
    with pytest.raises(LockedOutError) as early:
        vault.unlock(PIN, NOW)
    with pytest.raises(LockedOutError):
        vault.unlock(PIN, NOW + timedelta(seconds=early.value.wait_seconds - 1))
    assert vault.unlock(PIN, NOW + timedelta(seconds=early.value.wait_seconds)).is_open


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "٦٥٤٣٢١", "abcdef"])
def test_plain_pins_are_refused(tmp_path, pin):
    with pytest.raises(WeakPinError):
        Vault(tmp_path, nacl.utils.random).create(pin, NOW, TEST_PARAMETERS)


@pytest.mark.parametrize(
    ("pin", "hardware", "protection"),
    [
        ("482913", None, Protection.PIN_ALONE),
        ("48291304821", None, Protection.PIN_ALONE),
        ("olive tree at noon", None, Protection.PASSPHRASE),
        ("482913", FictionalHardware(), Protection.DEVICE_SECRET),
        ("482913", FictionalHardware(in_hardware=False), Protection.PIN_ALONE),
    ],
)
def test_the_vault_says_what_protects_it(tmp_path, pin, hardware, protection):
    vault = Vault(tmp_path, nacl.utils.random, device=hardware)
    vault.create(pin, NOW, TEST_PARAMETERS).close()
    assert vault.protection is protection
    vault.lock()
    in_hardware = protection is Protection.DEVICE_SECRET
    assert vault.protection is (Protection.DEVICE_SECRET if in_hardware else None)


def test_the_pin_alone_opens_nothing_where_a_device_secret_is_mixed_in(tmp_path):
    vault = Vault(tmp_path, nacl.utils.random, device=FictionalHardware())
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    with pytest.raises(WrongPinError):
        Vault(tmp_path, nacl.utils.random).unlock(PIN, NOW)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"most_tries":10', b'"most_tries":99'),
        (b'"lock_after":180', b'"lock_after":999'),
        (b'"memory":8192', b'"memory":9216'),
    ],
)
def test_a_changed_term_or_parameter_is_noticed(vault, tmp_path, was, becomes):
    path = tmp_path / "vault.key"
    assert was in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(was, becomes))
    with pytest.raises(WrongPinError):
        vault.unlock(PIN, NOW)


def test_a_torn_key_file_is_damage_and_not_a_wrong_pin(vault, tmp_path):
    path = tmp_path / "vault.key"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(VaultDamagedError):
        vault.unlock(PIN, NOW)


def test_low_parameters_need_the_test_flag(tmp_path):
    with pytest.raises(WeakParametersError):
        Vault(tmp_path, nacl.utils.random).create(PIN, NOW, Parameters(1, 8192))
    assert not Vault(tmp_path, nacl.utils.random).exists


def test_changing_the_pin_keeps_the_records(vault):
    vault.change_pin(PIN, "a longer phrase", NOW)
    assert vault.protection is Protection.PASSPHRASE
    with pytest.raises(WrongPinError):
        vault.unlock(PIN, NOW)
    opened = vault.unlock("a longer phrase", NOW + timedelta(minutes=1))
    assert opened.get("case", "one") == b"kept"


def test_measured_parameters_fit_the_device_and_never_fall_below_the_floor(monkeypatch):
    ticks = {"now": 0.0}
    speed = {"per": 0.1 / (3 * 64)}

    def fake_derive(pin, salt, parameters, secret):
        ticks["now"] += speed["per"] * parameters.operations * parameters.memory / keys.MIB

    monkeypatch.setattr(keys, "derive", fake_derive)
    fast = measure_parameters(0.8, clock=lambda: ticks["now"])
    assert fast.parameters.memory == 256 * keys.MIB
    assert 0.4 < fast.seconds < 0.801
    speed["per"] *= 100
    slow = measure_parameters(0.8, clock=lambda: ticks["now"])
    assert slow.parameters == Parameters()
    assert slow.seconds > 0.8
