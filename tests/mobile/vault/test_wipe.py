"""The quick wipe in its order, and finished wherever it was interrupted; tries that cannot be
raised; key files of before opened and upgraded."""

import itertools
import json
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import nacl.utils
import pytest
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

from mobile.vault import files, keys
from mobile.vault.errors import (
    DeviceKeyError,
    LockedOutError,
    NoVaultError,
    VaultDamagedError,
    WipedError,
    WrongPinError,
)
from mobile.vault.first_format import FirstKeyFile
from mobile.vault.gate import LOCKS_TO_CHOOSE
from mobile.vault.keys import TEST_PARAMETERS, Protection
from mobile.vault.records import OpenVault
from mobile.vault.recovery import Recovery
from mobile.vault.tries import Tries, write_tries
from mobile.vault.vault import Vault
from protocols.plain import to_json
from tests.mobile.vault.fictional_hardware import FictionalHardware
from tests.mobile.vault.power import Power, PowerCutError

PIN = "482913"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOURS = timedelta(hours=3)


def made(folder, hardware=None):
    vault = Vault(folder, nacl.utils.random, device=hardware)
    opened = vault.create(PIN, NOW, TEST_PARAMETERS)
    opened.put("case", "one", b"real")
    recovery = Recovery(folder, nacl.utils.random)
    recovery.keep(opened, recovery.draw(2, 3), NOW)
    opened.close()
    vault.lock()
    return vault


def test_the_wrapped_key_goes_first_then_the_hardwares_then_all_files(tmp_path, monkeypatch):
    hardware, order = FictionalHardware(), []
    vault = made(tmp_path, hardware)
    destroy, unlink = hardware.destroy, os.unlink

    def destroying():
        order.append("hardware")
        assert not any((tmp_path / "vault.key").read_bytes())
        assert (tmp_path / "vault.db").exists()
        destroy()

    monkeypatch.setattr(hardware, "destroy", destroying)
    monkeypatch.setattr(os, "unlink", lambda path, **named: order.append(path.name) or unlink(path))
    vault.quick_wipe()
    assert order[0] == "hardware"
    assert order[-1] == "vault.key"
    assert set(order[1:-1]) == {"vault.recovery", "vault.tries", "vault.db", "vault-2.db"}
    assert (list(tmp_path.iterdir()), hardware.key) == ([], None)


@pytest.mark.parametrize("torn", [False, True])
def test_a_wipe_interrupted_anywhere_opens_nothing_more_and_is_finished(
    tmp_path, monkeypatch, torn
):
    made(tmp_path / "vault", FictionalHardware(b"k" * 32))
    power, begun = Power(monkeypatch), 0
    for number in itertools.count():
        folder, hardware = tmp_path / str(number), FictionalHardware(b"k" * 32)
        shutil.copytree(tmp_path / "vault", folder)
        power.at(number, torn)
        with suppress(PowerCutError):
            Vault(folder, nacl.utils.random, device=hardware).quick_wipe()
        power.on()
        again = Vault(folder, nacl.utils.random, device=hardware)
        again.finish_wipe()
        if again.exists:
            assert number == 0 or torn
            if number == 0 and not torn:
                continue
            with pytest.raises((VaultDamagedError, WrongPinError)):
                again.unlock(PIN, NOW)
            continue
        begun += 1
        assert (list(folder.iterdir()), hardware.key) == ([], None)
        with pytest.raises(NoVaultError):
            again.unlock(PIN, NOW)
        if not power.met:
            break
    assert begun > 8


def test_hardware_that_does_not_answer_stops_no_other_step_and_is_asked_again(tmp_path):
    hardware = FictionalHardware()
    vault = made(tmp_path, hardware)
    hardware.alive = False
    with pytest.raises(DeviceKeyError):
        vault.quick_wipe()
    assert [each.name for each in tmp_path.iterdir()] == ["vault.key"]
    assert not any((tmp_path / "vault.key").read_bytes())
    hardware.alive = True
    Vault(tmp_path, nacl.utils.random, device=hardware).finish_wipe()
    assert (list(tmp_path.iterdir()), hardware.key) == ([], None)


def test_hardware_that_does_not_answer_costs_no_try(tmp_path):
    hardware = FictionalHardware()
    vault = made(tmp_path, hardware)
    hardware.alive = False
    with pytest.raises(DeviceKeyError):
        vault.unlock(PIN, NOW)
    hardware.alive = True
    with pytest.raises(WrongPinError) as wrong:
        vault.unlock("000001", NOW)
    assert wrong.value.tries_left == 9


def test_a_vault_whose_hardware_lost_its_key_opens_with_no_pin(tmp_path):
    hardware = FictionalHardware()
    vault = made(tmp_path, hardware)
    hardware.destroy()
    with pytest.raises(WrongPinError):
        vault.unlock(PIN, NOW)


@pytest.mark.parametrize("most", [5, 10, 20])
def test_so_many_wrong_pins_as_were_chosen_and_the_vault_is_gone(tmp_path, most):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    vault.set_terms(most_tries=most, lock_after=60)
    assert (vault.terms.most_tries, vault.terms.lock_after) == (most, 60)
    vault.lock()
    vault.unlock(PIN, NOW).close()
    vault.lock()
    for number in range(1, most):
        with pytest.raises(WrongPinError) as wrong:
            vault.unlock("000001", NOW + number * HOURS)
        assert wrong.value.tries_left == most - number
    with pytest.raises(WipedError):
        vault.unlock("000001", NOW + most * HOURS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("terms", [{"most_tries": 0}, {"most_tries": 10**6}, {"lock_after": 0}])
def test_never_is_not_among_the_choices(tmp_path, terms):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    before = vault.terms
    with pytest.raises(ValueError, match="not offered"):
        vault.set_terms(**terms)
    assert vault.terms == before
    assert 0 not in LOCKS_TO_CHOOSE


@pytest.mark.parametrize("tries", [Tries(0, NOW, 10**6), Tries(-50, NOW, 5)])
def test_a_count_that_was_edited_raises_nothing(tmp_path, tries):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS, most_tries=5).close()
    vault.lock()
    write_tries(tmp_path / "vault.tries", tries)
    with pytest.raises((WrongPinError, LockedOutError)):
        vault.unlock("000001", NOW + HOURS)
    with pytest.raises(WrongPinError) as wrong:
        vault.unlock("000001", NOW + 2 * HOURS)
    assert wrong.value.tries_left <= 3


def test_a_limit_raised_in_both_files_makes_the_right_pin_a_wrong_one(tmp_path):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS, most_tries=5).close()
    vault.lock()
    path = tmp_path / "vault.key"
    path.write_bytes(path.read_bytes().replace(b'"most_tries":5', b'"most_tries":20'))
    write_tries(tmp_path / "vault.tries", Tries(0, NOW, 20))
    with pytest.raises(WrongPinError):
        vault.unlock(PIN, NOW)


def test_terms_changed_from_either_vault_hold_for_both(tmp_path):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    vault.set_duress(PIN, "705164", NOW, destroys=False)
    vault.lock()
    vault.unlock("705164", NOW).close()
    vault.set_terms(most_tries=20, lock_after=600)
    vault.lock()
    vault.unlock(PIN, NOW).close()
    assert (vault.terms.most_tries, vault.terms.lock_after) == (20, 600)


def of_before(folder):
    """A vault as the app made it before there were two slots."""
    folder.mkdir(exist_ok=True)
    vault_key, salt, nonce = (nacl.utils.random(size) for size in (32, 16, 24))
    plain = FirstKeyFile(
        "amana-vault/1", TEST_PARAMETERS, Protection.PIN_ALONE, False, salt, nonce, b""
    )
    kek = keys.derive(PIN, salt, TEST_PARAMETERS, None)
    wrapped = crypto_aead_xchacha20poly1305_ietf_encrypt(vault_key, plain.header(), nonce, kek)
    data = json.loads(to_json(plain)) | {"wrapped": json.loads(to_json(_Bytes(wrapped)))["it"]}
    opened = OpenVault(folder / "vault.db", vault_key, nacl.utils.random)
    opened.put("case", "one", b"real")
    opened.close()
    write_tries(folder / "vault.tries", Tries(0, NOW))
    files.write_durably(folder / "vault.key", to_json(data))


class _Bytes(dict):
    def __init__(self, data):
        super().__init__(it=data)


def test_a_key_file_of_before_opens_and_is_upgraded(tmp_path):
    of_before(tmp_path)
    vault = Vault(tmp_path, nacl.utils.random)
    assert (vault.exists, vault.protection, vault.terms.most_tries) == (True, None, 10)
    with pytest.raises(WrongPinError):
        vault.unlock("000001", NOW)
    assert b"amana-vault/1" in (tmp_path / "vault.key").read_bytes()
    opened = vault.unlock(PIN, NOW + HOURS)
    assert opened.get("case", "one") == b"real"
    opened.close()
    assert b"amana-vault/2" in (tmp_path / "vault.key").read_bytes()
    assert {each.name for each in tmp_path.iterdir()} == {
        "vault.key",
        "vault.tries",
        "vault.db",
        "vault-2.db",
    }
    vault.set_duress(PIN, "705164", NOW + HOURS, destroys=True)
    vault.lock()
    assert vault.unlock(PIN, NOW + HOURS).get("case", "one") == b"real"
    assert vault.unlock("705164", NOW + HOURS).get("case", "one") is None


def test_an_upgrade_interrupted_anywhere_still_opens(tmp_path, monkeypatch):
    of_before(tmp_path / "vault")
    power = Power(monkeypatch)
    for number in itertools.count():
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "vault", folder)
        power.at(number)
        with suppress(PowerCutError):
            Vault(folder, nacl.utils.random).unlock(PIN, NOW).close()
        power.on()
        vault = Vault(folder, nacl.utils.random)
        opened = vault.unlock(PIN, NOW + HOURS)
        assert opened.get("case", "one") == b"real"
        opened.close()
        vault.lock()
        if not power.met:
            break
    assert number > 4
